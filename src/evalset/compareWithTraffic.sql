-- How an eval set stands against the requests it was drawn from. Reads the table `requests`.

-- name: chosen
create or replace temp table chosen as
select one.call_id, count(*)::double as items, sum(one.weight) as weight
from (select unnest(from_json($items::json, '[{"call_id": "VARCHAR", "weight": "DOUBLE"}]')) as one)
where one.call_id in (select call_id from requests)
group by one.call_id

-- name: shares
with known as (
  select call_id, unnest([
    {'dimension': 'workload', 'value': workload},
    {'dimension': 'length', 'value': length_bin},
    {'dimension': 'user', 'value': segment},
    {'dimension': 'time', 'value': time},
    {'dimension': 'script', 'value': script},
    {'dimension': 'kind', 'value': coalesce(edge, 'ordinary')}
  ], recursive := true)
  from requests
)
select
  dimension, value,
  count(*)::double as requests,
  coalesce(sum(items), 0)::double as items,
  coalesce(sum(weight), 0)::double as weight
from known left join chosen using (call_id)
group by dimension, value
order by list_position(['workload', 'length', 'user', 'time', 'script', 'kind'], dimension), requests desc, value

-- name: lengths
-- The largest gap between the cumulative shares of set and traffic over the length of the input.
with lengths as (
  select length, count(*)::double as requests, coalesce(sum(items), 0) as items, coalesce(sum(weight), 0) as weight
  from requests left join chosen using (call_id)
  group by length
),
shares as (
  select
    sum(requests) over (order by length) / sum(requests) over () as traffic,
    sum(items) over (order by length) / sum(items) over () as plain,
    sum(weight) over (order by length) / sum(weight) over () as weighted
  from lengths
)
select max(abs(plain - traffic)) as plain, max(abs(weighted - traffic)) as weighted from shares

-- name: strata
-- What weights are put right by, with the calls of the set in each.
select
  workload, length_bin,
  count(*)::double as requests,
  coalesce(list(requests.call_id order by requests.call_id) filter (where items is not null), []) as call_ids
from requests left join chosen using (call_id)
group by workload, length_bin
order by workload, length_bin
