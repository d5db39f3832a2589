-- Two sides of one log against each other. Reads the view `selected` over whole tasks, and the tables tasks and scores.
-- The variable `switch` is the time between the sides, `timezone` that of weekdays and hours.

-- name: before_and_after
create or replace temp view sided as
select *, started_at >= getvariable('switch')::timestamp as second from selected

-- name: call_units
-- The answering calls of both sides, with their place in the week and what the mix is told apart by.
create or replace temp table call_units as
with answers as (
  select
    *,
    coalesce(isfinite(started_at), false) as timed,
    timezone(coalesce(getvariable('timezone')::varchar, 'UTC'), started_at at time zone 'UTC') as local
  from sided
  where second is not null and chosen
    and (role is null or role = 'answer') and operation is distinct from 'embeddings'
),
cuts as (
  select g, workload, quantile_disc(input_tokens, [0.3333333333, 0.6666666667]) as cut from answers group by g, workload
)
select
  answers.g,
  second,
  call_id,
  hash(cluster) as cluster,
  case when timed then epoch_us(date_trunc('hour', started_at)) end as hour,
  case when timed then isodow(local) else 0 end as weekday,
  case when timed then hour(local) else 0 end as hour_of_day,
  coalesce(answers.workload, '') as workload,
  coalesce(model, '') as model,
  case when input_tokens is null then 0 when input_tokens <= cut[1] then 1 when input_tokens <= cut[2] then 2 else 3 end
    as third,
  case when not timed then 0 when isodow(local) <= 5 and hour(local) between 8 and 17 then 2 else 1 end as working,
  status,
  case when status = 'ok' or status is null or status = 'timeout' then duration end as duration,
  coalesce(status = 'timeout', false) as timeout,
  case when status = 'ok' or status is null then time_to_first_token
    when status = 'timeout' and stream is distinct from false then coalesce(time_to_first_token, duration) end as first_token,
  coalesce(status = 'timeout' and time_to_first_token is null, false) as first_token_timeout,
  output_tokens,
  case when cost is not null then cost
    when coalesce(status not in ('ok', 'timeout', 'cancelled'), false) and coalesce(input_tokens, 0) + coalesce(output_tokens, 0) = 0
      then 0 end as cost
from answers left join cuts on answers.g = cuts.g and answers.workload is not distinct from cuts.workload

-- name: task_units
-- Tasks by the side of their first answering call, with the cost of all their calls.
create or replace temp table task_units as
with parts as (
  select
    task_id,
    call_id,
    (role is null or role = 'answer') and operation is distinct from 'embeddings' as answers,
    case when isfinite(started_at) then started_at end as began,
    coalesce(attempt, 1) as attempt,
    g,
    cost,
    cost is null and not (coalesce(status not in ('ok', 'timeout', 'cancelled'), false)
      and coalesce(input_tokens, 0) + coalesce(output_tokens, 0) = 0) as unpriced
  from sided
  where task_id is not null
),
summed as (
  select
    task_id,
    arg_min(call_id, {
      'other': not answers, 'began': coalesce(began, timestamp '1970-01-01'), 'attempt': attempt, 'g': g, 'id': call_id
    }) as call_id,
    coalesce(sum(cost), 0) as cost,
    count(*) filter (where answers)::double as attempts,
    bool_or(unpriced) as unpriced
  from parts
  group by task_id
),
told as (
  select task_id, bool_or(resolved) as resolved from tasks where resolved is not null group by task_id
)
select
  call_units.g, second, task_id, call_units.cluster, hour, weekday, hour_of_day, workload, model, third, working,
  case when not summed.unpriced then summed.cost end as cost,
  attempts,
  resolved,
  summed.unpriced
from summed join call_units using (call_id) left join told using (task_id)

-- name: given
-- Every score by the kind of rater that gave it most often.
create or replace temp view given as
with kinds as (
  select name, rater, row_number() over (partition by name order by count(*) desc, rater) as place
  from scores group by name, rater
)
select scores.* from scores join kinds on scores.name = kinds.name and scores.rater is not distinct from kinds.rater
where place = 1 and isfinite(value) and not isnan(value)

-- name: score_units
-- The mean score of every subject.
create or replace temp table score_units as
select
  'score:' || name as metric, g, second, cluster, hour, weekday, hour_of_day, workload, model, third, working,
  avg(value) as value
from given join call_units on subject_id = call_id
where subject = 'call'
group by name, subject_id, g, second, cluster, hour, weekday, hour_of_day, workload, model, third, working
union all
select
  'score:' || name, g, second, cluster, hour, weekday, hour_of_day, workload, model, third, working, avg(value)
from given join task_units on subject_id = task_id
where subject = 'task'
group by name, subject_id, g, second, cluster, hour, weekday, hour_of_day, workload, model, third, working

