import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOnce } from "../store/once";
import type { Store } from "../store/open";
import { anyRow, rowsOf, run } from "../store/run";
import { columnsOf } from "../store/schema";
import { statements } from "../store/statements";
import { inTurn } from "../store/turn";
import { allFacts, type Facts, factsQuery } from "./terms";

const sql = {
  ...statements(__dirname, "calls.sql"),
  ...statements(__dirname, "places.sql"),
};

const view = (name: string, query: string) => `create or replace temp view ${name} as\n${query}`;

/** Makes the view `facts`: the table calls with all facts of a call. */
export async function factsView(connection: DuckDBConnection, query = factsQuery()): Promise<void> {
  await run(connection, [...(await factsOf(connection)).variables, view("facts", query)].join("; "));
}

/** The same as a query, for a statement that leaves no view behind. */
export async function factsAlone(connection: DuckDBConnection): Promise<string> {
  await run(connection, (await factsOf(connection)).variables.join("; "));
  return factsQuery();
}

/**
 * The view that has all columns and facts of calls, where a measure may have made `facts` with those alone that it
 * reads.
 */
export async function wholeFacts(connection: DuckDBConnection): Promise<string> {
  const had = await rowsOf<{ column_name: string }>(connection, "describe facts");
  const names = new Set(had.map(({ column_name }) => column_name));
  if (Object.keys(columnsOf("calls")).every((name) => names.has(name))) return "facts";
  // The variables that the terms read are those of `facts` on the same connection.
  await run(connection, view("whole_facts", factsQuery()));
  return "whole_facts";
}

/** What calls.sql asks of the store: its variables, and whether some calls may lack a known cost. */
async function factsOf(
  connection: DuckDBConnection,
): Promise<{ variables: string[]; missesPrices: boolean }> {
  const [there] = await rowsOnce<Record<string, boolean>>(connection, sql.there);
  const [odd] = await rowsOnce<Record<"short" | "long" | "early" | "late", boolean>>(connection, sql.odd);
  const missesPrices = there.without_cost || there.zero_costs;
  const none = { highest_per_token: null, highest_per_call: null };
  const [bounds] = missesPrices
    ? await rowsOnce<Record<keyof typeof none, number | null>>(connection, sql.bounds)
    : [none];
  const terms = {
    ...there,
    without_cost: missesPrices,
    ...bounds,
    odd_durations: odd.short || odd.long,
    odd_times: odd.early || odd.late,
  };
  // A number with an exponent is a double on every engine, where one of many digits would be a decimal.
  const literal = (is: boolean | number | null) => (typeof is === "number" ? is.toExponential() : is);
  return {
    variables: Object.entries(terms).map(([name, is]) => `set variable ${name} = ${literal(is)}`),
    missesPrices,
  };
}

/** Stores the place of every call in its task. Repeating it changes nothing. */
export async function storePlaces(connection: DuckDBConnection): Promise<void> {
  if (!(await anyRow(connection, "select 1 from calls where task_id is not null"))) return;
  await factsView(connection);
  await run(connection, `${sql.places}; ${sql.store_places}; drop table places; drop view facts`);
}

/**
 * Makes the view `facts` with the places of all calls. Calls that came into the store without an ingest get theirs
 * now; in a read-only store the view ranks them.
 *
 * @param read the facts that will be read. Default: all.
 * @returns true if some calls may lack a known cost
 */
export async function placedFacts(
  store: Store,
  connection: DuckDBConnection,
  read: Facts = allFacts,
): Promise<boolean> {
  const { variables, missesPrices } = await factsOf(connection);
  const make = (name: string, query: string) => run(connection, [...variables, view(name, query)].join("; "));
  if (store.engine !== undefined) {
    await make("unplaced_facts", factsQuery());
    await run(connection, `set variable helpers = true; ${sql.ranked}`);
    return missesPrices;
  }
  const isUnplaced = async () => {
    const [{ unplaced }] = await rowsOnce<{ unplaced: boolean }>(connection, sql.any_unplaced);
    if (!unplaced) return false;
    await make("facts", factsQuery());
    return (await rowsOnce<{ unplaced: boolean }>(connection, sql.unplaced))[0].unplaced;
  };
  const query = factsQuery(read);
  // Ranking the calls of all tasks takes longer than most measures: not where no place is read.
  if (!(await isUnplaced()) || (store.readOnly && !query.includes("place_in_task"))) {
    await make("facts", query);
    return missesPrices;
  }
  if (!store.readOnly) {
    await inTurn(store, async () => {
      // Measures run side by side, so another may have done it already.
      if (await isUnplaced()) await storePlaces(store.connection);
    });
    await factsView(connection, query);
    return missesPrices;
  }
  await run(connection, `${sql.places}; set variable helpers = true`);
  await run(connection, view("facts", factsQuery(allFacts, `(${sql.placed_calls})`)));
  return missesPrices;
}
