import type { Estimate } from "../stats/estimate";
import type { Store } from "../store/open";
import { metric } from "./metric";
import type { Row, Table } from "./table";

/** The amount that is added up over calls, and the words for it. */
export interface Amount {
  /** The column that holds it. */
  name: string;
  /** The words for the sum: "all waiting". Absent where a sum means nothing, as for scores and speeds. */
  sum?: string;
  /** The word for the calls listed first: "slowest". */
  first: string;
  /** True if the calls with the lowest amount come first. Default: the highest. */
  least?: true;
}

/** The calls behind the rows of a table, found in the measure's own views and tables. */
export interface Behind<R extends Row = Row> {
  /**
   * A query over the measure's own views and tables: a row for each unit that the table counts, with its
   * group `g`, the `at_row` of its call, the `amount`, a `unit` where the unit isn't a call, and each column
   * of `by` that isn't a column of calls.
   */
  from: string;
  amount: Amount;
  /** True if the query runs on the last connection that the measure opened. Default: on the first. */
  last?: true;
  /** What n of a row counts. Default "calls". */
  counted?: string;
  /** What a row says about its units: how many, and the sum of their amounts. */
  n?: (row: R) => number;
  total?: (row: R) => number;
  /** The rows of the query that make up a row of the table, if `by` doesn't identify them. */
  keys?: (row: R) => { by: readonly string[]; rows: readonly Row[] };
}

/** The sum behind a mean, or the count behind a rate: what `total` returns. */
export const sumOf = ({ n, value }: Estimate): number => (n === 0 ? 0 : n * value);

/** How to make a row's table again, and what is behind the row. */
export interface Origin {
  table: Pick<Table, "measure" | "by">;
  row: Row;
  again: (store: Store) => Promise<unknown>;
  behind: Behind;
  /** The row that was asked about, if it was made from another table's row. */
  shown?: { table: Pick<Table, "measure" | "by">; row: Row; column: string };
}

// Kept outside the rows, so that rows hold only what is shown, written and compared.
const origins = new WeakMap<object, ReadonlyMap<string, Origin>>();
const whole = "";

/** The same table, with rows whose calls `calls` can list. */
export function withCalls<T extends Table>(
  table: T,
  again: Origin["again"],
  behind: Behind<T["rows"][number]>,
): T {
  const { measure, by, rows } = table;
  for (const row of rows) {
    const own = { table: { measure, by }, row, again, behind: behind as Behind<never> as Behind };
    origins.set(row, new Map([[whole, own]]));
  }
  return table;
}

/**
 * The same table, where each column of a row has its own calls, or none; without a column name, the first one
 * counts.
 */
export function withCallsOf<T extends Pick<Table, "measure" | "by"> & { rows: readonly object[] }>(
  table: T,
  columns: (row: T["rows"][number], at: number) => Record<string, Origin | undefined>,
): T {
  const { measure, by, rows } = table;
  for (const [at, row] of rows.entries()) {
    const own = Object.entries(columns(row, at)).flatMap(([column, origin]): [string, Origin][] =>
      origin === undefined
        ? []
        : [[column, { ...origin, shown: { table: { measure, by }, row: row as Row, column } }]],
    );
    if (own.length > 0) origins.set(row, new Map(own));
  }
  return table;
}

/**
 * The origin of a row, or of one of its columns; undefined if there are no calls behind it, and for a copy of
 * a row.
 */
export function originOf(row: object, column?: string): Origin | undefined {
  const own = origins.get(row);
  return column === undefined ? own?.values().next().value : own?.get(column);
}

/** The columns of a row that have calls of their own. */
export const columnsWithCalls = (row: object): string[] =>
  [...(origins.get(row)?.keys() ?? [])].filter((column) => column !== whole);

/** The amount for a score: the worst calls come first. */
export function worstFirst(score: string): Amount {
  const name = `score:${score}`;
  return metric(name).better === "lower" ? { name, first: "worst" } : { name, first: "worst", least: true };
}
