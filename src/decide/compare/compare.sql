-- Two sides of one log compared. Reads the tables of mix.sql; the variable `timezone` is that of weekdays and
-- hours.

-- name: week_calls
create or replace temp view week_calls as
select second, hour, weekday, hour_of_day from call_units where answers and production and not again and item_w is null

-- name: sides
-- What the two sides hold, and how much of it lies in hours of the week that both have.
select
  second,
  count(*)::double as calls,
  count(*) filter (coalesce(item_w, w) > 0)::double as matched,
  strftime(make_timestamp(min(hour)), '%Y-%m-%d %H:%M:%S') as "from",
  strftime(make_timestamp(max(hour)), '%Y-%m-%d %H:%M:%S') as "to"
from call_units left join week_weights using (second, weekday, hour_of_day)
where answers and production and not again
group by second

-- name: returning
-- Of the calls of each side with a known user, those of users who are on both sides; and the groups that these
-- make.
with units as (from call_units where answers and production and not again),
shared as (select person from units where person is not null group by person having count(distinct second) = 2)
select
  second,
  count(*)::double as calls,
  count(person)::double as known,
  count(*) filter (person in (from shared))::double as again,
  count(distinct person)::double as users
from units
group by second
having count(person) > 0

-- name: groups_again
select distinct g::varchar as g, hash(g, 'again')::varchar as again from call_units where not again
