-- The cost of a type of tasks with each model. Reads the view `selected` over whole tasks, and `task_facts`.

-- name: route_tasks
-- One row per task: its group (request type and model), cluster, cost with all attempts and whether that is
-- complete, the most that it may be, seconds, outcome, and the length that its owner read. A call without a task counts as a task of its
-- own with an unknown outcome.
create or replace temp table route_tasks as
with owners as (
  select hash(task_id) as task, input_tokens, failed from selected where owner
)
-- A task that failed at no cost, in a log without all prices, says nothing of what the others cost.
select
  g, cluster, cost, case when getvariable('without_cost') then cost_high end as cost_high,
  unpriced > 0 as open, unpriced = 0 and not (getvariable('without_cost') and failed and cost = 0) as priced, seconds, tokens, input_tokens, resolved
from task_facts join owners using (task)
where chosen
union all
select
  g, hash(cluster), coalesce(spent, 0), case when getvariable('without_cost') then spent_high end,
  unpriced, not unpriced and not (getvariable('without_cost') and failed and spent = 0), wait, (coalesce(input_tokens, 0) + coalesce(output_tokens, 0))::double, input_tokens, null
from selected
where place is null and chosen and answers

-- name: scopes
-- The request type of every group, and what its model's tokens are divided by so that lengths compare, if that is known.
create or replace temp table scopes as
select unnest(from_json($scopes::json, '[{"g": "UBIGINT", "scope": "BIGINT", "factor": "DOUBLE"}]'), max_depth := 2)

-- name: cells
-- Per group, third of its request type by length, and cluster. Very many clusters are merged at random, whole.
with lengths as (
  select route_tasks.*, scope, input_tokens / factor as length from route_tasks join scopes using (g)
),
cuts as (
  select scope, quantile_disc(length, [0.3333333333, 0.6666666667]) as cut from lengths group by scope
),
placed as (
  select
    lengths.*,
    case when length is null then 0 when length <= cut[1] then 1 when length <= cut[2] then 2 else 3 end as third
  from lengths left join cuts using (scope)
),
many as (
  select count(distinct cluster) > $most as so from placed
)
select
  g, third,
  case when so then cluster % $most else cluster end as unit,
  count(*)::double as tasks,
  count(*) filter (where priced)::double as priced,
  count(*) filter (where open)::double as open,
  sum(cost) as cost,
  sum(cost_high) as cost_high,
  count(resolved)::double as with_outcome,
  count(*) filter (where resolved)::double as resolved,
  count(seconds)::double as timed,
  coalesce(sum(seconds), 0) as seconds,
  sum(tokens) as tokens
from placed, many
group by g, third, unit
order by unit, g, third

-- name: days
select coalesce((epoch_us(max(begun)) - epoch_us(min(begun))) / 86400e6, 0) as days
from selected
where chosen
