-- How traffic arrives, for planning. Reads the views `selected` and `groups`.

-- name: rhythm
-- Per group: calls and clusters of the whole log and of its halves in time, and the mean size in calls of a call's
-- cluster; how many clusters of equal size would estimate their spread equally well; the sizes of at most 20,000
-- clusters; the days are those of the whole log.
with timed as (
  select g, hash(cluster) as cluster, cluster as name, epoch_us(begun)::double as begun from selected where begun is not null
),
bounds as (
  select min(begun) as first, max(begun) as last, min(begun) + (max(begun) - min(begun)) / 2 as middle
  from timed
),
clusters as (
  select g, any_value(name)::varchar as name, count(*)::double as calls,
    count(*) filter (where begun < middle)::double as early,
    count(*) filter (where begun >= middle)::double as late
  from timed, bounds
  group by g, cluster
),
sums as (
  select
    g,
    sum(calls) as calls,
    count(*)::double as clusters,
    count(*) filter (where early > 0)::double as early,
    count(*) filter (where late > 0)::double as late,
    sum(calls * calls) / sum(calls) as together,
    sum(calls * calls) ** 2 / sum(calls ** 4) as freedom,
    min_by(calls, md5(name), 20000) as sizes
  from clusters
  group by g
)
select
  groups."by", calls, clusters, early, late, together, freedom, sizes,
  (last - first) / 86400e6 as days
from groups join sums using (g), bounds
order by groups."by"

-- name: arms
-- Per group, that is per value of the split column: the clusters whose first call has that value, and how many of
-- them also have calls with other values.
with clusters as (
  select
    hash(cluster) as cluster,
    any_value(g order by begun nulls first, logged, at_row) as g,
    count(distinct g) > 1 as several
  from selected
  group by hash(cluster)
)
select groups."by", count(cluster)::double as clusters, count(*) filter (where several)::double as several
from groups left join clusters using (g)
group by groups."by"
order by groups."by"
