-- The course of a comparison. Reads the tables of compare.sql.

-- name: course
-- The median wait of every hour or day, as if every hour had the mix of the whole: each call contributes the
-- logarithm of its duration less the median of its kind, times the median of all.
with waited as (
  select hour, ln(wait) as x, hash(workload, model, version, length) as kind, hour_of_day, weekday > 5 as weekend
  from call_units
  where answers and production and wait > 0 and not wait_cut and hour is not null
),
hours as (
  select hour, strftime(local, case when $hourly::boolean then '%Y-%m-%dT%H:00' else '%Y-%m-%dT00:00' end) as "at"
  from (
    select hour, timezone(getvariable('timezone')::varchar, make_timestamp(hour) at time zone 'UTC') as local
    from waited
    group by hour
  )
),
kinds as (
  select kind, median(x) as typical from waited group by kind
),
typical as (
  select median(x) as typical from waited
)
select
  "at",
  min(hour)::double as start,
  any_value(hour_of_day)::double as hour_of_day,
  any_value(weekend) as weekend,
  count(*)::double as calls,
  exp(median(x - kinds.typical + typical.typical)) as median
from waited join hours using (hour) join kinds using (kind), typical
group by "at"
order by "at"

-- name: span
select
  count(*)::double as calls,
  count(distinct hour)::double as hours,
  (max(hour) - min(hour)) / 86400e6 as days
from call_units
where answers and production and wait > 0 and not wait_cut and hour is not null
