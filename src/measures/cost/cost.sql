-- What calls and tasks cost. Reads the view `selected` over whole tasks, the view `groups` and the table tasks. The
-- variable `credit` is 'first' or 'last': which answering call names the row a task belongs to. Where the variable
-- `hours` is true, a task also has an hour, that of the same call; without a time its cluster stands for it. Where
-- `users` is true, it has an owner, the user. `unit` names the column that clusters. Where `own_tasks` is true, every
-- task is a cluster. `answers_only`, `all_priced`, `all_in_tasks`, `all_chosen`, `all_clustered` and `told_once` say
-- what need not be looked at: the engine leaves out what a variable decides before it scans.

-- name: plain
-- Whether every call answers, every one has a cost, every one is part of a task, every one is chosen, every one tells its
-- cluster, and no outcome is told twice: of one ingest, each task is there once.
select
  not exists (
    select 1 from selected where (role is not null and role <> 'answer') or operation = 'embeddings'
  ) as answers_only,
  not exists (select 1 from selected where cost is null) as all_priced,
  not exists (select 1 from selected where task_id is null) as all_in_tasks,
  not exists (select 1 from selected where not chosen) as all_chosen,
  not exists (
    select 1 from selected
    where case getvariable('unit')
      when 'user_id' then user_id is null
      when 'conversation_id' then conversation_id is null
      when 'prompt_id' then prompt_id is null
      when 'hour' then started_at is null or not isfinite(started_at)
      else false
    end
  ) as all_clustered,
  coalesce((select min(ingest_id) = max(ingest_id) and count(ingest_id) = count(*) from tasks), false) as told_once

-- name: parts
-- One row a call. Calls are put in one order for good, `place`: answering calls, then the rest; by time (in
-- milliseconds), attempt and line of the log, of which the last digits tell calls of one moment apart. A
-- call that failed before it read a token costs nothing; another without a cost is doubtful. A call of a task that does
-- not tell its cluster, such as a judge's without a user, has none of its own: it is in that of its task.
create or replace temp view parts as
select
  * exclude (place, without_cost, answers, free, own_cluster),
  case
    when getvariable('own_tasks') and task is not null then task
    when clusterless and task is not null then null
    else own_cluster
  end as cluster,
  case when answers then 0 else 1152921504606846976 end
    + case when getvariable('credit') = 'last' then 1152921504606846975 - place else place end as place,
  not answers as other,
  without_cost and free as free,
  without_cost and not free as doubtful
