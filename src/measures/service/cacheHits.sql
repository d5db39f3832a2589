-- What caches answer and save. Reads the views `selected` and `groups`.

-- name: sums
with clusters as (
  select
    g, count(cache_hit)::double as known, count(*) filter (where cache_hit)::double as hits,
    sum(input_tokens) filter (where cache_read_input_tokens is not null)::double as tokens,
    sum(cache_read_input_tokens)::double as cached, sum(wait) filter (where cache_hit) as hit_waited,
    count(wait) filter (where cache_hit)::double as hit_timed,
    sum(wait) filter (where cache_hit is not true) as miss_waited,
    count(wait) filter (where cache_hit is not true)::double as miss_timed,
    coalesce(sum(spent) filter (where cache_hit is not true), 0) as miss_cost,
    sum(spent_high) filter (where cache_hit is not true) as miss_cost_high,
    count(*) filter (where cache_hit is not true)::double as misses,
    coalesce(sum(spent), 0) as cost, sum(spent_high) as cost_high, count(*)::double as calls
  from selected
  group by g, hash(cluster)
)
select g, one.kind, one.c, one.r
from (
  select g, unnest([
    {'kind': 'hit', 'c': hits, 'r': known},
    {'kind': 'cached', 'c': cached, 'r': tokens},
    {'kind': 'duration_hit', 'c': hit_waited, 'r': hit_timed},
    {'kind': 'duration_miss', 'c': miss_waited, 'r': miss_timed},
    {'kind': 'cost_miss', 'c': miss_cost, 'r': misses},
    {'kind': 'cost', 'c': cost, 'r': calls},
    {'kind': 'cost_miss_high', 'c': miss_cost_high, 'r': case when getvariable('without_cost') then misses end},
    {'kind': 'cost_high', 'c': cost_high, 'r': case when getvariable('without_cost') then calls end}
  ]) as one
  from clusters
)
where one.r > 0

-- name: rows
select
  groups.g::varchar as g, groups."by", count(*)::double as calls, count(cache_hit)::double as hit,
  count(cache_read_input_tokens)::double as cached,
  count(wait) filter (where cache_hit)::double as duration_hit,
  count(wait) filter (where cache_hit is not true)::double as duration_miss,
  count(wait) filter (where wait_cut and cache_hit)::double as timeouts_hit,
  count(wait) filter (where wait_cut and cache_hit is not true)::double as timeouts_miss,
  count(*) filter (where cache_hit is not true)::double as misses,
  count(*) filter (where unpriced and cache_hit is not true)::double as unpriced_miss,
  count(*) filter (where unpriced)::double as unpriced,
  count(*) filter (where getvariable('without_cost') and cache_hit is not true and not unpriced and not (failed and spent = 0))::double as billed_miss,
  count(*) filter (where getvariable('without_cost') and not unpriced and not (failed and spent = 0))::double as billed
from selected join groups on groups.g = selected.g
group by groups.g, groups."by"
order by groups."by"
