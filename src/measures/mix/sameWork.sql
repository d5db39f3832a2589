-- What two sides had to do alike, whichever model did it. Reads the views `sided`, `facts` and `about_tasks`, and the table
-- `wholes`, the group whose mix each group is brought to.

-- name: wholes
create or replace temp table wholes as
select unnest(from_json($wholes::json, '[{"g": "UBIGINT", "whole": "VARCHAR"}]'), max_depth := 2)

-- name: counters
-- The calls of every group, side and model. A model's tokens are its own.
select whole, g::varchar as g, second, coalesce(counted_by, '') as model, count(*)::double as calls
from counted join wholes using (g)
where second is not null and chosen and answers and production
group by all

-- name: has_items
select exists (select 1 from facts where prompt_id is not null) or exists (select 1 from about_tasks where prompt_id is not null) as has

-- name: task_items
-- The prompt of a task: its own, else that of the first call that answers it.
create or replace temp table task_items as
with items as (
  select hash(task_id) as task, prompt_id as item, 1 as rank from about_tasks where prompt_id is not null
  union all
  select hash(task_id), prompt_id, 2 from counted where owner and prompt_id is not null
)
select task, arg_min(item, row(rank, item)) as item from items group by task

-- name: no_items
create or replace temp table task_items as
select 0::ubigint as task, null::varchar as item where false

-- name: asked
-- How often each side was asked each prompt: a task asks once, however many calls it takes.
create or replace temp table asked as
select whole, g, second, coalesce(item, prompt_id) as item, count(*)::double as n
from counted join wholes using (g) left join task_items on hash(task_id) = task
where second is not null and chosen and answers and production and (owner or place is null)
group by all

-- name: not_asked
create or replace temp table asked as
select null::varchar as whole, 0::ubigint as g, true as second, null::varchar as item, 0::double as n where false

-- name: item_sides
-- Per side: the share of its target's mix that lies in prompts that it was asked (`covered`), how far the two are apart, and
-- Pearson's chi-square of that for one call (`chi`).
-- The target is side a, or with $together all groups of the whole.
create or replace temp table item_sides as
with targets as (
  select whole, item, sum(n) as n
  from asked where $together::boolean or not second group by all
),
totals as (select whole, sum(n) as total from targets group by whole),
owns as (select whole, g, second, sum(n) as total from asked group by all),
pairs as (
  select owns.whole, owns.g, owns.second, targets.item, targets.n / totals.total as there, coalesce(asked.n, 0) / owns.total as own
  from owns join totals using (whole) join targets using (whole)
    left join asked on asked.g = owns.g and asked.second = owns.second and asked.item is not distinct from targets.item
),
shares as (
  select
    whole, g, second, sum(least(there, own)) as alike, count(*)::double as prompts, sum((own - there) ** 2 / there) as chi,
    coalesce(sum(there) filter (own > 0 and item is not null), 0) as covered,
    coalesce(sum(own) filter (own > 0 and item is not null), 0) as common
  from pairs group by all
)
select shares.*, owns.total, totals.total as of_all, 1 - alike as apart
from shares join owns using (whole, g, second) join totals using (whole)

-- name: item_weights
-- What a call counts so that every side has its target's mix of prompts, where sides share them: each side of two has four
-- fifths of the other's mix, or of many groups those that have four fifths of all make nine tenths of the calls.
create or replace temp table item_weights as
with shared as (
  select whole
  from item_sides
  group by whole
  having case
    when $together::boolean then
      count(*) filter (covered >= $enough) > 1 and sum(total) filter (covered >= $enough) >= $most * sum(total)
    else count(*) = 2 and min(least(covered, common)) >= $enough
  end
),
targets as (select whole, item, sum(n) as n from asked where $together::boolean or not second group by all),
others as (select whole, item from asked where second and not $together::boolean group by all),
raw as (
  select
    asked.g, asked.second, asked.item, asked.n,
    case
      when asked.item is null or targets.n is null then 0
      when not $together::boolean and not asked.second then (others.item is not null)::int
      else targets.n / asked.n
    end as weight
  from asked
    left join targets on targets.whole = asked.whole and targets.item = asked.item
    left join others on others.whole = asked.whole and others.item = asked.item
  where asked.whole in (select whole from shared)
)
-- On the scale of its own calls.
select
  g, second, item,
  weight * sum(case when weight > 0 then n else 0 end) over (partition by g, second)
    / nullif(sum(weight * n) over (partition by g, second), 0) as item_w
from raw

-- name: items_shared
select g::varchar as g, second, covered, common, apart, prompts, total * chi / (1 - total / of_all) as chi
from item_sides
where g in (select g from item_weights)
order by all
