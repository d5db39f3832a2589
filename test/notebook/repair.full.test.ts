import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { installKernel } from "../../src/notebook/install";
import { jupyterFolder } from "../../src/notebook/lab";
import { runNotebook } from "../../src/notebook/run";
import { notebookOf, temporaryFolder } from "./notebooks";

const earlier = 'const groups = [{ of: "x", rows: [{ model: "m" }] }]; const p = 5; let q = 1; let of = "";';

async function printed(...cells: string[]): Promise<string> {
  const run = await runNotebook(notebookOf(earlier, ...cells), { cwd: temporaryFolder() });
  assert.deepEqual([run.status, run.reason], ["ok", undefined]);
  const last = run.notebook.cells.at(-1)!.outputs as unknown as { text?: string; data?: unknown }[];
  return last.map(({ text }) => text ?? "").join("");
}

test("what an earlier cell made can be taken apart under other names", async () => {
  const loop = "for (const { of: name, rows: [best] } of groups) console.log(name, best.model, p);";
  assert.equal(await printed(loop), "x m 5\n");
  assert.equal(await printed("const { rows: r } = groups[0]; console.log(r.length + p);"), "6\n");
  assert.equal(await printed("console.log(groups.map(({ rows: [a] }) => a.model + p).join());"), "m5\n");
  assert.equal(await printed("({ p: q } = { p: 7 });", "console.log(q);"), "7\n");
  assert.equal(await printed("({ of } = groups[0]);", "console.log(of);"), "x\n");
});

test("an object takes names of earlier cells by themselves", async () => {
  assert.equal(await printed("const both = { p, q }; console.log(both.p + both.q);"), "6\n");
});

test("an error of compiling is told at its place in the cell as it was written", async () => {
  const run = await runNotebook(notebookOf(earlier, "console.log(\n  { p }, nope)"));
  assert.match(run.reason!, /2:10 - Cannot find name 'nope'/);
});

test("Jupyter's kernel, kept in the project or installed, starts with the repairs", () => {
  const { argv } = JSON.parse(
    readFileSync(join(installKernel({ folder: temporaryFolder() }), "kernel.json"), "utf8"),
  );
  assert.equal(argv[1], join(jupyterFolder(), "kernels", "fieldnotes", "start.js"));
  const script = `
    process.argv.splice(1, 1, ${JSON.stringify(argv[1])});
    // As the start does, before tslab is loaded.
    require(${JSON.stringify(join(__dirname, "..", "..", "dist", "notebook", "repair.js"))});
    require("tslab/dist/main.js").startKernel = () => {
      const made = require("tslab/dist/converter.js").createConverter({ isJS: false });
      const { declOutput } = made.convert("", "const p = 5;");
      console.log(made.convert(declOutput, "const o = { p };").output);
      const told = (at) => made.inspect("", "Math.max(1, )", at).displayParts.map(({ text }) => text).join("");
      console.log(told(0), "|", told(12));
      made.close();
    };
    require(${JSON.stringify(argv[1])});`;
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", script], {
    encoding: "utf8",
    cwd: join(__dirname, "..", ".."),
  });
  assert.match(stdout, /exports\.p/, stderr);
  // Between the brackets of a call the name says nothing, and its signature does.
  assert.match(stdout, /Math \| max\(\.\.\.values/);
});

test("files that change while a notebook runs do not stop it", async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "helper.ts"), "export const a = 1;");
  mkdirSync(join(cwd, "node_modules", "some"), { recursive: true });
  const change = [
    'import * as fs from "node:fs";',
    'fs.writeFileSync("helper.ts", "export const a = 2; export const b = 3;");',
    'fs.mkdirSync("node_modules/other/lib", { recursive: true });',
    'fs.writeFileSync("node_modules/other/index.d.ts", "export {}");',
    "await new Promise((resolve) => setTimeout(resolve, 3000));",
  ].join("\n");
  const run = await runNotebook(
    notebookOf('import * as tslab from "tslab";\nimport { a } from "./helper";', change, "console.log(a)"),
    {
      cwd,
    },
  );
  assert.deepEqual([run.status, run.reason], ["ok", undefined]);
});

test("a name that another room of the package exports is told with that room", async () => {
  const run = await runNotebook(notebookOf(earlier, 'import { frameOf } from "fieldnotes";\nframeOf([]);'));
  assert.match(
    run.reason ?? "",
    /1:10 - frameOf is in another module: import \{ frameOf \} from "fieldnotes\/explore"/,
  );
});
