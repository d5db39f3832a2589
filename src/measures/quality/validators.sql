-- What a check lets pass. Reads the tables rated and placed of qualitySubjects.sql, the view
-- `judgements`, and spans.

-- name: scored
-- A rule that judged the subject itself: it flags where its score is on the bad side.
create or replace temp table flags as
select placed.subject, placed.subject_id, bool_or(case when $down then judgements.value > 0.5 else judgements.value < 0.5 end) as flagged
from judgements join placed using (subject, subject_id)
where judgements.name = $validator and judgements.rater = 'rule' and isfinite(judgements.value)
group by all

-- name: staged
-- A stage of the pipeline: it flags where its span ended in an error.
create or replace temp table flags as
select placed.subject, placed.subject_id, bool_or(spans.status is distinct from 'ok') as flagged
from placed
join spans on case when spans.call_id is not null then spans.call_id = placed.call_id and placed.subject = 'call'
  else spans.task_id = placed.task_id end
where spans.stage = $validator and spans.status is not null
group by all

-- name: truths
-- Kinds of rater that judged what was checked.
select rated.rater, count(*)::double as n
from rated join flags using (subject, subject_id)
where rated.rater <> 'rule'
group by rated.rater
order by n desc, rated.rater

-- name: checked
-- The truth of one kind of rater beside the flag; $bad is true where a high score is a fault.
create or replace temp table checked as
select rated.g, rated.at_row, rated.subject_id, rated.value, rated.cluster, flags.flagged, case when $bad then rated.value > 0.5 else rated.value < 0.5 end as wrong
from rated join flags using (subject, subject_id)
where rated.rater = $truth and rated.value <> 0.5

-- name: sums
with clusters as (
  select
    g,
    count(*)::double as n,
    count(*) filter (where flagged)::double as flagged,
    count(*) filter (where wrong)::double as wrong,
    count(*) filter (where wrong and flagged)::double as caught
  from checked
  group by g, cluster
)
select g, one.kind, one.c, one.r
from (
  select g, unnest([
    {'kind': 'flagged', 'c': flagged, 'r': n},
    {'kind': 'before', 'c': wrong, 'r': n},
    {'kind': 'caught', 'c': caught, 'r': wrong},
    {'kind': 'false_alarms', 'c': flagged - caught, 'r': n - wrong},
    {'kind': 'residual', 'c': wrong - caught, 'r': n - flagged}
  ]) as one
  from clusters
)
where one.r > 0

-- name: rows
select
  checked.g, groups."by",
  count(*)::double as n,
  count(*) filter (where flagged)::double as flagged,
  count(*) filter (where wrong)::double as wrong
from checked left join groups using (g)
group by checked.g, groups."by"
order by groups."by"

-- name: known
-- Rules and stages that could be a check.
select name from (
  select distinct name from judgements where rater = 'rule'
  union
  select distinct 'stage:' || stage from spans where stage is not null and status is not null
)
order by name
