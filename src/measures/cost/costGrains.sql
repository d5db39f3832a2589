-- What users cost. Reads the view `selected` over whole tasks, `chosen_tasks`, and `task_sums`.

-- name: ids
-- Which of conversations and users the log has.
select
  exists (select 1 from selected where chosen and conversation_id is not null) as conversations,
  exists (select 1 from selected where chosen and user_id is not null) as users

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
