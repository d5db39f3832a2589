import assert from "node:assert/strict";
import { test } from "node:test";
import {
  injectParameters,
  type ParameterValue,
  parameterNames,
  readParameters,
} from "../../src/notebook/parameters";
import { fc, thorough } from "../property";
import { notebookOf } from "./notebooks";

const notebook = notebookOf(
  "1",
  [
    "parameters",
    'const db: string = "a.duckdb", limit = -5;\nlet strict = false;\nconst by = ["model"];\nconst when = "x" as "x" | "y";\nconst frozen = [1] as const;',
  ],
  "2",
);
const source = (parameters: Record<string, ParameterValue>) =>
  injectParameters(notebook, parameters).cells[2]!.source;

thorough("names are those that the cell tagged parameters declares", () => {
  assert.deepEqual(parameterNames(notebook), ["db", "limit", "strict", "by", "when", "frozen"]);
  assert.deepEqual(parameterNames(notebookOf("const a = 1;")), []);
});

test("a value is declared again with the keyword and the type of its default", () => {
  assert.equal(
    source({ db: "b", limit: 7, strict: true, by: ["provider"], when: "y", frozen: [2] }),
    '// Parameters\nconst db: string = "b";\nconst limit = 7;\nlet strict = true;\nconst by = ["provider"];\nconst when: "x" | "y" = "y";\nconst frozen = [2];',
  );
});

test("the cell goes below the parameters and takes the place of one injected before", () => {
  const once = injectParameters(notebook, { limit: 1 });
  const twice = injectParameters(once, { limit: 2 });
  assert.deepEqual(
    twice.cells.map(({ id }) => id),
    ["cell-1", "cell-2", "injected-parameters", "cell-3"],
  );
  assert.match(twice.cells[2]!.source, /limit = 2;/);
  assert.equal(notebook.cells.length, 3, "the given notebook stays as it was");
  assert.deepEqual(injectParameters(once, {}).cells, notebook.cells);
});

test("an unknown name and a value of another kind are refused", () => {
  assert.throws(() => source({ limt: 1 }), /got "limt"; it has db, limit/);
  assert.throws(() => injectParameters(notebookOf("1"), { a: 1 }), /it has no cell tagged parameters/);
  assert.throws(() => source({ limit: "7" }), /limit to be a number, got "7"/);
  assert.throws(
    () => source({ by: undefined as unknown as null }),
    /that JSON can hold, got a undefined for by/,
  );
});

test("values typed on a command line are read by the kind of the default", () => {
  assert.deepEqual(
    readParameters(notebook, ["db=2024", "limit=1e3", "strict=true", 'by=["a"]', "frozen=x=y"]),
    {
      db: "2024",
      limit: 1000,
      strict: true,
      by: ["a"],
      frozen: "x=y",
    },
  );
  assert.throws(() => readParameters(notebook, ["limit=many"]), /limit to be a number, got "many"/);
  assert.throws(() => readParameters(notebook, ["limit"]), /requires the form name=value, got "limit"/);
  assert.throws(() => readParameters(notebook, ["none=1"]), /got "none"/);
});

test("any value JSON can say survives as source text", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = /^\/\/ Parameters\nconst by = (.*);$/s.exec(source({ by: value as ParameterValue }))![1];
      assert.deepEqual(JSON.parse(text!), JSON.parse(JSON.stringify(value)));
    }),
  );
});
