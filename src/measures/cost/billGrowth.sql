-- What the bill grew by. Reads the views `selected` and `groups`.

-- name: bill_calls
-- The calls in the two windows of equal length on either side of a moment: the variable `moment`, or the middle of the log.
-- Time is paired: `hour_unit` folds both windows onto the whole weeks (or days, or hours) that end at the moment, so that
-- what one hour or day has more than its partner is chance, and the growth itself is none.
create or replace temp table bill_calls as
with bounds as (
  select min(started_at) as first, max(started_at) as last from selected where chosen and begun is not null
),
windows as (
  select coalesce(getvariable('moment')::varchar::timestamp, first + (last - first) / 2) as moment, first, last from bounds
),
spans as (
  select moment, epoch_us(least(moment - first, last - moment))::double as length from windows
  where first < moment and moment < last
),
folds as (
  select
    moment, length, (epoch_us(moment) // 3600000000)::bigint as moment_hour,
    (case
      when length >= 7 * 86400e6 then 168 * floor(length / (7 * 86400e6))
      when length >= 86400e6 then 24 * floor(length / 86400e6)
      else greatest(1, floor(length / 3600e6))
    end)::bigint as fold
  from spans
)
select
  g, at_row, cluster, spent as cost, unpriced, case when unpriced then spent_high end as hidden, moment, length,
  started_at >= moment as second, in_hour * 3600000000 as hour,
  moment_hour - fold + ((in_hour - moment_hour) % fold + fold) % fold as hour_unit,
  isodow(local) as weekday, hour(local) as hour_of_day
from selected, folds
where chosen and abs(epoch_us(started_at) - epoch_us(moment)) <= length

-- name: week_calls
create or replace temp view week_calls as select second, hour, weekday, hour_of_day from bill_calls

-- name: week_weights
create or replace temp table week_weights as
select unnest(from_json($weights::json,
  '[{"second": "BOOLEAN", "weekday": "BIGINT", "hour_of_day": "BIGINT", "w": "DOUBLE"}]'), max_depth := 2)

-- name: weighed
-- The calls in hours of the week that both windows have. Clusters that are spans of time are paired as well.
create or replace temp table bill_weighed as
select
  g, at_row, hour_unit, second, cost as logged, w, w * coalesce(cost, 0) as cost, w * unpriced::int as unpriced, w * coalesce(hidden, 0) as hidden,
  case getvariable('time_unit') when 'hour' then hash(hour_unit) when 'day' then hash(hour_unit // 24) else hash(cluster) end
    as cluster
from bill_calls join week_weights using (second, weekday, hour_of_day)

-- name: bills
-- Per group, what was spent in both windows, and how much more calls without a known cost may have cost.
select
  g::varchar as g, second, sum(cost) as spent, sum(w) as calls, sum(unpriced) as unpriced, sum(hidden) as hidden,
  count(*)::double as counted
from bill_weighed
group by g, second

-- name: parts
-- What the groups come to, whichever clusters are looked at.
create or replace temp table bill_parts as
select
  g, coalesce(sum(cost) filter (not second), 0) as before, coalesce(sum(w) filter (not second), 0) as calls_before,
  coalesce(sum(w) filter (second), 0) as calls_after
from bill_weighed
group by g

-- name: sums
-- By cluster, of each group and of all together: what was spent after over what was before, and its two factors. Between
-- them stands what the calls after cost at the old cost per call of their group. `shift`, whose sum is 0, is what a cluster does
-- to that cost per call and to the number of calls.
with parts as (
  select
    g, cluster, coalesce(sum(cost) filter (not second), 0) as before, coalesce(sum(cost) filter (second), 0) as after,
    coalesce(sum(w) filter (not second), 0) as calls_before, coalesce(sum(w) filter (second), 0) as calls_after
  from clustered
  group by g, cluster
),
wholes as (
  select g, before as bill, calls_before as calls, calls_after / nullif(calls_before, 0) as more from bill_parts
),
worth as (
  select
    parts.*, coalesce(more * before, after) as at_old_cost,
    coalesce(bill / calls * (calls_after - more * calls_before), 0) as shift
  from parts join wholes using (g)
),
changes as (
  select g, sum(after) / nullif(sum(at_old_cost), 0) as dearer, sum(sum(after)) over () / nullif(sum(sum(at_old_cost)) over (), 0) as all_dearer
  from worth
  group by g
),
totals as (
  select cluster, sum(before) as before, sum(after) as after, sum(at_old_cost) as at_old_cost, sum(shift) as shift
  from worth
  group by cluster
)
select g::varchar as g, 'growth' as kind, after as c, before as r, cluster as unit from worth
union all select g::varchar, 'calls', calls_after, calls_before, cluster from worth
union all select g::varchar, 'cost_per_call', after - coalesce(dearer, 0) * shift, at_old_cost, cluster from worth join changes using (g)
union all select 'all', 'growth', after, before, cluster from totals
union all select 'all', 'calls', at_old_cost + shift, before, cluster from totals
union all
select 'all', 'cost_per_call', after - coalesce(all_dearer, 0) * shift, at_old_cost, cluster
from totals, (select any_value(all_dearer) as all_dearer from changes)

-- name: span
select max(moment)::varchar as moment, coalesce(max(length), 0) / 86400e6 as days, count(*)::double as calls,
  count(*) filter (unpriced)::double as unpriced, coalesce(sum(hidden), 0) as hidden,
  (select count(*) from selected where chosen and begun is not null)::double as timed
from bill_calls

-- name: selected_calls
select count(*)::double as calls from selected where chosen
