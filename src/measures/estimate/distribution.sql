-- How a metric is distributed in every group, by exact order statistics. Reads the view `measured`: g, cluster, hour, x,
-- `cut`, true of a value known only to be at least x, and `failed`, true of a call whose x is no value.

-- name: values
-- With clusters as numbers.
create or replace temp view computed as
select g, hash(cluster) as cluster, hour, x, cut, failed from measured

-- name: kept
-- A pass over this table takes a quarter of the time of one over the log; to make it takes as long as one or two.
create or replace temp table kept as from computed;
create or replace temp view computed as from kept

-- name: whole
create or replace temp view valued as from computed

-- name: parts
-- What the clusters in the table `sampled` have in each hour.
create or replace temp view valued as
select g, hash(cluster, hour) as cluster, hour, x, cut, failed from computed where cluster in (from sampled)

-- name: bucketed
-- Buckets are in order of value; any monotone function would do, and the fourth root keeps them fine in the tail at less
-- than the cost of a logarithm. Only where the variable `signed` is set may values lie below 0.
create or replace temp view bucketed as
select
  *,
  floor(200 * case when getvariable('signed') then sign(x) * sqrt(sqrt(abs(x))) else sqrt(sqrt(x)) end + 0.5) as bucket
from valued

-- name: some_groups
select distinct g::varchar as g, "by" from (select g, "by" from selected limit 1024)

-- name: groups
select g::varchar as g, "by" from groups

-- name: histogram
-- A filter on how calls went costs more than cells of failed calls, which are put together afterwards.
select
  g::varchar as g, case when not failed then bucket end as bucket, cut, failed,
  sum(n) as n, sum(total) as total, sum(squares) as squares
from (
  select g, bucket, cut, failed, count(*)::double as n, sum(x) as total, sum(x * x) as squares
  from bucketed
  group by g, bucket, cut, failed
)
group by all

-- name: near
-- The values of the wanted buckets, and those of failed calls: none lies below $low, or between $high and $tail. (To ask
-- for two ranges takes a scan half as long again.)
create or replace temp table near as
with wanted as (
  select one.g, unnest(one.buckets) as bucket
  from (select unnest(from_json($wanted::json, '[{"g": "UBIGINT", "buckets": ["DOUBLE"]}]')) as one)
)
select g, bucket, cluster, hour, x, cut, failed
from bucketed semi join wanted using (g, bucket)
where x >= $low::double and not (x > $high::double and x < $tail::double)

-- name: within_reach
-- The values that lie in ranges: none between $high and $from. (Most values need not be looked up.)
from bucketed where x between $low::double and $to::double and not (x > $high::double and x < $from::double)

-- name: order_statistics
-- The values at wanted places, counted from 1 in order of value within a bucket; open places count only values that
-- are not censored. Reads `within_reach`. (To leave out failed calls before the join costs more than after it.)
select
  g::varchar as g, bucket,
  list_select(list_sort(list(x) filter (where not failed)), any_value(places)) as "values",
  list_select(list_sort(list(x) filter (where not failed and not cut)), any_value(open_places)) as open_values
from within_reach join (
  select one.g, one.bucket, one.places, one.open_places
  from (select unnest(from_json(
    $wanted::json,
    '[{"g": "UBIGINT", "bucket": "DOUBLE", "places": ["BIGINT"], "open_places": ["BIGINT"]}]'
  )) as one)
) using (g, bucket)
group by g, bucket

-- name: thresholds
create or replace temp table thresholds as
select one.g, one.mean, one.t[1] as t1, one.t[2] as t2, one.t[3] as t3, one.t[4] as t4,
  one.p[1] as p1, one.p[2] as p2, one.p[3] as p3, one.p[4] as p4
from (select unnest(from_json(
  $thresholds::json, '[{"g": "UBIGINT", "mean": "DOUBLE", "t": ["DOUBLE"], "p": ["DOUBLE"]}]'
)) as one)

