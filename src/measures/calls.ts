import type { DuckDBConnection } from "@duckdb/node-api";
import { unclustered } from "../facts/cluster";
import { amongSelected } from "../facts/leftOut";
import { everything } from "../facts/request";
import { select } from "../facts/select";
import { checkCount } from "../stats/checks";
import { didYouMean } from "../store/nearest";
import { checkStore, type Store } from "../store/open";
import { quoteName } from "../store/quote";
import { columnsOf } from "../store/schema";
import type { Amount, Origin } from "./behind";
import { type CallRow, list, type Order } from "./callList";
import { chosenBy, madeAgain, originNamed } from "./callsOfRow";
import type { Row, Table } from "./table";

/** Which calls are listed. */
export interface CallsOptions {
  /** A row as a measure returned it; its calls are listed. */
  row?: Row;
  /**
   * The column to list calls for, if a row's columns have calls of their own: a metric of `metricTable`, "a"
   * or "b" of `compare`. Default: the first, and "b" of two sides.
   */
  column?: string;
  /** Instead of a row, a condition on calls in SQL; judges' and evaluation runs' calls are included. */
  where?: string;
  /**
   * A column of calls to sort by, highest first; "cost asc" puts the lowest first. Default: what the row is
   * about, else duration.
   */
  order?: string;
  /** Maximum number of calls listed. Default 20. */
  limit?: number;
}

/** The listed calls, with the count and sum of all of them. */
export interface Calls extends Table<CallRow> {
  /** The number of units, listed or not, as n of the row counts them. */
  n: number;
  /** The sum of their amounts; NaN if no amount is known. */
  total: number;
}

/**
 * Lists the calls behind a row of a table, those that matter most first: the slowest for a latency, the
 * dearest for a cost, the lowest for a score, each with its share of the row's sum.
 *
 * To find the calls, the measure that made the row runs again, with the same groups, exclusions and bins.
 *
 * @returns a table with a row for each call, at most `limit`; `n` and `total` are those of all
 * @throws TypeError for a row without calls behind it; RangeError for an invalid order or limit
 * @example
 * const store = await openDemo();
 * const { rows } = await latency(store, { by: "model" });
 * rows[0].n // 1005
 * (await calls(store, { row: rows[0] })).n // 1005
 */
export async function calls(store: Store, options: CallsOptions): Promise<Calls> {
  const { about: _, ...listed } = await callsAbout(store, options);
  return listed;
}

/** The same, and apart from its notes those that tell neither which row it is nor how many calls are listed. */
export async function callsAbout(store: Store, options: CallsOptions): Promise<Calls & { about: string[] }> {
  checkStore("calls", store);
  const { row, column, where, order, limit = 20 } = options;
  checkCount("calls", "limit", limit, 1);
  if ((row === undefined) === (where === undefined))
    throw new TypeError(
      'calls requires either a row of a table or a condition: calls(store, { row: table.rows[0] }) or calls(store, { where: "duration > 60" })',
    );
  const listed = orderOf(order);
  return row === undefined
    ? ofCondition(store, where as string, listed, { limit })
    : ofRow(store, originNamed(row, column), listed, limit);
}

function orderOf(order?: string): Order | undefined {
  if (order === undefined) return undefined;
  const [, column, direction] = /^\s*(\w+)(?:\s+(asc|desc))?\s*$/i.exec(order) ?? [];
  const known = Object.keys(columnsOf("calls"));
  if (column === undefined || !known.includes(column))
    throw new RangeError(
      `calls requires order to be a column of calls, such as "cost" or "started_at asc", got "${order}"${didYouMean(column ?? order, known)}`,
    );
  return { column, least: direction?.toLowerCase() === "asc" };
}

/** The amount that a column adds up, and the word for its highest values. */
const amounts: Readonly<Record<string, Omit<Amount, "name">>> = {
  duration: { sum: "all waiting", first: "slowest" },
  cost: { sum: "the cost", first: "dearest" },
  input_tokens: { sum: "all input tokens", first: "longest" },
  output_tokens: { sum: "all output tokens", first: "longest" },
};

/** Calls that meet a condition, among those that measures of calls count: judges' and evaluation runs' are not listed. */
export async function answersMeeting(
  store: Store,
  { where, order, limit, after = 0 }: { where: string; order?: string; limit: number; after?: number },
): Promise<Calls> {
  checkCount("calls", "after", after);
  const { about: _, ...listed } = await ofCondition(store, where, orderOf(order), {
    limit,
    after,
    population: "answers",
  });
  return listed;
}

async function ofCondition(
  store: Store,
  where: string,
  order: Order | undefined,
  { limit, after = 0, population = "all" }: { limit: number; after?: number; population?: "all" | "answers" },
) {
  const { column, least } = order ?? { column: "duration", least: false };
  const selection = await select(store, everything, { where, by: "", cluster: unclustered, population });
  try {
    const plain = amounts[column];
    const from = `select g, at_row, ${plain === undefined ? "null::double" : quoteName(column)} as amount from selected`;
    const amount: Amount = {
      name: column,
      ...(plain ?? { first: "first" }),
      ...(least ? { least } : {}),
    };
    const { count, about, ...found } = await list(selection.connection, { from, amount }, "true", {
      order,
      limit,
      after,
    });
    const among = await amongSelected(selection.connection);
    const others = [...(among === undefined ? [] : [among]), ...selection.notes];
    const notes = [...about, count, ...others];
    return { measure: "calls", by: ["call_id"], ...found, notes, about: [...about, ...others] };
  } finally {
    selection.close();
  }
}

async function ofRow(store: Store, origin: Origin, order: Order | undefined, limit: number) {
  const { connections, close } = await madeAgain(store, origin);
  try {
    const connection = connections.at(origin.behind.last ? -1 : 0) as DuckDBConnection;
    const { behind, row } = origin;
    const { table, row: shown, column } = origin.shown ?? { ...origin, column: "" };
    const { count, about, ...found } = await list(connection, behind, await chosenBy(connection, origin), {
      order,
      limit,
    });
    // Where no call has the amount there is no sum, so it can't show that the store has changed.
    const said = [
      ["n", behind.n?.(row), found.n],
      ["total", behind.total?.(row), found.total],
    ].flatMap(([name, then, now]) =>
      then === undefined || !(Math.abs(Number(then) - Number(now)) > 1e-6 * Math.abs(Number(then)))
        ? []
        : [`The store has changed since the table was made: ${name} was ${then} and is ${now}.`],
    );
    const own = [
      ...table.by.map((name) => `${name.replaceAll("_", " ")} ${String(shown[name] ?? "not given")}`),
      ...(column === "" ? [] : [`column ${column}`]),
    ];
    return {
      measure: `calls behind ${table.measure}`,
      by: ["call_id"],
      ...found,
      notes: [...(own.length === 0 ? [] : [`The row: ${own.join(", ")}.`]), ...about, count, ...said],
      about: [...about, ...said],
    };
  } finally {
    close();
  }
}
