-- Scores of the same items on two sides. Reads the views `sided` and `subject_scores`, and the table score_units.

-- name: items
-- Per score and item that both sides have, its mean score on each side.
with subjects as (
  select distinct 'call' as subject, call_id as subject_id, prompt_id, second
  from sided where chosen and second is not null and prompt_id is not null
  union all
  select 'task', task_id, min(prompt_id), bool_or(second)
  from sided where chosen and second is not null and prompt_id is not null and task_id is not null
  group by task_id
  having count(distinct second) = 1
),
given as (
  select * from subject_scores where ('score:' || name, rater) in (select (metric, rater) from score_units)
),
items as (
  select
    name, prompt_id,
    avg(value) filter (where not second) as a,
    avg(value) filter (where second) as b
  from given join subjects using (subject, subject_id)
  group by name, prompt_id
)
select name, prompt_id, a, b
from items
where a is not null and b is not null
order by name, prompt_id
