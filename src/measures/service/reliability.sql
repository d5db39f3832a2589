-- What a table of reliability says beside its rates. Reads the view `selected`.

-- name: counts
select
  g,
  count(*)::double as calls,
  count(status)::double as with_status,
  count(attempt)::double as attempts,
  count(fallback_from)::double as fallbacks,
  count(*) filter (where odd_status)::double as strange,
  min(status) filter (where odd_status) as a_strange
from selected
group by g
