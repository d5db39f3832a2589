-- What a store holds and what looks wrong in it. Reads the canonical tables.

-- name: overview
select
  count(*)::double as calls,
  (select count(*) from tasks)::double as task_rows,
  (select count(*) from scores)::double as scores,
  (select count(*) from scores where subject = 'conversation')::double as conversation_scores,
  count(conversation_id)::double as conversation_calls,
  count(distinct conversation_id)::double as conversation_ids,
  (select count(duration) from spans)::double as spans,
  (select count(*) from preferences)::double as preferences,
  (select count(*) from benchmarks)::double as benchmarks,
  strftime(min(started_at), '%Y-%m-%dT%H:%M:%SZ') as "from",
  strftime(max(started_at), '%Y-%m-%dT%H:%M:%SZ') as "to"
from calls

-- name: tools
select count(tool)::double as tools from spans

-- name: a_score
select min(name) as name from scores having min(name) is not null

-- name: models
select model, count(*)::double as calls from calls where model is not null group by model order by calls desc, model

-- name: unpriced
-- Whose calls have tokens and no cost, by the name that a price list would have to know.
select coalesce(nullif(response_model, ''), nullif(request_model, ''), model) as model, count(*)::double as calls from calls
where cost is null and (input_tokens > 0 or output_tokens > 0) group by 1 order by calls desc, model

-- name: oddities
-- Reads the view `facts`, whose rules are those by which measures leave calls out, or doubt them.
select
  count(*) filter (where odd_wait and duration < 0)::double as negative_duration,
  count(*) filter (where duration = 0 and coalesce(status, 'ok') = 'ok' and coalesce(cache_hit, false) = false)::double as zero_duration,
  count(*) filter (where odd_wait and not isfinite(duration))::double as endless_duration,
  count(*) filter (where odd_first)::double as negative_first_token,
  count(*) filter (where late_first)::double as late_first_token,
  count(*) filter (where input_tokens < 0 or output_tokens < 0)::double as negative_tokens,
  count(*) filter (where cache_read_input_tokens > input_tokens)::double as cached_beyond_input,
  count(*) filter (where reasoning_output_tokens > output_tokens)::double as reasoning_beyond_output,
  count(*) filter (where cost < 0)::double as negative_cost,
  count(*) filter (where cost is null and (input_tokens > 0 or output_tokens > 0))::double as unpriced,
  count(*) filter (where cost = 0 and no_cost)::double as priced_zero,
  (select count(*) from prices where greatest(input, output) > 0.001)::double as dear_prices,
  count(*) filter (where started_at < timestamp '2015-01-01')::double as ancient,
  count(*) filter (where started_at > (select max("at") + interval '1 day' from ingests))::double as future,
  -- What most failed calls lack and nearly all others have is left out of exactly what it should count in.
  case when count(begun) filter (where not went_well) < 0.5 * count(*) filter (where not went_well)
      and count(begun) filter (where went_well) > 0.9 * count(*) filter (where went_well)
    then count(*) filter (where not went_well and begun is null) else 0 end::double as failed_undated,
  count(*) filter (where not went_well)::double as failed_calls,
  case when count(lasted) filter (where wait_cut) < 0.5 * count(*) filter (where wait_cut)
      and count(lasted) filter (where went_well) > 0.9 * count(*) filter (where went_well)
    then count(*) filter (where wait_cut and lasted is null) else 0 end::double as timeouts_untimed,
  count(*) filter (where wait_cut)::double as timeouts,
  count(*) filter (where odd_status)::double as unknown_status,
  min(status) filter (where odd_status) as a_status,
  count(*) filter (where role not in ('answer', 'judge', 'other'))::double as unknown_role,
  min(role) filter (where role not in ('answer', 'judge', 'other')) as a_role,
  count(*) filter (where derived & 8 > 0)::double as zero_for_unknown,
  count(*) filter (where environment = 'evaluation')::double as evaluation,
  count(*) filter (where model is null)::double as unnamed,
  (select count(*) from (select call_id from calls group by call_id having count(*) > 1))::double as doubled_ids,
  (select count(*) from rejects)::double as rejected,
  -- A row that stands in its own file again stands there twice, by whatever it is known.
  (select coalesce(sum(greatest(replaced - coalesce(twice.records, 0), 0)), 0) from ingests
    left join (select ingest_id, sum(records) as records from fates where fate = 'twice' group by ingest_id) as twice
      using (ingest_id))::double as replaced,
  (select coalesce(sum(records), 0) from fates where fate = 'twice')::double as repeated_rows,
  (select count(*) from (select sha256 from ingests group by sha256 having count(*) > 1))::double as read_twice
from facts

-- name: same_second
-- Durations that are all whole numbers of seconds come of a clock that ticks in seconds.
select count(*)::double as timed, count(*) filter (where duration = floor(duration))::double as whole
from calls where duration > 0

-- name: doubles
-- Calls alike in all that tells one from another, under different ids: an export read twice without ids.
select coalesce(sum(m - 1), 0)::double as calls
from (
  select count(*) as m from calls
  where started_at is not null and duration is not null
  group by started_at, duration, model, user_id, input_tokens, output_tokens having count(*) > 1
)

-- name: repeats
-- How many prompts one model answered more than once. Reads the view `selected`.
select count(*)::double as repeats
from (select 1 from selected where prompt_id is not null and answers group by prompt_id, model having count(*) > 1)

-- name: prompts
-- How many prompts were asked more than once, and how many templates they are of. Reads the view `selected`.
select count(*)::double as prompts, count(*) filter (where calls > 1)::double as repeated,
  coalesce(sum(calls) filter (where calls > 1), 0)::double as "repeatedCalls",
  (select count(distinct prompt_template) from calls)::double as templates
from (select count(*) as calls from selected where prompt_id is not null and answers group by prompt_id)
