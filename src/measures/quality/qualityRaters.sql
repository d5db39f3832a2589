-- Who judged the same thing how. Reads the view given and the table placed of qualitySubjects.sql.

-- name: several
-- Subjects with judgements of several raters, each by its call; several of one rater count as their average.
create or replace temp view several as
with own as (
  select
    placed.g, placed.at_row, placed.subject, placed.subject_id,
    given.rater || coalesce(' ' || given.rater_id, '') as who,
    case when min(given.value) = max(given.value) then min(given.value) else fsum(given.value) / count(*) end as value
  from given join placed using (subject, subject_id)
  where given.value is not null and isfinite(given.value)
  group by all
)
select g, at_row, subject || ' ' || subject_id as unit, list({'who': who, 'value': value} order by who) as ratings
from own
group by g, at_row, subject, subject_id
having count(*) > 1

-- name: behind
-- Each of them for every two of its raters and for all of the group's, with how far these are apart.
with raters as (
  select g, 'all ' || count(distinct who) as everyone
  from (select g, unnest(ratings).who as who from several)
  group by g
),
numbered as (
  select g, at_row, unit, unnest(ratings) as rating, generate_subscripts(ratings, 1) as at from several
)
select
  one.g, one.at_row, one.unit, abs(one.rating.value - other.rating.value) as amount,
  one.rating.who || ' · ' || other.rating.who as raters
from numbered as one
join numbered as other on other.unit = one.unit and other.g is not distinct from one.g and other.at > one.at
union all
select
  g, at_row, unit,
  list_max(list_transform(ratings, lambda rating: rating.value)) - list_min(list_transform(ratings, lambda rating: rating.value)),
  everyone
from several join raters using (g)

-- name: patterns
-- How many subjects have which judgements, of which raters.
with patterns as (from several)
select patterns.g, groups."by", ratings, count(*)::double as n
from patterns left join groups using (g)
group by patterns.g, groups."by", ratings
order by groups."by", ratings
