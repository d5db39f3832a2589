-- How long refused calls were told to wait, and when the next call of their task came. Reads the view `selected`.

-- name: refused
-- The next answering call of the task is the retry, whoever answers it. Clocks and headers are rounded: a tenth of a
-- second early is in time.
create or replace temp table refused as
with next as (select task_id, place, begun, went_well from facts where task_id is not null and place > 1)
select
  selected.g, selected.at_row, hash(selected.cluster) as cluster, selected.retry_after,
  selected.retry_after is not null as reported, next.place is not null as retried, next.went_well,
  case
    when next.place is not null
      then epoch_us(next.begun) - epoch_us(selected.begun) >= 1e6 * (coalesce(selected.lasted, 0) + selected.retry_after - 0.1)
  end as obeyed
from selected
left join next on next.task_id = selected.task_id and next.place = selected.place + 1
where selected.status = 'rate_limited' or selected.retry_after is not null

-- name: sums
with clusters as (
  select
    g, count(*)::double as refused, count(retry_after)::double as reported,
    count(*) filter (where reported and retried)::double as retried, count(obeyed) filter (where reported)::double as timed,
    count(*) filter (where obeyed)::double as obeyed, count(*) filter (where obeyed = false)::double as early,
    count(*) filter (where obeyed and went_well)::double as obeyed_ok,
    count(*) filter (where obeyed = false and went_well)::double as early_ok
  from refused
  group by g, cluster
)
select g, one.kind, one.c, one.r
from (
  select g, unnest([
    {'kind': 'reported', 'c': reported, 'r': refused},
    {'kind': 'retried', 'c': retried, 'r': reported},
    {'kind': 'obeyed', 'c': obeyed, 'r': timed},
    {'kind': 'ok_obeyed', 'c': obeyed_ok, 'r': obeyed},
    {'kind': 'ok_early', 'c': early_ok, 'r': early}
  ]) as one
  from clusters
)
where one.r > 0

-- name: measured
create or replace temp view measured as
select g, cluster, null as hour, retry_after as x, false as cut, retry_after is null as failed from refused

-- name: rows
select
  groups.g::varchar as g, groups."by", count(*)::double as refused, count(retry_after)::double as reported
from refused join groups using (g)
group by groups.g, groups."by"
order by groups."by"
