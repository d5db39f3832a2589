import type * as TypeScript from "@tslab/typescript-for-tslab";
import { isCheckedAhead } from "./ahead";
import { isInjected } from "./parameters";
import type { NotebookCell } from "./read";
import { kernelTypeScript, parseCell } from "./syntax";

/** Something in a cell that the kernel rejects or gets wrong, with a message that doesn't say why. */
export interface CellTrap {
  /** Position among all cells of the notebook, from 1. */
  cell: number;
  /** Line within the cell, from 1. */
  line: number;
  message: string;
}

interface Findings {
  /** Places of `await (...)`, which the kernel reads as a call of a function named await. */
  callAwaits: TypeScript.Node[];
  forAwaits: TypeScript.Node[];
  plainAwaits: number;
  usings: TypeScript.Node[];
}

function look(file: TypeScript.SourceFile): Findings {
  const ts = kernelTypeScript();
  const found: Findings = {
    callAwaits: [],
    forAwaits: [],
    plainAwaits: 0,
    usings: [],
  };
  const visit = (node: TypeScript.Node, inFunction: boolean) => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === "await") {
      if (!inFunction) found.callAwaits.push(node);
    } else if (ts.isAwaitExpression(node) && !inFunction) found.plainAwaits++;
    else if (ts.isForOfStatement(node) && node.awaitModifier && !inFunction) found.forAwaits.push(node);
    else if (ts.isSourceFile(node) || ts.isBlock(node)) {
      // TypeScript 5.0 parses `using x = y` as a statement `using` followed by another.
      node.statements.forEach((statement, at) => {
        if (statement.getText() === "using" && node.statements[at + 1]) found.usings.push(statement);
      });
    }
    const inner = inFunction || ts.isFunctionLike(node) || ts.isClassLike(node);
    ts.forEachChild(node, (child) => visit(child, inner));
  };
  visit(file, false);
  return found;
}

/**
 * Finds in a notebook's cells what tslab's kernel is known to reject with a misleading message.
 *
 * A cell whose only awaits are `await (...)` or `for await`; `using`; a cell marked `@browser`, which tslab
 * accepts and does not run.
 */
export function checkCells(cells: readonly NotebookCell[]): CellTrap[] {
  const traps: CellTrap[] = [];
  cells.forEach((cell, index) => {
    if (cell.cell_type !== "code" || cell.source.trim() === "") return;
    if (isInjected(cell) || isCheckedAhead(cell.source)) return;
    const file = parseCell(cell.source);
    const found = look(file);
    const trap = (node: TypeScript.Node, message: string) => {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
      traps.push({ cell: index + 1, line: line + 1, message });
    };
    if (found.plainAwaits === 0) {
      const cure = 'put "await null;" as the first line of the cell';
      if (found.callAwaits[0]) {
        trap(found.callAwaits[0], `the kernel reads "await (" as a call of a function; ${cure}`);
      } else if (found.forAwaits[0]) {
        trap(found.forAwaits[0], `the kernel does not take "for await" as a cell's only await; ${cure}`);
      }
    }
    for (const node of found.usings) {
      trap(node, 'the kernel\'s TypeScript 5.0 does not know "using"; use const and close it yourself');
    }
    if (/^\s*\/\*\*(?:(?!\*\/)[\s\S])*@browser\b/.test(cell.source)) {
      trap(file, "the kernel does not run a cell marked @browser; remove the mark");
    }
  });
  return traps;
}
