-- How many tasks users bring on a day. Reads the view `selected` over whole tasks.

-- name: user_days
-- Per group and user, the tasks that the user began, and the days on which that was.
select g::varchar as g, count(*)::double as tasks, count(distinct local::date)::double as days
from selected
where chosen and owner and begun is not null and user_id is not null
group by selected.g, user_id
