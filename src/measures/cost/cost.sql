-- Tables of costs. Reads the view `groups`, what tasks.sql makes, and the variable `log` that it describes.

-- name: task_units
-- Sums over tasks by group and cluster; or, for what is shared in time, by hour, and by hour of some of the clusters, as
-- the variables `grain` and `every` say. Where tasks are not `kept`, `found` lists the split ones, of which the first pass
-- tells nothing else, and `unsettled` those whose outcome is not known.
create or replace temp view task_units as
select
  g,
  case getvariable('grain') when 'hour' then hour when 'both' then hash(cluster, hour) else cluster end as unit,
  split,
  case when not getvariable('log').kept then list({'task': task, 'resolved': resolved}) filter (where split) end as found,
  case
    when getvariable('log').some_told and not getvariable('log').kept
    then list(task) filter (where resolved is null and not split)
  end as unsettled,
  count(*)::double as tasks,
  count(resolved)::double as settled,
  count(*) filter (where resolved)::double as resolved,
  sum(cost) as cost,
  coalesce(sum(case when resolved is not null then cost end), 0) as settled_cost,
  sum(calls) as calls,
  sum(attempts) as attempts,
  count(*) filter (where attempts > 1)::double as tried_again,
  count(*) filter (where mixed)::double as mixed,
  case when getvariable('log').all_priced then 0 else sum(unpriced) end as unpriced,
  case
    when getvariable('log').all_priced then 0 else coalesce(sum(case when resolved is not null then unpriced end), 0)
  end as settled_unpriced
from seen
where (chosen or split)
  and (coalesce(getvariable('grain'), '') <> 'both' or cluster % getvariable('every')::ubigint = 0)
group by g, unit, split

-- name: call_units
-- The same over calls.
create or replace temp view call_units as
select
  g,
  cluster as unit,
  coalesce(sum(cost), 0) as cost,
  count(*)::double as calls,
  case when getvariable('log').all_priced then 0 else count(*) filter (where doubtful) end::double as unpriced,
  case when getvariable('log').all_priced then 0 else count(*) filter (where free) end::double as free,
  case when getvariable('log').all_in_tasks then 0 else count(*) filter (where loose) end::double as loose_calls,
  case
    when getvariable('log').all_in_tasks then 0 else coalesce(sum(case when loose then cost end), 0)
  end as loose_cost,
  case
    when getvariable('log').all_in_tasks or getvariable('log').all_priced then 0
    else count(*) filter (where loose and doubtful)
  end::double as loose_unpriced
from call_costs
group by g, unit

-- name: summed
-- Tasks that are read once are summed up as they come.
create or replace temp table task_sums as from task_units;
create or replace temp table split as
select one.task, one.resolved from (select unnest(found) as one from task_sums where split);
create or replace temp table unsettled as select unnest(unsettled) as task from task_sums

-- name: detail_sums
create or replace temp view seen as from detail;
create or replace temp table task_sums as
select g, unit, sum(columns(* exclude (g, unit, split, found, unsettled)))
from (from task_sums where not split union all from task_units)
group by g, unit

-- name: kept_sums
create or replace temp table task_sums as from task_units

-- name: calls_of_tasks
-- Where every call answers, has a cost and is part of a task, and no task is split, sums over tasks are sums over calls.
create or replace temp view call_sums as
select
  g, unit, cost, calls,
  0::double as unpriced, 0::double as free,
  0::double as loose_calls, 0::double as loose_cost, 0::double as loose_unpriced
from task_sums

-- name: calls_apart
create or replace temp table call_totals as from call_units;
create or replace temp view call_sums as from call_totals

-- name: rows_of_clusters
create or replace temp view task_clusters as from task_sums;
create or replace temp view call_clusters as from call_sums;
create or replace temp table task_rows as
select
  g,
  sum(tasks) as tasks, sum(settled) as settled, sum(resolved) as resolved, sum(cost) as cost,
  sum(settled_cost) as settled_cost, sum(calls) as calls, sum(attempts) as attempts, sum(tried_again) as tried_again,
  sum(mixed) as mixed, sum(unpriced) as unpriced, sum(settled_unpriced) as settled_unpriced
from task_sums
group by g;
create or replace temp table call_rows as
select
  g,
  sum(cost) as cost, sum(calls) as calls, sum(unpriced) as unpriced, sum(free) as free,
  sum(loose_calls) as loose_calls, sum(loose_cost) as loose_cost, sum(loose_unpriced) as loose_unpriced
from call_sums
group by g;
create or replace temp view user_sums as
select g, unit, cost from task_sums where getvariable('log').user_clusters and getvariable('log').all_in_tasks
union all
select g, unit, sum(cost)
from (
  select g, unit, cost from task_sums
  union all
  select g, unit, loose_cost from call_sums where loose_calls > 0
)
where getvariable('log').user_clusters and not getvariable('log').all_in_tasks
group by g, unit

