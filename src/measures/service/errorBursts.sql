-- Whether failures come in bursts. Reads the views `selected` and `groups`.

-- name: hours
-- Per group and hour, the calls that tell how they went and those that failed.
create or replace temp table known as
select
  g, date_trunc('hour', begun) as hour, begun, call_id, at_row, failed or wait_cut as failed
from selected
where status is not null and begun is not null;
create or replace temp table hourly as
select g, hour, count(*)::double as calls, count(*) filter (where failed)::double as failed from known group by g, hour

-- name: rows
-- Pearson's statistic of equal rates over hours; the longest run of failures one after another; the worst hours, which
-- are those of the most failures beyond what the group's rate makes of their calls.
with rates as (
  select g, sum(calls) as calls, sum(failed) as failed, count(*)::double as hours from hourly group by g
),
beyond as (
  select hourly.*, hourly.failed - hourly.calls * rates.failed / rates.calls as excess, rates.failed / rates.calls as rate
  from hourly join rates using (g)
),
fits as (
  select g, sum(excess * excess / (calls * rate * (1 - rate))) as pearson
  from beyond where rate > 0 and rate < 1 group by g
),
runs as (
  select g, max(length) as longest
  from (
    select g, block, count(*)::double as length
    from (
      select g, failed, sum(case when failed then 0 else 1 end) over (partition by g order by begun, call_id) as block
      from known
    )
    where failed
    group by g, block
  )
  group by g
),
worst as (
  select g, strftime(arg_max(hour, {'excess': excess, 'hour': hour}), '%Y-%m-%d %H:00') as hour,
    arg_max(calls, {'excess': excess, 'hour': hour}) as calls, arg_max(failed, {'excess': excess, 'hour': hour}) as failed
  from beyond group by g
)
select
  groups.g, groups."by", rates.calls, rates.failed, rates.hours, fits.pearson, coalesce(runs.longest, 0) as longest,
  worst.hour as worst_hour, worst.calls as worst_calls, worst.failed as worst_failed
from groups join rates using (g) left join fits using (g) left join runs using (g) left join worst using (g)
order by groups."by"
