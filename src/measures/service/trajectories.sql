-- The steps that agents take in a task. Reads the view `selected` over whole tasks, `groups`, `unpriced_groups` (cost.sql) and the
-- tables `task_costs` and spans.

-- name: uses
-- The uses of tools in the chosen tasks. One that ran directly inside another of the same tool is the same, told twice. A use
-- is `repeated` where an earlier one of its task is of the same tool with the same arguments; `same` counts them all.
create or replace temp table uses as
with tools as (select *, rowid as at_span from spans where tool is not null and task_id is not null),
own as (
  select
    hash(tools.task_id) as task, tool, status, case when isfinite(started_at) then started_at end as begun, at_span,
    case when arguments_hash is not null then hash(tool, arguments_hash) end as action
  from tools
  where not exists (
    select 1 from tools as outside
    where outside.task_id = tools.task_id and outside.span_id = tools.parent_id and outside.tool = tools.tool
      and outside.at_span <> tools.at_span
  )
)
select
  own.*, g, cluster, resolved,
  action is not null and row_number() over (partition by task, action order by begun nulls last, at_span) > 1 as repeated,
  case when action is not null then count(*) over (partition by task, action) end as same,
  lead(status) over tool_in_task as next_status,
  lead(at_span) over tool_in_task is not null as used_again
from own join task_costs using (task)
window tool_in_task as (partition by task, tool order by begun nulls last, at_span)

-- name: steps
-- Calls and uses in the order in which they began: a call comes before a use of the same moment, which it asked for. Where a
-- task has uses, and some step has no time, their order is not known.
create or replace temp table steps as
with own as (
  select hash(task_id) as task, begun, 0 as kind, place, at_row as in_log, place > 0 and not went_well as failed, spent as cost,
    case when getvariable('without_cost') then spent_high end as cost_high, unpriced
  from selected
  where place >= 0 and hash(task_id) in (select task from task_costs)
  union all
  select task, begun, 1, 0, at_span, status = 'error', null, null, false from uses
)
select
  *, row_number() over (partition by task order by begun nulls first, kind, place, in_log) as step,
  max(kind) over (partition by task) = 0 or count(begun) over (partition by task) = count(*) over (partition by task) as ordered
from own

-- name: trajectories
-- One row per task.
create or replace temp table trajectories as
with failures as (
  select task, bool_and(ordered) as ordered, min(step) filter (failed) as first, count(*) filter (failed) as failed
  from steps
  group by task
),
later as (
  select task, sum(cost) as cost_later, sum(cost_high) as cost_later_high, count(*) filter (unpriced)::double as unpriced_later, count(*) filter (kind = 0)::double as calls_later
  from steps join failures using (task)
  where step > first
  group by task
),
tools as (
  select
    task, count(*)::double as uses, count(action)::double as with_arguments, count(*) filter (repeated)::double as repeated,
    coalesce(max(same), 0) >= getvariable('loop') as looped
  from uses
  group by task
)
select
  task, g, cluster, cost, cost_high, calls, attempts, unpriced, resolved,
  case when resolved then 'resolved' when not resolved then 'not resolved' else 'not known' end as outcome,
  coalesce(uses, 0) as uses, coalesce(with_arguments, 0) as with_arguments, coalesce(repeated, 0) as repeated, coalesce(looped, false) as looped,
  attempts + coalesce(uses, 0) as steps, failures.failed > 0 as failed, failures.ordered,
  coalesce(cost_later, 0) as cost_later, coalesce(cost_later_high, 0) as cost_later_high, coalesce(unpriced_later, 0) as unpriced_later, coalesce(calls_later, 0) as calls_later
from task_costs
join failures using (task)
left join later using (task)
left join tools using (task)

-- name: totals
-- The sums of each row's clusters: what is estimated from and what is counted.
create or replace temp table totals as
select
  g, outcome, cluster,
  count(*)::double as tasks,
  sum(steps) as steps,
  sum(uses) as uses,
  count(*) filter (failed)::double as failed,
  count(*) filter (failed and ordered)::double as stopped,
  count(*) filter (ordered or not failed)::double as ordered,
  sum(with_arguments) as with_arguments,
  sum(repeated) as repeated,
  count(*) filter (with_arguments > 0)::double as tasks_with_arguments,
  count(*) filter (looped)::double as looped,
  sum(calls) as all_calls,
  sum(unpriced) as unpriced,
  sum(cost) as cost,
  sum(cost_high) as cost_high,
  coalesce(sum(cost) filter (ordered or not failed), 0) as whole,
  coalesce(sum(unpriced_later) filter (failed and ordered), 0) as unpriced_later,
  coalesce(sum(calls_later) filter (failed and ordered), 0) as calls_later,
  coalesce(sum(cost_later) filter (failed and ordered), 0) as cost_later,
  coalesce(sum(cost_later_high) filter (failed and ordered), 0) as cost_later_high
