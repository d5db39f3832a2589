-- How finely models count tokens. Reads the view `facts`.

-- name: counting
-- Of the models $models, the log ratio of input tokens to those of the model that shares most prompts, over the prompts that
-- both were asked: its median, and the order statistics between which the true median lies. Of several calls of a prompt the
-- shortest input counts: later ones include what the model said.
with asked as (
  select prompt_id, prompt_version, coalesce(model, '') as model, ln(min(input_tokens)) as length
  from facts
  where answers and prompt_id is not null and input_tokens > 0
    and list_contains(from_json($models::json, '["VARCHAR"]'), coalesce(model, ''))
  group by all
),
several as (select prompt_id, prompt_version from asked group by all having count(*) > 1),
first_of_all as (
  select model as reference
  from asked semi join several
    on asked.prompt_id = several.prompt_id and asked.prompt_version is not distinct from several.prompt_version
  group by model
  order by count(*) desc, model
  limit 1
),
ratios as (
  select asked.model, asked.length - base.length as ratio
  from asked join first_of_all on true join asked as base
    on base.model = reference and base.prompt_id = asked.prompt_id
      and base.prompt_version is not distinct from asked.prompt_version
),
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
