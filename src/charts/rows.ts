import { inspect } from "node:util";
import { isEstimate, type Table } from "../measures/table";
import type { Estimate } from "../stats/estimate";
import { didYouMean } from "../store/nearest";
import { toNumber } from "./number";
import { fitted } from "./text";

/** A measure's table, or plain rows of the same kind. */
export type Rows = Table | readonly object[];

export function rowsOf(table: Rows): Record<string, unknown>[] {
  const rows: unknown = table !== null && typeof table === "object" && "rows" in table ? table.rows : table;
  if (Array.isArray(rows)) return rows;
  const given = table instanceof Promise ? "a promise: await is missing" : inspect(table, { depth: 0 });
  throw new TypeError(`A figure requires a table with rows, such as await latency(store), got ${given}`);
}

/** Throws if a table has no such column of estimates, and names those it has. */
export function checkColumn(chart: string, table: Rows, column: string): void {
  const rows = rowsOf(table);
  const isGiven = (row: Record<string, unknown>) => estimateAt(row, column) !== undefined || column in row;
  if (rows.length === 0 || (typeof column === "string" && rows.some(isGiven))) return;
  const known = [...new Set(rows.flatMap(estimateColumns))];
  const has = known.length === 0 ? "it has none" : `it has ${known.join(", ")}`;
  const near = typeof column === "string" ? didYouMean(column, known) : "";
  throw new RangeError(`${chart} requires a column of estimates, got ${inspect(column)}; ${has}${near}`);
}

function estimateColumns(row: Record<string, unknown>): string[] {
  return Object.entries(row).flatMap(([name, cell]) => {
    if (isEstimate(cell)) return [name];
    if (typeof cell !== "object" || cell === null) return [];
    return Object.keys(cell)
      .map((part) => `${name}.${part}`)
      .filter((column) => estimateAt(row, column) !== undefined);
  });
}

/** The columns that identify a row: the table's own, or those that hold text. */
export function labelColumns(table: Rows): string[] {
  if ("rows" in table) return table.by;
  const rows = rowsOf(table);
  return Object.keys(rows[0] ?? {}).filter((key) =>
    rows.every((row) => typeof row[key] === "string" || row[key] === null),
  );
}

/** The estimate in a column; "quantiles.0.99" is the one named "0.99" of several in the column "quantiles". */
export function estimateAt(row: Record<string, unknown>, column: string): Estimate | undefined {
  if (isEstimate(row[column])) return row[column];
  const dot = column.indexOf(".");
  const several = dot < 0 ? undefined : row[column.slice(0, dot)];
  const one =
    typeof several === "object" && several !== null
      ? (several as Record<string, unknown>)[column.slice(dot + 1)]
      : undefined;
  return isEstimate(one) ? one : undefined;
}

/** The value and ends of an estimate as numbers, times `factor`; unbounded ends are infinite, unknown ones NaN. */
export function endsOf(
  estimate: Estimate | undefined,
  factor: number = 1,
): { value: number; low: number; high: number } {
  return {
    value: toNumber(estimate?.value) * factor,
    low: toNumber(estimate?.low) * factor,
    high: toNumber(estimate?.high) * factor,
  };
}

export function nameOf(value: unknown): string {
  return value === null || value === undefined || value === "" ? "not given" : fitted(String(value), 60);
}
