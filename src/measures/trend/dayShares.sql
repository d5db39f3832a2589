-- What the calls of each day or week were, beside the number that is measured. Reads the view `selected`, by what tells the
-- series apart and the day or week.

-- name: shares
-- Per group the calls of each value of a column, of its 30 commonest values; and the sum of the input's lengths.
create or replace temp table trend_shares as
with answered as (
  select
    g, input_tokens, release, model, response_model, prompt_version, provider, region, workload, user_id
  from selected
  where chosen and production and answers
),
values_of as (
  unpivot (
    select
      g, release, model, response_model as "model as it answered", prompt_version as "prompt version", provider, region,
      workload, user_id as "user"
    from answered
  )
  on release, model, "model as it answered", "prompt version", provider, region, workload, "user"
  into name what value value
),
counts as (
  select g, what, value, count(*) as n from values_of group by all
),
common as (
  select what, value from counts group by what, value
  qualify row_number() over (partition by what order by sum(n) desc, value) <= 30
)
select g, what, value, n::double as n from counts semi join common using (what, value)
union all
select g, 'calls', null, count(*)::double from answered group by g
union all
select g, 'input tokens per call', null, avg(input_tokens)::double from answered where input_tokens >= 0 group by g

-- name: shares_of_groups
select g::varchar as g, what, value, n from trend_shares order by g, what, value
