-- How a metric is distributed in every group, by exact order statistics. Reads the view `measured`: g, cluster,
-- x, and outcome, which is 0 for a value, 1 for one known to be at least x, empty for what is not to be measured.

-- name: bucketed
-- Code 2b for a value in bucket b, 2b + 1 for a censored one; buckets are in order of value, and any monotone
-- function would do: the fourth root keeps them fine in the tail and costs less than a logarithm.
create or replace temp view bucketed as
select g, cluster, x, outcome,
  case
    when outcome is null then -2147483647
    when x > 0 and x < 1e20 then 2 * (sqrt(sqrt(x)) * 200)::int + outcome
    when x = 0 then outcome
    when x is null or isnan(x) then -2147483646
    when x = 'infinity'::double then 2 * 30000001 + outcome
    when x = '-infinity'::double then 2 * -30000001 + outcome
    when x > 0 then 2 * 30000000 + outcome
    when x > -1e20 then 2 * -(sqrt(sqrt(-x)) * 200)::int + outcome
    else 2 * -30000000 + outcome
  end as code
from measured

-- name: groups
select g, "by" from groups order by "by"

-- name: histogram
select g, code, count(*)::double as n, sum(x) as total, sum(x * x) as squares
from bucketed
group by g, code
order by g, code

-- name: order_statistics
-- The values at wanted places, counted from 1 in order of value within a bucket; $censored says whether the
-- censored ones are counted among them.
with wanted as (
  select one.g, one.bucket, unnest(one.places) as place
  from (select unnest(from_json($wanted::json, '[{"g": "UBIGINT", "bucket": "INTEGER", "places": ["BIGINT"]}]')) as one)
),
chosen as (
  select g, code >> 1 as bucket, x
  from bucketed
  where (code >> 1) in (select bucket from wanted)
    and (g, code >> 1) in (select (g, bucket) from wanted)
    and ($censored or outcome = 0)
),
placed as (
  select g, bucket, x, row_number() over (partition by g, bucket order by x) as place from chosen
)
select g, bucket, place, x from placed semi join wanted using (g, bucket, place)

-- name: clusters
-- Per group, the sums over clusters that the intervals of the mean and of up to four quantiles are made from.
with thresholds as (
  select one.g, one.mean, one.t
  from (select unnest(from_json($thresholds::json, '[{"g": "UBIGINT", "mean": "DOUBLE", "t": ["DOUBLE"]}]')) as one)
),
clusters as (
  select
    g,
    any_value(mean) as mean,
    count(*)::double as m,
    sum(x) as s,
    sum(case when x < t[1] then 1.0 when x = t[1] then 0.5 else 0.0 end) as c1,
    sum(case when x < t[2] then 1.0 when x = t[2] then 0.5 else 0.0 end) as c2,
    sum(case when x < t[3] then 1.0 when x = t[3] then 0.5 else 0.0 end) as c3,
    sum(case when x < t[4] then 1.0 when x = t[4] then 0.5 else 0.0 end) as c4
  from bucketed join thresholds using (g)
  where code > -2147483646
  group by g, cluster
),
totals as (
  select g, sum(m) as m, sum(c1) as c1, sum(c2) as c2, sum(c3) as c3, sum(c4) as c4 from clusters group by g
),
-- The log odds of lying below a threshold, each side counted at least half.
odds as (
  select
    clusters.g, clusters.m, (clusters.s - clusters.mean * clusters.m) as residual,
    totals.c1, totals.c2, totals.c3, totals.c4,
    ln(greatest(totals.c1 - clusters.c1, 0.5) / greatest(totals.m - clusters.m - totals.c1 + clusters.c1, 0.5))
      - ln(greatest(totals.c1, 0.5) / greatest(totals.m - totals.c1, 0.5)) as d1,
    ln(greatest(totals.c2 - clusters.c2, 0.5) / greatest(totals.m - clusters.m - totals.c2 + clusters.c2, 0.5))
      - ln(greatest(totals.c2, 0.5) / greatest(totals.m - totals.c2, 0.5)) as d2,
    ln(greatest(totals.c3 - clusters.c3, 0.5) / greatest(totals.m - clusters.m - totals.c3 + clusters.c3, 0.5))
      - ln(greatest(totals.c3, 0.5) / greatest(totals.m - totals.c3, 0.5)) as d3,
    ln(greatest(totals.c4 - clusters.c4, 0.5) / greatest(totals.m - clusters.m - totals.c4 + clusters.c4, 0.5))
      - ln(greatest(totals.c4, 0.5) / greatest(totals.m - totals.c4, 0.5)) as d4
  from clusters join totals using (g)
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
  sum(d1 * d1) as leave1, sum(d2 * d2) as leave2, sum(d3 * d3) as leave3, sum(d4 * d4) as leave4
from odds
group by g
