-- How often a call keeps within a limit. Reads the views `selected` and `groups`.

-- name: kinds
-- Per group, cluster and limit, the calls that can tell (r) and those within it (c). A call that failed kept no limit,
-- a timeout only what it had reached by then; a cancelled call is nobody's fault.
create or replace temp view kinds as
with limits as (
  select one.name, one.metric, one.most
  from (select unnest(from_json(
    getvariable('limits')::json, '[{"name": "VARCHAR", "metric": "VARCHAR", "most": "DOUBLE"}]'
  )) as one)
),
judged as (
  select
    g, hash(cluster) as cluster, name, most,
    case when metric = 'duration' and duration >= 0 then duration
      when metric <> 'duration' and time_to_first_token >= 0 then time_to_first_token end as x,
    -- What is not streamed has no first token to be late.
    (metric = 'duration' or stream is distinct from false) and (
      status not in ('ok', 'timeout', 'cancelled')
      or (status = 'timeout' and (metric = 'duration' or time_to_first_token is null))
    ) as failed
  from selected, limits
  where status is distinct from 'cancelled'
),
told as (select distinct g, name from judged where failed is not true and x is not null)
select
  g,
  name as kind,
  count(*) filter (where failed is not true and x <= most)::double as c,
  count(*) filter (where failed or not isnan(x))::double as r
from judged semi join told using (g, name)
where failed or x is not null
group by g, name, cluster

-- name: rows
select groups.g, groups."by", totals.calls, counts.names, counts.trials
from groups
join (select g, count(*)::double as calls from selected group by g) as totals using (g)
left join (
  select g, list(kind order by kind) as names, list(r order by kind) as trials
  from (select g, kind, sum(r) as r from kinds group by g, kind)
  group by g
) as counts using (g)
order by groups."by"
