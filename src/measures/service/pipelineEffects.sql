-- Outcomes by model and pipeline. Reads the views `selected` over whole tasks and `scored_subjects`,
-- and the table task_costs of tasks.sql.

-- name: outcomes
-- The outcomes that are counted: of tasks for the outcome 'resolved', else the scores of calls, or of tasks where the
-- variable `carrier` says so.
create or replace temp view counted_outcomes as
select g, cluster, task, null as at_row, resolved::int::double as value
from task_costs
where chosen and resolved is not null and getvariable('outcome') = 'resolved'
union all
select g, cluster, task, null, value
from task_costs join (select hash(subject_id) as task, value from scored_subjects where subject = 'task') using (task)
where chosen and getvariable('outcome') <> 'resolved' and getvariable('carrier') = 'task'
union all
select g, hash(cluster), null, at_row, value
from selected join (select subject_id as call_id, value from scored_subjects where subject = 'call') using (call_id)
where chosen and getvariable('outcome') <> 'resolved' and getvariable('carrier') = 'call'

-- name: behind
-- Each by its call; a task counts by the first call that answered it.
select g, coalesce(counted_outcomes.at_row, owners.at_row) as at_row, value as amount
from counted_outcomes left join (select hash(task_id) as task, at_row from selected where owner) as owners using (task)

-- name: cells
-- Per group (a model in a pipeline) and cluster: how many outcomes, and their sum. Very many clusters are put together, whole.
with many as (
  select count(distinct cluster) > $most as so from counted_outcomes
)
select
  g::varchar as g,
  case when so then cluster % $most else cluster end as unit,
  count(*)::double as n, sum(value) as total, bool_and(value in (0, 1)) as plain
from counted_outcomes, many
group by counted_outcomes.g, unit
order by counted_outcomes.g, unit

-- name: groups
select g::varchar as g, "by" from groups order by "by"

-- name: pipelines
select
  count(distinct prompt_version) as prompt_version, count(distinct release) as release
from selected
where chosen
