-- Labels of a review sheet, filed as scores of the calls whose answers were judged.

-- name: labelled
-- The sheet's id of an answer is a hash of its call's.
create or replace temp table labelled as
with given as (
  select one.*
  from (select unnest(from_json(
    $labels::json,
    '[{"review_id": "VARCHAR", "call_id": "VARCHAR", "name": "VARCHAR", "value": "DOUBLE", "label": "VARCHAR",
       "rater_id": "VARCHAR", "line": "BIGINT"}]'
  )) as one)
),
hashed as (
  select distinct call_id, left(sha256('fieldnotes review ' || call_id), 16) as review_id from calls where call_id is not null
)
select
  given.* exclude (call_id),
  coalesce(by_hash.call_id, by_id.call_id) as call_id,
  coalesce(given.review_id, given.call_id) as given_id
from given
left join hashed as by_hash on by_hash.review_id = given.review_id
left join hashed as by_id on given.review_id is null and by_id.call_id = given.call_id

-- name: unknown
select count(*)::double as unknown, min(given_id) as example from labelled where call_id is null

-- name: earlier
select ingest_id as id from ingests where format = 'evalset labels' and sha256 = $sha256

-- name: replaced
delete from scores using labelled
where scores.subject = 'call' and scores.rater = 'human' and scores.subject_id = labelled.call_id
  and scores.name = labelled.name and scores.rater_id = labelled.rater_id

-- name: inserted
insert into scores (subject, subject_id, name, value, label, rater, rater_id, ingest_id, line)
select 'call', call_id, name, value, nullif(label, ''), 'human', rater_id, $id::bigint, line from labelled
