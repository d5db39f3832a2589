-- What a mean and a quantile do not tell of a distribution. Reads the view `bucketed`.

-- name: ends
create or replace temp table ends as
select one.*
from (select unnest(from_json(
  $ends::json, '[{"g": "UBIGINT", "low": "DOUBLE", "high": "DOUBLE", "top": "DOUBLE"}]'
)) as one)

-- name: early
-- Timeouts below the upper end: how long they would have taken decides the mean of what lies between.
select g::varchar as g, count(*)::double as early
from bucketed join ends using (g)
where not failed and cut and x < high
group by g

-- name: shape
-- Per cluster, sums of which the ratio is the trimmed mean (values brought to the ends, less what that adds), and the
-- share of the total that lies in the slowest values (what lies above the top quantile, and that quantile for each).
-- About the right ends neither changes to first order when an end moves: the ends may be taken as known.
select g, unnest([{'kind': 'trimmed', 'c': trimmed, 'r': n}, {'kind': 'slowest', 'c': slowest, 'r': total}], recursive := true), unit
from (
  select
    g, cluster as unit, count(*)::double as n, sum(x) as total,
    sum((greatest(least(x, high), low) - getvariable('trim') * (low + high)) / (1 - 2 * getvariable('trim'))) as trimmed,
    sum(greatest(x - top, 0) + getvariable('slowest') * top) as slowest
  from bucketed join ends using (g)
  where not failed and x is not null
  group by g, cluster
)
