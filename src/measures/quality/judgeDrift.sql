-- What one rater said of the same answers at several times. Reads the views `timed_judgements` of judgeHistory.sql and `placed`
-- of qualitySubjects.sql.

-- name: dated
-- Every judgement with a time, in the place of what it is about.
create or replace temp table dated as
select
  placed.g, placed.at_row, placed.subject, placed.subject_id,
  said.rater || coalesce(' ' || said.rater_id, '') as rater, item, said.cluster, said.value, said."at"
from timed_judgements as said join placed using (subject, subject_id)
where said.name = getvariable('score')

-- name: items
-- Each item's judgement before and after: the mean of those before `since` and of those from then on, or without it the
-- first and the last. An item judged on one side alone has the other one empty.
create or replace temp table drifting as
with ends as (
  select *,
    min("at") over own as first, max("at") over own as last
  from dated
  window own as (partition by g, rater, item)
),
sides as (
  select *,
    case when $since::varchar is not null then "at" < $since::varchar::timestamp else "at" = first end as is_before,
    case when $since::varchar is not null then "at" >= $since::varchar::timestamp else "at" = last and first < last end as is_after
  from ends
)
select
  g, rater, item, any_value(cluster) as cluster, min(at_row) as at_row,
  avg(value) filter (where is_before) as before,
  avg(value) filter (where is_after) as after,
  min("at") filter (where is_before) as begun,
  max("at") filter (where is_after) as ended
from sides
group by g, rater, item

-- name: again
-- The items that have both.
select g, rater, item, cluster, before, after from drifting where before is not null and after is not null order by g, rater, item

-- name: raters
-- Per group and rater: items judged, and those judged again, with what each kind got at first; the times in between.
select
  drifting.g, groups."by", rater,
  count(before)::double as judged,
  count(*) filter (where before is not null and after is not null)::double as items,
  avg(before) filter (where after is not null) as again_mean,
  avg(before) filter (where after is null) as once_mean,
  var_samp(before) filter (where after is not null) as again_variance,
  var_samp(before) filter (where after is null) as once_variance,
  strftime(min(begun) filter (where after is not null), '%Y-%m-%d') as first,
  strftime(max(ended) filter (where before is not null), '%Y-%m-%d') as last
from drifting left join groups using (g)
group by drifting.g, groups."by", rater
order by groups."by", items desc, rater
