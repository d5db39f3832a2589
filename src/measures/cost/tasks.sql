-- What tasks cost, and of which row each is. Reads the view `selected` over whole tasks and the table tasks.
--
-- The variable `log` has what is asked: `credit`, 'first' or 'last', which answering call names the row a task belongs
-- to; `unit`, the column that clusters, and `own_tasks`, whether every task is a cluster; whether a task is to tell its
-- owner, the user (`users`), and the hour of that answering call (`hours`), for which its cluster stands where it has no
-- time; whether tasks are `kept` in a table. And it has what is so of the log and need not be looked at, which the
-- engine leaves out before it scans: see the statements `exceptions`, `outcomes` and `mostly`.
--
-- Nearly every task has its answering calls in one group, and all of its calls in one cluster: one pass of the calls
-- tells all of it. The others are split, and are looked at in detail; so are those with a call without a cost, where few
-- have one.

-- name: exceptions
-- What keeps a log from being plain: the fields of `log` that are false.
(select 'answers_only' as name from selected where role <> 'answer' limit 1)
union all
(select 'answers_only' from selected where operation = 'embeddings' limit 1)
union all
(select 'all_priced' from selected where cost is null limit 1)
union all
(select 'all_in_tasks' from selected where task_id is null limit 1)
union all
(select 'all_chosen' from selected where not chosen limit 1)
union all
(
  select 'all_clustered' from selected
  where case $unit::varchar
    when 'user_id' then user_id is null
    when 'conversation_id' then conversation_id is null
    when 'prompt_id' then prompt_id is null
    when 'hour' then started_at is null or not isfinite(started_at)
    else false
  end
  limit 1
)

-- name: outcomes
-- Whether outcomes are known, and none is told twice: of one ingest, each task is there once.
select
  count(resolved) > 0 as some_told,
  coalesce(min(ingest_id) = max(ingest_id) and count(ingest_id) = count(*), false) as told_once
from tasks

-- name: mostly
-- Where a call has no cost, whether most have one; where several ingests tell outcomes, the one that tells most.
select
  (select count(cost) > 0.9 * count(*) from selected) as most_priced,
  (
    select ingest_id from tasks where ingest_id is not null group by ingest_id order by count(*) desc, ingest_id limit 1
  ) as ingest

-- name: parts
-- One row a call. Calls are put in one order for good, `place`: answering calls, then the rest, which is 2^60 behind;
-- by time (in milliseconds), attempt and line of the log, of which the last digits tell calls of one moment apart. The
-- call that is asked for, the first or the last, has the least `place` and `moment`. A call that failed before it read a
-- token costs nothing; another without a cost is doubtful. A call of a task that does not tell its cluster, such as a
-- judge's without a user, has none: its task has that of its other calls, and is one itself among calls (`call_costs`).
create or replace temp view at_hand as from selected;
create or replace temp view parts as
select
  * exclude (place, moment, without_cost, answers, free, own_cluster),
  case
    when clusterless and task is not null then null
    when getvariable('log').own_tasks and getvariable('grain') is null and task is not null then null
    else own_cluster
  end as cluster,
  case when answers then 0 else 1152921504606846976 end
    + case when getvariable('log').credit = 'last' then 1152921504606846975 - place else place end as place,
  case when getvariable('log').credit = 'last' then -moment else moment end as moment,
  not answers as other,
  without_cost and free as free,
  without_cost and not free as doubtful
