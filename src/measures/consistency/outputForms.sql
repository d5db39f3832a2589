-- Forms of the answers to the same prompt. Reads the table `scored` and the view `answering` of consistency.sql.

-- name: known
select count(*) > 0 as kept from pragma_table_info('calls') where name = 'output_form'

-- name: formed
-- The form of every repeated run's last answer with the power of ten of its characters: an empty one has no length.
create or replace temp table formed as
with lasts as (
  select run, output_form, floor(log10(if(output_length < 1, 1, output_length)))::int as power
  from answering
  qualify row_number() over (partition by run order by place desc, at_row desc) = 1
)
select
  scored.g, scored.at_row, scored.run, scored.prompt,
  case
    when output_form = 'empty' or power is null then output_form
    else format('{} of 1{} to 9{} characters', output_form, repeat('0', power), repeat('9', power))
  end as form,
  count(*) over (partition by scored.g, scored.prompt) as repeats
from scored
join lasts using (run)
where scored.repeats > 1 and output_form is not null

-- name: none_formed
create or replace temp table formed as
select g, at_row, run, prompt, ''::varchar as form, 0 as repeats from scored where false

-- name: forms
-- How many runs of each prompt have each form.
select g, prompt, form, count(*)::double as runs from formed where repeats > 1 group by g, prompt, form
order by g, prompt, runs desc, form

-- name: behind
select g, at_row, null::double as amount, run as unit, prompt from formed where repeats > 1
