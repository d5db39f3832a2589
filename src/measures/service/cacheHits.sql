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
    sum(spent) filter (where cache_hit is not true) as miss_cost,
    count(spent) filter (where cache_hit is not true)::double as miss_priced,
    sum(spent) as cost, count(spent)::double as priced
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
    {'kind': 'cost_miss', 'c': miss_cost, 'r': miss_priced},
    {'kind': 'cost', 'c': cost, 'r': priced}
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
  count(spent) filter (where cache_hit is not true)::double as cost_miss,
  count(spent)::double as cost,
  count(cost) filter (where cache_hit is not true)::double as logged_miss,
  count(cost)::double as logged
from selected join groups on groups.g = selected.g
group by groups.g, groups."by"
order by groups."by"
