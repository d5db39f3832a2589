-- The facts of a call: every term is defined here and nowhere else. Reads the table calls.

-- name: there
-- What at least one call has; if none does, the terms below need not be checked call by call.
select
  exists (select 1 from calls where cost is null) as without_cost,
  exists (
    select 1 from calls
    where cost = 0 and cost_source is distinct from 'price' and not coalesce(cache_hit, false) and coalesce(status, 'ok') = 'ok'
  ) as zero_costs,
  exists (select 1 from calls where time_to_first_token >= 0) as first_tokens,
  exists (select 1 from calls where place_in_task = 0) as helpers

-- name: bounds
-- What a call without a known cost may have cost at most: per token, what 99 of 100 calls of the dearest model stay below;
-- and, where its tokens are not known, what 999 of 1,000 calls do. (A list of prices also names models that nobody calls
-- here, whose dearest would leave every cost open.)
select
  (
    select max(per_token) from (
      select quantile_disc(cost / (input_tokens + output_tokens), 0.99) as per_token
      from calls where cost > 0 and input_tokens > 0 and output_tokens > 0 group by model
    )
  ) as highest_per_token,
  (select quantile_disc(cost, 0.999) from calls where cost > 0) as highest_per_call

-- name: odd
-- The same for invalid durations and times; column statistics answer it. (Queried together with the others, it takes a
-- scan.)
select
  exists (select 1 from calls where duration < 0) as short,
  exists (select 1 from calls where duration > 'infinity'::double) as long,
  exists (select 1 from calls where started_at >= 'infinity'::timestamp) as late,
  exists (select 1 from calls where started_at <= '-infinity'::timestamp) as early

-- name: facts
-- `answers`    an answering call: judges, simulated users and embeddings serve a task and never own it.
-- `owner`      the call that its task belongs to, with the task's outcome and all its costs: the first that answers.
-- `wait`       seconds until a successful call ended, or a call that timed out was given up. Below 0 it is unknown.
-- `first_wait` seconds until its first token. `..._cut`: a timeout, which would have taken longer.
-- `free`       a call that failed before a token was read and has no cost; any other without a known cost is `unpriced`.
--              A logged cost of 0 of a call that succeeded is none, unless a response cache or a list price of 0 says why.
-- `spent`      its cost: 0 if it is free, empty if it is unpriced.
-- `spent_high` the most that it may have cost: what an unpriced call's tokens cost at the log's highest price.
-- `logged`     its place in the order of the logs: a row that is read again keeps its first place.
-- In two steps, so that a term that others build on is bound once: every statement of a measure binds this view.
-- A function of one column, such as list_contains, is computed once for each text of a dictionary instead of each row;
-- `without_cost` is repeated in each term, since the engine then reads no column for them if it is false.
create or replace temp view facts as
select
  *,
  case when waited then lasted end as wait,
  wait_cut and first_after is null as first_wait_cut,
  -- A call that is not streamed has no first token to be late, and a log that records no first token says nothing
  -- about any.
  case
    when went_well then first_after
    when wait_cut and getvariable('first_tokens')
      then coalesce(first_after, case when stream is distinct from false then lasted end)
  end as first_wait,
  case
    when went_well and output_tokens > 1 and lasted >= first_after then (lasted - first_after) / (output_tokens - 1)
  end as token_wait,
  case when went_well and lasted > 0 then output_tokens / lasted end as token_speed,
  getvariable('without_cost') and no_cost and failed and tokens_read = 0 as free,
  getvariable('without_cost') and no_cost and not free as unpriced,
  case when free then 0 when not unpriced then cost end as spent,
  case
    when unpriced then coalesce(
      case
        when input_tokens > 0 and output_tokens is not null
          then tokens_read * getvariable('highest_per_token')::double
      end,
      greatest(tokens_read * getvariable('highest_per_token')::double, getvariable('highest_per_call')::double),
      'infinity'::double
    )
    when free then 0
    else cost
  end as spent_high,
  epoch_us(begun) // 3600000000 as in_hour,
  coalesce(log_order, coalesce(ingest_id, 0) * 4294967296 + coalesce(line, 0)) as logged
from (
  select
    *,
    rowid as at_row,
    (role is null or role = 'answer') and operation is distinct from 'embeddings' as answers,
    place_in_task as place,
    place_in_task = 1 as owner,
    list_contains(['ok'], status) is distinct from false as went_well,
    list_contains(['ok', 'timeout'], status) is distinct from false as waited,
    list_contains(['ok', 'timeout', 'cancelled'], status) is not distinct from false as failed,
    status is not distinct from 'timeout' as wait_cut,
    case
      when not getvariable('odd_durations') or duration >= 0 and duration <= 'infinity'::double then duration
    end as lasted,
    case
      when time_to_first_token >= 0 and time_to_first_token <= 'infinity'::double then time_to_first_token
    end as first_after,
    cost is null or getvariable('zero_costs') and cost = 0 and cost_source is distinct from 'price'
      and not coalesce(cache_hit, false) and list_contains(['ok'], status) is distinct from false as no_cost,
    coalesce(input_tokens, 0) + coalesce(output_tokens, 0) as tokens_read,
    case when not getvariable('odd_times') or isfinite(started_at) then started_at end as begun
  from calls
)
