-- Outcomes by model and pipeline. Reads the views `selected` over whole tasks and `scored_subjects`,
-- and the table task_costs of tasks.sql.

-- name: call_scores
create or replace temp view call_scores as
select subject_id as call_id, value from scored_subjects where subject = 'call'

-- name: behind
-- The outcomes that are counted, each by its call; a task counts by the first call that answered it.
select task_costs.g, at_row, resolved::int::double as amount
from task_costs join (select hash(task_id) as task, at_row from selected where owner) using (task)
where chosen and resolved is not null and getvariable('outcome') = 'resolved'
union all
select g, at_row, value
from selected join call_scores using (call_id)
where chosen and getvariable('outcome') <> 'resolved'

-- name: cells
-- Per group (a model in a pipeline) and cluster: how many outcomes, and their sum. Tasks for the outcome 'resolved', calls
-- that carry the score for others. Very many clusters are put together, whole.
with known as (
  select g, cluster, case when resolved then 1 else 0 end::double as value
  from task_costs
  where chosen and resolved is not null and getvariable('outcome') = 'resolved'
  union all
  select g, hash(cluster), value
  from selected join call_scores using (call_id)
  where chosen and getvariable('outcome') <> 'resolved'
),
many as (
  select count(distinct cluster) > $most as so from known
)
select
  g::varchar as g,
  case when so then cluster % $most else cluster end as unit,
  count(*)::double as n, sum(value) as total, bool_and(value in (0, 1)) as plain
from known, many
group by known.g, unit
order by known.g, unit

-- name: groups
select g::varchar as g, "by" from groups order by "by"

-- name: pipelines
select
  count(distinct prompt_version) as prompt_version, count(distinct release) as release
from selected
where chosen
