-- How a metric is distributed in every group, by exact order statistics. Reads the view `measured`: g, cluster, status,
-- x, and outcome, which is 0 for a value, 1 for one known only to be at least x, empty for what is not to be measured.

-- name: views
-- Nearly all values are plain: positive, finite, of calls that went well. Buckets are in order of value; any monotone
-- function would do, and the fourth root keeps them fine in the tail at less than the cost of a logarithm. All others
-- are put apart once, so that no scan pays for them again.
create or replace temp view plain as
select g, hash(cluster) as cluster, x, (sqrt(sqrt(x)) * 200)::int as bucket
from measured
where x > 0 and x < 1e20 and (status = 'ok' or status is null);
create or replace temp view other as
select g, hash(cluster) as cluster, x, outcome,
  case
    when outcome is null then -1073741824
    when x is null or isnan(x) then -1073741823
    when x = 0 then 0
    when x = 'infinity'::double then 30000001
    when x = '-infinity'::double then -30000001
    when x >= 1e20 then 30000000
    when x <= -1e20 then -30000000
    when x > 0 then (sqrt(sqrt(x)) * 200)::int
    else -(sqrt(sqrt(-x)) * 200)::int
  end as bucket,
  status
from measured;
create or replace temp table rest as
select g, cluster, x, outcome, bucket from other where status = 'timeout';
create or replace temp view bucketed as
select g, cluster, x, bucket, 0 as outcome from plain
union all
select g, cluster, x, bucket, outcome from rest where bucket > -1073741823;
-- The same, with clusters of whatever grain is set: what stands apart has those of calls.
create or replace temp view regrouped as
select g, cluster, x from plain
union all
select g, cluster, x from other
where bucket > -1073741823
  and (status = 'timeout' or (status = 'ok' or status is null) and (x > 0 and x < 1e20) is not true)

-- name: odd
-- Calls that went well, with a value that is none, or beyond what buckets are for.
insert into rest
select g, cluster, x, outcome, bucket from other
where (status = 'ok' or status is null) and (x > 0 and x < 1e20) is not true

-- name: some_groups
select distinct g, "by" from (select g, "by" from selected limit 1024)

-- name: groups
select g, "by" from groups

-- name: histogram
select g, bucket, 0 as outcome, count(*)::double as n, sum(x) as total, sum(x * x) as squares
from plain
group by g, bucket
union all
select g, bucket, coalesce(outcome, 0) as outcome, count(*)::double as n, sum(x) as total, sum(x * x) as squares
from rest
group by g, bucket, outcome
union all
-- Calls that failed: they have no value.
select g, -1073741824, 0, count(*)::double, null, null
from measured
where status <> 'ok' and status <> 'timeout'
group by g
union all
-- All calls, to tell whether any is still to be put into a bucket.
select null, null, -1, count(*)::double, null, null from selected

-- name: order_statistics
-- The values at wanted places, counted from 1 in order of value within a bucket; open places count only values that
-- are not censored.
with wanted as (
  select one.g, one.bucket, one.places, one.open_places
  from (select unnest(from_json(
    $wanted::json,
    '[{"g": "UBIGINT", "bucket": "INTEGER", "places": ["BIGINT"], "open_places": ["BIGINT"]}]'
  )) as one)
)
select
  g,
  bucket,
  list_select(list_sort(list(x)), any_value(places)) as "values",
  list_select(list_sort(list(x) filter (where outcome = 0)), any_value(open_places)) as open_values
from bucketed join wanted using (g, bucket)
group by g, bucket

-- name: thresholds
create or replace temp table thresholds as
select one.g, one.mean, one.t[1] as t1, one.t[2] as t2, one.t[3] as t3, one.t[4] as t4
from (select unnest(from_json($thresholds::json, '[{"g": "UBIGINT", "mean": "DOUBLE", "t": ["DOUBLE"]}]')) as one)

