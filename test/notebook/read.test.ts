import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { notebookText, parseNotebook, readNotebook, writeNotebook } from "../../src/notebook/read";
import { notebookOf, temporaryFolder } from "./notebooks";

const folder = temporaryFolder();
function file(text: string, name = "a.ipynb"): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test("what is no notebook is refused with what it is and what to do", () => {
  const refused = (text: string, why: RegExp) => assert.throws(() => readNotebook(file(text)), why);
  refused("", /a\.ipynb: the file is empty/);
  refused("# notes", /a\.ipynb: it is not JSON/);
  refused("<<<<<<< HEAD\n{}", /unfinished merge/);
  refused("[1]", /its JSON is not an object/);
  refused('{"a": 1}', /has no "nbformat"/);
  refused('{"nbformat": 3, "worksheets": []}', /nbformat 3; convert it with: jupyter nbconvert/);
  refused('{"nbformat": 5, "cells": []}', /nbformat 5, newer/);
  refused('{"nbformat": 4}', /no list of "cells"/);
  refused('{"nbformat": 4, "cells": [{"cell_type": "sql", "source": ""}]}', /cell 1 has the cell_type "sql"/);
  refused(
    '{"nbformat": 4, "cells": [{"cell_type": "code", "source": 5}]}',
    /cell 1 has a source that is neither/,
  );
  refused('{"nbformat": 4, "cells": [{"cell_type": "code", "source": "", "outputs": [{}]}]}', /unknown type/);
  assert.throws(() => readNotebook(join(folder, "none.ipynb")), /no such file/);
  mkdirSync(join(folder, "sub"), { recursive: true });
  assert.throws(() => readNotebook(join(folder, "sub")), /it is a folder/);
});

test("sources and outputs as text or as lists of lines read the same, and ids are made where they are missing", () => {
  const cell = (source: unknown) => ({
    cell_type: "code",
    source,
    metadata: {},
    outputs: [],
    execution_count: 1,
  });
  const json = { nbformat: 4, nbformat_minor: 2, metadata: {}, cells: [cell("a\nb"), cell(["a\n", "b"])] };
  const { cells, nbformat_minor } = parseNotebook(json);
  assert.deepEqual([cells[0]!.source, cells[1]!.source, nbformat_minor], ["a\nb", "a\nb", 5]);
  assert.notEqual(cells[0]!.id, cells[1]!.id);
  assert.match(cells[0]!.id, /^[0-9a-f]{8}$/);
  assert.deepEqual(
    parseNotebook(json).cells.map(({ id }) => id),
    cells.map(({ id }) => id),
    "the same at every reading",
  );
});

test("an id that two cells share stays with the first", () => {
  const cells = [1, 2].map(() => ({ cell_type: "markdown", id: "same", source: "x", metadata: {} }));
  const read = parseNotebook({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells });
  assert.equal(read.cells[0]!.id, "same");
  assert.notEqual(read.cells[1]!.id, "same");
});

test("a written notebook reads back as it was and looks as Jupyter writes it", () => {
  const notebook = notebookOf("const a = 1;\na");
  notebook.cells[0]!.outputs = [
    { output_type: "stream", name: "stdout", text: "1\n2" },
    {
      output_type: "display_data",
      data: { "text/html": "<b>\n</b>", "application/json": { b: ["x"] } },
      metadata: {},
    },
    { output_type: "execute_result", data: { "text/plain": "1" }, metadata: {}, execution_count: 1 },
    { output_type: "error", ename: "E", evalue: "v", traceback: ["t"] },
  ];
  const path = join(folder, "written.ipynb");
  writeNotebook(path, notebook);
  assert.deepEqual(readNotebook(path), notebook);
  const text = readFileSync(path, "utf8");
  assert.equal(text, notebookText(notebook));
  assert.match(text, /^\{\n "cells": \[\n {2}\{\n {3}"cell_type": "code",\n/);
  assert.match(text, /"source": \[\n {4}"const a = 1;\\n",\n {4}"a"\n {3}\]/);
  assert.ok(text.endsWith("}\n"));
});
