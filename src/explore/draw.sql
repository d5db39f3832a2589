-- What is drawn of a log: whole users, or other units, by the first 32 bits of md5 of the id, which every engine has.

-- name: size
select
  count(*)::double as calls, count(user_id)::double as "user", count(conversation_id)::double as "conversation"
from calls

-- name: unit
-- Every call with what it is drawn by: its id of a unit, which the view `named_units` has. A call without the id is often
-- a judge's, of a task whose other calls have it.
create or replace temp view with_unit as
with of_calls as (
  select task_id, min(named) as known from named_units where task_id is not null and named is not null group by task_id
),
of_tasks as (
  select named_units.*, of_calls.known from named_units left join of_calls on named_units.task_id = of_calls.task_id
)
select * exclude (named, known), coalesce(named, known, task_id, call_id) as unit_id from of_tasks

-- name: unit_known
-- The same where every call has the id: no task needs to be asked who it belongs to.
create or replace temp view with_unit as select * exclude (named), named as unit_id from named_units

-- name: all_known
select not exists (select 1 from named_units where named is null) as "all"

-- name: drawn
-- The highest bits decide, so that a larger share holds those of a smaller one; intervals sample by the lowest.
create or replace temp view drawn as
select * exclude (unit_id), unit_id as drawn_by from with_unit
where ('0x' || substr(md5(unit_id), 1, 8))::bigint < getvariable('drawn_below')

-- name: drawn_ids
-- Who is drawn is asked once: every table that is filled reads this.
create or replace temp table drawn_ids as select call_id, task_id, drawn_by from drawn

-- name: counts
select
  count(distinct drawn_by)::double as units,
  count(*)::double as calls,
  (select count(distinct task_id) from tasks where task_id in (select task_id from drawn_ids))::double as tasks,
  (select count(*) from scores
    where subject = 'call' and subject_id in (select call_id from drawn_ids)
      or subject = 'task' and subject_id in (select task_id from drawn_ids))::double as scores
from drawn_ids
