-- What went wrong in tasks, by a person's reading of a part of them. Reads the view `selected` over whole tasks, the view
-- `judgements`, and the table `trajectories` (trajectories.sql).

-- name: frame
-- The tasks that a sheet may be drawn from, each in the first kind that it is of. Reads the view `task_facts` as well.
create or replace temp table frame as
with owners as (select hash(task_id) as task, task_id, workload, at_row, begun from selected where owner),
answered as (select hash(task_id) as task from selected where place > 0 and went_well group by hash(task_id)),
dear as (select workload, quantile_cont(cost, 0.95) as most from trajectories join owners using (task) group by workload)
select
  task, owners.task_id, trajectories.g, trajectories.cluster, at_row, owners.begun, trajectories.resolved, trajectories.cost,
  trajectories.calls, trajectories.unpriced, task_facts.seconds,
  case
    when not trajectories.resolved then 'not resolved'
    when trajectories.resolved is null and task not in (from answered) then 'no answer'
    when looped then 'looped'
    when failed then 'failed step'
    when trajectories.cost > dear.most then 'costly'
    else 'other'
  end as kind
from trajectories join owners using (task) join task_facts using (task) join dear on dear.workload is not distinct from owners.workload
where $until::varchar = '' or owners.begun is null or owners.begun <= try_cast($until::varchar as timestamp)

-- name: kinds
select kind, count(*)::double as tasks from frame group by kind

-- name: until
select coalesce(strftime(max(begun), '%Y-%m-%d %H:%M:%S.%f'), '') as until from frame

-- name: drawn
-- A seeded random sample of each kind, in random order.
with placed as (
  select task_id, kind, row_number() over (partition by kind order by md5($seed || ' draw ' || task_id), task_id) as place
  from frame
),
wanted as (select unnest(from_json($sizes::json, '[{"kind": "VARCHAR", "size": "BIGINT"}]')) as one)
select task_id, placed.kind
from placed join wanted on placed.kind = one.kind and place <= one.size
order by md5($seed || ' place ' || task_id), task_id

-- name: labels
select distinct name from judgements
where rater = 'human' and label is not null and subject in ('task', 'call') and name not in ('first wrong step', 'first wrong step place', 'cause note')
order by name

-- name: named
-- What people say went wrong in tasks, in a sheet or, of tasks or calls of them, in another tool.
create or replace temp table named as
select coalesce(selected.task_id, subject_id) as task_id, rater_id, label as cause
from judgements left join selected on subject = 'call' and call_id = subject_id
where
  name = $score and rater = 'human' and label is not null and (subject = 'task' or selected.task_id is not null)

-- name: unnamed
-- The drawn tasks of which a reader wrote a note and named no cause.
select count(distinct task_id)::double as unnamed
from judgements join frame on subject_id = task_id
where subject = 'task' and name = 'cause note' and rater = 'human' and label is not null
  and (task_id, rater_id) not in (select (task_id, rater_id) from named)

-- name: unmatched
-- The tasks and calls that people labelled, and those of them that belong to no task of the frame.
select count(*)::double as labelled, count(*) filter (task_id is null or task_id not in (select task_id from frame))::double as lost
from (
  select distinct subject, subject_id, case when subject = 'task' then subject_id else selected.task_id end as task_id
  from judgements left join selected on subject = 'call' and call_id = subject_id
  where name = $score and rater = 'human' and label is not null and subject in ('task', 'call')
)

-- name: frame_named
-- Nobody drew them: they stand for themselves.
create or replace temp table frame as select * from frame where task_id in (select task_id from named where cause <> $open)

-- name: frame_drawn
select task_id, 1 as weight from frame order by task_id

-- name: read_tasks
-- The drawn tasks that someone read: what most readers say, each counted once however many steps of the task it labelled, then
-- the one whose name comes first. `weight` is one over the
-- chance of being drawn.
create or replace temp table read_tasks as
with drawn as (
  select one.* from (select unnest(from_json($drawn::json, '[{"task_id": "VARCHAR", "weight": "DOUBLE"}]')) as one)
),
said as (
  select
    task_id, cause, count(distinct rater_id) + count(*) filter (rater_id is null) as times, min(rater_id) as first_reader
  from named
  where cause <> $open
  group by task_id, cause
)
select frame.*, drawn.weight, cause
from frame join drawn using (task_id) join said using (task_id)
qualify row_number() over (partition by task order by times desc, first_reader, cause) = 1

-- name: drawn_here
-- The drawn tasks that the selection has, and those of them that someone read, whether or not they could tell the cause.
with drawn as (
  select one.task_id from (select unnest(from_json($drawn::json, '[{"task_id": "VARCHAR"}]')) as one)
)
select
  count(*)::double as drawn,
  count(*) filter (task_id in (select task_id from named))::double as read
from frame join drawn using (task_id)

-- name: rule_facts
-- What rules may name of a task.
create or replace temp table rule_facts as
with used as (
  select task, list(distinct tool) as tools, list(distinct tool) filter (status = 'error') as failed_tools from uses group by task
),
passed as (
  select hash(task_id) as task, list(distinct stage) as stages, list(distinct stage) filter (status = 'error') as failed_stages
  from spans
  where task_id is not null and stage is not null
  group by hash(task_id)
)
select
  trajectories.task as rule_task, looped as rule_looped, failed as rule_failed, steps as rule_steps, uses as rule_uses,
  cost as rule_cost, tools as rule_tools, failed_tools as rule_failed_tools, stages as rule_stages,
  failed_stages as rule_failed_stages
