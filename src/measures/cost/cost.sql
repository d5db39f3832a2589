-- What calls and tasks cost. Reads the view `selected` over whole tasks, `groups`, and the view `chosen_tasks`.

-- name: read_once
create or replace temp view chosen_tasks as from task_facts where chosen

-- name: read_again
create or replace temp view chosen_tasks as from task_costs

-- name: unpriced_groups
-- The groups some of whose own calls lack a known cost, and of those that were billed all do.
create or replace temp view unpriced_groups as
select g from call_sums group by g having sum(calls) > sum(priced) and sum(priced) = sum(unbilled)

-- name: rows
-- Per group, what its tasks hold, and what its own calls do; those without a task count alone.
with of_tasks as (select g, sum(columns(* exclude (g, unit, "user"))) from task_sums group by g),
of_calls as (select g, sum(columns(* exclude (g, unit))) from call_sums group by g)
select
  groups.g,
  groups."by",
  groups.g in (from unpriced_groups) as none_known,
  coalesce(of_calls.calls, 0) as calls,
  coalesce(priced, 0) as priced,
  coalesce(free, 0) as free,
  coalesce(unbilled, 0) as unbilled,
  coalesce(without_task, 0) as without_task,
  coalesce(unpriced_without_task, 0) as unpriced_without_task,
  coalesce(cost_without_task, 0) as cost_without_task,
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

-- name: priced
-- Tasks and calls with their costs, and again with these at their `high` if some calls may lack a known cost.
create or replace temp view priced_tasks as
select *, false as high from chosen_tasks
union all
select * replace (cost_high as cost), true from chosen_tasks where getvariable('without_cost');
create or replace temp view priced_calls as
select g, spent, false as high from selected where chosen
union all
select g, spent_high, true from selected where chosen and getvariable('without_cost')

-- name: strata
-- Where every task is a cluster: tasks alike in all but their cost, with the sums of its powers.
create or replace temp table strata as
select
  g, high, resolved, attempts, calls,
  count(*)::double as n,
  sum(cost) as cost,
  sum(cost * cost) as cost2,
  sum(cost * cost * cost) as cost3,
  sum(cost * cost * cost * cost) as cost4
from priced_tasks
group by all

-- name: strata_law
-- The power sums of ratios.sql from strata: of tasks alike, all have one denominator r.
with unfolded as (
  select g, high, n, unnest([
    {'kind': 'cost_per_task', 'known': true, 'r': 1::double, 'd1': cost, 'd2': cost2, 'd3': cost3, 'd4': cost4},
    {'kind': 'cost_per_resolved', 'known': resolved is not null, 'r': resolved::int::double,
     'd1': cost, 'd2': cost2, 'd3': cost3, 'd4': cost4},
    {'kind': 'attempts_per_task', 'known': true, 'r': 1::double,
     'd1': n * attempts, 'd2': n * attempts ** 2, 'd3': n * attempts ** 3, 'd4': n * attempts ** 4},
    {'kind': 'tried_again', 'known': true, 'r': 1::double, 'd1': n * (attempts > 1)::int,
     'd2': n * (attempts > 1)::int, 'd3': n * (attempts > 1)::int, 'd4': n * (attempts > 1)::int},
    {'kind': 'resolve_rate', 'known': resolved is not null, 'r': 1::double, 'd1': n * resolved::int,
     'd2': n * resolved::int, 'd3': n * resolved::int, 'd4': n * resolved::int},
    {'kind': 'cost_per_call', 'known': true, 'r': calls, 'd1': cost, 'd2': cost2, 'd3': cost3, 'd4': cost4}
  ], recursive := true)
  from strata
)
select
  g, if(high, kind || '_high', kind) as kind, sum(n) as clusters,
  sum(d1) as d1r0, sum(n * r) as d0r1,
  sum(d2) as d2r0, sum(d1 * r) as d1r1, sum(n * r ** 2) as d0r2,
  sum(d3) as d3r0, sum(d2 * r) as d2r1, sum(d1 * r ** 2) as d1r2, sum(n * r ** 3) as d0r3,
  sum(d4) as d4r0, sum(d3 * r) as d3r1, sum(d2 * r ** 2) as d2r2, sum(d1 * r ** 3) as d1r3, sum(n * r ** 4) as d0r4
from unfolded
where known and (kind like 'cost_%' or not high)
group by all

