-- The facts of a task: one row per task, all its calls together. Reads the view `selected` over whole tasks, and the view
-- `outcomes`.

-- name: turns
-- A turn is a task in the place of its owner, the first call that answers it, with all its calls, or a call without a task. Its
-- owner determines a task's group, its user, its hour and its cluster; without a cluster, the task is its own. `mixed`: calls of
-- several groups answered it. (Owners need no sums, and most tasks have no other calls: that takes three quarters of the time of
-- a single group-by over all.)
with others as (
  select
    hash(task_id) as task,
    sum(spent) as cost,
    sum(spent_high) as cost_high,
    count(*) as calls,
    case when getvariable('helpers') then count(*) filter (place > 0) else count(*) end as attempts,
    count(*) filter (unpriced) as unpriced,
    count(*) filter (answers and coalesce(attempt, 1) = 1) as replies,
    count(*) filter (answers and status not in ('ok', 'cancelled')) as errors,
    count(*) filter (answers and status is null) as unstated,
    sum(wait) filter (place > 0) as seconds,
    sum(tokens_read) as tokens,
    case when getvariable('helpers') then min(g) filter (place > 0) else min(g) end as lowest,
    case when getvariable('helpers') then max(g) filter (place > 0) else max(g) end as highest
  from selected
  where place >= 0 and not owner
  group by hash(task_id)
),
firsts as (
  select
    hash(task_id) as task, hash(conversation_id) as conversation, conversation_id is not null as talks, at_row, begun, logged,
    g, chosen, owner, answers, hash(unit) as cluster, unit is not null as clustered, hour_unit, hash(user_id) as "user",
    user_id is not null as used, status, attempt, spent as cost, spent_high as cost_high, unpriced, wait, tokens_read as tokens
  from selected
  where owner or place is null
)
select
  firsts.task, conversation, talks, at_row, begun, logged, g, chosen, owner, answers, cluster, clustered, hour_unit,
  case when used then "user" end as "user",
  coalesce(firsts.cost, 0) + coalesce(others.cost, 0) as cost,
  -- The most that it may have cost; the same where every cost of the log is known.
  case
    when getvariable('without_cost') then coalesce(firsts.cost_high, 0) + coalesce(others.cost_high, 0)
    else coalesce(firsts.cost, 0) + coalesce(others.cost, 0)
  end as cost_high,
  1 + coalesce(calls, 0)::double as calls,
  answers::int + coalesce(attempts, 0)::double as attempts,
  case when answers and coalesce(attempt, 1) = 1 then 1 else 0 end + coalesce(replies, 0)::double as replies,
  firsts.unpriced::int + coalesce(others.unpriced, 0)::double as unpriced,
  -- Answering calls with an error, and those of which it is not known.
  case when answers and status not in ('ok', 'cancelled') then 1 else 0 end + coalesce(errors, 0)::double as errors,
  case when answers and status is null then 1 else 0 end + coalesce(unstated, 0)::double as unstated,
  case when answers then coalesce(wait + seconds, wait, seconds) end as seconds,
  (firsts.tokens + coalesce(others.tokens, 0))::double as tokens,
  coalesce(lowest <> g or highest <> g, false) as mixed
from firsts left join others using (task)

-- name: task_facts
create or replace temp view task_facts as
select
  turns.task, g, chosen, case when clustered then cluster else turns.task end as cluster, hour_unit, "user", cost, cost_high, calls,
  attempts, unpriced, seconds, tokens, mixed, resolved
from turns left join outcomes using (task)
where owner

-- name: task_costs
-- For measures that read the chosen tasks several times.
create or replace temp table task_costs as
select
  task, g, chosen, cluster, hour_unit, "user", cost, case when getvariable('without_cost') then cost_high end as cost_high, calls,
  attempts, unpriced, tokens, mixed, resolved
from task_facts
where chosen
