import type { DuckDBConnection } from "@duckdb/node-api";
import { factsView, storePlaces } from "../../facts/place";
import { anyRow, run } from "../../store/run";
import { isDerived, withDerived, withoutDerived } from "./derived";

/**
 * Stores the place of every call in its task, and numbers the retries and fallbacks of each task if the log does
 * not: an answering call that starts after the previous one in the task failed is its retry, and a fallback if it
 * asks another model. An agent's steps follow calls that succeeded, and parallel calls overlap, so neither are
 * retries. A number from the log stays, and those after it continue from it. Every number derived before is
 * computed again, since a call ingested later may have started earlier: doing it again changes nothing.
 *
 * @returns the number of calls found to be retries
 */
export async function numberAttempts(connection: DuckDBConnection): Promise<number> {
  await run(
    connection,
    `update calls set attempt = null, fallback_from = case when ${isDerived("fallback_from")} then null else fallback_from end,
       derived = ${withoutDerived("attempt", "fallback_from")}
     where ${isDerived("attempt")}`,
  );
  await storePlaces(connection);
  if (!(await anyRow(connection, "select 1 from calls where task_id is not null and status <> 'ok'")))
    return 0;
  await factsView(connection);
  await run(connection, `create or replace temp table retried as ${retried}`);
  const numbered = await run(
    connection,
    `update calls set attempt = retried.attempt, fallback_from = coalesce(calls.fallback_from, retried.fallback),
       derived = ${withDerived({ attempt: "true", fallback_from: "retried.fallback is not null" })}
     from retried where calls.rowid = retried.at_row`,
  );
  await run(connection, "drop table retried; drop view facts");
  return numbered;
}

// By the order of the facts: a run of attempts begins with a call that is not a retry, or whose number the log
// gives.
const retried = `
  with answering as (
    select at_row, task_id, place, operation, failed or wait_cut as ends_badly, begun, attempt as logged,
      fallback_from, coalesce(model, response_model, request_model) as wanted,
      begun + to_microseconds(cast(coalesce(lasted, 0) * 1e6 as bigint)) as ended
    from facts
    where place > 0 and hash(task_id) in (select hash(task_id) from facts where place > 0 and (failed or wait_cut))),
  followed as (
    select *, lag(wanted) over task as before,
      coalesce(logged is null and lag(ends_badly) over task and lag(ended) over task <= begun
        and lag(operation) over task is not distinct from operation, false) as is_retry
    from answering window task as (partition by hash(task_id) order by place)),
  runs as (
    select *, sum((not is_retry)::int) over (partition by hash(task_id) order by place rows unbounded preceding) as run
    from followed)
  select * from (
    select at_row, is_retry,
      first_value(coalesce(logged, 1)) over run + row_number() over run - 1 as attempt,
      case when fallback_from is null and before is distinct from wanted then before end as fallback
    from runs window run as (partition by hash(task_id), run order by place))
  where is_retry`;
