-- What the views of a selection count. Reads the view `selected`, grouped by what stands side by side and by time.

-- name: span
select
  count(*)::double as calls,
  count(status)::double as ended,
  count(distinct user_id)::double as users,
  strftime(min(begun), '%Y-%m-%d %H:%M:%S') as "from",
  strftime(max(begun), '%Y-%m-%d %H:%M:%S') as "to",
  (epoch(max(begun)) - epoch(min(begun)))::double as seconds
from selected

-- name: course
-- Whether a call failed is known of those with a status.
select
  g::varchar as g,
  count(*)::double as calls,
  case when count(status) > 0 then (count(*) filter (where failed))::double end as failed,
  count(distinct user_id)::double as users
from selected
group by g

-- name: durations
-- In eight steps from one power of two to the next.
select
  g::varchar as g,
  floor(8 * log2(wait))::double as step,
  count(*)::double as calls
from selected
where wait > 0
group by all

-- name: errors
-- By the error's type, or where a call has none by its status.
select
  g::varchar as g,
  if(error_type is null, 'status', 'error_type') as "column",
  coalesce(error_type, status) as error,
  count(*)::double as calls,
  count(distinct user_id)::double as users
from selected
where failed or wait_cut
group by all
order by calls desc, "column", error
