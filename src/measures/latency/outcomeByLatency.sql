-- Outcomes by how long one waited. Reads the view `selected` over whole tasks, `groups`, task_costs of tasks.sql and scores.

-- name: waits
-- With the outcome 'resolved', tasks and their whole wait; with the name of a score, calls and their duration.
create or replace temp table waits as
with times as (
  select hash(task_id) as task,
    (max(epoch_us(started_at) + (1e6 * duration)::bigint) - min(epoch_us(started_at))) / 1e6 as wait
  from selected
  where task_id is not null and isfinite(started_at) and duration >= 0 and duration < 1e7
    and (role is null or role = 'answer')
  group by task
),
given as (
  select subject_id as call_id, avg(value) as value
  from scores
  where subject = 'call' and name = getvariable('outcome') and value is not null and isfinite(value)
  group by subject_id
)
select g, cluster, wait, case when resolved then 1 else 0 end::double as value
from task_costs join times using (task)
where chosen and resolved is not null and getvariable('outcome') = 'resolved'
union all
select g, hash(cluster), duration, value
from selected join given using (call_id)
where chosen and duration >= 0 and duration < 1e7 and getvariable('outcome') <> 'resolved'

-- name: bins
create or replace temp table binned as
with levels as (
  select g, wait, count(*) as n from waits group by g, wait
),
placed as (
  select g, wait,
    least(
      $bins::bigint - 1,
      floor($bins * (sum(n) over (partition by g order by wait) - n / 2) / sum(n) over (partition by g))::bigint
    ) as bin
  from levels
)
select waits.*, placed.bin from waits join placed using (g, wait);

-- name: kinds
create or replace temp view kinds as
select hash(g, bin) as g, 'outcome' as kind, sum(value) as c, count(*)::double as r
from binned
group by binned.g, bin, cluster

-- name: rows
select
  hash(binned.g, binned.bin) as g,
  groups."by",
  min(wait) as from_seconds,
  max(wait) as to_seconds,
  count(*)::double as n,
  (select bool_and(value in (0, 1)) from binned) as plain
from binned join groups using (g)
group by binned.g, binned.bin, groups."by"
order by groups."by", from_seconds
