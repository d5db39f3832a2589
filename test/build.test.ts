import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { built, root } from "./dist";
import { thorough } from "./property";

thorough("a build of the sources that were built before leaves the program as it is", () => {
  const entry = join(built(), "entries", "index.js");
  const before = statSync(entry).mtimeMs;
  // Content counts, not time stamps: a checkout rewrites files.
  const source = join(root, "src", "index.ts");
  const { atime, mtime } = statSync(source);
  utimesSync(source, atime, new Date(mtime.getTime() + 1));
  const run = spawnSync(process.execPath, [join(root, "scripts", "build.mjs")], { encoding: "utf8" });
  utimesSync(source, atime, mtime);
  assert.equal(run.status, 0, run.stderr);
  assert.equal(statSync(entry).mtimeMs, before);
});

test("a command loads what it needs, not the whole program", () => {
  const main = JSON.stringify(join(built(), "cli", "main.js"));
  const line = `require(${main}).main(["--version"]).then(() => console.error(Object.keys(require.cache).length))`;
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", line], { encoding: "utf8" });
  assert.match(stdout, /^\d+\.\d+\.\d+$/m);
  assert.ok(Number(stderr) < 300, `${stderr.trim()} modules`);
});
