// Runs the tests under node's own runner: node test/run.mjs [--checks] [--whole] [--full | --rest] [WORD ...]
//
// With --checks it builds first, and runs lint and types beside the build and the tests: npm test.
//
// Files named *.full.test.ts simulate, fuzz, kill, read the whole demo or real files, or drive browsers and Jupyter: they run with
// --full, each in a process of its own. All others share a few processes, since most of a small file's time is the
// start of one; without --full or --whole they try a part of their cases and leave out what takes seconds
// (test/property.ts). Words choose the files of either kind whose path holds one of them, and run them whole.
//
// --whole, and then --rest for the files named *.full.test.ts alone, are what --full is, in two parts; the second does
// not build and check again.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** Files that share a process: enough to spread its start, few enough to keep all cores busy until the end. */
const together = 20;

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const words = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const all = readdirSync(here, { recursive: true })
  .map((file) => file.split(sep).join("/"))
  .filter((file) => file.endsWith(".test.ts"))
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort();
if (all.length === 0) {
  console.error(`no test file's path holds ${words.join(" or ")}`);
  process.exit(1);
}
const isFull = (file) => file.endsWith(".full.test.ts");
const asked = (flag) => process.argv.includes(flag);
const quick = asked("--rest") ? [] : all.filter((file) => !isFull(file));
const isWhole = words.length > 0 || asked("--full") || asked("--whole");
const full = words.length > 0 || asked("--full") || asked("--rest") ? all.filter(isFull) : [];

/** Runs a program; resolves with its exit code, and what it printed where that is not printed at once. */
function done(program, args, { stdio = "inherit", ...options } = {}) {
  const child = spawn(program, args, { cwd: root, ...options, stdio });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text) => (printed += text));
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ code: 1, printed: error.message }));
    child.once("close", (code) => resolve({ code: code ?? 1, printed }));
  });
}

const isChecked = asked("--checks") && !asked("--rest");
// They are told when the tests are done, so that the two do not mix.
const checks = (isChecked ? ["lint", "typecheck"] : []).map((script) =>
  done(`npm run --silent ${script}`, [], { shell: true, stdio: "pipe" }),
);
if (isChecked) {
  const { code } = await done(process.execPath, [join(root, "scripts", "build.mjs")]);
  if (code !== 0) process.exit(code);
}

const cache = join(root, "node_modules", ".cache");
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, "tests-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

/** Dealt like cards, so that the files of a slow folder are spread. */
const count = Math.ceil(quick.length / together);
const shared = Array.from({ length: count }, (_, at) => {
  const entry = join(folder, `${at + 1}-of-${count}.cjs`);
  const load = (file) =>
    `describe(${JSON.stringify(file)}, () => require(${JSON.stringify(join(here, file))}));`;
  const files = quick.filter((_, place) => place % count === at);
  // Each file removes its folder at the exit: more listeners than node expects of one program.
  const head = [
    'const { describe } = require("node:test");',
    `require(${JSON.stringify(join(here, "oneThread.cjs"))});`,
    "process.setMaxListeners(0);\n",
  ].join("\n");
  writeFileSync(entry, `${head}${files.map(load).join("\n")}\n`);
  return entry;
});
// Browsers, servers and kernels leave a core idle while they start.
const atOnce = Math.max(2, availableParallelism() + (asked("--rest") ? 1 : 0));
const run = await done(
  process.execPath,
  [
    ...["--import", "tsx", "--test", "--test-reporter=spec"],
    `--test-concurrency=${atOnce}`,
    ...full.map((file) => join(here, file)),
    ...shared,
  ],
  { env: { ...process.env, FIELDNOTES_QUICK: isWhole ? "" : "1" } },
);
const checked = await Promise.all(checks);
for (const { code, printed } of checked) if (code !== 0) console.error(printed);
process.exit([run, ...checked].find(({ code }) => code !== 0)?.code ?? 0);
