-- How traffic arrives, for planning. Reads the views `selected` and `groups`, and `plan_units`: g, cluster, begun, and the
-- c and r of each call or task, whose sums are a metric's numerator and denominator.

-- name: users
-- Per group: its days, clusters and totals, and of at most 20,000 clusters, picked by md5, what they brought to c and r in
-- each of 14 equal parts of the days. The days are those of the whole log.
with timed as (
  select g, hash(cluster) as cluster, cluster as name, epoch_us(begun)::double as begun, c::double as c, r::double as r
  from plan_units where begun is not null and c is not null and r is not null
),
bounds as (
  select min(begun) as first, max(begun) as last from timed
),
placed as (
  select g, cluster, name, c, r, floor(14 * (begun - first) / (last - first + 1)) as slot from timed, bounds
),
clusters as (
  select
    g, any_value(name)::varchar as name, sum(c) as c, sum(r) as r,
    coalesce(sum(c) filter (slot = 0), 0) as c0, coalesce(sum(c) filter (slot = 1), 0) as c1,
    coalesce(sum(c) filter (slot = 2), 0) as c2, coalesce(sum(c) filter (slot = 3), 0) as c3,
    coalesce(sum(c) filter (slot = 4), 0) as c4, coalesce(sum(c) filter (slot = 5), 0) as c5,
    coalesce(sum(c) filter (slot = 6), 0) as c6, coalesce(sum(c) filter (slot = 7), 0) as c7,
    coalesce(sum(c) filter (slot = 8), 0) as c8, coalesce(sum(c) filter (slot = 9), 0) as c9,
    coalesce(sum(c) filter (slot = 10), 0) as c10, coalesce(sum(c) filter (slot = 11), 0) as c11,
    coalesce(sum(c) filter (slot = 12), 0) as c12, coalesce(sum(c) filter (slot = 13), 0) as c13,
    coalesce(sum(r) filter (slot = 0), 0) as r0, coalesce(sum(r) filter (slot = 1), 0) as r1,
    coalesce(sum(r) filter (slot = 2), 0) as r2, coalesce(sum(r) filter (slot = 3), 0) as r3,
    coalesce(sum(r) filter (slot = 4), 0) as r4, coalesce(sum(r) filter (slot = 5), 0) as r5,
    coalesce(sum(r) filter (slot = 6), 0) as r6, coalesce(sum(r) filter (slot = 7), 0) as r7,
    coalesce(sum(r) filter (slot = 8), 0) as r8, coalesce(sum(r) filter (slot = 9), 0) as r9,
    coalesce(sum(r) filter (slot = 10), 0) as r10, coalesce(sum(r) filter (slot = 11), 0) as r11,
    coalesce(sum(r) filter (slot = 12), 0) as r12, coalesce(sum(r) filter (slot = 13), 0) as r13
  from placed
  group by g, cluster
),
sums as (
  select
    g, count(*)::double as clusters, sum(c) as total, sum(r) as size,
    min_by(c0, md5(name), 20000) as c0, min_by(c1, md5(name), 20000) as c1,
    min_by(c2, md5(name), 20000) as c2, min_by(c3, md5(name), 20000) as c3,
    min_by(c4, md5(name), 20000) as c4, min_by(c5, md5(name), 20000) as c5,
    min_by(c6, md5(name), 20000) as c6, min_by(c7, md5(name), 20000) as c7,
    min_by(c8, md5(name), 20000) as c8, min_by(c9, md5(name), 20000) as c9,
    min_by(c10, md5(name), 20000) as c10, min_by(c11, md5(name), 20000) as c11,
    min_by(c12, md5(name), 20000) as c12, min_by(c13, md5(name), 20000) as c13,
    min_by(r0, md5(name), 20000) as r0, min_by(r1, md5(name), 20000) as r1,
    min_by(r2, md5(name), 20000) as r2, min_by(r3, md5(name), 20000) as r3,
    min_by(r4, md5(name), 20000) as r4, min_by(r5, md5(name), 20000) as r5,
    min_by(r6, md5(name), 20000) as r6, min_by(r7, md5(name), 20000) as r7,
    min_by(r8, md5(name), 20000) as r8, min_by(r9, md5(name), 20000) as r9,
    min_by(r10, md5(name), 20000) as r10, min_by(r11, md5(name), 20000) as r11,
    min_by(r12, md5(name), 20000) as r12, min_by(r13, md5(name), 20000) as r13
  from clusters
  group by g
)
select
  groups."by", clusters, total, size, (last - first) / 86400e6 as days,
  c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13,
  r0, r1, r2, r3, r4, r5, r6, r7, r8, r9, r10, r11, r12, r13
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
