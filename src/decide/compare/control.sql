-- Another model that ran through the same days as the calls that are compared. Reads the view `sided`, over all calls.

-- name: model_days
-- The calls of every model and day, those compared and all others, with the mean logarithm of their waits.
select
  model, chosen, second, in_hour // 24 as day, count(*)::double as calls,
  avg(ln(wait)) filter (wait > 0) as level
from sided
where production and answers and second is not null and in_hour is not null
group by all
order by all
