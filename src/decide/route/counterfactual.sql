-- What tasks of a kind cost with each model. Reads the views of tasks.sql and the view `selected`.

-- name: route_tasks
-- One row a task: its group (request type and model), cluster, cost with all attempts, seconds, outcome, and the length of
-- its first call. A call without a task is one of its own, whose outcome is not known.
create or replace temp table route_tasks as
with own as (
  select
    hash(task_id) as task,
    arg_min(input_tokens, {
      'other': not ((role is null or role = 'answer') and operation is distinct from 'embeddings'),
      'began': coalesce(started_at, timestamp '1970-01-01'), 'attempt': coalesce(attempt, 1), 'id': call_id
    }) as input_tokens,
    sum(duration) filter (where (role is null or role = 'answer') and operation is distinct from 'embeddings') as seconds,
    sum(coalesce(input_tokens, 0) + coalesce(output_tokens, 0))::double as tokens
  from selected
  where task_id is not null
  group by hash(task_id)
)
select
  g, cluster, case when unpriced = 0 then cost end as cost, seconds, tokens, input_tokens, resolved
from task_costs join own using (task)
where chosen
union all
select
  g, hash(cluster), cost, duration, (coalesce(input_tokens, 0) + coalesce(output_tokens, 0))::double, input_tokens, null
from selected
where task_id is null and chosen and (role is null or role = 'answer') and operation is distinct from 'embeddings'

-- name: scopes
-- The request type of every group.
create or replace temp table scopes as
select unnest(from_json($scopes::json, '[{"g": "UBIGINT", "scope": "BIGINT"}]'), max_depth := 2)

-- name: cells
-- Per group, third of its request type by length, and cluster. Very many clusters are put together at random, whole.
with cuts as (
  select scope, quantile_disc(input_tokens, [0.3333333333, 0.6666666667]) as cut
  from route_tasks join scopes using (g)
  group by scope
),
placed as (
  select
    route_tasks.*,
    scope,
    case when input_tokens is null then 0 when input_tokens <= cut[1] then 1 when input_tokens <= cut[2] then 2 else 3 end as third
  from route_tasks join scopes using (g) left join cuts using (scope)
),
many as (
  select count(distinct cluster) > $most as so from placed
)
select
  g, third,
  case when so then cluster % $most else cluster end as unit,
  count(*)::double as tasks,
  count(cost)::double as priced,
  coalesce(sum(cost), 0) as cost,
  count(resolved)::double as settled,
  count(*) filter (where resolved)::double as resolved,
  count(seconds)::double as timed,
  coalesce(sum(seconds), 0) as seconds,
  sum(tokens) as tokens
from placed, many
group by g, third, unit
order by unit, g, third

-- name: days
select coalesce((epoch_us(max(started_at)) - epoch_us(min(started_at))) / 86400e6, 0) as days
from selected
where chosen and isfinite(started_at)
