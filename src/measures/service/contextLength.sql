-- Latency, cost and success by the length of the input. Reads the views `selected`, `groups` and `scored_subjects`.

-- name: lengths
create or replace temp table unbinned as
select
  g, at_row, hash(cluster) as cluster, hour_unit, input_tokens::double as level, wait, wait_cut, spent, spent_high, unpriced, status, call_id, task_id,
  failed or wait_cut as failed, workload
from selected
where input_tokens is not null

-- name: scores
-- One score per call: its own, else its task's.
create or replace temp view scored as
with of_calls as (select subject_id as call_id, value as score from scored_subjects where subject = 'call'),
of_tasks as (select subject_id as task_id, value as score from scored_subjects where subject = 'task')
select
  binned.g, binned.at_row, binned.bin, binned.cluster, binned.workload, coalesce(of_calls.score, of_tasks.score)::double as score,
  case when of_calls.score is null then 'task' else 'call' end as subject,
  case when of_calls.score is null then task_id else call_id end as subject_id
from binned left join of_calls using (call_id) left join of_tasks using (task_id)
where coalesce(of_calls.score, of_tasks.score) is not null

-- name: sums
with clusters as (
  select
    hash(g, bin) as g, cluster as unit, sum(wait) as waited, count(wait)::double as timed, coalesce(sum(spent), 0) as cost,
    sum(spent_high) as cost_high,
    count(*)::double as calls, count(*) filter (where failed)::double as failed,
    count(status)::double as known
  from binned
  group by binned.g, bin, cluster
)
select g, one.kind, one.c, one.r, unit
from (
  select g, unit, unnest([
    {'kind': 'duration', 'c': waited, 'r': timed},
    {'kind': 'cost', 'c': cost, 'r': calls},
    {'kind': 'cost_high', 'c': cost_high, 'r': case when getvariable('without_cost') then calls end},
    {'kind': 'error', 'c': failed, 'r': known}
  ]) as one
  from clusters
)
where one.r > 0
union all
select hash(g, bin), 'score', sum(score), count(*)::double, cluster from scored group by g, bin, cluster

-- name: units
select hash(g, bin)::varchar as g, at_row as unit, subject, subject_id, cluster from scored

-- name: behind
select
  g, at_row, wait as amount, min(level) over (partition by g, bin) as from_tokens,
  max(level) over (partition by g, bin) as to_tokens
from binned

-- name: rows
select
  hash(binned.g, binned.bin)::varchar as g, groups."by", min(level) as from_tokens, max(level) as to_tokens,
  count(*)::double as calls, count(wait)::double as timed,
  count(wait) filter (wait_cut)::double as timeouts, count(*) filter (unpriced)::double as unpriced,
  count(*) filter (getvariable('without_cost') and not unpriced and not (failed and spent = 0))::double as billed,
  count(status)::double as known, coalesce(any_value(scores.n), 0) as scored,
  coalesce(any_value(scores.plain), true) as plain
from binned
join groups using (g)
left join (
  select g, bin, count(*)::double as n, bool_and(score in (0, 1)) as plain from scored group by g, bin
) as scores on scores.g = binned.g and scores.bin = binned.bin
group by binned.g, binned.bin, groups."by"
order by groups."by", from_tokens

-- name: without
select count(*)::double as calls, count(*) filter (where input_tokens is null)::double as missing from selected

-- name: steps
-- The lengths of a slope: the mean of the doublings of each bin. An input of no token stands for one.
select
  binned.g::varchar as g, groups."by", bin, avg(log2(greatest(level, 1))) as x, any_value(scores.n) as n,
  count(*)::double as calls, max(level) as longest
from binned
join groups using (g)
join (select g, bin, count(*)::double as n from scored group by g, bin) as scores using (g, bin)
group by binned.g, groups."by", bin
order by groups."by", bin

-- name: parts
-- What each cluster adds to each bin, by workload; many clusters are dealt into few, which are as independent.
select
  g::varchar as g, dealt::double as cluster, bin, coalesce(workload, '') as workload, count(*)::double as n,
  sum(score) as total
from (select *, dense_rank() over (partition by g order by hash(cluster, 1)) % $most::bigint as dealt from scored)
group by g, dealt, bin, coalesce(workload, '')
order by g, dealt, bin, workload
