-- How often calls fail. Reads the views `selected` and `groups`.

-- name: groups
select g, "by" from groups order by "by"

-- name: counts
-- Per group, the calls that can tell and the bad ones among them, for each kind of bad.
select
  g,
  count(*)::double as calls,
  count(status)::double as known,
  count(attempt)::double as attempts,
  count(*) filter (where status not in ('ok', 'cancelled'))::double as error,
  count(*) filter (where status not in ('ok', 'error', 'timeout', 'rate_limited', 'cancelled'))::double as strange,
  min(status) filter (where status not in ('ok', 'error', 'timeout', 'rate_limited', 'cancelled')) as a_strange,
  count(*) filter (where status = 'timeout')::double as timeout,
  count(*) filter (where status = 'rate_limited')::double as rate_limited,
  count(*) filter (where status = 'cancelled')::double as cancelled,
  count(*) filter (where attempt > 1)::double as retry,
  count(*) filter (where fallback_from is not null)::double as fallback
from selected
group by g

-- name: kinds
-- Per group, kind and cluster, the bad calls (c) and the calls that can tell (r).
create or replace temp view kinds as
with clusters as (
  select
    g,
    count(*)::double as calls,
    count(status)::double as known,
    count(*) filter (where status not in ('ok', 'cancelled'))::double as error,
    count(*) filter (where status = 'timeout')::double as timeout,
    count(*) filter (where status = 'rate_limited')::double as rate_limited,
    count(*) filter (where status = 'cancelled')::double as cancelled,
    count(*) filter (where attempt > 1)::double as retry,
    count(*) filter (where fallback_from is not null)::double as fallback
  from selected
  group by g, cluster
)
select g, one.kind, one.c, one.r
from (
  select g, unnest([
    {'kind': 'error', 'c': error, 'r': known},
    {'kind': 'timeout', 'c': timeout, 'r': known},
    {'kind': 'rate_limited', 'c': rate_limited, 'r': known},
    {'kind': 'cancelled', 'c': cancelled, 'r': known},
    {'kind': 'retry', 'c': retry, 'r': calls},
    {'kind': 'fallback', 'c': fallback, 'r': calls}
  ]) as one
  from clusters
)
where one.r > 0
