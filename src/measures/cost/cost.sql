-- What calls and tasks cost. Reads the view `selected` over whole tasks, `groups`, and the view `chosen_tasks`.

-- name: read_once
create or replace temp view chosen_tasks as from task_facts where chosen

-- name: read_again
create or replace temp view chosen_tasks as from task_costs

-- name: rows
-- Per group, what its tasks hold, and what its own calls do; those without a task count alone.
with of_tasks as (select g, sum(columns(* exclude (g, unit, "user"))) from task_sums group by g),
of_calls as (
  select g, max(dearest) as dearest, sum(columns(* exclude (g, unit, dearest))) from call_sums group by g
)
select
  groups.g,
  groups."by",
  coalesce(of_calls.calls, 0) as calls,
  coalesce(priced, 0) as priced,
  coalesce(free, 0) as free,
  coalesce(without_task, 0) as without_task,
  coalesce(unpriced_without_task, 0) as unpriced_without_task,
  coalesce(cost_without_task, 0) as cost_without_task,
  dearest,
  coalesce(tasks, 0) as tasks,
  coalesce(with_outcome, 0) as with_outcome,
  coalesce(resolved, 0) as resolved,
  coalesce(mixed, 0) as mixed,
  coalesce(task_calls, 0) as task_calls,
  coalesce(attempts, 0) as attempts,
  coalesce(unpriced, 0) as unpriced,
  coalesce(unpriced_with_outcome, 0) as unpriced_with_outcome,
  coalesce(cost, 0) as cost,
  coalesce(cost_with_outcome, 0) as cost_with_outcome
from groups left join of_calls using (g) left join of_tasks using (g)
order by groups."by"

-- name: strata
-- Where every task is a cluster: tasks alike in all but their cost, with the sums of its powers.
create or replace temp table strata as
select
  g, resolved, attempts, calls - unpriced as priced,
  count(*)::double as n,
  sum(cost) as cost,
  sum(cost * cost) as cost2,
  sum(cost * cost * cost) as cost3,
  sum(cost * cost * cost * cost) as cost4
from chosen_tasks
group by all

-- name: strata_law
-- The power sums of ratios.sql from strata: of tasks alike, all have one denominator r.
with unfolded as (
  select g, n, unnest([
    {'kind': 'cost_per_task', 'known': true, 'r': 1::double, 'd1': cost, 'd2': cost2, 'd3': cost3, 'd4': cost4},
    {'kind': 'cost_per_resolved', 'known': resolved is not null, 'r': resolved::int::double,
     'd1': cost, 'd2': cost2, 'd3': cost3, 'd4': cost4},
    {'kind': 'attempts_per_task', 'known': true, 'r': 1::double,
     'd1': n * attempts, 'd2': n * attempts ** 2, 'd3': n * attempts ** 3, 'd4': n * attempts ** 4},
    {'kind': 'tried_again', 'known': true, 'r': 1::double, 'd1': n * (attempts > 1)::int,
     'd2': n * (attempts > 1)::int, 'd3': n * (attempts > 1)::int, 'd4': n * (attempts > 1)::int},
    {'kind': 'resolve_rate', 'known': resolved is not null, 'r': 1::double, 'd1': n * resolved::int,
     'd2': n * resolved::int, 'd3': n * resolved::int, 'd4': n * resolved::int},
    {'kind': 'cost_per_call', 'known': priced > 0, 'r': priced, 'd1': cost, 'd2': cost2, 'd3': cost3, 'd4': cost4}
  ], recursive := true)
  from strata
)
select
  g, kind, sum(n) as clusters,
  sum(d1) as d1r0, sum(n * r) as d0r1,
  sum(d2) as d2r0, sum(d1 * r) as d1r1, sum(n * r ** 2) as d0r2,
  sum(d3) as d3r0, sum(d2 * r) as d2r1, sum(d1 * r ** 2) as d1r2, sum(n * r ** 3) as d0r3,
  sum(d4) as d4r0, sum(d3 * r) as d3r1, sum(d2 * r ** 2) as d2r2, sum(d1 * r ** 3) as d1r3, sum(n * r ** 4) as d0r4
from unfolded
where known
group by g, kind

-- name: calls_law
-- The same of the cost per call where every call is a cluster.
select
  g, 'cost_per_call' as kind, count(*)::double as clusters,
  sum(spent) as d1r0, count(*)::double as d0r1,
  sum(spent * spent) as d2r0, sum(spent) as d1r1, count(*)::double as d0r2,
  sum(spent * spent * spent) as d3r0, sum(spent * spent) as d2r1, sum(spent) as d1r2, count(*)::double as d0r3,
  sum(spent * spent * spent * spent) as d4r0, sum(spent * spent * spent) as d3r1, sum(spent * spent) as d2r2,
  sum(spent) as d1r3, count(*)::double as d0r4
from selected
where chosen and spent is not null
group by g

-- name: open
-- Of the tasks without a known outcome, those that may have been under way when the log ends: their last call ends nearer
-- to its end than the length that 99 of 100 tasks with an outcome keep within.
with spans as (
  select
    hash(task_id) as task, min(begun) as starts,
    max(begun + to_microseconds((1e6 * least(coalesce(lasted, 0), 1e6))::bigint)) as ends
  from selected
  where place is not null
  group by task
),
tasks as (
  select resolved, starts, ends from chosen_tasks join spans using (task)
),
edge as (
  select max(ends) - coalesce(quantile_disc(ends - starts, 0.99) filter (resolved is not null), interval 0 second) as starts
  from tasks
)
select count(*)::double as open from tasks, edge where resolved is null and ends > edge.starts
