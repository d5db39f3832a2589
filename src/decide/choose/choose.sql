-- How the estimates of a choice are correlated, and the traffic behind it. Reads the view `selected` over whole
-- tasks, `task_facts` and `subject_scores`, and the table requested.

-- name: workloads
select workload, count(*)::double as calls from facts where workload is not null group by workload order by workload

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
-- The mean score of every subject by each kind of rater, with the group and unit of its call, or of the owner of its task.
create or replace temp table scored as
select g, hash(coalesce(task_id, call_id)) as alone, hash(cluster) as cluster, name, rater, value
from subject_scores join selected on call_id = subject_id
where subject = 'call' and chosen
union all
select g, hash(coalesce(task_id, call_id)), hash(cluster), name, rater, value
from subject_scores join selected on task_id = subject_id
where subject = 'task' and owner and chosen

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
