-- What the bill grew by. Reads the views `selected` and `groups`.

-- name: bill_calls
-- The calls in the two windows of equal length on either side of a moment: the variable `moment`, or the middle of the log.
create or replace temp table bill_calls as
with bounds as (
  select min(started_at) as first, max(started_at) as last from selected where chosen and begun is not null
),
windows as (
  select coalesce(getvariable('moment')::varchar::timestamp, first + (last - first) / 2) as moment, first, last from bounds
),
spans as (
  select moment, greatest(epoch_us(least(moment - first, last - moment)), 1)::double as length from windows
)
select
  g, at_row, spent as cost, unpriced, case when unpriced then spent_high end as hidden, moment, length, started_at >= moment as second, in_hour * 3600000000 as hour, isodow(local) as weekday,
  hour(local) as hour_of_day
from selected, spans
where chosen and abs(epoch_us(started_at) - epoch_us(moment)) <= length

-- name: week_calls
create or replace temp view week_calls as select second, hour, weekday, hour_of_day from bill_calls

-- name: spent
-- Per group, side and hour of the week, what was spent, and how much more calls without a known cost may have cost.
select
  g::varchar as g, second, weekday, hour_of_day, coalesce(sum(cost), 0) as spent, count(*)::double as calls,
  count(*) filter (unpriced)::double as unpriced, coalesce(sum(hidden), 0) as hidden
from bill_calls
group by all

-- name: span
select max(moment)::varchar as moment, coalesce(max(length), 0) / 86400e6 as days, count(*)::double as calls
from bill_calls

-- name: selected_calls
select count(*)::double as calls from selected where chosen
