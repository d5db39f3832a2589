-- Judgements one by one, each with what may sway a judge. Reads the tables rated and placed, and the view given.

-- name: unit
-- Lengths are compared in one unit: tokens, unless characters are known of more answers.
set variable in_tokens = (
  select count(output_tokens) >= count(output_length) from facts where at_row in (select at_row from rated where rater = $judge))

-- name: verdicts
select
  rated.g,
  list(given.value order by rated.subject_id, given.rater_id) as value,
  list(coalesce(given.rater_id, '') order by rated.subject_id, given.rater_id) as judge,
  list(placed.model order by rated.subject_id, given.rater_id) as model,
  list(ln(1 + case when getvariable('in_tokens') then calls.output_tokens else calls.output_length end) order by rated.subject_id, given.rater_id) as length,
  list(rated.cluster order by rated.subject_id, given.rater_id) as cluster
from rated
join placed using (subject, subject_id)
join given on given.subject = rated.subject and given.subject_id = rated.subject_id and given.rater = rated.rater
left join facts as calls on calls.at_row = rated.at_row
where rated.rater = $judge and given.value between 0 and 1
group by rated.g
