import { dirname } from "node:path";
import { type AheadCells, type CompiledCell, hashOf, keyOf } from "./ahead";
import { openCompiler } from "./compiler";
import { declaredBy, parametersCell } from "./parameters";
import { checkCells } from "./precheck";
import { readNotebook } from "./read";

const none: AheadCells = { cells: {}, parameters: {}, checked: [] };

/** Compiles the cells of notebooks without running them, each up to the first that does not compile. */
export async function allAhead(paths: readonly string[]): Promise<AheadCells> {
  const ahead: AheadCells = { cells: {}, parameters: {}, checked: [] };
  for (const path of paths) {
    const notebook = readNotebook(path);
    const traps = new Set(checkCells(notebook.cells).map(({ cell }) => cell));
    const parameters = parametersCell(notebook);
    if (parameters !== undefined) ahead.parameters[hashOf(parameters.source)] = [...declaredBy(parameters)];
    const compiler = openCompiler(dirname(path), none);
    let key = "";
    try {
      for (const [at, { cell_type: type, source }] of notebook.cells.entries()) {
        if (type !== "code" || source.trim() === "" || traps.has(at + 1)) continue;
        const cell = await compiler.compile(source);
        if (cell.converted === undefined || cell.converted.diagnostics.length > 0) break;
        compiler.ran(source, cell);
        key = keyOf(key, source);
        ahead.cells[key] = withoutDeclarations(cell);
        ahead.checked.push(hashOf(source));
      }
    } finally {
      compiler.close();
    }
  }
  return ahead;
}

function withoutDeclarations({ converted, ...cell }: CompiledCell): CompiledCell {
  const { declOutput: _, ...rest } = converted as NonNullable<CompiledCell["converted"]>;
  return { ...cell, converted: rest };
}
