// Compiles the cells of the notebooks that come with the package and writes them to dist: a run of these notebooks then
// needs no TypeScript.
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const dist = join(dirname(dirname(fileURLToPath(import.meta.url))), "dist", "notebook");

/** Removes them where they were made from other notebooks and declarations than `made` says; makes them if asked. */
export async function compileAhead(made, make) {
  const file = join(dist, "ahead.json");
  if (existsSync(file) && JSON.parse(readFileSync(file, "utf8")).made === made) return;
  rmSync(file, { force: true });
  if (!make) return;
  const require = createRequire(import.meta.url);
  const { allAhead } = require(join(dist, "compileAhead.js"));
  const { shippedNotebooks } = require(join(dist, "copies.js"));
  // The compiler's thread keeps no process alive.
  const waiting = setInterval(() => {}, 60_000);
  writeFileSync(file, JSON.stringify({ made, ...(await allAhead(shippedNotebooks())) }));
  clearInterval(waiting);
}
