-- What the facts of a call (basics.sql, terms.sql) need to know of the whole log. Reads the table calls.

-- name: there
-- What at least one call has; if none does, the terms below need not be checked call by call.
select
  exists (select 1 from calls where cost is null) or exists (select 1 from calls where cost < 0) as without_cost,
  exists (
    select 1 from calls
    where cost = 0 and cost_source is distinct from 'price' and not coalesce(cache_hit, false)
      and coalesce(status, 'ok') in ('ok', 'timeout', 'cancelled')
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
