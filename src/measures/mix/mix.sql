-- Calls, tasks and scores of one log on two sides, or on one side against a target, with what was fixed before a model
-- answered: sums that tell what a metric would be at another mix of it. Reads the view `selected` over all calls, `openings`,
-- `task_facts`, `conversation_facts`, and `subject_scores`. The variable `switch` is the time between the sides.

-- name: before_and_after
create or replace temp view sided as
select *, started_at >= getvariable('switch')::timestamp as second from selected

-- name: counted
-- Whose tokens a call's are: a candidate may be more than a model.
create or replace temp view counted as select *, model as counted_by from sided

-- name: candidates_counted
create or replace temp view counted as select *, bare_model as counted_by from sided

-- name: tokenizers
-- What a model's tokens are divided by, so that lengths compare; models without a row have lengths of their own alone.
create or replace temp table tokenizers as
select unnest(from_json($factors::json, '[{"counter": "VARCHAR", "factor": "DOUBLE"}]'), max_depth := 2)

-- name: call_sides
-- The calls of both sides with their facts, their hour of the week, and the columns that define the mix: `x` is the input
-- length of the first turn, `length` its eighth of the workload, 0 where it is not known or tells models apart. Where sides
-- share prompts, these alone are the mix: `item_w` is what a call counts.
create or replace temp view call_sides as
with placed_calls as (
  select
    counted.*, hash(task_id) as task, (item_groups.g is not null) as paired,
    case when item_groups.g is not null then coalesce(item_w, 0) end as item_w,
    hash(coalesce(task_items.item, prompt_id)) as item,
    case when opening is null then coalesce(counted_by, '') else first_model end as counter,
    case when item_groups.g is null then coalesce(first_input, input_tokens)::double end as first_tokens
  from counted left join openings on hash(coalesce(conversation_id, task_id)) = opening
    left join task_items on hash(task_id) = task_items.task
    left join (select distinct g from item_weights) as item_groups on counted.g = item_groups.g
    left join item_weights on counted.g = item_weights.g and counted.second = item_weights.second
      and item_weights.item is not distinct from coalesce(task_items.item, prompt_id)
  where counted.second is not null and chosen
),
lengths as (
  select
    placed_calls.* exclude (counter, first_tokens),
    case getvariable('lengths')
      when 'by factor' then first_tokens / factor
      when 'whoever counts' then first_tokens
      when 'as counted' then case when counter = coalesce(counted_by, '') then first_tokens end
    end as first_length
  from placed_calls left join tokenizers using (counter)
),
cuts as (
  select workload, quantile_disc(first_length, [0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875]) as cut
  from lengths
  where answers and production
  group by workload
)
select
  calls.* exclude (cluster, workload, model, prompt_version),
  case when paired and getvariable('by_item') then coalesce(item, hash(cluster)) else hash(cluster) end as cluster,
  case when user_id is not null then hash(user_id) end as person,
  in_hour * 3600000000 as hour,
  coalesce(isodow(calls.local), 0) as weekday,
  coalesce(hour(calls.local), 0) as hour_of_day,
  case when paired then '' else coalesce(calls.workload, '') end as workload,
  case when paired then '' else coalesce(model, '') end as model,
  case when paired then '' else coalesce(prompt_version, '') end as version,
  coalesce(first_length, 0) as x,
  case when first_length is null then 0 else 1 + len(list_filter(cut, one -> one < first_length)) end as length,
  case
    when paired or begun is null then 0
    when isodow(calls.local) <= 5 and hour(calls.local) between 8 and 17 then 2
    else 1
  end as working,
  case
    when paired then 0 else hash(coalesce(calls.workload, ''), coalesce(model, ''), version, length, working)
  end as stratum
from lengths as calls left join cuts on calls.workload is not distinct from cuts.workload

-- name: task_units
-- Tasks on the side of their owner, each with the place of that call.
create or replace temp table task_units as
select
  calls.g, second, again, item_w, x, task_facts.task, calls.call_id, calls.cluster, hour, weekday, hour_of_day, stratum,
  production, task_facts.cost, task_facts.cost_high, attempts, resolved, unpriced, seconds, tokens, calls
from task_facts join call_units as calls on owner and task_facts.task = calls.task

-- name: conversation_units
-- Conversations on the side of the first call of a group's part in them, each in the place of that call.
create or replace temp table conversation_units as
select
  calls.g, second, again, item_w, x, calls.cluster, hour, weekday, hour_of_day, stratum, production,
  conversation_facts.cost, conversation_facts.cost_high, turns, seconds, errors, unstated, ended, resolved, credited,
  conversation
from conversation_facts join call_units as calls using (at_row)

-- name: score_units
-- The mean score of every subject by each kind of rater: a call, or a task in the place of its owner.
create or replace temp table score_units as
select
  'score:' || name as metric, rater, g, second, again, item_w, x, cluster, hour, weekday, hour_of_day, stratum, production, value
