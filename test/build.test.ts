import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
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

test("modules load each other where they are first used, by call, by new and by spreading", async () => {
  const { loadLate } = await import("../scripts/lazyImports.mjs" as string);
  const here = mkdtempSync(join(tmpdir(), "fieldnotes-late-"));
  const used = "() => [b_1.two(), new b_1.Three().is, ...b_1.four, { b_1: 5 }.b_1]";
  writeFileSync(join(here, "a.js"), `"use strict";\nconst b_1 = require("./b");\nexports.all = ${used};\n`);
  const kept = "two: () => 2, Three: class { is = 3 }, four: [4]";
  writeFileSync(join(here, "b.js"), `globalThis.loaded = true;\nmodule.exports = { ${kept} };\n`);
  loadLate(here);
  const asked = `const { all } = require("./a.js"); console.log(globalThis.loaded ?? false, JSON.stringify(all()));`;
  const { stdout } = spawnSync(process.execPath, ["-e", asked], { cwd: here, encoding: "utf8" });
  rmSync(here, { recursive: true, force: true });
  assert.equal(stdout, "false [2,3,4,5]\n");
});

test("a command loads what it needs, not the whole program", () => {
  const main = JSON.stringify(join(built(), "cli", "main.js"));
  const line = `require(${main}).main(["--version"]).then(() => console.error(Object.keys(require.cache).length))`;
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", line], { encoding: "utf8" });
  assert.match(stdout, /^\d+\.\d+\.\d+$/m);
  assert.ok(Number(stderr) < 300, `${stderr.trim()} modules`);
});
