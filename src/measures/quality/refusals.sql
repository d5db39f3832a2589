-- How answers end: refused, cut off, or complete and right or wrong. Reads the views `selected`, `judgements` and
-- `scored_subjects`, the score that tells right from wrong.

-- name: ended
create or replace temp view ended as
with refusals as (
  select subject_id as call_id, bool_or(value > 0.5) as refused
  from judgements
  where subject = 'call' and lower(name) in ('refusal', 'refused', 'is_refusal') and value is not null
  group by subject_id
)
select
  g, at_row, hash(cluster) as cluster, hour_unit, call_id, task_id,
  case
    when refused then 'refused'
    when lower(finish_reason) in (
      'content_filter', 'content_filtered', 'contentfilter', 'refusal', 'safety', 'prohibited_content', 'recitation',
      'blocklist', 'spii', 'image_safety', 'guardrail_intervened', 'blocked'
    ) then 'refused'
    when finish_reason is null and lower(error_type) similar to '.*(content.?filter|content.?policy|guardrail).*' then 'refused'
    when lower(finish_reason) in ('length', 'max_tokens', 'max_output_tokens', 'model_length', 'max_length', 'token_limit')
      then 'truncated'
    when finish_reason is not null and went_well then 'complete'
    when refused is not null then 'complete'
  end as ending,
  row_number() over (
    partition by coalesce('t' || task_id, 'c' || call_id)
    order by place desc, at_row desc
  ) = 1 as is_last
from selected left join refusals using (call_id)

-- name: endings
-- Every call with how it ended and its score: its own, else its task's where it is the last call of it.
create or replace temp table endings as
with of_calls as (select subject_id as call_id, value as score from scored_subjects where subject = 'call'),
of_tasks as (select subject_id as task_id, value as score from scored_subjects where subject = 'task')
select
  ended.g, ended.at_row, ended.cluster, ended.hour_unit, ended.ending,
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
  count(score) filter (where coalesce(ending, 'complete') = 'complete')::double as judged
from endings join groups using (g)
group by endings.g, groups."by"
order by groups."by"
