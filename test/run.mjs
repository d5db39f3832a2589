// Runs every test file under node's own runner. Arguments narrow the choice: node test/run.mjs stats latency
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const wanted = process.argv.slice(2);
const files = readdirSync(here, { recursive: true })
  .filter((file) => file.endsWith(".test.ts"))
  .filter((file) => wanted.length === 0 || wanted.some((word) => file.split(sep).join("/").includes(word)))
  .map((file) => join(here, file))
  .sort();
const run = spawnSync(
  process.execPath,
  ["--import", "tsx", "--test", "--test-reporter=spec", "--test-concurrency=2", ...files],
  { stdio: "inherit", cwd: dirname(here) },
);
process.exit(run.status ?? 1);