from subject_scores join call_units on call_id = subject_id
where subject = 'call'
union all
select
  'score:' || name, rater, g, second, again, item_w, x, cluster, hour, weekday, hour_of_day, stratum, production, value
from subject_scores join call_units on task = hash(subject_id)
where subject = 'task' and owner

-- name: conversation_scores
-- And of every conversation, in the place of the call that its outcome is credited to.
insert into score_units
select
  'conversation_score:' || name, rater, g, second, again, item_w, x, cluster, hour, weekday, hour_of_day, stratum, production, value
from subject_scores join conversation_units on conversation = hash(subject_id)
where subject = 'conversation' and credited

-- name: one_rater
delete from score_units where metric || ' ' || rater not in (select unnest(from_json($kept::json, '["VARCHAR"]')))

-- name: week_weights
create or replace temp table week_weights as
select unnest(from_json($weights::json,
  '[{"second": "BOOLEAN", "weekday": "BIGINT", "hour_of_day": "BIGINT", "w": "DOUBLE"}]'), max_depth := 2)

-- name: returning
-- The calls of users who are on both sides once more, as groups of their own.
insert into call_units
select call_units.* replace (hash(g, 'again') as g, true as again)
from call_units join (
  select g, person
  from call_units
  where answers and production and person is not null
  group by g, person
  having count(distinct second) = 2
) using (g, person)

-- name: strata
-- What tells the mix apart, and the matched calls of either side with their lengths.
select
  g, stratum, workload, model, version, length, working, second,
  coalesce(sum(coalesce(item_w, w)) filter (answers and production), 0)::double as n,
  coalesce(sum(w * x) filter (answers and production), 0) as x,
  coalesce(sum(w * x * x) filter (answers and production), 0) as xx
from call_units left join week_weights using (second, weekday, hour_of_day)
where not again
group by all
order by workload, model, version, length, working, second

-- name: gap_properties
-- What was fixed before the first answer: the length, and the values of the columns that define the mix.
create or replace temp table gap_properties as
with raw as (from call_units semi join wholes using (g) where answers and production and not again)
select what, "value", row_number() over ()::int as property
from (
  select 'length' as what, '' as "value"
  union all select distinct 'workload', workload from raw
  union all select distinct 'model', model from raw
  union all select distinct 'version', version from raw
  union all select distinct 'working', working::varchar from raw
)

-- name: gap_sizes
create or replace temp table gap_sizes as
select g, whole, cluster as c, count(*)::double as n, sum(x) as x
from call_units join wholes using (g)
where answers and production and not again
group by all

-- name: gap_parts
-- What each cluster of a group has of each property.
create or replace temp table gap_parts as
with counts as (
  select g, whole, cluster as c, workload, model, version, working::varchar as working, count(*)::double as n
  from call_units join wholes using (g)
  where answers and production and not again
  group by all
),
named as (
  select g, whole, c, 'workload' as what, workload as "value", n from counts
  union all select g, whole, c, 'model', model, n from counts
  union all select g, whole, c, 'version', version, n from counts
  union all select g, whole, c, 'working', working, n from counts
)
select g, whole, c, property, sum(n) as m
from named join gap_properties using (what, "value")
group by all
union all
select g, whole, c, property, x from gap_sizes, gap_properties where what = 'length'

-- name: gap_wholes
create or replace temp table gap_wholes as select whole, c, sum(n) as n from gap_sizes group by all

-- name: gap_values
create or replace temp table gap_values as select whole, c, property, sum(m) as m from gap_parts group by all

