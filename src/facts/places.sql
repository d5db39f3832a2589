-- The place of a call in its task. It is stored when an ingest is completed, since ranking a log again for every
-- measure would cost more than most measures do. Reads the view `facts`.

-- name: unplaced
-- True if an answering call of a task has no place.
select exists (select 1 from facts where place is null and task_id is not null and answers) as unplaced

-- name: any_unplaced
-- Usually every call of a task has one, which column statistics show.
select exists (select 1 from calls where place_in_task is null and task_id is not null) as unplaced

-- name: places
-- Answering calls are numbered from 1, by start, attempt and order in the log; one without a time comes first. A
-- call of another role has place 0, or no place if nobody answers the task.
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

-- name: placed_calls
-- What the facts read instead of the table calls where a place cannot be stored.
select calls.* replace (place as place_in_task), calls.rowid as rowid
from calls left join places on places.at_row = calls.rowid

-- name: ranked
-- The same computed whenever the view is read, for an engine that does not store it. Reads the view
-- `unplaced_facts`.
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
