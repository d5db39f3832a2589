import { formatCount, toNumber } from "../charts/number";
import { isEstimate } from "../measures/table";

/** A column's cells, and whether they name the rows. */
export interface CountedColumn {
  cells: readonly unknown[];
  by: boolean;
}

/**
 * For each column and row, the n of an estimate that rests on another number than its row says: "(n = 44)". Empty if the
 * row's counts say it, and in a table without counts.
 *
 * A column rests on the column of counts that equals its n in most rows, and in half of them at least: an equal number
 * of something else in a row or two is chance.
 *
 * @example
 * const few = { value: 0.5, low: 0, high: 1, level: 0.95, method: "wilson", n: 3, clusters: 3, clusterBy: "" };
 * ownCounts([{ cells: [9], by: false }, { cells: [few], by: false }]) // [[""], ["(n = 3)"]]
 */
export function ownCounts(columns: readonly CountedColumn[]): string[][] {
  const counts = columns
    .filter(({ cells, by }) => !by && cells.every(isCount) && !cells.every((cell) => cell === null))
    .map(({ cells }) => cells);
  return columns.map(({ cells }) => {
    if (counts.length === 0) return cells.map(() => "");
    const sizes = cells.map(sizeOf);
    const known = sizes.filter((n) => n !== undefined).length;
    const equal = counts.map((own) => sizes.filter((n, line) => n !== undefined && n === own[line]).length);
    const most = Math.max(...equal);
    const rests = 2 * most < known ? undefined : counts[equal.indexOf(most)];
    return sizes.map((n, line) => (n === undefined || n === rests?.[line] ? "" : `(n = ${formatCount(n)})`));
  });
}

const isCount = (cell: unknown) => cell === null || (Number.isInteger(cell) && (cell as number) >= 0);

/** The n of an estimate that says something. A published score is one value, with an error of its own. */
function sizeOf(cell: unknown): number | undefined {
  if (!isEstimate(cell) || Number.isNaN(toNumber(cell.value))) return undefined;
  return cell.n > (cell.clusterBy ? 0 : 1) ? cell.n : undefined;
}