-- name: imbalance
-- Per group, and per property that was fixed before the first answer (its mean length, or the share of a value), how far
-- it is from all groups of its whole together (gap), the variance of that over clusters, and the effective clusters of the
-- whole. With a the share that a cluster has of the group's calls, b of the whole's, and m the same for the calls of a value,
-- p in the group and q in the whole, a cluster pulls the gap by m - (p a - q b). Its square is multiplied out, so that only
-- clusters that a group has are visited: pp is the sum of the squares of the group's shares, pa that of products, and so on.
with totals as (
  select whole, sum(n) as whole_n, sum(n) ** 2 / sum(n * n) as effective, sum(n * n) / sum(n) ** 2 as bb
  from gap_wholes
  group by whole
),
of_group as (
  select
    g, gap_sizes.whole, sum(gap_sizes.n) as group_n, sum(gap_sizes.n ** 2) as aa, sum(gap_sizes.n * gap_wholes.n) as ab
  from gap_sizes join gap_wholes on gap_sizes.whole = gap_wholes.whole and gap_sizes.c = gap_wholes.c
  group by g, gap_sizes.whole
),
of_value as (
  select
    gap_values.whole, property, sum(gap_values.m) as q, sum(gap_values.m ** 2) as qq, sum(gap_values.m * gap_wholes.n) as qb
  from gap_values join gap_wholes on gap_values.whole = gap_wholes.whole and gap_values.c = gap_wholes.c
  group by gap_values.whole, property
),
of_own as (
  select
    gap_parts.g, gap_parts.property, sum(gap_parts.m) as p, sum(gap_parts.m ** 2) as pp,
    sum(gap_parts.m * gap_values.m) as pq, sum(gap_parts.m * gap_sizes.n) as pa, sum(gap_parts.m * gap_wholes.n) as pb
  from gap_parts
    join gap_values on gap_parts.whole = gap_values.whole and gap_parts.c = gap_values.c
      and gap_parts.property = gap_values.property
    join gap_sizes on gap_parts.g = gap_sizes.g and gap_parts.c = gap_sizes.c
    join gap_wholes on gap_parts.whole = gap_wholes.whole and gap_parts.c = gap_wholes.c
  group by gap_parts.g, gap_parts.property
),
-- A group's clusters, whichever of its calls have the value.
of_clusters as (
  select gap_sizes.g, property, sum(gap_sizes.n * gap_values.m) as qa
  from gap_sizes join gap_values on gap_sizes.whole = gap_values.whole and gap_sizes.c = gap_values.c
  group by gap_sizes.g, property
),
found as (
  select
    of_group.g as g, of_group.whole as whole, what, "value", effective, bb,
    q / whole_n as q, qq / whole_n ** 2 as qq, qb / whole_n ** 2 as qb,
    aa / group_n ** 2 as aa, ab / (group_n * whole_n) as ab,
    coalesce(p, 0) / group_n as p, coalesce(pp, 0) / group_n ** 2 as pp, coalesce(pq, 0) / (group_n * whole_n) as pq,
    coalesce(pa, 0) / group_n ** 2 as pa, coalesce(pb, 0) / (group_n * whole_n) as pb,
    coalesce(qa, 0) / (group_n * whole_n) as qa
  from of_group
    join totals on of_group.whole = totals.whole
    join of_value on of_group.whole = of_value.whole
    join gap_properties on of_value.property = gap_properties.property
    left join of_own on of_group.g = of_own.g and of_value.property = of_own.property
    left join of_clusters on of_group.g = of_clusters.g and of_value.property = of_clusters.property
)
select
  g::varchar as g, whole, what, "value", p - q as gap, effective,
  -- What is left of a value that all calls have is rounding.
  case when variance > 1e-13 * (pp + qq) then variance else 0 end as variance
from (
  select
    *, pp - 2 * pq + qq - 2 * (p * (pa - qa) - q * (pb - qb)) + p ** 2 * aa - 2 * p * q * ab + q ** 2 * bb as variance
  from found
)
order by all

-- name: zero_one
-- The scores that are 0 or 1 throughout: their means are rates.
select metric from score_units group by metric having bool_and(value in (0, 1))

-- name: shares
-- What a call of a stratum weighs once side b has the mix of side a; only strata that both have.
create or replace temp table shares as
select unnest(from_json($shares::json, '[{"metric": "VARCHAR", "g": "UBIGINT", "stratum": "UBIGINT", "v": "DOUBLE",
  "slope": "DOUBLE", "centre": "DOUBLE"}]'), max_depth := 2)

-- name: histogram
-- Waits in buckets of 0.1 %: the weights in each of side a, side b, a's strata that b has, and b at a's mix.
select
  metric,
  g,
  case when x > 0 then floor(1000 * ln(x)) else -1000000 end as bucket,
  avg(x) as x,
  bool_or(censored) as censored,
  count(*) filter (where not second)::double as a,
  count(*) filter (where second)::double as b,
  coalesce(sum(w) filter (where not second and v is not null), 0) as k,
  coalesce(sum(w * v) filter (where second), 0) as t
from waits left join shares using (metric, g, stratum)
group by metric, g, bucket
order by metric, g, bucket

-- name: thresholds
create or replace temp table thresholds as
select unnest(from_json($thresholds::json, '[{"name": "VARCHAR", "metric": "VARCHAR", "g": "UBIGINT",
  "a": "DOUBLE", "b": "DOUBLE", "k": "DOUBLE", "t": "DOUBLE"}]'), max_depth := 2)

-- name: cells
create or replace temp table cells as
select unnest(from_json($cells::json, '[{"metric": "VARCHAR", "g": "UBIGINT", "stratum": "UBIGINT", "cell": "INTEGER"}]'),
  max_depth := 2)

-- name: coefficients
create or replace temp table coefficients as
select unnest(from_json($coefficients::json, '[{"metric": "VARCHAR", "g": "UBIGINT", "second": "BOOLEAN",
  "cell": "INTEGER", "ac": "DOUBLE", "ar": "DOUBLE", "bc": "DOUBLE", "br": "DOUBLE", "ks": "DOUBLE",
  "kr": "DOUBLE", "tn": "DOUBLE", "tx": "DOUBLE", "txx": "DOUBLE", "ts": "DOUBLE", "txs": "DOUBLE", "tr": "DOUBLE",
  "txr": "DOUBLE", "mn": "DOUBLE", "mx": "DOUBLE", "ln": "DOUBLE", "lx": "DOUBLE", "lxx": "DOUBLE"}]'), max_depth := 2)
