-- What conversations and users cost. Reads the view `selected` over whole tasks and the views of tasks.sql.

-- name: filled
select
  exists (select 1 from selected where chosen and conversation_id is not null) as conversations,
  exists (select 1 from selected where chosen and user_id is not null) as users,
  exists (select 1 from selected where user_id is null) as userless

-- name: conversations
-- One row a conversation, all its calls included: it belongs to the group of its first answering call (or of its
-- last, as the variable `credit` says), as a task does.
create or replace temp table conversation_costs as
select
  ((first >> 1) & 18446744073709551615::uhugeint)::ubigint as g,
  case
    when getvariable('log').own_tasks then conversation
    else coalesce((cluster & 18446744073709551615::uhugeint)::ubigint, conversation)
  end as cluster,
  (abs(coalesce(answered, moment)) // 3600000000)::ubigint as hour,
  cost,
  calls,
  unpriced
from (
  select
    conversation,
    min(place::uhugeint * 36893488147419103232 + g::uhugeint * 2 + chosen::int::uhugeint) as first,
    min(place::uhugeint * 18446744073709551616 + cluster::uhugeint) filter (where not clusterless) as cluster,
    case when getvariable('log').hours then min(moment) filter (where not other) end as answered,
    case when getvariable('log').hours then min(moment) end as moment,
    coalesce(sum(cost), 0) as cost,
    count(*)::double as calls,
    count(*) filter (where doubtful)::double as unpriced
  from parts
  where conversation is not null
  group by conversation
)
where (first & 1::uhugeint) > 0;
create or replace temp view kinds as
select g, 'conversation' as kind, sum(cost) as c, count(*)::double as r
from conversation_costs
group by g, case getvariable('grain') when 'hour' then hour when 'both' then hash(cluster, hour) else cluster end

-- name: conversation_rows
select g, count(*)::double as n, sum(calls) as calls, sum(unpriced) as unpriced, sum(cost) as cost
from conversation_costs
group by g

-- name: users
-- One row for each group and user: the cost of the group's tasks that are the user's, all their calls included, and of
-- the user's calls that belong to no task.
create or replace temp table user_costs as
select g, owner, sum(cost) as cost, sum(calls) as calls, sum(unpriced) as unpriced
from (
  select g, owner, cost, calls, unpriced from task_costs where chosen and owner is not null
  union all
  select g, owner, coalesce(cost, 0), 1::double, doubtful::int::double
  from parts
  where chosen and task is null and owner is not null and not getvariable('log').all_in_tasks
)
group by g, owner;
create or replace temp view kinds as select g, 'user' as kind, cost as c, 1::double as r from user_costs

-- name: user_rows
select g, count(*)::double as n, sum(calls) as calls, sum(unpriced) as unpriced, sum(cost) as cost
from user_costs
group by g
