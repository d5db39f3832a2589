-- The hours of the week on two sides. Reads the view `week_calls`: second, hour in microseconds, weekday and hour_of_day of
-- each call; the variable `timezone` is that of weekdays and hours.

-- name: counts
-- Per side and hour of the week its calls, and the first and last hour that they are in.
select
  second, weekday, hour_of_day, count(*)::double as calls, min(hour)::double as first, max(hour)::double as last
from week_calls
group by second, weekday, hour_of_day
order by second, weekday, hour_of_day

-- name: calendar
-- How often each hour of the week came by between a side's first and last call.
with windows as (
  select unnest(from_json($windows::json, '[{"second": "BOOLEAN", "first": "BIGINT", "last": "BIGINT"}]'), max_depth := 2)
),
hours as (
  select
    second,
    timezone(
      coalesce(getvariable('timezone')::varchar, 'UTC'),
      make_timestamp(unnest(range("first", "last" + 1, 3600000000)))  at time zone 'UTC'
    ) as local
  from windows
)
select second, isodow(local) as weekday, hour(local) as hour_of_day, count(*)::double as occurrences
from hours
group by all
order by all