-- name: calls_alone
-- Where every call is a cluster of its own.
create or replace temp view call_units as
select
  g,
  coalesce(cost, 0) as cost,
  1::double as calls,
  doubtful::double as unpriced,
  free::double as free,
  loose::double as loose_calls,
  case when loose then coalesce(cost, 0) else 0 end as loose_cost,
  (loose and doubtful)::double as loose_unpriced
from call_costs

-- name: tasks_alone
-- Where every task is a cluster of its own: those alike in outcome and in number of calls together, with the powers of
-- what they cost.
create or replace temp table alike as
select
  g, resolved, attempts, calls, unpriced, mixed,
  count(*)::double as n,
  sum(cost) as cost,
  sum(cost * cost) as cost2,
  sum(cost * cost * cost) as cost3,
  sum(cost * cost * cost * cost) as cost4
from task_costs
where chosen
group by all;
create or replace temp table task_rows as
select
  g,
  sum(n) as tasks,
  sum(n) filter (where resolved is not null) as settled,
  sum(n) filter (where resolved) as resolved,
  sum(cost) as cost,
  sum(cost) filter (where resolved is not null) as settled_cost,
  sum(n * calls) as calls,
  sum(n * attempts) as attempts,
  sum(n) filter (where attempts > 1) as tried_again,
  sum(n) filter (where mixed) as mixed,
  sum(n * unpriced) as unpriced,
  sum(n * unpriced) filter (where resolved is not null) as settled_unpriced
from alike
group by g;
create or replace temp view task_clusters as
select
  g,
  1::double as tasks,
  case when resolved is null then 0 else 1 end::double as settled,
  case when resolved then 1 else 0 end::double as resolved,
  cost,
  case when resolved is null then 0 else cost end as settled_cost,
  attempts,
  case when attempts > 1 then 1 else 0 end::double as tried_again
from task_costs
where chosen

-- name: calls_of_tasks_alone
create or replace temp view call_clusters as
select
  g, cost, calls, 0::double as unpriced, 0::double as free,
  0::double as loose_calls, 0::double as loose_cost, 0::double as loose_unpriced
from task_costs
where chosen;
create or replace temp table alike_calls as
select
  g, calls, 0::double as unpriced, 0::double as free, 0::double as loose_calls, 0::double as loose_cost,
  0::double as loose_unpriced, n, cost, cost2, cost3, cost4
from alike

-- name: calls_apart_alone
create or replace temp view call_clusters as from call_units;
create or replace temp table alike_calls as
select
  g, calls, unpriced, free, loose_calls, sum(loose_cost) as loose_cost, loose_unpriced,
  count(*)::double as n,
  sum(cost) as cost,
  sum(cost * cost) as cost2,
  sum(cost * cost * cost) as cost3,
  sum(cost * cost * cost * cost) as cost4
from call_units
group by all

-- name: rows_alone
create or replace temp table call_rows as
select
  g,
  sum(cost) as cost, sum(n * calls) as calls, sum(n * unpriced) as unpriced, sum(n * free) as free,
  sum(n * loose_calls) as loose_calls, sum(loose_cost) as loose_cost, sum(n * loose_unpriced) as loose_unpriced
from alike_calls
group by g;
create or replace temp view user_sums as
select g, 0::ubigint as unit, cost from call_rows where false

-- name: kinds
-- For each ratio, its numerator c and denominator r in every cluster.
create or replace temp view kinds as
select g, 'per_call' as kind, cost as c, calls - unpriced as r from call_clusters where calls > unpriced
union all
select g, 'per_task', cost, tasks from task_clusters where tasks > 0
union all
select g, 'per_resolved', settled_cost, resolved from task_clusters where settled > 0
union all
select g, 'attempts', attempts, tasks from task_clusters where tasks > 0
union all
select g, 'tried_again', tried_again, tasks from task_clusters where tasks > 0
union all
select g, 'resolved', resolved, settled from task_clusters where settled > 0
union all
select g, 'user', cost, 1 from user_sums

-- name: squares
-- The squared deviations that ratios.sql takes from `kinds`, by whatever is a unit at the grain that is set.
create or replace temp macro squares_of(kind, c, r, counted, centre) as {
  'kind': kind,
  'clusters': (count(*) filter (where counted > 0))::double,
  'sizes': sum(r),
  'size_squares': sum(r * r),
  'squares': sum((c - centre * r) * (c - centre * r))
};
with centres as (
  select
    g,
    cost / nullif(tasks, 0) as per_task,
    settled_cost / nullif(resolved, 0) as per_resolved,
    attempts / nullif(tasks, 0) as attempts,
    tried_again / nullif(tasks, 0) as tried_again,
    resolved / nullif(settled, 0) as resolved
  from task_rows
),
found as (
  select units.g, unnest([
    squares_of('per_task', units.cost, tasks, tasks, per_task),
    squares_of('per_resolved', settled_cost, units.resolved, settled, per_resolved),
    squares_of('attempts', units.attempts, tasks, tasks, centres.attempts),
    squares_of('tried_again', units.tried_again, tasks, tasks, centres.tried_again),
    squares_of('resolved', units.resolved, settled, settled, centres.resolved)
  ], recursive := true)
  from task_units as units join centres using (g)
  group by units.g
  union all
  select units.g, unnest([
    squares_of('per_call', units.cost, units.calls - units.unpriced, units.calls - units.unpriced, centre)
  ], recursive := true)
  from call_units as units
  join (select g, cost / nullif(calls - unpriced, 0) as centre from call_rows) using (g)
  group by units.g
)
select * from found where clusters > 0

