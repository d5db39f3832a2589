import type { DuckDBConnection } from "@duckdb/node-api";
import { anyRow, run } from "../../store/run";

/**
 * Keeps only one of two calls that record the same request.
 *
 * If one ran directly inside the other, either a framework and its client both record the request, or the outer
 * one sums up its attempts: the inner calls stay, and take their user and conversation from the outer one; if they
 * have no tokens and the outer one does, it stays instead. A call with more tokens than those inside it is a call
 * of its own, unless they take all its time: then there was no time for another request, and its count includes
 * more than this one. If other spans lie between, such as a request over HTTP, and both have the same tokens, the
 * inner one is the server's view: the outer one stays, since it also waited for the network. The spans of both
 * stay as stages. Doing it again changes nothing.
 *
 * @returns the number of calls removed
 */
export async function keepInnermost(connection: DuckDBConnection): Promise<number> {
  // Most logs record no call as a span.
  if (!(await anyRow(connection, "select 1 from spans where call_id is not null and parent_id is not null")))
    return 0;
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

const sameKind =
  "(inside.operation is not distinct from 'embeddings') = (outside.operation is not distinct from 'embeddings')";
const isParent = (of: string) =>
  `parent.span_id = ${of}.parent_id and parent.task_id is not distinct from ${of}.task_id`;
// Spans between a client's call and the server's: the outgoing request, the incoming one, and its handler.
const mostBetween = 4;
// The share of a call's time that inner calls take if the call makes no request of its own.
const allItsTime = 0.95;

// One row for each call that stays in place of a removed one.
const nested = `
  with recursive within as materialized (
    select own.call_id as below_id, parent.call_id as above_id, parent.parent_id, parent.task_id
    from spans as own join spans as parent on ${isParent("own")} where own.call_id is not null),
  pairs as (
    select outside.rowid as above, inside.rowid as below, above_id, below_id,
      inside.started_at as begun, outside.user_id, outside.conversation_id, outside.workload,
      outside.output_tokens as tokens, sum(inside.output_tokens) over (partition by outside.rowid) as tokens_inside,
      sum(inside.duration) over (partition by outside.rowid) >= ${allItsTime} * outside.duration as filled
    from within join calls as inside on inside.call_id = below_id join calls as outside on outside.call_id = above_id
    where below_id <> above_id and ${sameKind}),
  repeated as (
    select task_id, input_tokens, output_tokens from calls
    where input_tokens > 0 and output_tokens > 0 group by all having count(*) > 1),
  upward as (
    select inside.rowid as below, within.parent_id, within.task_id, 1 as between
    from calls as inside semi join repeated using (task_id, input_tokens, output_tokens)
      join within on below_id = inside.call_id
    where above_id is null
    union all
    select below, parent.parent_id, parent.task_id, between + 1
    from upward join spans as parent on ${isParent("upward")}
    where parent.call_id is null and between < ${mostBetween})
  select above as gone, above_id as gone_id, below as stays, below_id as id, begun, user_id, conversation_id, workload
  from pairs where tokens is null or tokens_inside >= tokens or (tokens_inside is not null and filled)
  union all
  select below, below_id, above, above_id, begun, user_id, conversation_id, workload
  from pairs where tokens is not null and tokens_inside is null and below not in (select above from pairs)
  union all
  select inside.rowid, inside.call_id, outside.rowid, outside.call_id, outside.started_at, inside.user_id,
    inside.conversation_id, inside.workload
  from upward
    join calls as inside on inside.rowid = upward.below
    join spans as parent on ${isParent("upward")}
    join calls as outside on outside.call_id = parent.call_id
  where inside.input_tokens = outside.input_tokens and inside.output_tokens = outside.output_tokens and ${sameKind}`;