from (
  select
    case when getvariable('log').all_in_tasks or task_id is not null then hash(task_id) end as task,
    case when conversation_id is not null then hash(conversation_id) end as conversation,
    g,
    getvariable('grain') is null and not coalesce(getvariable('log').all_clustered, false)
      and coalesce(case getvariable('log').unit
        when 'user_id' then user_id is null
        when 'conversation_id' then conversation_id is null
        when 'prompt_id' then prompt_id is null
        when 'hour' then started_at is null or not isfinite(started_at)
      end, false) as clusterless,
    hash(cluster) as own_cluster,
    coalesce(getvariable('log').all_chosen, false) or chosen as chosen,
    cost,
    coalesce(getvariable('log').answers_only, false)
      or ((role is null or role = 'answer') and operation is distinct from 'embeddings') as answers,
    not coalesce(getvariable('log').all_priced, false) and cost is null as without_cost,
    coalesce(status not in ('ok', 'timeout', 'cancelled'), false)
      and coalesce(input_tokens, 0) + coalesce(output_tokens, 0) = 0 as free,
    case when getvariable('log').users and user_id is not null then hash(user_id) end as owner,
    case when isfinite(started_at) then epoch_us(started_at) end as moment,
    least(greatest(coalesce(epoch_us(started_at) // 1000, line, 0), 0), 4398046511103) * 262144
      + least(greatest(coalesce(attempt, 1), 1), 63) * 4096
      + coalesce(line, 0) % 4096 as place
  from at_hand
)

-- name: call_costs
-- The calls that are chosen, each in its own group and cluster.
create or replace temp view call_costs as
select
  g,
  case
    when getvariable('grain') is not null or (getvariable('log').all_clustered and not getvariable('log').own_tasks)
    then cluster
    else coalesce(cluster, task)
  end as cluster,
  cost,
  not getvariable('log').all_in_tasks and task is null as loose,
  free,
  doubtful
from parts
where chosen

-- name: tasks
-- One row a task, as one pass of its calls tells it. Where every call answers and has a cluster, group and cluster are
-- looked at as one number, in which either gives the other.
create or replace temp view looked_at as
select
  task,
  min(case when not other then g end) as g,
  case when getvariable('log').paired then xor(min(xor(g, cluster)), min(g)) else min(cluster) end as cluster,
  case when getvariable('log').users then min(owner) end as owner,
  getvariable('log').all_chosen or coalesce(bool_and(case when not other then chosen end), false) as chosen,
  case
    when not getvariable('log').hours then null
    when getvariable('log').answers_only then min(moment)
    else coalesce(min(case when not other then moment end), min(moment))
  end as moment,
  coalesce(sum(cost), 0) as cost,
  count(*)::double as calls,
  case when getvariable('log').answers_only then 0 else count(*) filter (where other) end::double as others,
  case when getvariable('log').most_priced then 0 else count(*) filter (where doubtful) end::double as unpriced,
  false as mixed,
  coalesce(
    case
      when getvariable('log').paired then min(xor(g, cluster)) <> max(xor(g, cluster))
      else min(case when not other then g end) <> max(case when not other then g end)
        or min(cluster) <> max(cluster)
        or (not getvariable('log').answers_only and count(*) filter (where not other) = 0)
    end
    or (getvariable('log').users and min(owner) <> max(owner))
    or (
      not getvariable('log').all_chosen
      and bool_and(case when not other then chosen end) <> bool_or(case when not other then chosen end)
    )
    or (getvariable('log').most_priced and not getvariable('log').all_priced and count(cost) < count(*)), false
  ) as split
from parts
where getvariable('log').all_in_tasks or task is not null
group by task;
create or replace temp view known as
with
first as (
  select hash(task_id) as task, resolved from tasks
  where resolved is not null and (getvariable('log').told_once or ingest_id = getvariable('log').ingest)
),
others as (
  select hash(task_id) as task, bool_or(resolved) as resolved from tasks
  where resolved is not null and not getvariable('log').told_once
    and not coalesce(ingest_id = getvariable('log').ingest, false)
  group by hash(task_id)
)
select task, resolved from first where getvariable('log').told_once
union all
select task, coalesce(first.resolved, false) or coalesce(others.resolved, false)
from first full join others using (task)
where not getvariable('log').told_once;
create or replace temp view told as
select
  task, g, coalesce(cluster, task) as cluster,
  case when getvariable('log').hours then coalesce((abs(moment) // 3600000000)::ubigint, cluster, task) end as hour,
  owner, chosen, cost, calls, calls - others as attempts, unpriced, mixed, resolved, split
from looked_at left join known using (task);
create or replace temp view seen as from told

-- name: kept
-- Tasks that are read several times are worth a table.
create or replace temp table kept as from told;
create or replace temp table split as select task, resolved from kept where split;
create or replace temp view task_costs as from kept where not split;
create or replace temp view seen as from task_costs;
create or replace temp table unsettled as select task from task_costs where chosen and resolved is null

-- name: some_split
select exists (from split) as some_split

-- name: detail
-- Split tasks call by call. The first call names the group, the first that has one the cluster and the owner: place and
-- what is named make one number, of which the least is wanted.
create or replace temp view at_hand as
from selected where hash(task_id) in (select task from split);
create or replace temp view looked_at as
select
  task,
  ((first >> 1) & 18446744073709551615::uhugeint)::ubigint as g,
  (cluster & 18446744073709551615::uhugeint)::ubigint as cluster,
  (owner & 18446744073709551615::uhugeint)::ubigint as owner,
  (first & 1::uhugeint) > 0 as chosen,
  moment, cost, calls, others, unpriced, mixed, false as split
from (
  select
    task,
    min(place::uhugeint * 36893488147419103232 + g::uhugeint * 2 + chosen::int::uhugeint) as first,
    min(place::uhugeint * 18446744073709551616 + cluster::uhugeint) as cluster,
    min(place::uhugeint * 18446744073709551616 + owner::uhugeint) as owner,
    coalesce(min(moment) filter (where not other), min(moment)) as moment,
    coalesce(sum(cost), 0) as cost,
    count(*)::double as calls,
    count(*) filter (where other)::double as others,
    count(*) filter (where doubtful)::double as unpriced,
    coalesce(min(g) filter (where not other) <> max(g) filter (where not other), false) as mixed
  from parts
  group by task
);
create or replace temp view known as from split;
create or replace temp table detail as from told;
create or replace temp view at_hand as from selected;
insert into unsettled select task from detail where chosen and resolved is null

-- name: kept_detail
insert into kept from detail
