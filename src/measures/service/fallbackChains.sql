-- Tasks that took more than one answering call. Reads the view `selected` over whole tasks, `groups`, `unpriced_groups` (cost.sql)
-- and the table `task_costs`.

-- name: chains
-- One row per task: who was asked first, who served at last, and how long the caller waited for it. Waiting before the last
-- answering call began is what retries and fallbacks took.
create or replace temp table chains as
with answers as (
  select
    hash(task_id) as task, model, status, place, fallback_from,
    coalesce(attempt, 1) as attempt,
    epoch_us(begun) as starts,
    epoch_us(begun) + (1e6 * least(lasted, 1e7))::bigint as ends
  from selected
  where place > 0
),
known as (
  select
    task,
    count(*)::double as attempts,
    arg_min(coalesce(model, 'not given'), place) as first_model,
    arg_max(coalesce(model, 'not given'), place) as last_model,
    arg_max(coalesce(status, 'ok'), place) as last_status,
    -- Only then was a call made again; else the calls are steps of one task, as an agent takes them.
    max(attempt) > 1 or count(fallback_from) > 0
      or count(*) filter (coalesce(status, 'ok') <> 'ok') > (last_status <> 'ok')::int as again,
    (max(ends) - min(starts)) / 1e6 as wait,
    (arg_max(starts, place) - min(starts)) / 1e6 as lost
  from answers
  group by task
)
select
  task,
  task_costs.g,
  task_costs.cluster,
  first_model,
  case when last_status = 'ok' then last_model else 'nobody' end as served,
  known.attempts,
  case
    when known.attempts = 1 then 'one call'
    when not again then 'several calls'
    when first_model = last_model then 'retry'
    else 'fallback'
  end as chain,
  cost, cost_high, task_costs.calls, unpriced, resolved, wait, lost
from known join task_costs using (task)

-- name: behind
select chains.g, at_row, lasted as amount, task as unit, chain, chains.served
from chains join selected on hash(selected.task_id) = task
where place > 0

-- name: sums
with whole as (
  select g, cluster, count(*)::double as tasks from chains group by g, cluster
),
cells as (select distinct g, chain, served from chains),
own as (
  select
    g, cluster, chain, served,
    count(*)::double as tasks,
    sum(attempts) as attempts,
    sum(cost) as cost,
    sum(cost_high) as cost_high,
    coalesce(sum(wait), 0) as wait,
    count(wait)::double as timed,
    coalesce(sum(lost) filter (where wait is not null), 0) as lost,
    count(*) filter (where resolved)::double as resolved,
    count(resolved)::double as with_outcome
  from chains
  group by g, cluster, chain, served
)
select hash(g, chain, served) as g, one.kind, one.c, one.r
from (
  select g, chain, served, unnest([
    {'kind': 'attempts', 'c': attempts, 'r': tasks},
    {'kind': 'cost', 'c': cost, 'r': tasks},
    {'kind': 'cost_high', 'c': cost_high, 'r': case when getvariable('without_cost') then tasks end},
    {'kind': 'wait', 'c': wait, 'r': timed},
    {'kind': 'lost', 'c': lost, 'r': wait},
    {'kind': 'resolved', 'c': resolved, 'r': with_outcome}
  ]) as one
  from own
)
where one.r > 0
union all
select hash(cells.g, cells.chain, cells.served), 'share', coalesce(own.tasks, 0), whole.tasks
from cells
join whole using (g)
left join own
  on own.g = cells.g and own.chain = cells.chain and own.served = cells.served and own.cluster = whole.cluster

-- name: rows
select
  hash(g, chain, served) as g,
  groups."by",
  chain,
  served,
  count(*)::double as tasks,
  count(wait)::double as timed,
  count(resolved)::double as with_outcome,
  any_value(every.tasks) as every,
  sum(cost) = 0 or g in (from unpriced_groups) as none_known,
  sum(calls)::double as all_calls,
  sum(unpriced)::double as unpriced
from chains join groups using (g) join (select g, count(*)::double as tasks from chains group by g) as every using (g)
group by g, groups."by", chain, served
order by groups."by", list_position(['one call', 'several calls', 'retry', 'fallback'], chain), tasks desc, served
