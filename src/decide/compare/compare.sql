-- Two sides of one log compared. Reads the tables of mix.sql; the variable `timezone` is that of weekdays and
-- hours.

-- name: week_calls
create or replace temp view week_calls as
select second, hour, weekday, hour_of_day from call_units where answers and production and not again

-- name: sides
-- What the two sides hold, and how much of it lies in hours of the week that both have.
select
  second,
  count(*)::double as calls,
  count(*) filter (w > 0)::double as matched,
  make_timestamp(min(hour))::varchar as "from",
  make_timestamp(max(hour))::varchar as "to"
from call_units left join week_weights using (second, weekday, hour_of_day)
where answers and production and not again
group by second

-- name: returning
-- Of the calls of each side with a known user, those of users who are on both sides; and the groups that these
-- make.
with known as (from call_units where answers and production and not again and person is not null),
shared as (select person from known group by person having count(distinct second) = 2)
select
  second,
  (select count(*) from call_units as all_calls
    where all_calls.second = known.second and answers and production and not again)::double as calls,
  count(*)::double as known,
  count(*) filter (person in (from shared))::double as again,
  count(distinct person)::double as users
from known
group by second

-- name: groups_again
select distinct g::varchar as g, hash(g, 'again')::varchar as again from call_units where not again
