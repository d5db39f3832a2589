-- What two models' costs are made of. Reads the views of tasks.sql.

-- name: cells
-- Per group and cluster, over tasks whose outcome is known: cost, tokens, attempts, tasks, resolved; and over the
-- group's own calls: cost and calls. Very many clusters are put together at random, whole.
with tokens as (
  select hash(task_id) as task, sum(coalesce(input_tokens, 0) + coalesce(output_tokens, 0))::double as tokens
  from selected
  where task_id is not null
  group by task
),
cells as (
  select
    g, cluster, cost, tokens, attempts, 1::double as tasks, case when resolved then 1 else 0 end::double as resolved,
    0::double as call_cost, 0::double as calls
  from task_costs join tokens using (task)
  where chosen and resolved is not null
  union all
  select g, cluster, 0, 0, 0, 0, 0, coalesce(cost, 0), 1
  from call_costs
  where cost is not null or free
),
many as (
  select count(distinct cluster) > $most as so from cells
)
select
  g,
  case when so then cluster % $most else cluster end as unit,
  sum(cost) as cost,
  sum(tokens) as tokens,
  sum(attempts) as attempts,
  sum(tasks) as tasks,
  sum(resolved) as resolved,
  sum(call_cost) as call_cost,
  sum(calls) as calls
from cells, many
group by g, unit
order by unit, g
