import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { notebookText } from "../../src/notebook/read";
import { runNotebook } from "../../src/notebook/run";
import { checkout, displayed, notebookOf, printed, temporaryFolder } from "./notebooks";

const folder = temporaryFolder();
// Leftovers of the runner itself are looked for here.
const temporary = join(folder, "tmp");
mkdirSync(temporary);
process.env.TMPDIR = temporary;

describe("runNotebook", { concurrency: 2 }, () => {
  test("runs every code cell in order, counts them and keeps what they print and display", async () => {
    const notebook = notebookOf(
      "const x: number = 6;\nconsole.log(x);",
      "",
      'import * as tslab from "tslab";\nconst d = tslab.newDisplay();\nd.text("one");\nx * 7',
      'd.html("<b>two</b>");\nconsole.error("beware");',
    );
    const steps: number[] = [];
    const run = await runNotebook(notebook, {
      cwd: folder,
      onProgress: ({ cell, cells }) => {
        assert.equal(cells, 3);
        steps.push(cell);
      },
    });
    assert.deepEqual([run.status, run.reason, run.cells], ["ok", undefined, 3]);
    assert.deepEqual(steps, [0, 1, 2, 3]);
    const cells = run.notebook.cells;
    assert.deepEqual(
      cells.map(({ execution_count }) => execution_count),
      [1, null, 2, 3],
    );
    assert.deepEqual(cells[0]!.outputs, [{ output_type: "stream", name: "stdout", text: "6\n" }]);
    // The display of the third cell was updated by the fourth.
    assert.deepEqual(displayed(cells[2]!.outputs), [{ "text/html": "<b>two</b>" }]);
    assert.equal(printed(cells[2]!.outputs), "42\n");
    assert.deepEqual(cells[3]!.outputs, [{ output_type: "stream", name: "stderr", text: "beware\n" }]);
    assert.deepEqual(
      cells.map(({ id }) => id),
      notebook.cells.map(({ id }) => id),
    );
    assert.deepEqual(notebook.cells[0]!.outputs, [], "the given notebook stays as it was");
    assert.deepEqual(JSON.parse(notebookText(run.notebook)).cells[0].outputs[0].text, ["6\n"]);
  });

  test("a thrown error becomes an error output, stops the notebook and marks the rest as not run", async () => {
    const run = await runNotebook(notebookOf('console.log("a");', 'throw new RangeError("no rows");', "1"), {
      cwd: folder,
    });
    assert.deepEqual([run.status, run.cells], ["failed", 2]);
    assert.equal(run.reason, "cell 2 failed: RangeError: no rows");
    const [output, ...more] = run.notebook.cells[1]!.outputs!;
    assert.equal(more.length, 0);
    assert.ok(output?.output_type === "error");
    assert.deepEqual([output.ename, output.evalue], ["RangeError", "no rows"]);
    assert.match(output.traceback.join("\n"), /RangeError: no rows/);
    assert.doesNotMatch(output.traceback.join("\n"), /tslab.dist|node:vm/);
    assert.deepEqual(run.notebook.cells[2]!.metadata.fieldnotes, { status: "not run" });
    assert.equal(run.notebook.cells[1]!.metadata.fieldnotes, undefined);
    assert.deepEqual(run.notebook.metadata.fieldnotes, { status: "failed", reason: run.reason });
  });

  test("a cell that does not compile says each mistake with its line", async () => {
    const run = await runNotebook(notebookOf('const a: number = "x";\nconst b: string = 1;'), {
      cwd: folder,
    });
    assert.equal(run.status, "failed");
    const [output] = run.notebook.cells[0]!.outputs!;
    assert.ok(output?.output_type === "error");
    assert.equal(output.ename, "CompileError");
    assert.match(output.evalue, /^1:7 - Type 'string' is not assignable to type 'number'\.\n2:7 - /);
  });

  test("a promise rejected without anyone waiting fails the cell that made it, even the last", async () => {
    const run = await runNotebook(notebookOf("1", 'void Promise.reject(new Error("lost"));'), {
      cwd: folder,
    });
    assert.equal(run.status, "failed");
    assert.match(run.reason!, /^cell 2: a promise was rejected and nobody awaited it: Error: lost/);
    assert.ok(run.notebook.cells[1]!.outputs!.some((output) => output.output_type === "error"));
  });

  test("an error thrown by a timer fails the notebook", async () => {
    const late = 'setTimeout(() => { throw new Error("late"); }, 1);';
    const run = await runNotebook(notebookOf(late, "await new Promise((r) => setTimeout(r, 50));", "1"), {
      cwd: folder,
    });
    assert.equal(run.status, "failed");
    assert.match(run.reason!, /thrown after the cell had ended: Error: late/);
  });

  test("a cell tagged raises-exception may fail, and keepGoing runs the cells after any failed one", async () => {
    const allowed: [string, string] = ["raises-exception", 'throw new Error("on purpose")'];
    const notebook = notebookOf(
      allowed,
      'console.log("on")',
      'throw new Error("boom")',
      'console.log("and on")',
    );
    const run = await runNotebook(notebook, { cwd: folder, keepGoing: true });
    assert.deepEqual([run.status, run.reason, run.cells], ["failed", "cell 3 failed: Error: boom", 4]);
    const [first, second, , last] = run.notebook.cells;
    assert.equal(first!.outputs![0]!.output_type, "error");
    assert.deepEqual([printed(second!.outputs), printed(last!.outputs)], ["on\n", "and on\n"]);
    const twice = notebookOf('throw new Error("boom")', 'throw new Error("bang")', "1");
    const { reason } = await runNotebook(twice, { cwd: folder, keepGoing: true });
    assert.equal(reason, "cell 1 failed: Error: boom; 1 more cell failed");
    const without = await runNotebook(notebook, { cwd: folder });
    assert.deepEqual(
      [without.status, without.reason, without.cells],
      ["failed", "cell 3 failed: Error: boom", 3],
    );
  });

  test("a module that is not installed is named with what to do", async () => {
    const run = await runNotebook(notebookOf('import { x } from "no-such-module";\nx'), { cwd: folder });
    assert.match(run.reason!, /installed for the notebook's folder \(npm install no-such-module\)/);
  });

  test("an endless loop is interrupted, and one that cannot be interrupted is killed", async () => {
    // Long enough for a busy machine to compile the cell and begin it.
    const timeout = 8;
    const stopped = async (loop: string) => {
      const run = await runNotebook(notebookOf(`console.log("begun");\n${loop}`, "1"), {
        cwd: folder,
        timeout,
      });
      assert.deepEqual([run.status, run.cells], ["failed", 1]);
      assert.equal(run.reason, "cell 1 failed: TimeoutError: the cell took longer than 8 s and was stopped");
      assert.equal(printed(run.notebook.cells[0]!.outputs), "begun\n");
      const errors = run.notebook.cells[0]!.outputs!.filter(({ output_type }) => output_type === "error");
      assert.equal(errors.length, 1);
    };
    await Promise.all(["while (true) {}", "await null;\nwhile (true) {}"].map(stopped));
  });

  test("a cell that ends the kernel fails with what is known of its death", async () => {
    const run = await runNotebook(notebookOf("process.exit(7)", "1"), { cwd: folder });
    assert.deepEqual([run.status, run.cells], ["failed", 1]);
    assert.match(run.reason!, /KernelDied: the kernel's process ended with code 7/);
  });

  test("an aborted run rejects with the signal's reason", async () => {
    const controller = new AbortController();
    const running = runNotebook(notebookOf("while (true) {}"), {
      cwd: folder,
      signal: controller.signal,
      onProgress: () => setTimeout(() => controller.abort(new Error("enough")), 50),
    });
    await assert.rejects(running, /enough/);
  });

  test("parameters take the place of the defaults with their types", async () => {
    const notebook = notebookOf(
      ["parameters", 'const metric: "a" | "b" = "a";\nlet limit = 5;\nconst rest = "kept";'],
      'console.log(metric === "b", metric === "a", limit + 1, rest);',
    );
    const run = await runNotebook(notebook, { cwd: folder, parameters: { metric: "b", limit: 7 } });
    assert.deepEqual([run.status, run.reason, run.cells], ["ok", undefined, 3]);
    assert.equal(printed(run.notebook.cells[2]!.outputs), "true false 8 kept\n");
    assert.deepEqual(run.notebook.cells[1]!.metadata.tags, ["injected-parameters"]);
    await assert.rejects(runNotebook(notebook, { cwd: folder, parameters: { limt: 7 } }), /got "limt"/);
  });

  test("imports resolve, with their types, from the folder of the notebook", async () => {
    const project = join(folder, "project");
    const tiny = join(project, "node_modules", "tiny");
    mkdirSync(tiny, { recursive: true });
    const json = { name: "tiny", version: "1.0.0", main: "index.js", types: "index.d.ts" };
    writeFileSync(join(tiny, "package.json"), JSON.stringify(json));
    writeFileSync(join(tiny, "index.js"), "exports.double = (x) => 2 * x;");
    writeFileSync(join(tiny, "index.d.ts"), "export declare function double(x: number): number;");
    const path = join(project, "tiny.ipynb");
    writeFileSync(
      path,
      notebookText(notebookOf('import { double } from "tiny";', "double(21)", 'double("x")')),
    );
    const run = await runNotebook(path);
    assert.equal(printed(run.notebook.cells[1]!.outputs), "42\n");
    assert.match(run.reason!, /^cell 3 failed: CompileError: 1:8 - Argument of type 'string'/);
  });

  test("a notebook of this package's own folder imports fieldnotes with its types", async () => {
    const source =
      'import type { Estimate } from "fieldnotes";\nconst half: Pick<Estimate, "value"> = { value: 0.5 };\nhalf.value';
    const run = await runNotebook(notebookOf(source), { cwd: join(checkout, "notebooks") });
    assert.deepEqual([run.status, run.reason], ["ok", undefined]);
    assert.equal(printed(run.notebook.cells[0]!.outputs), "0.5\n");
  });

  test("none of ten thousand printed lines is lost", async () => {
    const run = await runNotebook(notebookOf("for (let i = 0; i < 10_000; i++) console.log(i);"), {
      cwd: folder,
    });
    const lines = printed(run.notebook.cells[0]!.outputs).trimEnd().split("\n");
    assert.equal(lines.length, 10_000);
    assert.deepEqual([lines[0], lines[9999]], ["0", "9999"]);
  });

  test("runs over 127.0.0.1 where there are no private sockets", async () => {
    const run = await runNotebook(notebookOf("40 + 2"), { cwd: folder, kernel: { transport: "tcp" } });
    assert.equal(printed(run.notebook.cells[0]!.outputs), "42\n");
  });

  test("a trap of the kernel's compiler is named before anything runs", async () => {
    const run = await runNotebook(notebookOf("1", "const x = await (Promise.resolve(1));"), { cwd: folder });
    assert.deepEqual([run.status, run.cells], ["failed", 0]);
    assert.match(run.reason!, /^cell 2, line 1: .*put "await null;" as the first line/);
  });

  test("refuses what is no notebook it can run", async () => {
    const python = notebookOf("1");
    python.metadata.kernelspec = { name: "python3", language: "python" };
    await assert.rejects(runNotebook(python), /requires a TypeScript notebook, got one in python/);
    await assert.rejects(runNotebook(notebookOf("1"), { timeout: 0 }), /requires timeout > 0 seconds, got 0/);
    await assert.rejects(runNotebook(notebookOf("1"), { cwd: join(folder, "none") }), /cwd to be a folder/);
    await assert.rejects(runNotebook(join(folder, "none.ipynb")), /none.ipynb: no such file/);
  });
});

test("no temporary folder is left behind", () => {
  assert.deepEqual(
    readdirSync(temporary).filter((name) => name.startsWith("fieldnotes-")),
    [],
  );
});
