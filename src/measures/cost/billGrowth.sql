-- What the bill grew by. Reads the views `selected` and `groups`.

-- name: halves
-- Per group, spending in the two windows of equal length on either side of a moment: $at, or the middle of the log.
with bounds as (
  select min(started_at) as first, max(started_at) as last from selected where chosen and begun is not null
),
windows as (
  select coalesce($at::varchar::timestamp, first + (last - first) / 2) as moment, first, last from bounds
),
spans as (
  select moment, greatest(epoch_us(least(moment - first, last - moment)), 1)::double as length from windows
),
spent as (
  select
    g,
    coalesce(sum(cost) filter (where started_at < moment), 0) as before,
    coalesce(sum(cost) filter (where started_at >= moment), 0) as after,
    count(*) filter (where started_at < moment)::double as calls_before,
    count(*) filter (where started_at >= moment)::double as calls_after,
    count(*) filter (where cost is null)::double as unpriced
  from selected, spans
  where chosen and abs(epoch_us(started_at) - epoch_us(moment)) <= length
  group by g
)
select
  spans.moment::varchar as moment,
  spans.length / 86400e6 as days,
  groups."by",
  coalesce(before, 0) as before,
  coalesce(after, 0) as after,
  coalesce(calls_before, 0) as calls_before,
  coalesce(calls_after, 0) as calls_after,
  coalesce(unpriced, 0) as unpriced
from spans, groups left join spent using (g)
order by abs(coalesce(after, 0) - coalesce(before, 0)) desc, groups."by"