-- name: calls_law
-- The same of the cost per call where every call is a cluster.
select
  g, if(high, 'cost_per_call_high', 'cost_per_call') as kind, count(*)::double as clusters,
  coalesce(sum(spent), 0) as d1r0, count(*)::double as d0r1,
  coalesce(sum(spent * spent), 0) as d2r0, coalesce(sum(spent), 0) as d1r1, count(*)::double as d0r2,
  coalesce(sum(spent * spent * spent), 0) as d3r0, coalesce(sum(spent * spent), 0) as d2r1,
  coalesce(sum(spent), 0) as d1r2, count(*)::double as d0r3,
  coalesce(sum(spent * spent * spent * spent), 0) as d4r0, coalesce(sum(spent * spent * spent), 0) as d3r1,
  coalesce(sum(spent * spent), 0) as d2r2, coalesce(sum(spent), 0) as d1r3, count(*)::double as d0r4
from priced_calls
group by g, high

-- name: behind
-- The calls of a row's tasks, and its own that have none.
select task_facts.g, at_row, selected.spent as amount, task_facts.task as unit
from selected join task_facts on hash(selected.task_id) = task_facts.task
where task_facts.chosen and place >= 0
union all
select g, at_row, spent, null
from selected
where chosen and place is null

-- name: open_tasks
-- Of the tasks without a known outcome, those that may have been under way when the log ends: their last call ends nearer
-- to its end than the length that 99 of 100 tasks with an outcome keep within.
create or replace temp table open_tasks as
with spans as (
  select
    hash(task_id) as task, min(epoch_us(begun)) as starts,
    max(epoch_us(begun) + (1e6 * least(coalesce(lasted, 0), 1e6))::bigint) as ends
  from selected
  where place is not null
  group by task
),
timed_tasks as (
  select task, resolved, starts, ends from chosen_tasks join spans using (task)
),
edge as (
  select max(ends) - coalesce(quantile_disc(ends - starts, 0.99) filter (resolved is not null), 0) as starts
  from timed_tasks
)
select task from timed_tasks, edge where resolved is null and ends > edge.starts

-- name: open
select count(*)::double as open from open_tasks

-- name: unlike
-- Cost (1), attempts (2) and tokens (3) of tasks without a known outcome (u) over what they would be if each were as the mean of the
-- known ones (k) of its row: both totals, and the squares of what each cluster adds to the logarithm of their ratio.
with cells as (
  select
    g, cluster, count(*) filter (resolved is null)::double as un, count(resolved)::double as kn,
    coalesce(sum(cost) filter (resolved is null), 0) as u1, coalesce(sum(cost) filter (resolved is not null), 0) as k1,
    coalesce(sum(attempts) filter (resolved is null), 0) as u2,
    coalesce(sum(attempts) filter (resolved is not null), 0) as k2,
    coalesce(sum(tokens) filter (resolved is null), 0) as u3, coalesce(sum(tokens) filter (resolved is not null), 0) as k3
  from chosen_tasks anti join open_tasks using (task)
  group by g, cluster
),
rows as (
  select g, sum(columns(* exclude (g, cluster))) from cells group by g having sum(un) > 0 and sum(kn) > 0
),
whole as (
  select
    sum(un) as unknown, sum(kn) as known, sum(u1) as u1, sum(un * k1 / kn) as e1, sum(u2) as u2, sum(un * k2 / kn) as e2, sum(u3) as u3, sum(un * k3 / kn) as e3
  from rows
),
pulls as (
  select
    cluster, sum(c.un) as un, sum(c.kn * r.un / r.kn) as kn,
    sum(c.u1 / whole.u1 - (c.un * r.k1 + r.un * (c.k1 - c.kn * r.k1 / r.kn)) / (r.kn * whole.e1)) as p1,
    sum(c.u2 / whole.u2 - (c.un * r.k2 + r.un * (c.k2 - c.kn * r.k2 / r.kn)) / (r.kn * whole.e2)) as p2,
    sum(c.u3 / whole.u3 - (c.un * r.k3 + r.un * (c.k3 - c.kn * r.k3 / r.kn)) / (r.kn * whole.e3)) as p3
  from cells as c join rows as r using (g), whole
  group by cluster
)
select
  any_value(unknown) as unknown, any_value(known) as known, count(*)::double as clusters,
  any_value(unknown) ** 2 / sum(un * un) as effective,
  [any_value(whole.u1), any_value(whole.u2), any_value(whole.u3)] as found,
  [any_value(whole.e1), any_value(whole.e2), any_value(whole.e3)] as expected,
  [sum(p1 * p1), sum(p2 * p2), sum(p3 * p3)] as squares
from pulls, whole
