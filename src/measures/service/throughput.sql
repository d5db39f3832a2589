-- How much is under way at a time. Reads the views `selected` and `groups`.

-- name: sweep
-- Calls that end at a moment are gone before those that start at it come, which all find one another there. A call
-- without a length is there for a moment.
create or replace temp view timed as
select
  g, at_row, hash(cluster) as cluster, hour_unit, attempt, output_tokens, token_speed is not null as answered, lasted, wait,
  wait_cut, epoch_us(begun) as starts,
  epoch_us(begun) + greatest((1e6 * lasted)::bigint, 1) as ends
from selected
where begun is not null and lasted < 1e7;
create or replace temp table sweep as
select
  g, at_row, at_us, change, sum(change) over in_order as running, lead(at_us) over in_order - at_us as held, cluster,
  hour_unit, lasted, wait, wait_cut
from (
  select g, at_row, starts as at_us, 1 as change, cluster, hour_unit, lasted, wait, wait_cut from timed
  union all
  select g, null, ends, -1, null, null, null, null, null from timed
)
window in_order as (partition by g order by at_us, change range between unbounded preceding and current row)

-- name: sums
-- Of calls that went well, tokens over seconds; of all waiting, that in second and later attempts.
with sums as (
  select
    g, cluster,
    coalesce(sum(output_tokens) filter (where answered), 0)::double as tokens,
    coalesce(sum(lasted) filter (where answered), 0) as answering,
    coalesce(sum(lasted) filter (where attempt > 1), 0) as again, sum(lasted) as waiting
  from timed
  group by g, cluster
)
select g, 'speed' as kind, tokens as c, answering as r from sums where answering > 0
union all
select g, 'again', again, waiting from sums where waiting > 0

-- name: rows
with
counted_calls as (
  select g, count(*)::double as calls, count(begun)::double as started,
    count(attempt)::double as attempts,
    case when count(user_id) > 0 then count(distinct user_id)::double end as users,
    count(coalesce(input_tokens, output_tokens)) filter (begun is not null)::double as counted,
    sum(greatest(input_tokens, 0)) filter (begun is not null) as read,
    sum(greatest(output_tokens, 0)) filter (begun is not null) as written,
    epoch_us(min(begun)) as first, epoch_us(max(begun)) as last
  from selected
  group by g
),
flight as (
  select
    g, count(*) filter (where change = 1)::double as timed, max(running)::double as peak,
    -- All calls in one moment have no rate and no mean.
    sum(running::double * held) / nullif(nullif(sum(held), 0), 1) as mean,
    max(at_us) as last, nullif(max(at_us) - min(at_us), 1) / 1e6 as seconds, sum(lasted) / count(lasted) as duration
  from sweep
  group by g
),
hours as (
  select g, max(n)::double as busiest
  from (select g, in_hour, count(*) as n from selected where in_hour is not null group by g, in_hour)
  group by g
),
minutes as (
  select g, max(n)::double as busiest_minute
  from (select g, epoch_us(begun) // 60000000 as minute, count(*) as n from selected where begun is not null group by all)
  group by g
),
speeds as (
  select g, count(*) filter (where answered)::double as answered
  from timed
  group by g
)
select
  groups.g::varchar as g, groups."by", calls.calls, calls.started, calls.attempts,
  coalesce(flight.timed, 0) as timed, coalesce(speeds.answered, 0) as answered, flight.peak, flight.mean,
  flight.seconds as swept, flight.duration, hours.busiest, minutes.busiest_minute, calls.users, calls.counted,
  (coalesce(calls.read, 0) + coalesce(calls.written, 0))::double as tokens, calls.written::double as written,
  -- From the first start to the last end that is known: logs without durations have starts. One moment has no rate.
  case when greatest(calls.last, coalesce(flight.last, 0)) - calls.first > 1
    then (greatest(calls.last, coalesce(flight.last, 0)) - calls.first) / 1e6 end as seconds
from groups join counted_calls as calls using (g) left join flight using (g) left join hours using (g) left join minutes using (g)
  left join speeds using (g)
order by groups."by"

-- name: load
-- Each call that went well or timed out, with how many others its group had in flight when it began.
create or replace temp table unbinned as
select g, at_row, cluster, hour_unit, wait, wait_cut, (running - 1)::bigint as level
from sweep
where change = 1 and wait is not null

-- name: behind_load
select g, at_row, wait as amount, min(level) over (partition by g, bin)::double as in_flight_from from binned

-- name: load_sums
select hash(g, bin) as g, 'mean' as kind, sum(wait) as c, count(*)::double as r, cluster as unit
from binned
group by binned.g, bin, cluster

-- name: load_rows
select
  hash(binned.g, binned.bin)::varchar as g, groups."by", min(level)::double as in_flight_from,
  max(level)::double as in_flight_to, count(*)::double as calls, count(*) filter (wait_cut)::double as timeouts
from binned join groups using (g)
group by binned.g, binned.bin, groups."by"
order by groups."by", in_flight_from
