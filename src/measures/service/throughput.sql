-- How much is under way at a time. Reads the views `selected` and `groups`.

-- name: sweep
-- Calls that end at a moment are gone before those that start at it come, which all find one another there. A call
-- without a length is there for a moment.
create or replace temp view timed as
select
  g,
  hash(cluster) as cluster,
  status,
  attempt,
  output_tokens,
  (status = 'ok' or status is null) and output_tokens is not null and duration > 0 as answered,
  duration,
  epoch_us(started_at) as starts,
  epoch_us(started_at) + greatest((1e6 * duration)::bigint, 1) as ends
from selected
where isfinite(started_at) and duration >= 0 and duration < 1e7;
create or replace temp table sweep as
select
  g,
  at_us,
  change,
  sum(change) over in_order as running,
  lead(at_us) over in_order - at_us as held,
  cluster,
  duration,
  status
from (
  select g, starts as at_us, 1 as change, cluster, duration, status from timed
  union all
  select g, ends, -1, null, null, null from timed
)
window in_order as (partition by g order by at_us, change range between unbounded preceding and current row)

-- name: kinds
-- Of calls that went well, tokens over seconds; of all waiting, that in second and later attempts.
create or replace temp view kinds as
with sums as (
  select
    g,
    cluster,
    coalesce(sum(output_tokens) filter (where answered), 0)::double as tokens,
    coalesce(sum(duration) filter (where answered), 0) as answering,
    coalesce(sum(duration) filter (where attempt > 1), 0) as again,
    sum(duration) as waiting
  from timed
  group by g, cluster
)
select g, 'speed' as kind, tokens as c, answering as r from sums where answering > 0
union all
select g, 'again', again, waiting from sums where waiting > 0

-- name: rows
with
calls as (
  select g, count(*)::double as calls, count(*) filter (where isfinite(started_at))::double as started,
    count(attempt)::double as attempts
  from selected
  group by g
),
flight as (
  select
    g,
    count(*) filter (where change = 1)::double as timed,
    max(running)::double as peak,
    -- All calls in one moment have no rate and no mean.
    sum(running::double * held) / nullif(nullif(sum(held), 0), 1) as mean,
    nullif(max(at_us) - min(at_us), 1) / 1e6 as seconds,
    sum(duration) / count(duration) as duration
  from sweep
  group by g
),
hours as (
  select g, max(n)::double as busiest
  from (select g, date_trunc('hour', started_at), count(*) as n from selected where isfinite(started_at) group by all)
  group by g
),
speeds as (
  select g, count(*) filter (where answered)::double as answered
  from timed
  group by g
)
select
  groups.g,
  groups."by",
  calls.calls,
  calls.started,
  calls.attempts,
  coalesce(flight.timed, 0) as timed,
  coalesce(speeds.answered, 0) as answered,
  flight.peak,
  flight.mean,
  flight.seconds,
  flight.duration,
  hours.busiest
from groups join calls using (g) left join flight using (g) left join hours using (g) left join speeds using (g)
order by groups."by"

-- name: load
-- Each call that went well or timed out, with how many others its group had in flight when it began, in bins of about
-- equally many calls.
create or replace temp table loaded as
with seen as (
  select g, cluster, status, duration, (running - 1)::bigint as others
  from sweep
  where change = 1 and (status is null or status in ('ok', 'timeout'))
),
levels as (
  select g, others, count(*) as n from seen group by g, others
),
placed as (
  select g, others,
    least(
      $bins::bigint - 1,
      floor($bins * (sum(n) over (partition by g order by others) - n / 2) / sum(n) over (partition by g))::bigint
    ) as bin
  from levels
)
select seen.*, placed.bin from seen join placed using (g, others)

-- name: load_kinds
create or replace temp view kinds as
select hash(g, bin) as g, 'mean' as kind, sum(duration) as c, count(*)::double as r
from loaded
group by loaded.g, bin, cluster

-- name: load_rows
select
  hash(loaded.g, loaded.bin) as g,
  groups."by",
  min(others)::double as in_flight_from,
  max(others)::double as in_flight_to,
  count(*)::double as calls
from loaded join groups using (g)
group by loaded.g, loaded.bin, groups."by"
order by groups."by", in_flight_from

-- name: load_measured
-- The same calls as what latencies are measured of, each bin a group of its own.
create or replace temp view measured as
select
  hash(g, bin) as g,
  cluster::varchar as cluster,
  case when status = 'timeout' then status end as status,
  case when status = 'timeout' then 1 else 0 end as outcome,
  duration as x
from loaded
