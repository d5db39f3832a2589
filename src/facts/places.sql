-- The place of a call in its task. It is stored when an ingest is completed: to rank a log anew for every measure would
-- cost more than most measures do. Reads the view `facts`.

-- name: unplaced
-- Whether an answering call of a task has no place.
select exists (select 1 from facts where place is null and task_id is not null and answers) as unplaced

-- name: any_unplaced
-- Mostly no call of a task has none, which statistics tell.
select exists (select 1 from calls where place_in_task is null and task_id is not null) as unplaced

-- name: places
-- Answering calls from 1, by start, attempt and order of the log; one without a time comes first. A call of another role
-- has place 0, and none where nobody answers the task.
create or replace temp table places as
select
  at_row,
  row_number() over (
    partition by hash(task_id) order by begun nulls first, coalesce(attempt, 1), logged, at_row
  ) as place
from facts
where answers and task_id is not null
union all
select at_row, 0
from facts
where not answers and task_id in (select task_id from facts where answers)

-- name: store_places
update calls set place_in_task = places.place
from places
where calls.rowid = places.at_row and calls.place_in_task is distinct from places.place

-- name: ranked
-- The same wherever the view is read, of an engine that stores none. Reads the view `unplaced_facts`.
create or replace temp view facts as
select * exclude (ranked) replace (ranked as place, ranked = 1 as owner)
from (
  select
    *,
    case
      when task_id is null then null
      when answers then row_number() over (
        partition by task_id, answers order by begun nulls first, coalesce(attempt, 1), logged, at_row
      )
      when bool_or(answers) over (partition by task_id) then 0
    end as ranked
  from unplaced_facts
)
