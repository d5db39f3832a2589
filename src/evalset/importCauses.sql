-- What readers of a sheet said of tasks, filed as scores of these tasks.

-- name: placed
-- The tasks of a sheet, whose ids are hashes of their own.
create or replace temp table placed_tasks as
with given as (
  select one.* from (select unnest(from_json($tasks::json, '[{"id": "VARCHAR", "kind": "VARCHAR"}]')) as one)
),
known as (
  select left(sha256('fieldnotes review ' || task_id), 16) as id, task_id
  from (select distinct task_id from calls where task_id is not null)
)
select given.id, kind, task_id from given left join known using (id)

-- name: tasks
select id, kind, task_id from placed_tasks

-- name: steps
-- By what the log knows the steps of the tasks of a sheet.
select id, task_id, 'call ' || call_id as step from placed_tasks join calls using (task_id) where call_id is not null
union
select id, placed_tasks.task_id, 'span ' || span_id
from placed_tasks join spans using (task_id)
where span_id is not null
union
select id, placed_tasks.task_id, 'span ' || span_id
from placed_tasks join calls using (task_id) join spans on spans.call_id = calls.call_id
where span_id is not null
union
select id, task_id, '' from placed_tasks

-- name: labelled
create or replace temp table labelled_tasks as
with given as (
  select one.*
  from (select unnest(from_json(
    $labels::json, '[{"id": "VARCHAR", "name": "VARCHAR", "label": "VARCHAR", "line": "BIGINT"}]'
  )) as one)
)
select task_id, name, label, line from given join placed_tasks using (id)

-- name: replaced
-- All that the reader said of these tasks before.
delete from scores
where subject = 'task' and rater = 'human' and rater_id = $rater
  and subject_id in (select task_id from labelled_tasks) and name in (select unnest(from_json($names::json, '["VARCHAR"]')))

-- name: inserted
insert into scores (subject, subject_id, name, label, rater, rater_id, ingest_id, line)
select 'task', task_id, name, label, 'human', $rater, $id::bigint, line from labelled_tasks where label <> ''
