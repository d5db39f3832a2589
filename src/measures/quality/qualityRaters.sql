-- Who judged the same thing how. Reads the view given and the table placed of qualitySubjects.sql.

-- name: patterns
-- How many subjects have which judgements, of which raters; several of one rater count as their average.
with own as (
  select
    placed.g, placed.subject, placed.subject_id,
    given.rater || coalesce(' ' || given.rater_id, '') as who,
    case when min(given.value) = max(given.value) then min(given.value) else fsum(given.value) / count(*) end as value
  from given join placed using (subject, subject_id)
  where given.value is not null and isfinite(given.value)
  group by all
),
patterns as (
  select g, subject, subject_id, list({'who': who, 'value': value} order by who) as ratings
  from own
  group by g, subject, subject_id
  having count(*) > 1
)
select patterns.g, groups."by", ratings, count(*)::double as n
from patterns left join groups using (g)
group by patterns.g, groups."by", ratings
order by groups."by", ratings
