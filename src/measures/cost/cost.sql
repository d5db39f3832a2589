-- What calls and tasks cost. Reads the view `selected` over whole tasks, the view `groups` and the table tasks. The
-- variable `credit` is 'first' or 'last': which answering call names the row a task belongs to. Where the variable
-- `hours` is true, a task also has an hour, that of the same call; without a time its cluster stands for it. Where
-- `users` is true, it has an owner, the user. `answers_only`, `all_priced`, `all_in_tasks` and `told_once` say what need
-- not be looked at: the engine leaves out what a variable decides before it scans.

-- name: plain
-- Whether every call answers, every one has a cost, every one is part of a task, every one is chosen, and no outcome is
-- told twice: of one ingest, each task is there once.
select
  not exists (
    select 1 from selected where (role is not null and role <> 'answer') or operation = 'embeddings'
  ) as answers_only,
  not exists (select 1 from selected where cost is null) as all_priced,
  not exists (select 1 from selected where task_id is null) as all_in_tasks,
  not exists (select 1 from selected where not chosen) as all_chosen,
  coalesce((select min(ingest_id) = max(ingest_id) and count(ingest_id) = count(*) from tasks), false) as told_once

-- name: tasks
-- One row a task: its group and cluster, what its calls cost, whether it is known to be resolved. Calls are put in one
-- order for good: answering calls, then the rest; by time, attempt and group. Each sum a task costs a scan of a million
-- calls, so place and group make one number, of which the least is the task's first call, and the groups of all answers
-- add up to as many times the first where all are one.
create or replace temp view parts as
select
  task, conversation, of_task, of_conversation, cluster, cost, g,
  case when answers then 0 else 1152921504606846976 end
    + case when getvariable('credit') = 'last' then 1152921504606846975 - place else place end as place,
  chosen,
  case when answers then 0 else 1 end::double as other,
  case when unpriced then 1 else 0 end::double as unpriced,
  case when answers then g & 1073741823 end::double as answered_by,
  owner
from (
  select
    hash(task_id) as task,
    hash(conversation_id) as conversation,
    task_id is not null as of_task,
    conversation_id is not null as of_conversation,
    g,
    hash(cluster) as cluster,
    chosen,
    cost,
    coalesce(getvariable('answers_only'), false)
      or ((role is null or role = 'answer') and operation is distinct from 'embeddings') as answers,
    not coalesce(getvariable('all_priced'), false)
      and cost is null and not (coalesce(status not in ('ok', 'timeout', 'cancelled'), false)
        and coalesce(input_tokens, 0) + coalesce(output_tokens, 0) = 0) as unpriced,
    case when getvariable('users') then hash(user_id) end as owner,
    least(greatest(coalesce(epoch_us(started_at), 0), 0), 4503599627370495) * 256
      + least(greatest(coalesce(attempt, 1), 1), 255) as place
  from selected
);
create or replace temp view summed as
select
  task,
  min(
    place::uhugeint * 36893488147419103232
    + case when chosen then 18446744073709551616::uhugeint else 0::uhugeint end
    + g
  ) as first,
  min(cluster) as cluster,
  coalesce(sum(cost), 0) as cost,
  count(*)::uinteger as calls,
  case when getvariable('answers_only') then 0 else sum(other) end::uinteger as others,
  case when getvariable('all_priced') then 0 else sum(unpriced) end::uinteger as unpriced,
  sum(answered_by) as answered_by,
  case when getvariable('users') then min(owner) end as owner
