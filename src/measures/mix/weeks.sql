-- The hours of the week on two sides. Reads the view `week_calls`: second, hour in microseconds, weekday and hour_of_day of
-- each call; the variable `timezone` is that of weekdays and hours.

-- name: weeks
-- Per side and hour of the week, its calls, and how often the hour came by between the side's first and last call.
with calls as (from week_calls),
windows as (
  select second, min(hour) as first, max(hour) as last from calls where hour is not null group by second
),
hours as (
  select
    second,
    timezone(
      coalesce(getvariable('timezone')::varchar, 'UTC'),
      make_timestamp(unnest(range(first, last + 1, 3600000000)))  at time zone 'UTC'
    ) as local
  from windows
),
calendar as (
  select second, isodow(local) as weekday, hour(local) as hour_of_day, count(*)::double as occurrences
  from hours
  group by all
),
counts as (
  select second, weekday, hour_of_day, count(*)::double as calls from calls group by all
)
select second, weekday, hour_of_day, coalesce(calls, 0) as calls, coalesce(occurrences, 1) as occurrences
from counts full join calendar using (second, weekday, hour_of_day)