-- name: weeks
-- Per side and hour of the week, its calls, and how often the hour came by between the side's first and last call.
with windows as (
  select second, min(hour) as first, max(hour) as last from call_units where hour is not null group by second
),
hours as (
  select
    second,
    timezone(
      coalesce(getvariable('timezone')::varchar, 'UTC'),
      make_timestamp(unnest(range(first, last + 1, 3600000000)))  at time zone 'UTC'
    ) as local
  from windows
),
calendar as (
  select second, isodow(local) as weekday, hour(local) as hour_of_day, count(*)::double as occurrences
  from hours
  group by all
),
counts as (
  select second, weekday, hour_of_day, count(*)::double as calls from call_units group by all
)
select second, weekday, hour_of_day, coalesce(calls, 0) as calls, coalesce(occurrences, 1) as occurrences
from counts full join calendar using (second, weekday, hour_of_day)

-- name: week_weights
create or replace temp table week_weights as
select unnest(from_json($weights::json,
  '[{"second": "BOOLEAN", "weekday": "BIGINT", "hour_of_day": "BIGINT", "w": "DOUBLE"}]'), max_depth := 2)

-- name: strata
-- What tells the mix apart, and the matched calls of either side.
select
  hash(workload, model, third, working) as stratum, workload, model, third, working,
  count(*) filter (where not second)::double as a,
  count(*) filter (where second)::double as b
from call_units join week_weights using (second, weekday, hour_of_day)
group by workload, model, third, working
order by workload, model, third, working

-- name: terms
-- Per metric, group, side, stratum, cluster and hour: units n, numerator c, and denominator r; s is c where the mix is
-- standardised.
create or replace temp table terms as
with calls as (
  select
    g, second, hash(workload, model, third, working) as stratum, cluster, hour, w,
    count(duration)::double as durations,
    count(first_token)::double as first_tokens,
    count(status)::double as known,
    count(*) filter (where status not in ('ok', 'cancelled'))::double as errors,
    count(output_tokens) filter (where status = 'ok' or status is null)::double as answered,
    coalesce(sum(output_tokens) filter (where status = 'ok' or status is null), 0)::double as tokens,
    count(cost)::double as priced,
    coalesce(sum(cost), 0) as cost
  from call_units join week_weights using (second, weekday, hour_of_day)
  group by all
),
of_tasks as (
  select
    g, second, hash(workload, model, third, working) as stratum, cluster, hour, w,
    count(*)::double as tasks,
    sum(attempts) as attempts,
    count(cost)::double as priced,
    coalesce(sum(cost), 0) as cost,
    count(resolved)::double as settled,
    count(*) filter (where resolved)::double as resolved,
    count(*) filter (where resolved is not null and cost is not null)::double as settled_priced,
    coalesce(sum(cost) filter (where resolved is not null), 0) as settled_cost,
    count(*) filter (where resolved and cost is not null)::double as resolved_priced
  from task_units join week_weights using (second, weekday, hour_of_day)
  group by all
),
of_scores as (
  select
    metric, g, second, hash(workload, model, third, working) as stratum, cluster, hour, w,
    count(*)::double as n, sum(value) as c
  from score_units join week_weights using (second, weekday, hour_of_day)
  group by all
),
long as (
  select g, second, stratum, cluster, hour, w, unnest([
    {'metric': 'duration', 'n': durations, 'c': durations, 'r': durations},
    {'metric': 'time_to_first_token', 'n': first_tokens, 'c': first_tokens, 'r': first_tokens},
    {'metric': 'error_rate', 'n': known, 'c': errors, 'r': known},
    {'metric': 'output_tokens', 'n': answered, 'c': tokens, 'r': answered},
    {'metric': 'cost_per_call', 'n': priced, 'c': cost, 'r': priced}
  ]) as one
  from calls
  union all
  select g, second, stratum, cluster, hour, w, unnest([
    {'metric': 'attempts_per_task', 'n': tasks, 'c': attempts, 'r': tasks},
    {'metric': 'cost_per_task', 'n': priced, 'c': cost, 'r': priced},
    {'metric': 'cost_per_resolved', 'n': settled_priced, 'c': settled_cost, 'r': resolved_priced},
    {'metric': 'resolve_rate', 'n': settled, 'c': resolved, 'r': settled}
  ])
  from of_tasks
)
select one.metric as metric, g, second, stratum, cluster, hour, w, one.n as n, one.c as c, one.c as s, one.r as r
from long
where one.n > 0
union all
select metric, g, second, stratum, cluster, hour, w, n, c, c, n from of_scores

-- name: stratum_sums
select
  metric, g, second, stratum, sum(n) as units, sum(w * n) as n, sum(w * c) as c, sum(w * s) as s, sum(w * r) as r
from terms
group by all
order by all

-- name: zero_one
-- The scores that are 0 or 1 throughout: their means are rates.
select metric from score_units group by metric having bool_and(value in (0, 1))

-- name: waits
create or replace temp view waits as
with calls as (
  select *, hash(workload, model, third, working) as stratum
  from call_units join week_weights using (second, weekday, hour_of_day)
)
select 'duration' as metric, g, second, stratum, cluster, hour, w, duration as x, timeout as censored
from calls where duration is not null
union all
select 'time_to_first_token', g, second, stratum, cluster, hour, w, first_token, first_token_timeout
from calls where first_token is not null