from parts
where of_task
group by task;
create or replace temp view outcomes as
select hash(task_id) as task, resolved from tasks
where resolved is not null and coalesce(getvariable('told_once'), false)
union all
select hash(task_id), bool_or(resolved) from tasks
where resolved is not null and not coalesce(getvariable('told_once'), false)
group by hash(task_id);
create or replace temp view kept_tasks as
select
  task,
  (first & 18446744073709551615::uhugeint)::ubigint as g,
  cluster,
  case when getvariable('hours') then coalesce(nullif(
    abs(
      case when getvariable('credit') = 'last' then 1152921504606846975 else 0 end
      - ((first >> 65) & 1152921504606846975::uhugeint)::bigint
    )::ubigint // 921600000000, 0), cluster)
  end as hour,
  (first & 18446744073709551616::uhugeint) > 0 as chosen,
  cost, calls, others, unpriced, answered_by, resolved, owner
from summed left join outcomes using (task);
create or replace temp view task_costs as
select
  task, g, cluster, hour, chosen, cost, calls::double as calls, (calls - others)::double as attempts,
  unpriced::double as unpriced,
  coalesce(answered_by <> (calls - others)::double * (g & 1073741823)::double, false) as mixed,
  resolved, owner
from kept_tasks;
-- A call that failed before it read a token costs nothing; another without a cost is doubtful.
create or replace temp view call_costs as
select *, without_cost and not free as doubtful
from (
  select
    g,
    cluster,
    cost,
    not coalesce(getvariable('all_in_tasks'), false) and task_id is null as without_task,
    not coalesce(getvariable('all_priced'), false) and cost is null as without_cost,
    not coalesce(getvariable('all_priced'), false) and cost is null
      and coalesce(status not in ('ok', 'timeout', 'cancelled'), false)
      and coalesce(input_tokens, 0) + coalesce(output_tokens, 0) = 0 as free
  from selected
  where chosen
)

-- name: task_table
-- The chosen tasks, kept in few bytes: what follows reads them several times.
create or replace temp table kept as
select
  case when getvariable('by_task') then task end as task,
  g, cluster, hour, cost, calls, others, unpriced, answered_by, resolved, owner
from kept_tasks
where chosen;
create or replace temp view task_table as
select
  task, g, cluster, hour, cost, calls::double as calls, (calls - others)::double as attempts, unpriced::double as unpriced,
  coalesce(answered_by <> (calls - others)::double * (g & 1073741823)::double, false) as mixed,
  resolved, owner
from kept

-- name: clusters
-- Per group and cluster, sums over its tasks and over its calls.
create or replace temp table task_sums as
select
  g,
  cluster,
  count(*)::double as tasks,
  count(resolved)::double as settled,
  count(*) filter (where resolved)::double as resolved,
  sum(cost) as cost,
  coalesce(sum(case when resolved is not null then cost end), 0) as settled_cost,
  sum(calls) as calls,
  sum(attempts) as attempts,
  count(*) filter (where attempts > 1)::double as tried_again,
  sum(unpriced) as unpriced
from task_table
group by g, cluster;
create or replace temp table call_sums as
select
  g,
  hash(cluster) as cluster,
  count(*)::double as calls,
  count(*)::double - case when getvariable('all_priced') then 0 else sum(doubtful::double) end as counted,
  case when getvariable('all_priced') then 0 else sum(without_cost::double) end as unpriced,
  case when getvariable('all_priced') then 0 else sum(free::double) end as free,
  case when getvariable('all_in_tasks') then 0 else sum(without_task::double) end as without_task,
  max(cost) as dearest,
  coalesce(sum(cost), 0) as cost,
  case when getvariable('all_in_tasks') then 0 else coalesce(sum(case when without_task then cost end), 0) end
    as cost_without_task,
  case when getvariable('all_in_tasks') then 0 else sum((without_task and doubtful)::double) end
    as unpriced_without_task
from call_costs
group by g, hash(cluster);
create or replace temp view task_clusters as select * from task_sums;
create or replace temp view call_clusters as select * from call_sums

-- name: rows_of_clusters
create or replace temp table task_rows as
select
  g,
  count(*)::double as tasks, count(resolved)::double as settled, count(*) filter (where resolved)::double as resolved,
  sum(cost) as cost, coalesce(sum(cost) filter (where resolved is not null), 0) as settled_cost, sum(calls) as calls,
  sum(attempts) as attempts, sum(unpriced) as unpriced,
  coalesce(sum(unpriced) filter (where resolved is not null), 0) as settled_unpriced,
  count(*) filter (where mixed)::double as mixed
from task_table
group by g;
create or replace temp table call_rows as
select
  g,
  sum(calls) as calls, sum(counted) as counted, sum(unpriced) as unpriced, sum(free) as free,
  max(dearest) as dearest, sum(without_task) as without_task, sum(cost_without_task) as cost_without_task
from call_clusters
group by g

-- name: by_grain
-- The same by hour, or by cluster and hour of some of the clusters, as the variables `grain` and `every` say.
create or replace temp table task_parts as
select
  g,
  case getvariable('grain') when 'hour' then hour else hash(cluster, hour) end as unit,
  count(*)::double as tasks,
  count(resolved)::double as settled,
  count(*) filter (where resolved)::double as resolved,
  sum(cost) as cost,
  coalesce(sum(case when resolved is not null then cost end), 0) as settled_cost,
  sum(attempts) as attempts,
  count(*) filter (where attempts > 1)::double as tried_again
from task_table
where getvariable('grain') = 'hour' or cluster % getvariable('every')::ubigint = 0
group by g, unit;
create or replace temp table call_parts as
select
  g,
  hash(cluster) as unit,
  count(*)::double - case when getvariable('all_priced') then 0 else sum(doubtful::double) end as counted,
  coalesce(sum(cost), 0) as cost
from call_costs
group by g, unit;
create or replace temp view task_clusters as select * from task_parts;
create or replace temp view call_clusters as select * from call_parts

-- name: kinds
-- For each ratio, its numerator c and denominator r in every cluster.
create or replace temp view kinds as
select g, one.kind, one.c, one.r
from (
  select g, unnest([
    {'kind': 'per_task', 'c': cost, 'r': tasks, 'of': tasks},
    {'kind': 'per_resolved', 'c': settled_cost, 'r': resolved, 'of': settled},
    {'kind': 'attempts', 'c': attempts, 'r': tasks, 'of': tasks},
    {'kind': 'tried_again', 'c': tried_again, 'r': tasks, 'of': tasks},
    {'kind': 'resolved', 'c': resolved, 'r': settled, 'of': settled}
  ]) as one
  from task_clusters
)
where one.of > 0
union all
select g, 'per_call', cost, counted from call_clusters where counted > 0

-- name: alone
-- Where every task is a cluster of its own.
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
from task_table

-- name: calls_by_task
create or replace temp view call_clusters as
select
  g,
  count(*)::double as calls,
  sum(case when doubtful then 0 else 1 end::double) as counted,
  sum(without_cost::double) as unpriced,
  sum(free::double) as free,
  sum(without_task::double) as without_task,
  max(cost) as dearest,
  coalesce(sum(cost), 0) as cost,
  coalesce(sum(case when without_task then cost end), 0) as cost_without_task
from call_costs
group by g, hash(cluster)

-- name: calls_of_tasks
-- The same where every call answers, has a cost and is part of a chosen task: most tasks have calls of one row alone,
-- whose sums are there already.
create or replace temp view call_clusters as
select
  g, calls, calls as counted, 0::double as unpriced, 0::double as free, 0::double as without_task,
  null::double as dearest, cost, 0::double as cost_without_task
from task_table
where not mixed
union all
select g, count(*)::double, count(*)::double, 0, 0, 0, null, sum(cost), 0
from selected
where hash(task_id) in (select task from task_table where mixed)
group by g, hash(task_id)

-- name: calls_alone
create or replace temp view call_clusters as
select
  g,
  1::double as calls,
  case when doubtful then 0 else 1 end::double as counted,
  without_cost::double as unpriced,
  free::double as free,
  without_task::double as without_task,
  cost as dearest,
  coalesce(cost, 0) as cost,
  case when without_task then coalesce(cost, 0) else 0 end as cost_without_task
from call_costs

-- name: rows_alone
-- The same rows in one pass, with the powers that the intervals are made from; a denominator is 0 or 1.
create or replace temp table task_rows as
select
  g,
  count(*)::double as tasks,
  count(resolved)::double as settled,
  count(*) filter (where resolved)::double as resolved,
  count(*) filter (where attempts > 1)::double as tried_again,
  sum(cost) as cost,
  sum(cost * cost) as cost2,
  sum(cost * cost * cost) as cost3,
  sum(cost * cost * cost * cost) as cost4,
  coalesce(sum(cost) filter (where resolved is not null), 0) as settled_cost,
  sum(cost * cost) filter (where resolved is not null) as settled_cost2,
  sum(cost * cost * cost) filter (where resolved is not null) as settled_cost3,
  sum(cost * cost * cost * cost) filter (where resolved is not null) as settled_cost4,
  sum(cost) filter (where resolved) as resolved_cost,
  sum(cost * cost) filter (where resolved) as resolved_cost2,
  sum(cost * cost * cost) filter (where resolved) as resolved_cost3,
  sum(calls) as calls,
  sum(attempts) as attempts,
  sum(attempts * attempts) as attempts2,
  sum(attempts * attempts * attempts) as attempts3,
  sum(attempts * attempts * attempts * attempts) as attempts4,
  sum(unpriced) as unpriced,
  coalesce(sum(unpriced) filter (where resolved is not null), 0) as settled_unpriced,
  count(*) filter (where mixed)::double as mixed
from task_table
group by g;
create or replace temp table call_rows as
select
  g,
  sum(calls) as calls,
  sum(counted) as counted,
  sum(unpriced) as unpriced,
  sum(free) as free,
  max(dearest) as dearest,
  sum(without_task) as without_task,
  sum(cost_without_task) as cost_without_task,
  count(*) filter (where counted > 0)::double as clusters,
  sum(cost) as d1r0,
  sum(counted) as d0r1,
  sum(cost * cost) as d2r0,
  sum(cost * counted) as d1r1,
  sum(counted * counted) as d0r2,
  sum(cost * cost * cost) as d3r0,
  sum(cost * cost * counted) as d2r1,
  sum(cost * counted * counted) as d1r2,
  sum(counted * counted * counted) as d0r3,
  sum(cost * cost * cost * cost) as d4r0,
  sum(cost * cost * cost * counted) as d3r1,
  sum(cost * cost * counted * counted) as d2r2,
  sum(cost * counted * counted * counted) as d1r3,
  sum(counted * counted * counted * counted) as d0r4
from call_clusters
group by g

-- name: power_sums_alone
with unfolded as (
  select g, unnest([
    {'kind': 'per_task', 'n': tasks, 'r': tasks, 'c1': cost, 'c2': cost2, 'c3': cost3, 'c4': cost4,
     'd1': cost, 'd2': cost2, 'd3': cost3},
    {'kind': 'per_resolved', 'n': settled, 'r': resolved, 'c1': settled_cost, 'c2': settled_cost2,
     'c3': settled_cost3, 'c4': settled_cost4, 'd1': resolved_cost, 'd2': resolved_cost2, 'd3': resolved_cost3},
    {'kind': 'attempts', 'n': tasks, 'r': tasks, 'c1': attempts, 'c2': attempts2, 'c3': attempts3, 'c4': attempts4,
     'd1': attempts, 'd2': attempts2, 'd3': attempts3},
    {'kind': 'tried_again', 'n': tasks, 'r': tasks, 'c1': tried_again, 'c2': tried_again, 'c3': tried_again,
     'c4': tried_again, 'd1': tried_again, 'd2': tried_again, 'd3': tried_again},
    {'kind': 'resolved', 'n': settled, 'r': settled, 'c1': resolved, 'c2': resolved, 'c3': resolved,
     'c4': resolved, 'd1': resolved, 'd2': resolved, 'd3': resolved}
  ]) as one
  from task_rows
)
select
  g, one.kind as kind, one.n as clusters,
  one.c1 as d1r0, one.r as d0r1,
  one.c2 as d2r0, coalesce(one.d1, 0) as d1r1, one.r as d0r2,
  one.c3 as d3r0, coalesce(one.d2, 0) as d2r1, coalesce(one.d1, 0) as d1r2, one.r as d0r3,
  one.c4 as d4r0, coalesce(one.d3, 0) as d3r1, coalesce(one.d2, 0) as d2r2, coalesce(one.d1, 0) as d1r3,
  one.r as d0r4
from unfolded
where one.n > 0
union all
select g, 'per_call', clusters, d1r0, d0r1, d2r0, d1r1, d0r2, d3r0, d2r1, d1r2, d0r3, d4r0, d3r1, d2r2, d1r3, d0r4
from call_rows
where clusters > 0

-- name: rows
-- Per group, what stands in its row beside the estimates.
select
  groups.g,
  groups."by",
  coalesce(call_rows.calls, 0) as calls,
  coalesce(call_rows.counted, 0) as counted,
  coalesce(call_rows.unpriced, 0) as unpriced_calls,
  coalesce(call_rows.free, 0) as free,
  coalesce(call_rows.without_task, 0) as without_task,
  coalesce(task_rows.tasks, 0) as tasks,
  coalesce(task_rows.settled, 0) as settled,
  coalesce(task_rows.resolved, 0) as resolved,
  coalesce(task_rows.mixed, 0) as mixed,
  coalesce(task_rows.unpriced, 0) as unpriced,
  coalesce(task_rows.settled_unpriced, 0) as settled_unpriced,
  coalesce(task_rows.calls, 0) as task_calls,
  coalesce(task_rows.attempts, 0) as attempts,
  call_rows.dearest,
  coalesce(task_rows.cost, 0) as cost,
  coalesce(task_rows.settled_cost, 0) as settled_cost,
  coalesce(task_rows.cost, 0) + coalesce(call_rows.cost_without_task, 0) as total_cost
from groups left join call_rows using (g) left join task_rows using (g)
order by groups."by"

-- name: open
-- Tasks of no known outcome, and those of them that may have been under way when the log ends: their last call lies
-- nearer to its end than the length that 99 of 100 settled tasks keep within.
with task_times as (
  select
    hash(task_id) as task,
    min(started_at) as first,
    max(started_at + to_microseconds((1e6 * greatest(0, least(coalesce(duration, 0), 1e6)))::bigint)) as last
  from selected
  where task_id is not null and isfinite(started_at)
  group by task
),
told as (
  select first, last, resolved is not null as settled
  from task_costs left join task_times using (task)
  where chosen
),
edge as (
  select max(last) as ended, quantile_disc(last - first, 0.99) filter (where settled) as length from told
)
select
  count(*)::double as unknown,
  count(*) filter (where last > ended - coalesce(length, interval 0 second))::double as open
from told, edge
where not settled
