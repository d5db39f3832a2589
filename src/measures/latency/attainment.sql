-- How often a call keeps within a limit. Reads the views `selected` and `groups`.

-- name: sums
-- Per group, cluster and limit, the calls that can tell (r) and those within it (c). A call that failed kept no limit,
-- a timeout only what it had reached by then; a cancelled call is nobody's fault.
with limits as (
  select one.name, one.metric, one.most
  from (select unnest(from_json(
    getvariable('limits')::json, '[{"name": "VARCHAR", "metric": "VARCHAR", "most": "DOUBLE"}]'
  )) as one)
),
judged as (
  select
    g, hash(cluster) as cluster, name, most,
    case metric when 'duration' then lasted else first_after end as x,
    -- What is not streamed has no first token to be late.
    case metric when 'duration' then failed or wait_cut
      else stream is distinct from false and (failed or first_wait_cut) end as missed
  from selected, limits
  where status is distinct from 'cancelled'
),
known as (select distinct g, name from judged where not missed and x is not null)
select
  g, name as kind, cluster as unit,
  count(*) filter (where not missed and x <= most)::double as c,
  count(*)::double as r
from judged semi join known using (g, name)
where missed or x is not null
group by g, name, cluster

-- name: rows
-- With the calls that went well after 0 seconds though no cache answered.
select groups.g::varchar as g, groups."by", totals.* exclude (g)
from groups join (
  select
    g, count(*)::double as calls,
    count(*) filter (lasted = 0 and went_well and cache_hit is not true)::double as duration,
    count(*) filter (first_after = 0 and went_well and cache_hit is not true)::double as time_to_first_token
  from selected group by g
) as totals using (g)
order by groups."by"
