-- Waits of calls that a response cache answered, and of those that it did not. Reads the view `selected`.

-- name: parted
-- A log where no call of a row says that a cache answered it tells of no mixture.
create or replace temp table parted as
select g, at_row, hash(cluster) as cluster, cache_hit is true as hit, wait as x, wait_cut as cut, wait is null as failed
from selected
where g in (select g from selected group by g having bool_or(cache_hit))

-- name: measured
create or replace temp view measured as
select hash(g, case when hit then 'hit' else 'miss' end) as g, cluster, null as hour, x, cut, failed from parted
union all
select hash(g, 'all'), cluster, null, x, cut, failed from parted

-- name: tails
create or replace temp table tails as
select unnest(from_json($tails::json, '[{"g": "UBIGINT", "beyond": "DOUBLE"}]'), max_depth := 2)

-- name: shares
with clusters as (
  select
    g, count(*)::double as calls, count(*) filter (where hit)::double as hits,
    count(*) filter (where x > beyond or cut)::double as slow, count(*) filter (where hit and (x > beyond or cut))::double as slow_hits
  from parted join tails using (g)
  where not failed
  group by g, cluster
)
select g, one.kind, one.c, one.r
from (select g, unnest([{'kind': 'hits', 'c': hits, 'r': calls}, {'kind': 'tail', 'c': slow_hits, 'r': slow}]) as one from clusters)
where one.r > 0

-- name: rows
select
  g::varchar as g, hash(g, 'hit')::varchar as hits, hash(g, 'miss')::varchar as misses, hash(g, 'all')::varchar as "all", groups."by",
  count(*) filter (where not failed)::double as calls
from parted join groups using (g)
group by g, groups."by"
having count(*) filter (where not failed) > 0
order by groups."by"

-- name: ladder
-- Waits in buckets of 0.1 %.
select
  g::varchar as g, case when x > 0 then floor(1000 * ln(x)) else -1000000 end as bucket, avg(x) as x,
  bool_or(cut) as cut, count(*) filter (where hit)::double as hits, count(*) filter (where not hit)::double as misses
from parted
where not failed
group by g, bucket
order by g, bucket

-- name: squares
-- How much the share of calls below a threshold, at the other share of hits, moves with each cluster. A hit weighs `hit`.
with thresholds as (
  select unnest(from_json($thresholds::json, '[{"g": "UBIGINT", "q": "DOUBLE", "x": "DOUBLE", "hit": "DOUBLE", "miss": "DOUBLE"}]'),
    max_depth := 2)
),
clusters as (
  select
    g, q, any_value(thresholds.hit) as hit, any_value(miss) as miss, count(*) filter (where parted.hit)::double as hits,
    count(*) filter (where not parted.hit)::double as misses,
    sum(case when parted.x < thresholds.x then 1 when parted.x = thresholds.x then 0.5 else 0 end) filter (where parted.hit) as hits_below,
    sum(case when parted.x < thresholds.x then 1 when parted.x = thresholds.x then 0.5 else 0 end) filter (where not parted.hit) as misses_below
  from parted join thresholds using (g)
  where not failed
  group by g, q, cluster
),
shares as (
  select g, q, sum(hits_below) / nullif(sum(hits), 0) as of_hits, sum(misses_below) / nullif(sum(misses), 0) as of_misses
  from clusters group by g, q
)
select
  g::varchar as g, q, count(*)::double as clusters, sum((hit * hits + miss * misses) ** 2) as sizes,
  sum((hit * (coalesce(hits_below, 0) - coalesce(of_hits, 0) * hits)
    + miss * (coalesce(misses_below, 0) - coalesce(of_misses, 0) * misses)) ** 2) as squares
from clusters join shares using (g, q)
group by g, q
