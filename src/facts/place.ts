import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOnce } from "../store/once";
import type { Store } from "../store/open";
import { anyRow, run } from "../store/run";
import { statements } from "../store/statements";
import { inTurn } from "../store/turn";

const sql = {
  ...statements<"there" | "bounds" | "odd" | "facts">(join(__dirname, "calls.sql")),
  ...statements<"any_unplaced" | "unplaced" | "places" | "store_places" | "ranked">(
    join(__dirname, "places.sql"),
  ),
};

/** Makes the view `facts`: the table calls with all facts of a call. */
export async function factsView(connection: DuckDBConnection, facts = sql.facts): Promise<void> {
  await run(connection, [...(await factsOf(connection)).variables, facts].join("; "));
}

/** The same as a query, for a statement that leaves no view behind. */
export async function factsQuery(connection: DuckDBConnection): Promise<string> {
  await run(connection, (await factsOf(connection)).variables.join("; "));
  return sql.facts.replace(/^.*create or replace temp view facts as/s, "");
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
 * @param narrowed the view's statement with the facts that will be read. Default: with all.
 * @returns true if some calls may lack a known cost
 */
export async function placedFacts(
  store: Store,
  connection: DuckDBConnection,
  narrowed = (facts: string) => facts,
): Promise<boolean> {
  const { variables, missesPrices } = await factsOf(connection);
  if (store.engine !== undefined) {
    const unplaced = sql.facts.replace("temp view facts", "temp view unplaced_facts");
    await run(connection, [...variables, "set variable helpers = true", unplaced, sql.ranked].join("; "));
    return missesPrices;
  }
  const view = (facts: string) => run(connection, [...variables, facts].join("; "));
  const isUnplaced = async () => {
    const [{ unplaced }] = await rowsOnce<{ unplaced: boolean }>(connection, sql.any_unplaced);
    if (!unplaced) return false;
    await view(sql.facts);
    return (await rowsOnce<{ unplaced: boolean }>(connection, sql.unplaced))[0].unplaced;
  };
  const unplaced = await isUnplaced();
  const wanted = narrowed(sql.facts);
  // Ranking the calls of all tasks takes longer than most measures: not where no place is read.
  if (!unplaced || (store.readOnly && !wanted.includes("place_in_task"))) {
    await view(wanted);
    return missesPrices;
  }
  if (!store.readOnly) {
    await inTurn(store, async () => {
      // Measures run side by side, so another may have done it already.
      if (await isUnplaced()) await storePlaces(store.connection);
    });
    await factsView(connection, wanted);
    return missesPrices;
  }
  const placed =
    "(select calls.* replace (place as place_in_task), calls.rowid as at_row from calls left join places on places.at_row = calls.rowid) as calls";
  await view(`${sql.facts}; ${sql.places}; set variable helpers = true`);
  await run(
    connection,
    sql.facts.replace("rowid as at_row,\n", "").replace(/from calls(?=\s*\)$)/, `from ${placed}`),
  );
  return missesPrices;
}
