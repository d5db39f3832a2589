import type { DuckDBConnection } from "@duckdb/node-api";
import { run } from "../../store/run";
import { withDerived } from "./derived";

/**
 * Gives calls what only their task records: user, conversation and purpose. Some tools write these on the trace
 * instead of its calls. A call's own values stay. Doing it again changes nothing.
 *
 * @returns the number of calls that were changed
 */
export async function fillFromTasks(connection: DuckDBConnection): Promise<number> {
  return run(
    connection,
    `update calls set user_id = coalesce(calls.user_id, known.user_id),
       conversation_id = coalesce(calls.conversation_id, known.conversation_id),
       workload = coalesce(calls.workload, known.workload), derived = ${withDerived({
         user_id: missing("user_id"),
         conversation_id: missing("conversation_id"),
         workload: missing("workload"),
       })}
     from (select task_id, min(user_id) as user_id, min(conversation_id) as conversation_id, min(workload) as workload
       from tasks where coalesce(user_id, conversation_id, workload) is not null group by task_id) as known
     where calls.task_id = known.task_id and (${["user_id", "conversation_id", "workload"].map(missing).join(" or ")})`,
  );
}

const missing = (column: string) => `(calls.${column} is null and known.${column} is not null)`;
