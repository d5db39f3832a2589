import { isEstimate, type Table } from "../measures/table";
import type { Estimate } from "../stats/estimate";
import { toNumber } from "./number";
import { fitted } from "./text";

/** A measure's table, or plain rows of the same kind. */
export type Rows = Table | readonly object[];

export function rowsOf(table: Rows): Record<string, unknown>[] {
  return ("rows" in table ? table.rows : table) as Record<string, unknown>[];
}

/** The columns that tell the rows apart: the table's own, or those that hold text. */
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
