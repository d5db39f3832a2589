-- Judgements one by one, each with what may sway a judge. Reads the tables rated and placed, and the view given.

-- name: unit
-- Lengths are compared in one unit: tokens, unless characters are known of more answers.
set variable in_tokens = (
  select count(output_tokens) >= count(output_length) from facts where at_row in (select at_row from rated where rater = $judge))

-- name: verdicts
with verdicts as (
  select
    rated.g, rated.subject_id, rated.cluster, rated.prompt_id, given.value, coalesce(given.rater_id, '') as judge, placed.model,
    ln(1 + case when getvariable('in_tokens') then calls.output_tokens else calls.output_length end) as length
  from rated
  join placed using (subject, subject_id)
  join given on given.subject = rated.subject and given.subject_id = rated.subject_id and given.rater = rated.rater
  left join facts as calls on calls.at_row = rated.at_row
  where rated.rater = $judge
)
select
  g,
  coalesce(list(value order by subject_id, judge) filter (where value between 0 and 1), []) as value,
  coalesce(list(judge order by subject_id, judge) filter (where value between 0 and 1), []) as judge,
  coalesce(list(model order by subject_id, judge) filter (where value between 0 and 1), []) as model,
  coalesce(list(length order by subject_id, judge) filter (where value between 0 and 1), []) as length,
  coalesce(list(prompt_id order by subject_id, judge) filter (where value between 0 and 1), []) as prompt,
  coalesce(list(cluster order by subject_id, judge) filter (where value between 0 and 1), []) as cluster,
  count(*) filter (where value not between 0 and 1)::double as beyond
from verdicts
where value is not null
group by g
