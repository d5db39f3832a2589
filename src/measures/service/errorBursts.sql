-- Whether failures come in bursts. Reads the views `selected` and `groups`.

-- name: hours
-- Per group and hour, the calls that tell how they went and those that failed, with sums over its clusters of squares and
-- products of both. A call that is its own cluster, or whose group has one cluster alone, counts with those
-- of the same five minutes.
create or replace temp table known as
select
  g, date_trunc('hour', begun) as hour, begun, call_id, at_row, failed or wait_cut as failed,
  cluster, (epoch_us(begun) // 300000000)::varchar as five_minutes
from selected
where status is not null and begun is not null;
create or replace temp table hourly as
with lone as (select g, min(cluster) = max(cluster) as lone from known group by g),
units as (
  select g, hour, case when lone or cluster = call_id then five_minutes else cluster end as unit,
    count(*)::double as calls, count(*) filter (where failed)::double as failed
  from known join lone using (g) group by g, hour, unit
)
select g, hour, sum(calls) as calls, sum(failed) as failed,
  sum(calls * calls) as squares, sum(failed * failed) as failed_squares, sum(failed * calls) as products
from units group by g, hour

-- name: rows
-- Pearson's statistic of equal rates over hours; the longest run of failures one after another; the worst hours, which
-- are those of the most failures beyond what the group's rate makes of their calls. `apart` is how far the failures of an hour's
-- clusters lie from its rate, squared, and `chance` what that would be if calls failed independently of each other.
with rates as (
  select g, sum(calls) as calls, sum(failed) as failed, count(*)::double as hours from hourly group by g
),
beyond as (
  select hourly.*, hourly.failed - hourly.calls * rates.failed / rates.calls as excess, rates.failed / rates.calls as rate,
    hourly.failed_squares - 2 * hourly.failed / hourly.calls * hourly.products
      + (hourly.failed / hourly.calls) ^ 2 * hourly.squares as apart,
    coalesce(
      hourly.failed * (1 - hourly.failed / hourly.calls) * (hourly.calls - hourly.squares / hourly.calls)
        / nullif(hourly.calls - 1, 0), 0
    ) as chance
  from hourly join rates using (g)
),
fits as (
  select g, sum(excess * excess / (calls * rate * (1 - rate))) as pearson, sum(apart) as apart, sum(chance) as chance
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
    arg_max(calls, {'excess': excess, 'hour': hour}) as calls, arg_max(failed, {'excess': excess, 'hour': hour}) as failed,
    arg_max(apart, {'excess': excess, 'hour': hour}) as apart, arg_max(chance, {'excess': excess, 'hour': hour}) as chance,
    arg_max(squares, {'excess': excess, 'hour': hour}) as squares
  from beyond group by g
)
select
  groups.g, groups."by", rates.calls, rates.failed, rates.hours, fits.pearson, coalesce(runs.longest, 0) as longest,
  worst.hour as worst_hour, worst.calls as worst_calls, worst.failed as worst_failed,
  fits.apart, fits.chance, worst.apart as worst_apart, worst.chance as worst_chance, worst.squares as worst_squares
from groups join rates using (g) left join fits using (g) left join runs using (g) left join worst using (g)
order by groups."by"
