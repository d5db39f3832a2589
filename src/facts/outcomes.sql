-- What became of tasks, and what else the log says of them. The only reader of the table tasks.

-- name: any_twice
-- Whether some task has rows of several files. (An ingest has each task once.)
select coalesce(min(ingest_id) <> max(ingest_id) or count(ingest_id) < count(*), false) as twice
from tasks where resolved is not null

-- name: outcomes_once
create or replace temp view outcomes as
select task_id, hash(task_id) as task, resolved, false as contradicted
from tasks
where resolved is not null and task_id is not null

-- name: trusted
-- The place of each file in the order that the user gave: a file's name or a pattern of it, or a format.
create or replace temp view trusted as
select ingest_id, min(place) as place
from ingests join outcome_order on parse_filename(path) glob source or format = source
group by ingest_id

-- name: all_alike
create or replace temp view trusted as select null::bigint as ingest_id, null::bigint as place where false

-- name: outcomes
-- Where files disagree, the newest outcome counts (`resolved_at`), then the file or format named first in the order that
-- the user gave; files that still disagree contradict each other, and the outcome is unknown. The order of ingest changes
-- nothing.
create or replace temp view outcomes as
with told as (
  select hash(task_id) as task, any_value(task_id) as task_id, bool_and(resolved) as resolved, bool_or(resolved) as ever
  from tasks
  where resolved is not null and task_id is not null
  group by hash(task_id)
),
ranked as (
  select
    hash(task_id) as task, resolved,
    rank() over (
      partition by hash(task_id)
      order by case when resolved_at is null then 1 else 0 end, resolved_at desc, coalesce(trusted.place, 1000000)
    ) as place
  from tasks left join trusted on trusted.ingest_id = tasks.ingest_id
  where resolved is not null and hash(task_id) in (select task from told where resolved <> ever)
),
decided as (
  select task, bool_and(resolved) as resolved, bool_or(resolved) as ever from ranked where place = 1 group by task
)
select
  told.task_id, told.task,
  case
    when told.resolved = told.ever then told.resolved
    when decided.resolved = decided.ever then decided.resolved
  end as resolved,
  coalesce(decided.resolved <> decided.ever, false) as contradicted
from told left join decided using (task)

-- name: contradictions
-- Tasks whose files disagree, and those of them that stay unknown.
select
  (select count(*) from (
    select task_id from tasks where resolved is not null and task_id is not null
    group by task_id having bool_and(resolved) <> bool_or(resolved)
  ))::double as disputed,
  (select count(*) from outcomes where contradicted)::double as contradicted

-- name: about
-- What the log says of a task beside its outcome: what its calls may lack.
create or replace temp view about_tasks as
select task_id, min(prompt_id) as prompt_id, min(user_id) as user_id, min(conversation_id) as conversation_id
from tasks
where task_id is not null
group by task_id

-- name: conversations
-- Outcomes of whole conversations, which belong to no task. Rows that disagree contradict each other.
create or replace temp view conversation_outcomes as
select conversation_id, case when bool_and(resolved) = bool_or(resolved) then bool_and(resolved) end as resolved
from tasks
where resolved is not null and task_id is null and conversation_id is not null
group by conversation_id

-- name: counts
select count(distinct task_id)::double as tasks, (select count(resolved) from outcomes)::double as with_outcome,
  (select count(resolved) from conversation_outcomes)::double as conversation_outcomes
from tasks where task_id is not null