-- name: clusters
-- Per group, the sums over clusters that the intervals of the mean and of up to four quantiles are made from.
with sizes as (
  select
    g,
    count(*)::double as m,
    sum(x) as s,
    -- How many more values lie above than below; those equal to the threshold count half on either side.
    sum(sign(x - t1)) as above1,
    sum(sign(x - t2)) as above2,
    sum(sign(x - t3)) as above3,
    sum(sign(x - t4)) as above4
  from bucketed join thresholds using (g)
  group by g, cluster
),
clusters as (
  select g, m, s,
    (m - above1) / 2 as c1, (m - above2) / 2 as c2, (m - above3) / 2 as c3, (m - above4) / 2 as c4
  from sizes
),
totals as (
  select g, sum(m) as m, sum(c1) as c1, sum(c2) as c2, sum(c3) as c3, sum(c4) as c4 from clusters group by g
),
-- The log odds of lying below a threshold, each side counted at least half.
odds as (
  select
    clusters.g, clusters.m, (clusters.s - thresholds.mean * clusters.m) as residual,
    totals.c1, totals.c2, totals.c3, totals.c4,
    ln(greatest(totals.c1 - clusters.c1, 0.5) / greatest(totals.m - clusters.m - totals.c1 + clusters.c1, 0.5))
      - ln(greatest(totals.c1, 0.5) / greatest(totals.m - totals.c1, 0.5)) as d1,
    ln(greatest(totals.c2 - clusters.c2, 0.5) / greatest(totals.m - clusters.m - totals.c2 + clusters.c2, 0.5))
      - ln(greatest(totals.c2, 0.5) / greatest(totals.m - totals.c2, 0.5)) as d2,
    ln(greatest(totals.c3 - clusters.c3, 0.5) / greatest(totals.m - clusters.m - totals.c3 + clusters.c3, 0.5))
      - ln(greatest(totals.c3, 0.5) / greatest(totals.m - totals.c3, 0.5)) as d3,
    ln(greatest(totals.c4 - clusters.c4, 0.5) / greatest(totals.m - clusters.m - totals.c4 + clusters.c4, 0.5))
      - ln(greatest(totals.c4, 0.5) / greatest(totals.m - totals.c4, 0.5)) as d4
  from clusters join totals using (g) join thresholds using (g)
)
select
  g,
  count(*)::double as clusters,
  sum(m) as n,
  sum(m * m) as size_squares,
  sum(m * m * m) as size_cubes,
  sum(m * m * m * m) as size_fourths,
  sum(residual * residual) as residual_squares,
  sum(residual * residual * m) as residual_sizes,
  sum(residual * residual * m * m) as residual_size_squares,
  sum(residual * residual * residual) as residual_cubes,
  any_value(c1) as below1, any_value(c2) as below2, any_value(c3) as below3, any_value(c4) as below4,
  sum(d1 * d1) as leave1, sum(d2 * d2) as leave2, sum(d3 * d3) as leave3, sum(d4 * d4) as leave4,
  sum(d1 * d1 * d1) as cubes1, sum(d2 * d2 * d2) as cubes2, sum(d3 * d3 * d3) as cubes3, sum(d4 * d4 * d4) as cubes4
from odds
group by g

-- name: squares
-- Per group, squared deviations by whatever is a cluster at the grain that is set: of the mean, and of the shares of
-- values that lie below up to four quantiles.
with shares as (
  select one.g, one.p[1] as p1, one.p[2] as p2, one.p[3] as p3, one.p[4] as p4
  from (select unnest(from_json($shares::json, '[{"g": "UBIGINT", "p": ["DOUBLE"]}]')) as one)
),
sizes as (
  select
    g,
    count(*)::double as m,
    sum(x) as s,
    sum(sign(x - t1)) as above1,
    sum(sign(x - t2)) as above2,
    sum(sign(x - t3)) as above3,
    sum(sign(x - t4)) as above4
  from regrouped join thresholds using (g)
  group by g, cluster
)
select
  g,
  count(*)::double as clusters,
  sum(m) as n,
  sum(m * m) as size_squares,
  sum((s - mean * m) ^ 2) as residual_squares,
  sum(((m - above1) / 2 - p1 * m) ^ 2) as squares1,
  sum(((m - above2) / 2 - p2 * m) ^ 2) as squares2,
  sum(((m - above3) / 2 - p3 * m) ^ 2) as squares3,
  sum(((m - above4) / 2 - p4 * m) ^ 2) as squares4
from sizes join thresholds using (g) join shares using (g)
group by g

-- name: power_sums
-- Per group, the sums over clusters from which the law of a bootstrapped mean follows: m is a cluster's size, d its
-- total less the mean times its size.
with sizes as (
  select g, cluster, count(*)::double as m, sum(x) as s from bucketed group by g, cluster
),
clusters as (
  select g, m, s - thresholds.mean * m as d from sizes join thresholds using (g)
)
select
  g,
  count(*)::double as clusters,
  sum(d) as d1r0,
  sum(m) as d0r1,
  sum(d * d) as d2r0,
  sum(d * m) as d1r1,
  sum(m * m) as d0r2,
  sum(d * d * d) as d3r0,
  sum(d * d * m) as d2r1,
  sum(d * m * m) as d1r2,
  sum(m * m * m) as d0r3,
  sum(d * d * d * d) as d4r0,
  sum(d * d * d * m) as d3r1,
  sum(d * d * m * m) as d2r2,
  sum(d * m * m * m) as d1r3,
  sum(m * m * m * m) as d0r4
from clusters
group by g

-- name: totals
-- Per group of few clusters, the size and the total of each, in an order that does not depend on their names.
select g, list(m order by m, s) as sizes, list(s order by m, s) as totals
from (select g, count(*)::double as m, sum(x) as s from bucketed group by g, cluster)
group by g
having count(*) <= $most
