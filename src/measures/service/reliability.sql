-- What a table of reliability says beside its rates. Reads the view `selected`, or `measured_calls` with a row for each unit.

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

-- name: conversation_counts
-- The same of conversations: one whose calls do not all have a status is not known to have gone well.
select
  g,
  count(*)::double as conversations,
  count(*) filter (where bad or known)::double as with_status,
  count(*) filter (where strange)::double as strange
from (
  select
    g, conversation_id, bool_or(coalesce(status not in ('ok', 'cancelled'), false)) as bad,
    bool_and(status is not null) as known, bool_or(coalesce(odd_status, false)) as strange
  from selected
  where conversation_id is not null
  group by g, conversation_id
)
group by g
