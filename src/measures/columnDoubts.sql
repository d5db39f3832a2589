-- What looks wrong of whole columns: waits of another unit than others, and costs that no price makes.

-- name: typical
-- By workload, model, provider and file: how long a call takes, by itself and for each token that it writes, and what a token costs, as means
-- of logarithms. Reads facts.
select
  workload, model, provider, ingest_id,
  count(seconds)::double as timed,
  avg(ln(seconds)) as wait,
  avg(ln(case when output_tokens > 0 then seconds / output_tokens end)) as wait_of_token,
  count(price)::double as paid,
  avg(ln(price)) as cost_of_token
from (
  select
    *, case when went_well and cache_hit is not true then nullif(lasted, 0) end as seconds,
    case when not no_cost and cost > 0 and tokens_read >= 50 then cost / tokens_read end as price
  from facts where answers
)
group by all

-- name: roles
-- Calls in roles that nothing knows, and the files in which calls that do not answer have a cost. Reads facts.
select
  (count(*) filter (role not in ('answer', 'judge', 'other')))::double as strange,
  min(role) filter (role not in ('answer', 'judge', 'other')) as example,
  array_to_string(list_sort(list(distinct coalesce(ingest_id::varchar, '')) filter (cost > 0)), ' ') as paid
from facts where not answers

-- name: by_group
-- How many calls of each group are among them. Reads the view `selected`.
with odd as (
  select unnest(from_json($odd::json,
    '[{"workload": "VARCHAR", "model": "VARCHAR", "provider": "VARCHAR", "ingest": "DOUBLE", "waits": "BOOLEAN", "slow": "BOOLEAN", "fast": "BOOLEAN",
       "dear": "BOOLEAN", "cheap": "BOOLEAN"}]'), max_depth := 2)
)
select
  g::varchar as g,
  count(*) filter (answers)::double as calls,
  count(*) filter (answers and waits)::double as waits,
  count(*) filter (answers and slow)::double as slow,
  count(*) filter (answers and fast)::double as fast,
  count(distinct coalesce(selected.workload, '')) filter (answers and waits)::double as workloads,
  min(selected.workload) filter (answers and waits) as workload,
  count(*) filter (answers and dear)::double as dear,
  count(*) filter (answers and cheap)::double as cheap,
  array_to_string(list_sort(list(distinct coalesce(selected.ingest_id::varchar, '')) filter (answers and (dear or cheap))), ' ') as files,
  count(*) filter (role not in ('answer', 'judge', 'other'))::double as roles
from selected left join odd
  on selected.workload is not distinct from odd.workload and selected.model is not distinct from odd.model
  and selected.provider is not distinct from odd.provider
  and selected.ingest_id is not distinct from odd.ingest
where production
group by g
