-- Outcomes by how long one waited. Reads the views `selected` over whole tasks, `groups` and
-- `scored_subjects`, and the table task_costs of tasks.sql.

-- name: waits
-- With the outcome 'resolved', all tasks and their whole wait, with no value where the outcome is unknown; with the name of
-- a score, the calls that have it and their duration, or the tasks and their whole wait where the variable `carrier` says so.
create or replace temp table unbinned as
with times as (
  select hash(task_id) as task,
    (max(epoch_us(begun) + (1e6 * lasted)::bigint) - min(epoch_us(begun))) / 1e6 as level
  from selected
  where task_id is not null and begun is not null and lasted < 1e7 and answers
  group by task
),
of_calls as (select subject_id as call_id, value from scored_subjects where subject = 'call'),
of_tasks as (select hash(subject_id) as task, value from scored_subjects where subject = 'task')
select task as unit, g, cluster, hour_unit, level, case when resolved then 1 when not resolved then 0 end::double as value
from task_costs join times using (task)
where chosen and getvariable('outcome') = 'resolved'
union all
select task, g, cluster, hour_unit, level, value
from task_costs join times using (task) join of_tasks using (task)
where chosen and getvariable('outcome') <> 'resolved' and getvariable('carrier') = 'task'
union all
select hash(call_id), g, hash(cluster), hour_unit, lasted, value
from selected join of_calls using (call_id)
where chosen and lasted < 1e7 and getvariable('outcome') <> 'resolved' and getvariable('carrier') = 'call'

-- name: units
select hash(g, bin)::varchar as g, binned.unit, subject, subject_id, cluster
from binned join scored_subjects on hash(subject_id) = binned.unit and subject = getvariable('carrier')

-- name: behind_tasks
-- A task counts by the first call that answered it.
select
  g, at_row, value as amount, binned.unit, min(level) over (partition by g, bin) as from_seconds,
  max(level) over (partition by g, bin) as to_seconds
from binned join (select hash(task_id) as unit, at_row from selected where owner) using (unit)

-- name: behind_calls
select
  g, at_row, value as amount, binned.unit, min(level) over (partition by g, bin) as from_seconds,
  max(level) over (partition by g, bin) as to_seconds
from binned join (select hash(call_id) as unit, any_value(at_row) as at_row from selected where chosen group by all) using (unit)

-- name: sums
select hash(g, bin) as g, 'outcome' as kind, sum(value) as c, count(value)::double as r, cluster as unit
from binned
where value is not null
group by binned.g, bin, cluster

-- name: rows
select
  hash(binned.g, binned.bin)::varchar as g, groups."by", min(level) as from_seconds, max(level) as to_seconds,
  count(*)::double as n, count(value)::double as known, (select bool_and(value in (0, 1)) from binned) as plain
from binned join groups using (g)
where exists (select value from binned where value is not null)
group by binned.g, binned.bin, groups."by"
order by groups."by", from_seconds