from trajectories left join used using (task) left join passed using (task)

-- name: judged
-- What judges say of tasks.
create or replace temp table machine_labels as
select hash(subject_id) as task, list_sort(list(distinct label)) as labels
from judgements
where subject = 'task' and name = $score and rater <> 'human' and label not in ($nothing, $open)
group by hash(subject_id)

-- name: sizes
select
  frame.g::varchar as g, any_value(groups."by") as "by", kind, coalesce(labels, []) as labels, min(begun)::varchar as "from",
  count(*)::double as tasks,
  count(*) filter (resolved)::double as resolved, count(resolved)::double as known,
  coalesce(sum(cost) filter (resolved is not null), 0)::double as cost,
  coalesce(sum(calls) filter (resolved is not null), 0)::double as calls,
  coalesce(sum(unpriced) filter (resolved is not null), 0)::double as unpriced,
  coalesce(sum(seconds), 0)::double as seconds, count(seconds)::double as timed
from frame join groups using (g) left join machine_labels using (task)
group by frame.g, kind, coalesce(labels, [])
order by any_value(groups."by"), kind, labels

-- name: read
select g::varchar as g, kind, cause, weight, cluster::varchar as cluster, coalesce(labels, []) as labels, resolved,
  cost::double as cost, seconds::double as seconds
from read_tasks left join machine_labels using (task)
order by task_id

-- name: twice_read
-- The drawn tasks that at least two readers named a cause of.
select g::varchar as g, list({'reader': reader, 'cause': cause} order by reader) as said
from (
  select read_tasks.g, task_id, coalesce(rater_id, '') as reader, min(named.cause) as cause
  from read_tasks join named using (task_id)
  where named.cause <> $open
  group by all
)
group by g, task_id
having count(*) > 1
order by task_id

-- name: began
-- The failed tasks of which a reader marked the first step that went wrong: what most readers marked. `cost_after` and
-- `seconds_after` are of the calls after it, in the order of `steps`; of a stage that is no call and no tool, of those that began
-- once it had ended. They are null where the step or that order is not known.
create or replace temp table began_tasks as
with marked as (
  select one.subject_id as task_id, one.label as step, there.label as place
  from judgements as one left join judgements as there
    on there.subject = 'task' and there.subject_id = one.subject_id and there.rater = 'human'
      and there.name = 'first wrong step place' and there.rater_id is not distinct from one.rater_id
  where one.subject = 'task' and one.name = 'first wrong step' and one.rater = 'human' and one.label is not null
  group by one.subject_id, one.label, there.label
  qualify row_number() over (partition by one.subject_id order by count(*) desc, min(one.rater_id), one.label, there.label) = 1
),
known as (
  select
    read_tasks.*, marked.step, regexp_extract(place, '^[0-9]+ (call|span) ', 1) as of,
    regexp_extract(place, '^[0-9]+ (?:call|span) (.*)$', 1, 's') as id
  from read_tasks join marked using (task_id)
  where kind in ('not resolved', 'no answer')
),
begun_at as (
  select known.task, any_value(steps.step) as at_step, cast(null as timestamp) as ended
  from known join selected on of = 'call' and call_id = id and selected.task_id = known.task_id
  join steps on steps.task = known.task and steps.kind = 0 and steps.in_log = selected.at_row and ordered
  group by known.task
  union all
  select
    known.task, any_value(steps.step),
    max(case when spans.tool is null then spans.started_at + to_microseconds((1e6 * coalesce(spans.duration, 0))::bigint) end)
  from known join spans on of = 'span' and span_id = id
  left join steps on steps.task = known.task and steps.kind = 1 and steps.in_log = spans.rowid and ordered
  group by known.task
  having any_value(steps.step) is not null or max(spans.started_at) filter (spans.tool is null) is not null
),
later as (
  select
    begun_at.task, coalesce(sum(steps.cost) filter (is_later), 0)::double as cost_after,
    coalesce(sum(wait) filter (is_later and steps.place > 0), 0)::double as seconds_after
  from (
    select steps.*, begun_at.task as of_task, case when at_step is null then steps.begun >= ended else steps.step > at_step end as is_later
    from begun_at join steps on steps.task = begun_at.task and steps.kind = 0
  ) as steps
  join begun_at on begun_at.task = of_task
  left join selected on selected.at_row = steps.in_log
  group by begun_at.task
)
select known.* exclude (of, id), cost_after, seconds_after
from known left join later using (task)

-- name: began_read
select g::varchar as g, kind, weight, cluster::varchar as cluster, step as cause, cost::double as cost, calls::double as calls,
  unpriced::double as unpriced, cost_after, seconds::double as seconds, seconds_after
from began_tasks
order by task_id

-- name: began_behind
select g, at_row, 1 as amount, task as unit, step from began_tasks

-- name: behind
select g, at_row, 1 as amount, task as unit, cause from read_tasks
