import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { Store } from "../store/open";
import { rowsOf, run } from "../store/run";
import { statements } from "../store/statements";
import { inTurn } from "../store/turn";

const sql = {
  ...statements<"there" | "odd" | "facts">(join(__dirname, "calls.sql")),
  ...statements<"any_unplaced" | "unplaced" | "places" | "store_places" | "ranked">(
    join(__dirname, "places.sql"),
  ),
};

/** Facts about the calls of a store as a whole. */
interface Whole {
  /** Statements that set the variables which the view `facts` reads. */
  variables: string[];
  /** True if an answering call of a task has no place. */
  unplaced: boolean;
}

/** Cached for read-only stores, whose calls do not change: otherwise each measure would query it again. */
const wholes = new WeakMap<Store, Whole>();

/** Makes the view `facts`: the table calls with all facts of a call. */
export async function factsView(connection: DuckDBConnection): Promise<void> {
  await run(connection, [...(await variablesOf(connection)), sql.facts].join("; "));
}

async function variablesOf(connection: DuckDBConnection): Promise<string[]> {
  const [there] = await rowsOf<Record<string, boolean>>(connection, sql.there);
  const [odd] = await rowsOf<Record<"short" | "long", boolean>>(connection, sql.odd);
  return Object.entries({ ...there, odd_durations: odd.short || odd.long }).map(
    ([name, is]) => `set variable ${name} = ${is}`,
  );
}

/** Stores the place of every call in its task. Repeating it changes nothing. */
export async function storePlaces(connection: DuckDBConnection): Promise<void> {
  const [{ tasks }] = await rowsOf<{ tasks: boolean }>(
    connection,
    "select exists (select 1 from calls where task_id is not null) as tasks",
  );
  if (!tasks) return;
  await factsView(connection);
  await run(connection, `${sql.places}; ${sql.store_places}; drop table places; drop view facts`);
}

/**
 * Makes the view `facts` with the places of all calls. Calls that came into the store without an ingest get theirs
 * now; in a read-only store the view ranks them.
 */
export async function placedFacts(store: Store, connection: DuckDBConnection): Promise<void> {
  const known = wholes.get(store);
  const variables = known?.variables ?? (await variablesOf(connection));
  await run(connection, [...variables, sql.facts].join("; "));
  if (store.engine !== undefined) {
    const unplaced = sql.facts.replace("temp view facts", "temp view unplaced_facts");
    await run(connection, `set variable helpers = true; ${unplaced}; ${sql.ranked}`);
    return;
  }
  const isUnplaced = async () => {
    for (const look of [sql.any_unplaced, sql.unplaced]) {
      const [{ unplaced }] = await rowsOf<{ unplaced: boolean }>(connection, look);
      if (!unplaced) return false;
    }
    return true;
  };
  const unplaced = known?.unplaced ?? (await isUnplaced());
  // A store in memory accepts calls however it was opened.
  if (store.readOnly && store.path !== ":memory:") wholes.set(store, { variables, unplaced });
  if (!unplaced) return;
  if (!store.readOnly) {
    await inTurn(store, async () => {
      // Measures run side by side, so another may have done it already.
      if (await isUnplaced()) await storePlaces(store.connection);
    });
    return factsView(connection);
  }
  await run(connection, sql.places);
  const placed =
    "(select calls.* replace (place as place_in_task), calls.rowid as at_row from calls left join places on places.at_row = calls.rowid) as calls";
  await run(connection, "set variable helpers = true");
  await run(
    connection,
    sql.facts.replace("rowid as at_row,\n", "").replace(/from calls(?=\s*\)$)/, `from ${placed}`),
  );
}
