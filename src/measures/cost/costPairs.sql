-- What two models' costs are made of. Reads the view `selected` over whole tasks, and the view `task_facts`.

-- name: cells
-- Per group and cluster, over tasks whose outcome is known: cost, tokens, attempts, tasks, resolved; and over the
-- group's own calls: cost and calls. Very many clusters are put together at random, whole.
with cells as (
  select
    g, cluster, cost, case when getvariable('without_cost') then cost_high end as cost_high, tokens, attempts,
    1::double as tasks, resolved::int::double as resolved, 0::double as call_cost, 0::double as call_cost_high, 0::double as calls
  from task_facts
  where chosen and resolved is not null
  union all
  select
    g, hash(cluster), 0, 0, 0, 0, 0, 0, coalesce(spent, 0), case when getvariable('without_cost') then spent_high end, 1
  from selected
  where chosen
),
many as (
  select count(distinct cluster) > $most as so from cells
)
select
  g,
  case when so then cluster % $most else cluster end as unit,
  sum(cost) as cost,
  sum(cost_high) as cost_high,
  sum(tokens) as tokens,
  sum(attempts) as attempts,
  sum(tasks) as tasks,
  sum(resolved) as resolved,
  sum(call_cost) as call_cost,
  sum(call_cost_high) as call_cost_high,
  sum(calls) as calls
from cells, many
group by g, unit
order by unit, g

-- name: without_tokens
-- Per group, the answering calls of such tasks that went well and have no known tokens, and all that went well.
select
  task_facts.g::varchar as g, count(*) filter (input_tokens is null and output_tokens is null)::double as unknown,
  count(*)::double as calls
from selected join task_facts on hash(selected.task_id) = task_facts.task
where task_facts.chosen and resolved is not null and place >= 0 and went_well
group by task_facts.g
