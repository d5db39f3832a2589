import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOf, run } from "../../store/run";
import { transaction } from "../../store/transaction";
import { keepFamilies, nameCalls } from "../models/modelNames";
import { numberAttempts } from "./attempts";
import { rejectBeyond } from "./beyond";
import { isDerived, withoutDerived } from "./derived";
import { keepInnermost } from "./innermostSpans";
import { fillFromTasks } from "./ofTask";
import { priceCalls } from "./price";
import { judgeZeros } from "./zeroCost";

// Files are in one by one, and what their rows mean together is told once, after the last. A table that is there only
// in between says that it is still to be told: whoever opens the store after a sudden end does it then.
const marker = "uncompleted";

/**
 * Says that rows have come whose names, order and costs are not told yet; part of what brings them.
 *
 * @param takenOut others were taken out: what was derived from these has to go first
 */
export async function markUncompleted(
  connection: DuckDBConnection,
  { takenOut }: { takenOut: boolean },
): Promise<void> {
  await run(connection, `create table if not exists ${marker} (since TIMESTAMP)`);
  if (takenOut) await run(connection, `insert into ${marker} values (current_timestamp at time zone 'UTC')`);
}

/** Whether rows have come that were not completed, since what brought them was ended. */
export async function isUncompleted(connection: DuckDBConnection): Promise<boolean> {
  const [{ found }] = await rowsOf<{ found: boolean }>(
    connection,
    `select count(*) > 0 as found from duckdb_tables() where table_name = '${marker}' and not temporary`,
  );
  return found;
}

/** What completing changed. */
export interface Completed {
  /** Calls taken out again: they wrap another call for the same request. */
  loggedTwice: number;
  /** Rows of earlier ingests with a value beyond its bounds, which stand in rejects now. */
  beyond: number;
  /** What a reader should know of all rows together. */
  notes: string[];
}

/**
 * Tells what all rows of a store mean together: names of models, one of two calls that tell the same request, whose a
 * call is, retries, places in tasks, costs. All of it is done or nothing; doing it again changes nothing.
 */
export async function complete(connection: DuckDBConnection): Promise<Completed> {
  return transaction(connection, async () => {
    await clearDerived(connection);
    const beyond = await rejectBeyond(connection);
    await nameCalls(connection);
    await keepFamilies(connection);
    const loggedTwice = await keepInnermost(connection);
    await fillFromTasks(connection);
    await numberAttempts(connection);
    const notes = await judgeZeros(connection);
    await priceCalls(connection);
    await run(connection, `drop table if exists ${marker}`);
    return { loggedTwice, beyond, notes };
  });
}

// Where rows were taken out, what follows from other calls is computed again.
async function clearDerived(connection: DuckDBConnection): Promise<void> {
  if (!(await isUncompleted(connection))) return;
  const [{ due }] = await rowsOf<{ due: boolean }>(connection, `select exists (from ${marker}) as due`);
  if (!due) return;
  const filled = ["user_id", "conversation_id", "workload"] as const;
  const columns = filled.map((name) => `${name} = case when ${isDerived(name)} then null else ${name} end`);
  const any = filled.map(isDerived).join(" or ");
  await run(
    connection,
    `update calls set ${columns.join(", ")}, derived = ${withoutDerived(...filled)} where ${any}`,
  );
  await run(connection, "update calls set place_in_task = null where place_in_task is not null");
}
