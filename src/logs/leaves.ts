import type { DuckDBConnection } from "@duckdb/node-api";
import { run } from "../store/query";

/**
 * Leaves one of two calls of which the one ran directly inside the other: a framework and the client that it uses
 * tell the same request, or the outer one sums up its attempts. The inner calls stay, and get whose they are from the
 * outer one; where they tell no tokens and the outer does, it stays instead. Calls that tell more tokens than those
 * inside them are calls of their own. The spans of both stay as stages. Doing it again changes nothing.
 *
 * @returns the number of calls that were taken out
 */
export async function keepLeaves(connection: DuckDBConnection): Promise<number> {
  await run(connection, `create or replace temp table nested as ${nested}`);
  await run(
    connection,
    `update calls set user_id = coalesce(calls.user_id, nested.user_id),
       conversation_id = coalesce(calls.conversation_id, nested.conversation_id),
       workload = coalesce(calls.workload, nested.workload)
     from nested where calls.rowid = nested.stays`,
  );
  await run(
    connection,
    `update scores set subject_id = of.id from (select gone_id, max_by(id, coalesce(begun, timestamp '1970-01-01')) as id from nested group by gone_id) as of
     where scores.subject = 'call' and scores.subject_id = of.gone_id`,
  );
  await run(connection, "update spans set call_id = null where call_id in (select gone_id from nested)");
  const gone = await run(connection, "delete from calls where rowid in (select gone from nested)");
  await run(connection, "drop table nested");
  return gone;
}

// One row for each call that stays beside one that goes.
const nested = `
  with pairs as (
    select outside.rowid as above, inside.rowid as below, outside.call_id as above_id, inside.call_id as below_id,
      inside.started_at as begun, outside.user_id, outside.conversation_id, outside.workload,
      outside.output_tokens as told, sum(inside.output_tokens) over (partition by outside.rowid) as told_inside
    from calls as inside
      join spans as own on own.call_id = inside.call_id
      join spans as parent on parent.span_id = own.parent_id and parent.task_id is not distinct from own.task_id
      join calls as outside on outside.call_id = parent.call_id
    where inside.rowid <> outside.rowid
      and (inside.operation is not distinct from 'embeddings') = (outside.operation is not distinct from 'embeddings'))
  select above as gone, above_id as gone_id, below as stays, below_id as id, begun, user_id, conversation_id, workload
  from pairs where told is null or told_inside >= told
  union all
  select below, below_id, above, above_id, begun, user_id, conversation_id, workload
  from pairs where told is not null and told_inside is null and below not in (select above from pairs)`;