-- name: sizes
-- Per group and cluster of the grain that is set, its size m, its total s, and how many values lie below up to four
-- thresholds, those equal counting half. All values above a threshold past the first `mids` are near: to count them needs
-- no look at the others. (Where all four are looked at, what is near is not.)
create or replace temp view sizes as
with middle as (
  select
    g, unit, count(x)::double as m, sum(x) as s,
    case when getvariable('mids') >= 1 then sum(sign(x - t1)::double) end as above1,
    case when getvariable('mids') >= 2 then sum(sign(x - t2)::double) end as above2,
    case when getvariable('mids') >= 3 then sum(sign(x - t3)::double) end as above3,
    case when getvariable('mids') >= 4 then sum(sign(x - t4)::double) end as above4
  from (select *, case when getvariable('grain') = 'hour' then greatest(hour, 0)::ubigint else cluster end as unit from bucketed)
    join thresholds using (g)
  where not failed
  group by g, unit
  having count(x) > 0
),
tail as (
  select
    g, unit, sum((1 + sign(x - t1))::double) as above1, sum((1 + sign(x - t2))::double) as above2, sum((1 + sign(x - t3))::double) as above3,
    sum((1 + sign(x - t4))::double) as above4
  from (select *, case when getvariable('grain') = 'hour' then greatest(hour, 0)::ubigint else cluster end as unit from near)
    join thresholds using (g)
  where not failed and getvariable('mids') < 4
  group by g, unit
)
select
  g, unit, m, s,
  case when getvariable('mids') >= 1 then (m - middle.above1) / 2 else m - coalesce(tail.above1, 0) / 2 end as c1,
  case when getvariable('mids') >= 2 then (m - middle.above2) / 2 else m - coalesce(tail.above2, 0) / 2 end as c2,
  case when getvariable('mids') >= 3 then (m - middle.above3) / 2 else m - coalesce(tail.above3, 0) / 2 end as c3,
  case when getvariable('mids') >= 4 then (m - middle.above4) / 2 else m - coalesce(tail.above4, 0) / 2 end as c4
from middle left join tail using (g, unit);
create or replace temp macro log_odds(below, n) as ln(greatest(below, 0.5) / greatest(n - below, 0.5))

-- name: clusters
-- Per group, the sums over clusters that the intervals of the mean and of up to four quantiles are made from; d is the
-- shift of the log odds of lying below a threshold where a cluster is left out.
with clusters as materialized (from sizes),
totals as (
  select g, sum(m) as m, sum(c1) as c1, sum(c2) as c2, sum(c3) as c3, sum(c4) as c4 from clusters group by g
),
odds as (
  select
    g, one.m, one.s - mean * one.m as residual, one.c1, one.c2, one.c3, one.c4,
    log_odds(every.c1 - one.c1, every.m - one.m) - log_odds(every.c1, every.m) as d1,
    log_odds(every.c2 - one.c2, every.m - one.m) - log_odds(every.c2, every.m) as d2,
    log_odds(every.c3 - one.c3, every.m - one.m) - log_odds(every.c3, every.m) as d3,
    log_odds(every.c4 - one.c4, every.m - one.m) - log_odds(every.c4, every.m) as d4
  from clusters as one join totals as every using (g) join thresholds using (g)
)
select
  g::varchar as g, count(*)::double as clusters, sum(m) as n, sum(m * m) as "sizeSquares",
  sum(m * m * m) as "sizeCubes", sum(m * m * m * m) as "sizeFourths",
  sum(residual * residual) as "residualSquares", sum(residual * residual * m) as "residualSizes",
  sum(residual * residual * m * m) as "residualSizeSquares",
  sum(residual * residual * residual) as "residualCubes", [sum(c1), sum(c2), sum(c3), sum(c4)] as below,
  [sum(d1 * d1), sum(d2 * d2), sum(d3 * d3), sum(d4 * d4)] as "leaveOneOut",
  [sum(d1 * d1 * d1), sum(d2 * d2 * d2), sum(d3 * d3 * d3), sum(d4 * d4 * d4)] as "leaveOneOutCubes"
from odds
group by g

-- name: hours
-- Per group and hour, what it comes to.
select g::varchar as g, unit::double as hour, m, s, c1, c2, c3, c4 from sizes order by g, unit

-- name: squares
-- Per group, squared deviations by whatever is a cluster at the grain that is set: of the mean, and of the shares of
-- values that lie below up to four thresholds. (A product takes a fraction of the time of a power.)
select
  g::varchar as g, sum(d * d) as "residualSquares",
  [sum(d1 * d1), sum(d2 * d2), sum(d3 * d3), sum(d4 * d4)] as "belowSquares"
from (
  select
    g, s - mean * m as d, c1 - p1 * m as d1, c2 - p2 * m as d2, c3 - p3 * m as d3, c4 - p4 * m as d4
  from sizes join thresholds using (g)
)
group by g

-- name: means
-- The mean of a group as the ratio of its values' sum to their number.
select g, 'mean' as kind, cluster as unit, sum(x) as c, count(*)::double as r
from bucketed
where not failed and x is not null
group by g, cluster
