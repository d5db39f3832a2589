-- How the estimates of a choice are correlated, and the traffic behind it. Reads the view `selected` over whole
-- tasks, `task_facts`, and the tables scores and requested.

-- name: workloads
select workload, count(*)::double as calls from calls where workload is not null group by workload order by workload

-- name: traffic
-- Calls per group, and the days that the log spans.
select
  g,
  count(*)::double as calls,
  epoch(min(begun)) as first,
  epoch(max(begun)) as last
from selected
where chosen and answers
group by g

-- name: requested
-- The requested numbers: for which group, which metric, and the value of a quantile.
create or replace temp table requested as
select one.dim, one.g, one.name, one.at
from (select unnest(from_json(
  $requested::json, '[{"dim": "INTEGER", "g": "UBIGINT", "name": "VARCHAR", "at": "DOUBLE"}]'
)) as one)

-- name: scored
-- The mean score of every subject, from the kind of rater that gave the score most often, with the group and unit
-- of its call, or of the owner of its task.
create or replace temp view scored as
with kinds as (
  select name, coalesce(rater, 'not given') as rater, count(*) as n from scores where isfinite(value) group by all
),
given as (
  select subject, subject_id, name, avg(value) as value
  from (select * replace (coalesce(rater, 'not given') as rater) from scores) semi join (
    select name, rater from kinds qualify row_number() over (partition by name order by n desc, rater) = 1
  ) using (name, rater)
  where isfinite(value)
  group by subject, subject_id, name
)
select g, hash(coalesce(task_id, call_id)) as alone, hash(cluster) as cluster, 'score:' || name as name, value
from given join selected on case when subject = 'call' then call_id = subject_id else owner and task_id = subject_id end
where chosen

-- name: products
-- Each number is a ratio of two sums over independent units. A unit's pull on it (how far the number is from its
-- value without the unit) is the unit's numerator c less the ratio times its denominator r; for two numbers, the
-- sum of the products of both pulls.
with units as (
  select dim, unit, sum(c) as c, sum(r) as r from terms group by dim, unit
),
ratios as (
  select dim, sum(c) / sum(r) as ratio from units group by dim having sum(r) > 0
),
pulls as (
  select dim, unit, c - ratio * r as pull from units join ratios using (dim)
)
select a.dim as a, b.dim as b, sum(a.pull * b.pull) as product
from pulls as a join pulls as b on a.unit = b.unit and a.dim <= b.dim
group by a.dim, b.dim
order by a.dim, b.dim