-- name: shares
-- What a call of a stratum weighs once side b has the mix of side a; only strata that both have.
create or replace temp table shares as
select unnest(from_json($shares::json,
  '[{"metric": "VARCHAR", "g": "UBIGINT", "stratum": "UBIGINT", "v": "DOUBLE"}]'), max_depth := 2)

-- name: histogram
-- Waits in buckets of 0.1 %: the weights in each of side a, side b, a's strata that b has, and b at a's mix.
select
  metric,
  g,
  case when x > 0 then floor(1000 * ln(x)) else -1000000 end as bucket,
  avg(x) as x,
  bool_or(censored) as censored,
  coalesce(sum(w) filter (where not second), 0) as a,
  coalesce(sum(w) filter (where second), 0) as b,
  coalesce(sum(w) filter (where not second and v is not null), 0) as k,
  coalesce(sum(w * v) filter (where second), 0) as t
from waits left join shares using (metric, g, stratum)
group by metric, g, bucket
order by metric, g, bucket

-- name: thresholds
create or replace temp table thresholds as
select unnest(from_json($thresholds::json, '[{"name": "VARCHAR", "metric": "VARCHAR", "g": "UBIGINT",
  "a": "DOUBLE", "b": "DOUBLE", "k": "DOUBLE", "t": "DOUBLE"}]'), max_depth := 2)

-- name: below
-- The calls that took no longer than the quantile of their side (c), and than that of the standardised mix (s).
insert into terms
select
  name, waits.g, second, stratum, cluster, hour, w,
  count(*)::double,
  count(*) filter (where x <= case when second then b else a end)::double,
  count(*) filter (where x <= case when second then t else k end)::double,
  count(*)::double
from waits join thresholds on waits.metric = thresholds.metric and waits.g = thresholds.g
group by name, waits.g, second, stratum, cluster, hour, w

-- name: coefficients
create or replace temp table coefficients as
select unnest(from_json($coefficients::json, '[{"metric": "VARCHAR", "g": "UBIGINT", "second": "BOOLEAN",
  "stratum": "UBIGINT", "ac": "DOUBLE", "ar": "DOUBLE", "bc": "DOUBLE", "br": "DOUBLE", "ks": "DOUBLE",
  "kr": "DOUBLE", "ts": "DOUBLE", "tr": "DOUBLE", "tn": "DOUBLE"}]'), max_depth := 2)

-- name: pulls
-- How far each cluster, each hour, and each cluster within an hour pulls the four numbers, and its share h of its side.
create or replace temp table pulls as
with parts as (
  select
    terms.metric, terms.g, terms.second, cluster, hour,
    w * (ac * c + ar * r) as a,
    w * (bc * c + br * r) as b,
    w * (ks * s + kr * r) as k,
    w * (ts * s + tr * r + tn * n) as t,
    w * n as m
  from terms join coefficients
    on terms.metric = coefficients.metric and terms.g = coefficients.g and terms.second = coefficients.second
      and terms.stratum = coefficients.stratum
),
units as (
  select metric, g, second, 'cluster' as over, cluster as unit, sum(a) as a, sum(b) as b, sum(k) as k, sum(t) as t, sum(m) as m
  from parts group by all
  union all
  select metric, g, second, 'hour', hash(hour), sum(a), sum(b), sum(k), sum(t), sum(m) from parts group by all
  union all
  select metric, g, second, 'both', hash(cluster, hour), sum(a), sum(b), sum(k), sum(t), sum(m) from parts group by all
)
select *, m / sum(m) over (partition by metric, g, over, second) as h from units

-- name: sizes
select metric, g, over, second, count(*)::double as clusters, 1 / sum(h * h) as effective from pulls group by all order by all

-- name: covariances
-- Each cluster counts as if it had been left out: its pull over one less its share.
with units as (
  select
    metric, g, over, unit,
    sum(a / (1 - least(h, 0.9))) as a,
    sum(b / (1 - least(h, 0.9))) as b,
    sum(k / (1 - least(h, 0.9))) as k,
    sum(t / (1 - least(h, 0.9))) as t
  from pulls
  group by metric, g, over, unit
)
select
  metric, g, over, count(*)::double as clusters,
  sum(a * a) as aa, sum(a * b) as ab, sum(a * k) as ak, sum(a * t) as "at",
  sum(b * b) as bb, sum(b * k) as bk, sum(b * t) as bt,
  sum(k * k) as kk, sum(k * t) as kt, sum(t * t) as tt
from units
group by metric, g, over

-- name: sides
-- What the two sides hold, and what of it lies in hours of the week that both have.
select
  second,
  count(*)::double as calls,
  count(w)::double as matched,
  make_timestamp(min(hour))::varchar as "from",
  make_timestamp(max(hour))::varchar as "to"
from call_units left join week_weights using (second, weekday, hour_of_day)
group by second
