import type { DuckDBConnection } from "@duckdb/node-api";
import { run } from "../../store/query";

const failed = "('error', 'timeout', 'rate_limited')";

/**
 * Numbers the retries and fallbacks of each task where the log does not: an answering call that begins after the one
 * before it in the task has failed is its retry, and a fallback where it asks another model. The steps of an agent
 * follow calls that succeeded, and side-by-side calls overlap: they are no retries. Doing it again changes nothing.
 *
 * @returns the number of calls that were told to be a retry
 */
export async function numberAttempts(connection: DuckDBConnection): Promise<number> {
  return run(
    connection,
    `update calls set attempt = retried.attempt, fallback_from = coalesce(calls.fallback_from, retried.fallback)
     from (
       with answers as (
         select rowid as call, task_id, operation, attempt, status, started_at, call_id, ingest_id, line,
           coalesce(model, response_model, request_model) as asked,
           started_at + to_microseconds(cast(coalesce(duration, 0) * 1e6 as bigint)) as ended
         from calls
         where task_id is not null and started_at is not null and coalesce(role, 'answer') = 'answer'
           and task_id in (select task_id from calls where status in ${failed})),
       followed as (
         select *, coalesce(lag(status) over task in ${failed} and lag(ended) over task <= started_at
             and lag(operation) over task is not distinct from operation, false) as is_retry,
           lag(asked) over task as before
         from answers window task as (partition by task_id order by started_at, ingest_id, line, call_id)),
       runs as (
         select *, sum((not is_retry)::int) over (partition by task_id order by started_at, ingest_id, line, call_id
           rows unbounded preceding) as run from followed)
       select call, logged, is_retry, attempt, case when before is distinct from asked then before end as fallback
       from (select call, attempt as logged, is_retry, before, asked,
           row_number() over (partition by task_id, run order by started_at, ingest_id, line, call_id) as attempt from runs)
     ) as retried
     where calls.rowid = retried.call and retried.is_retry and retried.logged is null`,
  );
}
