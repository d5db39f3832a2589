-- The stages of the system around the model. Reads the view `selected` over whole tasks, `groups`, the view task_costs
-- of tasks.sql and the table spans.

-- name: timed
-- Spans of tasks that have a time.
create or replace temp view timed_spans as
select * from spans
where task_id is not null and isfinite(started_at) and duration >= 0 and duration < 1e7

-- name: placed
-- Spans of the chosen tasks. Reads the view `timed_spans`.
create or replace temp table placed as
with timed as (
  select
    span_id, parent_id, hash(task_id) as task, coalesce(stage, 'not given') as stage, status, duration,
    epoch_us(started_at) as starts, epoch_us(started_at) + (1e6 * duration)::bigint as ends
  from timed_spans
)
select timed.*, task_costs.g, task_costs.cluster
from timed join task_costs using (task)
where task_costs.chosen

-- name: path
-- What a task waits for: in every stretch between two boundaries the span that ends last, of those that have no other
-- inside them just then, or nothing. Tasks of a single stage, such as calls that were logged alone, say nothing of what
-- else there was to wait for.
create or replace temp table path as
with whole as (
  select g, cluster, task, min(starts) as starts, max(ends) as ends
  from placed
  group by g, cluster, task
  having count(distinct stage) > 1
),
marks as (
  select task, starts as at_us from placed semi join whole using (task)
  union
  select task, ends from placed semi join whole using (task)
),
stretches as (
  select task, at_us as starts, lead(at_us) over (partition by task order by at_us) as ends from marks
),
running as (
  select task, stretches.starts as at_us, span_id, parent_id, stage, placed.ends
  from stretches join placed using (task)
  where stretches.ends is not null and placed.starts <= stretches.starts and placed.ends >= stretches.ends
),
innermost as (
  select * from running
  where not exists (
    select 1 from running as inner_one
    where inner_one.task = running.task and inner_one.at_us = running.at_us
      and inner_one.parent_id = running.span_id and inner_one.span_id <> running.span_id
  )
),
waited as (
  select task, at_us, arg_max(stage, {'ends': ends, 'stage': stage}) as stage from innermost group by task, at_us
),
blocked as (
  select stretches.task, stretches.ends - stretches.starts as held, waited.stage
  from stretches left join waited on waited.task = stretches.task and waited.at_us = stretches.starts
  where stretches.ends is not null
)
select whole.g, whole.cluster, task, coalesce(blocked.stage, 'between stages') as stage, sum(held) / 1e6 as seconds,
  any_value(whole.ends - whole.starts) / 1e6 as whole
from blocked join whole using (task)
group by whole.g, whole.cluster, task, coalesce(blocked.stage, 'between stages')

-- name: sums
-- The share of a stage in the waiting of all tasks of its group, and how often it fails.
with waiting as (
  select g, cluster, sum(whole) as whole
  from (select distinct g, cluster, task, whole from path)
  group by g, cluster
),
stages as (select g, stage from path union select g, stage from placed),
own as (select g, cluster, stage, sum(seconds) as seconds from path group by g, cluster, stage)
select hash(stages.g, stages.stage) as g, 'path' as kind, coalesce(own.seconds, 0) as c, waiting.whole as r
from stages
join waiting using (g)
left join own on own.g = stages.g and own.stage = stages.stage and own.cluster = waiting.cluster
where waiting.whole > 0
union all
select hash(g, stage), 'error', count(*) filter (where status = 'error')::double, count(status)::double
from placed
where status is not null
group by g, stage, cluster

-- name: rows
with spanned as (
  select g, stage, count(*)::double as spans, count(distinct task)::double as tasks, count(status)::double as known
  from placed
  group by g, stage
),
walked as (select g, stage, sum(seconds) as seconds from path group by g, stage),
whole as (select g, count(distinct task)::double as every from path group by g)
select
  hash(g, stage)::varchar as g, groups."by", stage, coalesce(spans, 0) as spans, coalesce(tasks, 0) as tasks,
  coalesce(known, 0) as known, coalesce(every, 0) as every
from spanned full join walked using (g, stage) left join whole using (g) join groups using (g)
order by groups."by", seconds desc nulls last, stage

-- name: measured
-- The same spans as what latencies are measured of, each stage a group of its own.
create or replace temp view measured as
select hash(g, stage) as g, cluster, null as hour, duration as x, false as cut, false as failed from placed

-- name: behind
-- A task counts by the first call that answered it.
select placed.g, at_row, sum(placed.duration) as amount, task as unit, placed.stage
from placed join (select hash(task_id) as task, at_row from selected where owner) using (task)
group by all

-- name: left_out
select
  count(*)::double as spans,
  count(*) filter (where task_id is null or hash(task_id) not in (select task from task_costs))::double as strange
from spans