from trajectories
group by g, outcome, cluster

-- name: sums
select hash(g, outcome) as g, one.kind, one.c, one.r
from (
  select g, outcome, unnest([
    {'kind': 'steps', 'c': steps, 'r': tasks},
    {'kind': 'uses', 'c': uses, 'r': tasks},
    {'kind': 'failed', 'c': failed, 'r': tasks},
    {'kind': 'repeated', 'c': repeated, 'r': with_arguments},
    {'kind': 'looped', 'c': looped, 'r': tasks_with_arguments},
    {'kind': 'cost', 'c': cost, 'r': tasks},
    {'kind': 'cost_high', 'c': cost_high, 'r': case when getvariable('without_cost') then tasks end},
    {'kind': 'later_high', 'c': cost_later_high, 'r': case when getvariable('without_cost') then stopped end},
    {'kind': 'later', 'c': cost_later, 'r': stopped},
    {'kind': 'later_share', 'c': cost_later, 'r': whole}
  ]) as one
  from totals
)
where one.r > 0

-- name: rows
select
  hash(g, outcome)::varchar as g, groups."by", outcome,
  sum(tasks) as tasks, sum(failed) as failed, sum(stopped) as stopped, sum(ordered) as ordered,
  sum(with_arguments) as with_arguments, sum(tasks_with_arguments) as tasks_with_arguments,
  sum(all_calls) as all_calls, sum(unpriced) as unpriced,
  sum(cost) = 0 or g in (from unpriced_groups) as none_known,
  sum(unpriced_later) as unpriced_later, sum(calls_later) as calls_later, sum(cost_later) as cost_later
from totals join groups using (g)
group by g, groups."by", outcome
order by groups."by", list_position(['resolved', 'not resolved', 'not known'], outcome)

-- name: behind
-- A task counts by the first call that answered it.
select trajectories.g, at_row, steps as amount, task as unit, outcome
from trajectories join (select hash(task_id) as task, at_row from selected where owner) using (task)

-- name: tool_sums
with whole as (select g, cluster, count(*)::double as uses from uses group by g, cluster),
cells as (select distinct g, tool from uses),
own as (
  select
    g, tool, cluster,
    count(*)::double as uses,
    count(distinct task)::double as tasks,
    count(status)::double as known,
    count(*) filter (status = 'error')::double as errors,
    count(*) filter (status = 'error' and used_again)::double as again,
    count(*) filter (status = 'error' and next_status is not null)::double as answered,
    count(*) filter (status = 'error' and next_status is distinct from 'error' and next_status is not null)::double as went_well,
    count(action)::double as with_arguments,
    count(*) filter (repeated)::double as repeated,
    count(distinct task) filter (resolved)::double as resolved,
    count(distinct task) filter (resolved is not null)::double as with_outcome
  from uses
  group by g, tool, cluster
)
select hash(g, tool) as g, one.kind, one.c, one.r
from (
  select g, tool, unnest([
    {'kind': 'per_task', 'c': uses, 'r': tasks},
    {'kind': 'error', 'c': errors, 'r': known},
    {'kind': 'again', 'c': again, 'r': errors},
    {'kind': 'went_well', 'c': went_well, 'r': answered},
    {'kind': 'repeated', 'c': repeated, 'r': with_arguments},
    {'kind': 'resolved', 'c': resolved, 'r': with_outcome}
  ]) as one
  from own
)
where one.r > 0
union all
select hash(cells.g, cells.tool), 'share', coalesce(own.uses, 0), whole.uses
from cells
join whole using (g)
left join own on own.g = cells.g and own.tool = cells.tool and own.cluster = whole.cluster

-- name: tool_rows
select
  hash(g, tool)::varchar as g, groups."by", tool,
  count(*)::double as uses,
  count(distinct task)::double as tasks,
  any_value(every.uses) as every
from uses join groups using (g) join (select g, count(*)::double as uses from uses group by g) as every using (g)
group by g, groups."by", tool
order by groups."by", uses desc, tool

-- name: tools_behind
select uses.g, at_row, count(*)::double as amount, task as unit, tool
from uses join (select hash(task_id) as task, at_row from selected where owner) using (task)
group by all

-- name: left_out
select
  count(*)::double as uses,
  count(*) filter (where task_id is null or hash(task_id) not in (select task from task_costs))::double as strange
from spans
where tool is not null
