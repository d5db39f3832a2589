import type { Store } from "../store/open";
import { metric } from "./metric";
import type { Row, Table } from "./table";

/** What of a call is added up, and how it is spoken of. */
export interface Amount {
  /** The column that has it. */
  name: string;
  /** What all of it is: "all waiting". Absent where a sum means nothing, as of scores and speeds. */
  sum?: string;
  /** The calls that come first: "slowest". */
  first: string;
  /** Whether these are the ones with the most of it (default) or the least. */
  least?: true;
}

/** The calls behind the rows of a table, told by what the measure itself made of the log. */
export interface Behind<R extends Row = Row> {
  /**
   * A query over the measure's own views and tables: a row for each unit that the table counts, with its group `g`, the
   * `at_row` of its call, the `amount`, a `unit` where the unit is no call, and each column of `by` that is none of calls.
   */
  from: string;
  amount: Amount;
  /** True where the query is over what the measure made on the last of its connections; default: the first. */
  last?: true;
  /** What n of a row counts. Default "calls". */
  counted?: string;
  /** What a row says of its units: how many, and what their amounts add up to. */
  n?: (row: R) => number;
  total?: (row: R) => number;
  /** The rows of the query that a row of the table is made of, where these are told apart otherwise. */
  keys?: (row: R) => { by: readonly string[]; rows: readonly Row[] };
}

/** How the table of a row is made again, and what stands behind it. */
export interface Origin {
  table: Pick<Table, "measure" | "by">;
  row: Row;
  again: (store: Store) => Promise<unknown>;
  behind: Behind;
  /** Where the row was made from another table's: the row that was asked about. */
  asked?: { table: Pick<Table, "measure" | "by">; row: Row; column: string };
}

// Kept beside the rows and not in them: a row stays what is shown, written and compared.
const origins = new WeakMap<object, ReadonlyMap<string, Origin>>();
const whole = "";

/** The same table, of whose rows `calls` can tell the calls. */
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

/** The same rows, each column of which stands on the calls of what states it, or on none; the first is meant where none is named. */
export function withCallsOf<T extends Pick<Table, "measure" | "by"> & { rows: readonly object[] }>(
  table: T,
  columns: (row: T["rows"][number], at: number) => Record<string, Origin | undefined>,
): T {
  const { measure, by, rows } = table;
  for (const [at, row] of rows.entries()) {
    const own = Object.entries(columns(row, at)).flatMap(([column, origin]): [string, Origin][] =>
      origin === undefined
        ? []
        : [[column, { ...origin, asked: { table: { measure, by }, row: row as Row, column } }]],
    );
    if (own.length > 0) origins.set(row, new Map(own));
  }
  return table;
}

/** Where a row comes from, or the column of a row that has several; undefined where no calls stand behind it, and for a copy. */
export function originOf(row: object, column?: string): Origin | undefined {
  const own = origins.get(row);
  return column === undefined ? own?.values().next().value : own?.get(column);
}

/** The columns of a row that stand on calls of their own. */
export const columnsWithCalls = (row: object): string[] =>
  [...(origins.get(row)?.keys() ?? [])].filter((column) => column !== whole);

/** A score, of which the worst come first. */
export function worstFirst(score: string): Amount {
  const name = `score:${score}`;
  return metric(name).better === "lower" ? { name, first: "worst" } : { name, first: "worst", least: true };
}