from (
  select
    case when getvariable('all_in_tasks') or task_id is not null then hash(task_id) end as task,
    case when conversation_id is not null then hash(conversation_id) end as conversation,
    g,
    coalesce(getvariable('grain'), '') = '' and not coalesce(getvariable('all_clustered'), false)
      and coalesce(case getvariable('unit')
        when 'user_id' then user_id is null
        when 'conversation_id' then conversation_id is null
        when 'prompt_id' then prompt_id is null
        when 'hour' then started_at is null or not isfinite(started_at)
      end, false) as clusterless,
    hash(cluster) as own_cluster,
    coalesce(getvariable('all_chosen'), false) or chosen as chosen,
    cost,
    coalesce(getvariable('answers_only'), false)
      or ((role is null or role = 'answer') and operation is distinct from 'embeddings') as answers,
    not coalesce(getvariable('all_priced'), false) and cost is null as without_cost,
    coalesce(status not in ('ok', 'timeout', 'cancelled'), false)
      and coalesce(input_tokens, 0) + coalesce(output_tokens, 0) = 0 as free,
    case when getvariable('users') and user_id is not null then hash(user_id) end as owner,
    least(greatest(coalesce(epoch_us(started_at) // 1000, line, 0), 0), 4398046511103) * 262144
      + least(greatest(coalesce(attempt, 1), 1), 63) * 4096
      + coalesce(line, 0) % 4096 as place
  from selected
)

-- name: pieces
-- The calls of one task, group, cluster and owner together, in one scan of the calls: most tasks are one piece, and whatever is
-- summed up by task or by group and cluster is summed from these.
create or replace temp table pieces as
select
  task, g, cluster, chosen, owner,
  min(place) as place,
  coalesce(sum(cost), 0) as cost,
  count(*)::uinteger as calls,
  case when getvariable('answers_only') then 0 else count(*) filter (where other) end::uinteger as others,
  case when getvariable('all_priced') then 0 else count(*) filter (where doubtful) end::uinteger as doubtful,
  case when getvariable('all_priced') then 0 else count(*) filter (where free) end::uinteger as free
from parts
group by task, g, cluster, chosen, owner

-- name: tasks
-- One row a task: its group and cluster, what its calls cost, whether it is known to be resolved. The piece of its first
-- call names the group, the first that has one the cluster and the owner: place and what is named make one number, of
-- which the least is wanted. A task none of whose calls tells a cluster is one.
create or replace temp table broken as
select task from pieces where task is not null group by task having count(*) > 1;
create or replace temp view outcomes as
select hash(task_id) as task, resolved from tasks
where resolved is not null and coalesce(getvariable('told_once'), false)
union all
select hash(task_id), bool_or(resolved) from tasks
where resolved is not null and not coalesce(getvariable('told_once'), false)
group by hash(task_id);
create or replace temp view told as
with
mended as (
  select
    task,
    min(place::uhugeint * 36893488147419103232 + g::uhugeint * 2 + chosen::int::uhugeint) as first,
    min(place::uhugeint * 18446744073709551616 + cluster::uhugeint) as cluster,
    sum(cost) as cost,
    sum(calls)::uinteger as calls,
    sum(others)::uinteger as others,
    sum(doubtful)::uinteger as unpriced,
    coalesce(min(g) filter (where others < calls) <> max(g) filter (where others < calls), false) as mixed,
    min(place::uhugeint * 18446744073709551616 + owner::uhugeint) as owner
  from pieces semi join broken using (task)
  group by task
),
whole as (
  select task, g, cluster, place, chosen, cost, calls, others, doubtful as unpriced, false as mixed, owner
  from pieces anti join broken using (task)
  where task is not null
  union all
  select
    task,
    ((first >> 1) & 18446744073709551615::uhugeint)::ubigint,
    (cluster & 18446744073709551615::uhugeint)::ubigint,
    (first >> 65)::bigint,
    (first & 1::uhugeint) > 0,
    cost, calls, others, unpriced, mixed,
    (owner & 18446744073709551615::uhugeint)::ubigint
  from mended
)
select
  task, g, coalesce(cluster, task) as cluster,
  case when getvariable('hours') then coalesce(nullif(
    abs(
      case when getvariable('credit') = 'last' then 1152921504606846975 else 0 end
      - (place & 1152921504606846975)
    )::ubigint // 943718400000, 0), coalesce(cluster, task))
  end as hour,
  chosen,
  cost,
  calls::double as calls,
  (calls - others)::double as attempts,
  unpriced::double as unpriced,
  mixed,
  resolved,
  owner
from whole left join outcomes using (task);
create or replace temp view call_costs as
select g, coalesce(cluster, task) as cluster, cost, task is null as without_task, doubtful or free as without_cost, free, doubtful
from parts
where chosen

-- name: kept
-- What is read several times is worth a table.
create or replace temp table kept as from told;
create or replace temp view task_costs as from kept

-- name: seen
create or replace temp view task_costs as from told

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
  sum(unpriced) as unpriced,
  coalesce(sum(case when resolved is not null then unpriced end), 0) as settled_unpriced,
  count(*) filter (where mixed)::double as mixed
from task_costs
where chosen
group by g, cluster;
create or replace temp table call_sums as
select
  g,
  coalesce(cluster, task) as cluster,
  sum(calls)::double as calls,
  (sum(calls) - sum(doubtful))::double as counted,
  (sum(doubtful) + sum(free))::double as unpriced,
  sum(free)::double as free,
  sum(case when task is null then calls else 0 end)::double as without_task,
  sum(cost) as cost,
  sum(case when task is null then cost else 0 end) as cost_without_task,
  sum(case when task is null then doubtful else 0 end)::double as unpriced_without_task
from pieces
where chosen
group by g, coalesce(cluster, task);
create or replace temp view task_clusters as select * from task_sums;
create or replace temp view call_clusters as select * from call_sums

-- name: rows_of_clusters
create or replace temp table task_rows as
select
  g,
  sum(tasks) as tasks, sum(settled) as settled, sum(resolved) as resolved, sum(cost) as cost,
  sum(settled_cost) as settled_cost, sum(calls) as calls, sum(attempts) as attempts, sum(unpriced) as unpriced,
  sum(settled_unpriced) as settled_unpriced, sum(mixed) as mixed
from task_clusters
group by g;
create or replace temp table call_rows as
select
  g,
  sum(calls) as calls, sum(counted) as counted, sum(unpriced) as unpriced, sum(free) as free,
  sum(without_task) as without_task, sum(cost_without_task) as cost_without_task
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
from task_costs
where chosen and (getvariable('grain') = 'hour' or cluster % getvariable('every')::ubigint = 0)
group by g, unit;
create or replace temp table call_parts as
select
  g,
  cluster as unit,
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
from task_costs
where chosen

-- name: calls_by_task
create or replace temp view call_clusters as
with own as (
  select g, task, calls, doubtful, free, cost from pieces anti join broken using (task) where chosen
  union all
  select g, task, sum(calls), sum(doubtful), sum(free), sum(cost)
  from pieces semi join broken using (task)
  where chosen
  group by g, task
)
select
  g,
  calls::double as calls,
  (calls - doubtful)::double as counted,
  (doubtful + free)::double as unpriced,
  free::double as free,
  case when task is null then calls else 0 end::double as without_task,
  cost,
  case when task is null then cost else 0 end as cost_without_task
from own

-- name: calls_alone
create or replace temp view call_clusters as
select
  g,
  1::double as calls,
  case when doubtful then 0 else 1 end::double as counted,
  without_cost::double as unpriced,
  free::double as free,
  without_task::double as without_task,
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
from task_costs
where chosen
group by g;
create or replace temp table call_rows as
select
  g,
  sum(calls) as calls,
  sum(counted) as counted,
  sum(unpriced) as unpriced,
  sum(free) as free,
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
with dearest as (
  select g, max(cost) as cost from call_costs where not coalesce(getvariable('all_priced'), false) group by g
)
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
  dearest.cost as dearest,
  coalesce(task_rows.cost, 0) as cost,
  coalesce(task_rows.settled_cost, 0) as settled_cost,
  coalesce(task_rows.cost, 0) + coalesce(call_rows.cost_without_task, 0) as total_cost
from groups left join call_rows using (g) left join task_rows using (g) left join dearest using (g)
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
