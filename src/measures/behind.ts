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
  again: (store: Store) => Promise<unknown>;
  behind: Behind;
}

// Kept beside the rows and not in them: a row stays what is shown, written and compared.
const origins = new WeakMap<object, Origin>();

/** The same table, of whose rows `calls` can tell the calls. */
export function withCalls<T extends Table>(
  table: T,
  again: Origin["again"],
  behind: Behind<T["rows"][number]>,
): T {
  const { measure, by, rows } = table;
  for (const row of rows)
    origins.set(row, { table: { measure, by }, again, behind: behind as Behind<never> as Behind });
  return table;
}

/** Where a row comes from; undefined for one that no calls stand behind, and for a copy. */
export const originOf = (row: object): Origin | undefined => origins.get(row);

/** A score, of which the worst come first. */
export function worstFirst(score: string): Amount {
  const name = `score:${score}`;
  return metric(name).better === "lower" ? { name, first: "worst" } : { name, first: "worst", least: true };
}
