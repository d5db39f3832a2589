import type { Keys } from "../facts/names";
import type { Claim } from "../stats/claim";
import type { Estimate } from "../stats/estimate";

/**
 * The content of one cell: plain values, an estimate, several estimates by name (quantiles by
 * probability), or what a verdict rests on.
 */
export type Cell = string | number | boolean | null | undefined | Estimate | Record<string, Estimate> | Claim;

/** One line of any table, read by the names of its columns: the `by` columns first, then counts and estimates. */
export type Row = Record<string, Cell>;

/**
 * One line of a table whose columns are known, and those that `by` may ask for: any other name does not compile.
 *
 * Every such line is also a `Row`. That is how to read a column that `by` named itself, or one that was attached: for
 * `by: "plan"`, `rows.map((row: Row) => row.plan)`, or with the types of the other columns
 * `rows.map(({ plan, mean }: LatencyRow & Row) => ...)`.
 */
export type Keyed<Own> = { [K in keyof Own]: Own[K] } & Omit<Keys, keyof Own>;

/** What every measure returns, in TypeScript and as JSON. */
export interface Table<R extends Row = Row> {
  /** The command that made it: "latency", "reliability", ... */
  measure: string;
  /** The columns that identify a row. */
  by: string[];
  rows: R[];
  /** What was left out, assumed or chosen, in whole sentences. */
  notes: string[];
  /** What a column holds where an option says so, for its header: `{ outcome: "resolved" }`. */
  named?: Record<string, string>;
}

/** True if a cell is a single Estimate rather than several by name. */
export function isEstimate(cell: unknown): cell is Estimate {
  return typeof cell === "object" && cell !== null && "value" in cell && "low" in cell && "level" in cell;
}

/** The estimates of a cell: one, several by name, or none. */
export const estimatesIn = (cell: unknown): Estimate[] =>
  isEstimate(cell)
    ? [cell]
    : typeof cell === "object" && cell !== null
      ? Object.values(cell).filter(isEstimate)
      : [];

/** True for what a verdict rests on, which tables do not show as a column of its own. */
export const isClaim = (cell: unknown): cell is Claim =>
  typeof cell === "object" && cell !== null && "kind" in cell && "status" in cell;

/**
 * The columns that name the rows, of those that a measure takes when none are asked for: none if no row has a value of
 * them.
 *
 * @example
 * namingRows(["provider"], [{ provider: null, calls: 3 }]) // []
 */
export const namingRows = (by: readonly string[], rows: readonly Row[]): string[] =>
  rows.length > 0 && rows.every((row) => by.every((name) => row[name] === null)) ? [] : [...by];
