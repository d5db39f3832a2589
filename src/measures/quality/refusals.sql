-- How answers end: refused, cut off, or complete and right or wrong. Reads the views `asked` and `scored_subjects`, the
-- score that tells right from wrong. `asked` is `selected` with how each call ended and what is harmless to answer.

-- name: ended
create or replace temp view ended as
select
  g, at_row, hash(cluster) as cluster, hour_unit, call_id, task_id,
  judged as ending,
  harmless,
  row_number() over (
    partition by coalesce('t' || task_id, 'c' || call_id)
    order by place desc, at_row desc
  ) = 1 as is_last
from asked

-- name: endings
-- Every call with how it ended and its score: its own, else its task's where it is the last call of it.
create or replace temp table endings as
with of_calls as (select subject_id as call_id, value as score from scored_subjects where subject = 'call'),
of_tasks as (select subject_id as task_id, value as score from scored_subjects where subject = 'task')
select
  ended.g, ended.at_row, ended.cluster, ended.hour_unit, ended.ending, ended.harmless,
  coalesce(of_calls.score, case when ended.is_last then of_tasks.score end)::double as score
from ended left join of_calls using (call_id) left join of_tasks using (task_id)

-- name: range
select min(score) as least, max(score) as most, count(score)::double as scores from endings

-- name: sums
-- Reads the view `clustered` of these calls.
with clusters as (
  select
    g, cluster,
    count(ending)::double as known,
    count(*) filter (where ending = 'refused')::double as refused,
    count(ending) filter (where harmless)::double as harmless,
    count(*) filter (where harmless and ending = 'refused')::double as over_refused,
    count(*) filter (where ending = 'truncated')::double as truncated,
    count(score) filter (where coalesce(ending, 'complete') = 'complete')::double as judged,
    count(*) filter (where coalesce(ending, 'complete') = 'complete'
      and case when getvariable('down') then score < getvariable('pass') else score >= getvariable('pass') end)::double as correct
  from clustered
  group by g, cluster
)
select g, one.kind, one.c, one.r, unit
from (
  select g, cluster as unit, unnest([
    {'kind': 'refused', 'c': refused, 'r': known},
    {'kind': 'over_refused', 'c': over_refused, 'r': harmless},
    {'kind': 'truncated', 'c': truncated, 'r': known},
    {'kind': 'right', 'c': correct, 'r': judged},
    {'kind': 'wrong', 'c': judged - correct, 'r': judged}
  ]) as one
  from clusters
)
where one.r > 0

-- name: rows
select
  endings.g, groups."by",
  count(*)::double as calls,
  count(ending)::double as known,
  count(ending) filter (where harmless)::double as harmless,
  count(score) filter (where coalesce(ending, 'complete') = 'complete')::double as judged
from endings join groups using (g)
group by endings.g, groups."by"
order by groups."by"
