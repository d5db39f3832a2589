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

-- name: compared
-- The id of a pair has those of both answers, the one shown first at the front.
create or replace temp table compared as
with given as (
  select one.*
  from (select unnest(from_json(
    $pairs::json, '[{"review_id": "VARCHAR", "value": "DOUBLE", "rater_id": "VARCHAR", "line": "BIGINT"}]'
  )) as one)
),
hashed as (
  select distinct on (call_id) left(sha256('fieldnotes review ' || call_id), 16) as review_id,
    call_id, prompt_id, workload, model, output_length
  from calls where call_id is not null
)
select
  given.review_id || ':' || given.rater_id as comparison_id, given.review_id as given_id, given.value as preferred,
  given.rater_id, given.line, coalesce(first.prompt_id, second.prompt_id) as prompt_id,
  coalesce(first.workload, second.workload) as workload, first.model as model_a, second.model as model_b,
  first.output_length as length_a, second.output_length as length_b,
  first.call_id is not null and second.call_id is not null as is_known
from given
left join hashed as first on first.review_id = left(given.review_id, 16)
left join hashed as second on second.review_id = right(given.review_id, 16)

-- name: unknown
select count(*)::double as unknown, min(given_id) as example from (
  select given_id from labelled where call_id is null
  union all select given_id from compared where not is_known)

-- name: replaced
delete from scores using labelled
where scores.subject = 'call' and scores.rater = 'human' and scores.subject_id = labelled.call_id
  and scores.name = labelled.name and scores.rater_id = labelled.rater_id

-- name: inserted
insert into scores (subject, subject_id, name, value, label, rater, rater_id, ingest_id, line)
select 'call', call_id, name, value, nullif(label, ''), 'human', rater_id, $id::bigint, line from labelled

-- name: replaced_pairs
delete from preferences using compared where preferences.comparison_id = compared.comparison_id

-- name: inserted_pairs
insert into preferences by name
select comparison_id, prompt_id, workload, model_a, model_b, preferred, 'a' as shown_first, 'human' as rater, rater_id,
  length_a, length_b, $id::bigint as ingest_id, line
from compared where preferred is not null
