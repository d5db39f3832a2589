-- How finely models count tokens. Reads the view `facts`.

-- name: counting
-- Of the models $models, the log ratio of input tokens to those of the model that shares most prompts, over the prompts that
-- both were asked: its median, and the order statistics between which the true median lies. Of several calls of a prompt the
-- shortest input counts: later ones include what the model said.
with asked as (
  select prompt_id, coalesce(prompt_version, '') as version, coalesce(model, '') as model, ln(min(input_tokens)) as length
  from facts
  where answers and prompt_id is not null and input_tokens > 0
    and coalesce(model, '') in (select unnest(from_json($models::json, '["VARCHAR"]')))
  group by all
),
several as (select prompt_id, version from asked group by all having count(*) > 1),
sharing as (select model, count(*)::double as n from asked join several using (prompt_id, version) group by model),
in_order as (select model, row_number() over (order by n desc, model) as place from sharing),
base as (
  select prompt_id, version, length as base_length from asked join in_order using (model) where place = 1
),
ratios as (select model, length - base_length as ratio from asked join base using (prompt_id, version)),
ranked as (
  select
    model, ratio, row_number() over (partition by model order by ratio) as rank,
    count(*) over (partition by model) as prompts
  from ratios
),
placed as (select *, greatest(1, floor(prompts / 2 - 0.98 * sqrt(prompts))) as least from ranked)
select
  model, max(prompts)::double as prompts, median(ratio) as ratio,
  min(ratio) filter (rank >= least) as low, max(ratio) filter (rank <= prompts + 1 - least) as high
from placed
group by model
order by model
