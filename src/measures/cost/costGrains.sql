-- What conversations and users cost. Reads the view `selected` over whole tasks, `chosen_tasks`, and `task_sums`.

-- name: ids
-- Which of them the log has.
select
  exists (select 1 from selected where chosen and conversation_id is not null) as conversations,
  exists (select 1 from selected where chosen and user_id is not null) as users

-- name: conversations
-- One row per conversation, with all its calls: its first answering call owns it, or its last, as is asked of tasks.
-- It `spans` rows if tasks or calls without a task are another row's, or none's.
create or replace temp table conversation_costs as
with owners as (
  select conversation_id, g, chosen, unit, hour_unit
  from selected
  where conversation_id is not null and answers
  qualify row_number() over (
    partition by conversation_id order by begun nulls first, coalesce(attempt, 1), logged, at_row
  ) = case when $last::boolean then count(*) over (partition by conversation_id) else 1 end
),
sums as (
  select
    conversation_id, coalesce(sum(spent), 0) as cost, count(*)::double as calls,
    sum(case when getvariable('without_cost') then spent_high end) as cost_high,
    count(*) filter (unpriced)::double as unpriced,
    min(g) filter (owner or place is null) as lowest, max(g) filter (owner or place is null) as highest,
    bool_and(chosen) filter (owner or place is null) as whole
  from selected
  where conversation_id is not null
  group by conversation_id
)
select
  g, hash(coalesce(unit::varchar, conversation_id)) as cluster, hash(conversation_id) as conversation, hour_unit, cost,
  cost_high, calls, unpriced, coalesce(lowest <> g or highest <> g or not whole, false) as spans
from owners join sums using (conversation_id)
where chosen

-- name: conversation_rows
select
  g, count(*)::double as n, sum(calls) as calls, sum(unpriced) as unpriced, sum(cost) as cost,
  count(*) filter (spans)::double as spans
from conversation_costs
group by g

-- name: moved
-- Per row, what conversations that span rows spent on the tasks, and calls without a task, of other rows or of none.
with owners as (select hash(task_id) as task, g as row, chosen as counts from selected where owner)
select conversation_costs.g, sum(selected.spent) as moved
from selected
join conversation_costs on hash(selected.conversation_id) = conversation_costs.conversation and spans
left join owners on case when place >= 0 then hash(task_id) end = owners.task
where coalesce(owners.row, selected.g) <> conversation_costs.g or not coalesce(owners.counts, chosen)
group by conversation_costs.g

-- name: of_tasks
create or replace temp view of_users as
select g, "user", cost, cost_high, calls, unpriced from chosen_tasks where "user" is not null

-- name: of_clusters
-- Where clusters are users, their sums are there.
create or replace temp view of_users as
select g, "user", cost, cost_high, task_calls as calls, unpriced from task_sums where "user" is not null

-- name: users
-- One row for each group and user: the cost of the group's tasks that are the user's, and of the user's calls without one.
create or replace temp table user_costs as
select g, "user", sum(cost) as cost, sum(cost_high) as cost_high, sum(calls) as calls, sum(unpriced) as unpriced
from (
  from of_users
  union all
  select g, hash(user_id), coalesce(spent, 0), case when getvariable('without_cost') then spent_high end, 1::double, unpriced::int::double
  from selected
  where chosen and place is null and user_id is not null
)
group by g, "user"

-- name: user_rows
select g, count(*)::double as n, sum(calls) as calls, sum(unpriced) as unpriced
from user_costs
group by g