-- name: power_sums_alone
-- The same sums that ratios.sql takes from `kinds`: of tasks that are alike, all have one r.
with unfolded as (
  select g, n, unnest([
    {'kind': 'per_task', 'there': true, 'r': 1::double, 'd1': cost, 'd2': cost2, 'd3': cost3, 'd4': cost4},
    {'kind': 'per_resolved', 'there': resolved is not null, 'r': resolved::int::double,
     'd1': cost, 'd2': cost2, 'd3': cost3, 'd4': cost4},
    {'kind': 'attempts', 'there': true, 'r': 1::double,
     'd1': n * attempts, 'd2': n * attempts ** 2, 'd3': n * attempts ** 3, 'd4': n * attempts ** 4},
    {'kind': 'tried_again', 'there': true, 'r': 1::double, 'd1': n * (attempts > 1)::int,
     'd2': n * (attempts > 1)::int, 'd3': n * (attempts > 1)::int, 'd4': n * (attempts > 1)::int},
    {'kind': 'resolved', 'there': resolved is not null, 'r': 1::double, 'd1': n * resolved::int,
     'd2': n * resolved::int, 'd3': n * resolved::int, 'd4': n * resolved::int}
  ], recursive := true)
  from alike
  union all
  select g, n, 'per_call', calls > unpriced, calls - unpriced, cost, cost2, cost3, cost4 from alike_calls
)
select
  g, kind, sum(n) as clusters,
  sum(d1) as d1r0, sum(n * r) as d0r1,
  sum(d2) as d2r0, sum(d1 * r) as d1r1, sum(n * r ** 2) as d0r2,
  sum(d3) as d3r0, sum(d2 * r) as d2r1, sum(d1 * r ** 2) as d1r2, sum(n * r ** 3) as d0r3,
  sum(d4) as d4r0, sum(d3 * r) as d3r1, sum(d2 * r ** 2) as d2r2, sum(d1 * r ** 3) as d1r3, sum(n * r ** 4) as d0r4
from unfolded
where there
group by g, kind

-- name: rows
-- Per group, what stands in its row beside the estimates.
with dearest as (
  select g, max(cost) as dearest from selected where chosen and not getvariable('log').all_priced group by g
),
users as (select g, count(*)::double as users from user_sums group by g)
select
  groups.g,
  groups."by",
  coalesce(own.calls, 0) as calls,
  coalesce(own.calls - own.unpriced, 0) as counted,
  coalesce(own.unpriced + free, 0) as unpriced_calls,
  coalesce(free, 0) as free,
  coalesce(loose_calls, 0) as without_task,
  coalesce(loose_unpriced, 0) as unpriced_without_task,
  coalesce(users, 0) as users,
  coalesce(tasks, 0) as tasks,
  coalesce(settled, 0) as settled,
  coalesce(resolved, 0) as resolved,
  coalesce(mixed, 0) as mixed,
  coalesce(tasks.unpriced, 0) as unpriced,
  coalesce(settled_unpriced, 0) as settled_unpriced,
  coalesce(tasks.calls, 0) as task_calls,
  coalesce(attempts, 0) as attempts,
  dearest,
  coalesce(tasks.cost, 0) as cost,
  coalesce(settled_cost, 0) as settled_cost,
  coalesce(tasks.cost, 0) + coalesce(loose_cost, 0) as total_cost
from groups
left join call_rows as own using (g)
left join task_rows as tasks using (g)
left join dearest using (g)
left join users using (g)
order by groups."by"

-- name: open
-- Of the tasks without a known outcome, those that may have been under way when the log ends: their last call ends nearer
-- to its end than the length that 99 of 100 settled tasks keep within, of which one in `one_in` is looked at.
with timed as (
  select
    hash(task_id) as task, chosen, started_at,
    started_at + to_microseconds((1e6 * greatest(0, least(coalesce(duration, 0), 1e6)))::bigint) as ended
  from selected
  where task_id is not null and isfinite(started_at)
),
lengths as (
  select max(ended) - min(started_at) as length
  from timed anti join unsettled using (task)
  where task % getvariable('one_in')::ubigint = 0
  group by task
  having bool_or(chosen)
),
edge as (
  select max(ended) - coalesce((select quantile_disc(length, 0.99) from lengths), interval 0 second) as starts
  from timed
  where chosen
),
lasts as (select max(ended) as ended from timed semi join unsettled using (task) group by task)
select count(*)::double as open from lasts, edge where ended > starts
