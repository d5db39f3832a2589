import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runNotebook } from "../../src/notebook/run";
import { built, entries } from "../dist";
import { notebookOf, printed, temporaryFolder } from "./notebooks";

built();

test("in any folder a cell imports this library, and shows a table that it ends with", async () => {
  const run = await runNotebook(
    notebookOf(
      'import { latency, open } from "fieldnotes";',
      'const store = await open(":memory:");\nawait latency(store);',
      "6 * 7",
    ),
    { cwd: temporaryFolder() },
  );
  assert.deepEqual([run.status, run.reason], ["ok", undefined]);
  const [table] = run.notebook.cells[1].outputs!;
  assert.ok(table.output_type === "display_data" && "text/html" in table.data, JSON.stringify(table));
  assert.deepEqual(run.notebook.cells[2].outputs, [{ output_type: "stream", name: "stdout", text: "42\n" }]);
});

test("in any folder a cell imports every entry of this library, and what was installed with it", async () => {
  const parts = entries.map(({ room }) => `${room}Part`);
  const everyEntry = entries.map(
    ({ room }) => `import * as ${room}Part from "fieldnotes${room === "" ? "" : `/${room}`}";`,
  );
  const run = await runNotebook(
    notebookOf(
      everyEntry.join("\n"),
      'import { quantile } from "simple-statistics";\nconst half: number = quantile([1, 2, 3], 0.5);',
      'import { open, toArrow } from "fieldnotes";\nconst arrow = await toArrow(await open(":memory:"), "select 1 as a");',
      `console.log([${parts}].filter((one) => Object.keys(one).length > 0).length, half, arrow.numRows);`,
    ),
    { cwd: temporaryFolder() },
  );
  assert.deepEqual([run.status, run.reason], ["ok", undefined]);
  assert.equal(printed(run.notebook.cells[3].outputs), `${entries.length} 2 1\n`);
});

test("a package that is nowhere is told by its name", async () => {
  const { reason } = await runNotebook(notebookOf('import { a } from "@nobody/none/part";'), {
    cwd: temporaryFolder(),
  });
  assert.match(reason!, /npm install @nobody\/none\)/);
});

test("an error tells the lines of the cells as they were written, and none of the kernel", async () => {
  const run = await runNotebook(
    notebookOf("type Size = number;\nfunction fail(size: Size) {\n  throw new Error(String(size));\n}", [
      "raises-exception",
      "const size: number = 3;\n\nfail(size);",
    ]),
    { cwd: temporaryFolder() },
  );
  const [error] = run.notebook.cells[1].outputs!;
  assert.ok(error.output_type === "error");
  assert.deepEqual(
    error.traceback.filter((line) => line.startsWith("    at ")),
    [
      "    at Proxy.fail (line 3 of an earlier cell: throw new Error(String(size));)",
      "    at line 3 of the cell: fail(size);",
    ],
  );
});

test("a module that is imported so that later cells could not know it is told with the line to write", async () => {
  const { reason } = await runNotebook(notebookOf('const fs = await import("node:fs");'), {
    cwd: temporaryFolder(),
  });
  assert.match(reason!, /write: import \* as fs from "node:fs"/);
});

test("a helper of one's own is there for every notebook of its folder, and read anew when it changed", async () => {
  const cwd = temporaryFolder();
  const helper = (value: number) => writeFileSync(join(cwd, "helper.ts"), `export const value = ${value};`);
  const notebook = notebookOf('import { value } from "./helper";\nconsole.log(value);');
  for (const value of [1, 1, 2]) {
    helper(value);
    const run = await runNotebook(notebook, { cwd });
    assert.equal(printed(run.notebook.cells[0].outputs), `${value}\n`, run.reason);
  }
});
