-- How much of the spread of a model's latency lies between those who serve it. Reads the view `selected`.

-- name: timed
create or replace temp view timed as
select
  g, at_row, lasted, hash(cluster) as cluster, ln(lasted) as x
from selected
where went_well and lasted > 0 and lasted < 1e7

-- name: cells
-- Per group and cluster, sums of the logarithm of duration. Very many clusters are put together, whole.
with many as (
  select count(distinct cluster) > $most as so from timed
)
select
  g::varchar as g,
  case when so then cluster % $most else cluster end as unit,
  count(*)::double as n, sum(x) as total, sum(x * x) as squares
from timed, many
group by timed.g, unit
order by timed.g, unit

-- name: groups
select g::varchar as g, "by" from groups order by "by"
