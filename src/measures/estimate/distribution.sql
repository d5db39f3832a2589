-- How a metric is distributed in every group, by exact order statistics. Reads the view `measured`: g, cluster, hour, x,
-- `cut`, true of a value known only to be at least x, and `failed`, true of a call whose x is no value. Clusters are hashes.

-- name: values
create or replace temp view computed as
select g, cluster, hour, x, cut, failed from measured

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

-- name: means
-- The mean of a group as the ratio of its values' sum to their number.
select g, 'mean' as kind, cluster as unit, sum(x) as c, count(*)::double as r
from bucketed
where not failed and x is not null
group by g, cluster
