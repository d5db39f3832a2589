-- How often calls fail. Reads the views `selected` and `groups`.

-- name: groups
select g, "by" from groups order by "by"

-- name: counts
-- Per group, the calls that can tell (m) and the bad ones among them (e), for each kind of bad.
select
  g,
  count(*)::double as calls,
  count(status)::double as known,
  count(attempt)::double as attempts,
  count(*) filter (where status in ('error', 'timeout', 'rate_limited'))::double as error,
  count(*) filter (where status = 'timeout')::double as timeout,
  count(*) filter (where status = 'rate_limited')::double as rate_limited,
  count(*) filter (where status = 'cancelled')::double as cancelled,
  count(*) filter (where attempt > 1)::double as retry,
  count(*) filter (where fallback_from is not null)::double as fallback
from selected
group by g

-- name: clusters
-- Per group, kind and cluster, the calls that can tell and the bad ones among them.
create or replace temp view kinds as
with clusters as (
  select
    g,
    count(*)::double as calls,
    count(status)::double as known,
    count(*) filter (where status in ('error', 'timeout', 'rate_limited'))::double as error,
    count(*) filter (where status = 'timeout')::double as timeout,
    count(*) filter (where status = 'rate_limited')::double as rate_limited,
    count(*) filter (where status = 'cancelled')::double as cancelled,
    count(*) filter (where attempt > 1)::double as retry,
    count(*) filter (where fallback_from is not null)::double as fallback
  from selected
  group by g, cluster
),
unfolded as (
  select g, one.kind, one.m, one.e
  from (
    select g, unnest([
      {'kind': 'error', 'm': known, 'e': error},
      {'kind': 'timeout', 'm': known, 'e': timeout},
      {'kind': 'rate_limited', 'm': known, 'e': rate_limited},
      {'kind': 'cancelled', 'm': known, 'e': cancelled},
      {'kind': 'retry', 'm': calls, 'e': retry},
      {'kind': 'fallback', 'm': calls, 'e': fallback}
    ]) as one
    from clusters
  )
  where one.m > 0
)
select g, kind, m, e from unfolded

-- name: sums
-- Per group and kind, the sums over clusters that the intervals are made from.
select
  g,
  kind,
  count(*)::double as clusters,
  sum(m * m) as "sizeSquares",
  sum(m * m * m) as "sizeCubes",
  sum(m * m * m * m) as "sizeFourths",
  sum(e * e) as "eventSquares",
  sum(e * m) as products,
  sum(e * e * m) as "eventSquaresSizes",
  sum(e * m * m) as "eventSizeSquares",
  sum(e * e * m * m) as "eventSquaresSizeSquares",
  sum(e * m * m * m) as "eventSizeCubes"
from kinds
group by g, kind

-- name: power_sums
-- Per group and kind, the sums over clusters from which the law of a bootstrapped rate follows.
select
  g,
  kind,
  count(*)::double as clusters,
  sum(e) as d1r0,
  sum(m) as d0r1,
  sum(e * e) as d2r0,
  sum(e * m) as d1r1,
  sum(m * m) as d0r2,
  sum(e * e * e) as d3r0,
  sum(e * e * m) as d2r1,
  sum(e * m * m) as d1r2,
  sum(m * m * m) as d0r3,
  sum(e * e * e * e) as d4r0,
  sum(e * e * e * m) as d3r1,
  sum(e * e * m * m) as d2r2,
  sum(e * m * m * m) as d1r3,
  sum(m * m * m * m) as d0r4
from kinds
group by g, kind

-- name: totals
-- Per group and kind of few clusters, the size and the bad calls of each, in an order that does not depend on names.
select g, kind, list(m order by m, e) as sizes, list(e order by m, e) as totals
from kinds
group by g, kind
having count(*) <= $most
