import assert from "node:assert/strict";
import { basename, dirname } from "node:path";
import { after, before, describe, test } from "node:test";
import { type AheadCells, type CompiledCell, compiledAhead, hashOf, start } from "../../src/notebook/ahead";
import { allAhead } from "../../src/notebook/compileAhead";
import { openCompiler } from "../../src/notebook/compiler";
import { shippedNotebooks } from "../../src/notebook/copies";
import { injectParameters } from "../../src/notebook/parameters";
import { type Notebook, readNotebook } from "../../src/notebook/read";

const path = shippedNotebooks().find((one) => basename(one).startsWith("04-"))!;
const none: AheadCells = { cells: {}, parameters: {}, checked: [] };
const codeOf = (notebook: Notebook) =>
  notebook.cells.filter(({ cell_type: type }) => type === "code").map(({ source }) => source);

describe("cells compiled ahead", () => {
  let ahead: AheadCells;
  // The thread that compiles keeps no process alive.
  const waiting = setInterval(() => {}, 60_000);
  before(async () => {
    ahead = await allAhead([path]);
  });
  after(() => clearInterval(waiting));

  /** What each cell compiles to, by a compiler that has cells ahead or not. */
  async function outputs(cells: readonly string[], given: AheadCells) {
    const compiler = openCompiler(dirname(path), given);
    const found: CompiledCell[] = [];
    for (const cell of cells) {
      found.push(await compiler.compile(cell));
      compiler.ran(cell, found.at(-1)!);
    }
    compiler.close();
    return found.map(({ converted }) => ({ output: converted?.output, diagnostics: converted?.diagnostics }));
  }

  test("are all cells of a notebook, and are checked", () => {
    const cells = codeOf(readNotebook(path));
    assert.deepEqual(ahead.checked, cells.map(hashOf));
    let place = start;
    for (const cell of cells) {
      const found = compiledAhead(ahead, place, cell);
      assert.ok(found?.cell.converted?.output, cell);
      place = found.after;
    }
  });

  test("are used at their place only, and a cell after them still knows what they declared", async () => {
    const [parameters, opened, ...others] = codeOf(readNotebook(path));
    assert.equal(compiledAhead(ahead, start, opened), undefined);
    const changed = [parameters, opened, "const one: typeof store = store; one.path", others[0]];
    assert.deepEqual(await outputs(changed, ahead), await outputs(changed, none));
    const wrong = [parameters, opened, "const one: number = store;"];
    const [, , { diagnostics = [] }] = await outputs(wrong, ahead);
    assert.match(JSON.stringify(diagnostics), /not assignable to type 'number'/);
  });

  test("follow values of the same kind, and no others", async () => {
    const given = injectParameters(readNotebook(path), { db: 'a "b"\\c', score: "quality" });
    const cells = codeOf(given);
    let place = start;
    const first = compiledAhead(ahead, place, cells[0])!;
    place = first.after;
    const values = compiledAhead(ahead, place, cells[1])!;
    const exports: Record<string, unknown> = {};
    new Function("exports", values.cell.converted!.output!)(exports);
    assert.deepEqual(exports, { db: 'a "b"\\c', score: "quality" });
    assert.ok(compiledAhead(ahead, values.after, cells[2]));
    for (const other of [
      "const db = 7;",
      "const unknown = 7;",
      'const db: string = "x";',
      "const db = show;",
    ])
      assert.equal(compiledAhead(ahead, place, `// Parameters\n${other}`), undefined, other);
    assert.equal(compiledAhead(ahead, start, cells[1]), undefined);
  });
});
