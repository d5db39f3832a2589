import type { DuckDBConnection } from "@duckdb/node-api";
import { contradictionNotes } from "../../facts/outcomes";
import { anyRow, run } from "../../store/run";
import { transaction } from "../../store/transaction";
import { keepFamilies, nameCalls } from "../models/modelNames";
import { numberAttempts } from "./attempts";
import { emptyBeyond } from "./beyond";
import { isDerived, withoutDerived } from "./derived";
import { markEmbedders } from "./embedders";
import { keepInnermost } from "./innermostSpans";
import { fillFromTasks } from "./ofTask";
import { pairSides } from "./pairSides";
import { priceCalls } from "./price";
import { subjectsOfRuns } from "./subjectsOfRuns";
import { judgeZeros } from "./zeroCost";

// Files are stored one by one, and what their rows mean together is derived once, after the last. A table that
// exists only in between marks that this is still to do: whoever opens the store after a crash does it then.
const marker = "uncompleted";

/**
 * Marks that rows were added whose names, order and costs are not derived yet; part of the transaction that adds
 * them.
 *
 * @param takenOut other rows were removed, so what was derived from them has to be removed first
 */
export async function markUncompleted(
  connection: DuckDBConnection,
  { takenOut }: { takenOut: boolean },
): Promise<void> {
  await run(connection, `create table if not exists ${marker} (since TIMESTAMP)`);
  if (takenOut) await run(connection, `insert into ${marker} values (current_timestamp at time zone 'UTC')`);
}

/** True if rows were added but not completed, because the process was ended. */
export async function isUncompleted(connection: DuckDBConnection): Promise<boolean> {
  return anyRow(connection, `from duckdb_tables() where table_name = '${marker}' and not temporary`);
}

/** What completing changed. */
export interface Completed {
  /** Calls that were removed because they wrap another call for the same request. */
  loggedTwice: number;
  /** Rows of earlier ingests with a value beyond its bounds, which is empty now. */
  beyond: number;
  /** What a reader should know about all rows together. */
  notes: string[];
}

/**
 * Derives what all rows of a store mean together: model names, embeddings, duplicates among calls for the same request,
 * users, retries, places in tasks, costs, comparisons of two answers. Either all of it is done or nothing; doing it again changes nothing.
 */
export async function complete(connection: DuckDBConnection): Promise<Completed> {
  return transaction(connection, async () => {
    await clearDerived(connection);
    const beyond = await emptyBeyond(connection);
    await nameCalls(connection);
    await keepFamilies(connection);
    const embedders = await markEmbedders(connection);
    const loggedTwice = await keepInnermost(connection);
    await fillFromTasks(connection);
    await numberAttempts(connection);
    const zeros = await judgeZeros(connection);
    await priceCalls(connection);
    await subjectsOfRuns(connection);
    const unpaired = await pairSides(connection);
    await run(connection, `drop table if exists ${marker}`);
    const notes = [...embedders, ...zeros, ...unpaired, ...(await contradictionNotes(connection))];
    return { loggedTwice, beyond, notes };
  });
}

// If rows were removed, everything derived from other calls is computed again.
async function clearDerived(connection: DuckDBConnection): Promise<void> {
  if (!(await isUncompleted(connection))) return;
  if (!(await anyRow(connection, `from ${marker}`))) return;
  const filled = ["user_id", "conversation_id", "workload"] as const;
  const columns = filled.map((name) => `${name} = case when ${isDerived(name)} then null else ${name} end`);
  const any = filled.map(isDerived).join(" or ");
  await run(
    connection,
    `update calls set ${columns.join(", ")}, derived = ${withoutDerived(...filled)} where ${any}`,
  );
  await run(connection, "update calls set place_in_task = null where place_in_task is not null");
}
