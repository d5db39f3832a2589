-- The same prompt asked again and again. Reads the views `selected` (over whole tasks), `groups`, `about_tasks`,
-- `judgements` and `outcomes`; the view `scored_subjects` of judgements.sql holds the score, where there is one.

-- name: runs
-- One row per run: a task, or a call without one. Its group is that of its first answering call, its output the last.
create or replace temp view answering as
select
  selected.*,
  coalesce('t' || task_id, 'c' || call_id) as run
from selected
where answers;
create or replace temp table runs as
with firsts as (
  select run, at_row, task_id, call_id, g, chosen, prompt_id, prompt_version, workload,
    coalesce(environment = 'evaluation', false) as evaluation
  from answering
  qualify row_number() over (partition by run order by place, at_row) = 1
),
lasts as (
  select run, output_length, output_hash, json_valid, schema_valid
  from answering
  qualify row_number() over (partition by run order by place desc, at_row desc) = 1
),
named as (
  select firsts.*, coalesce(about_tasks.prompt_id, firsts.prompt_id) as item
  from firsts left join about_tasks using (task_id)
  where chosen
)
select
  named.g, named.run, named.at_row, named.task_id, named.call_id, named.item, named.prompt_version, named.workload,
  named.evaluation,
  md5(concat_ws(
    chr(31), named.item, coalesce(named.prompt_version, ''), coalesce(named.workload, ''), named.evaluation::varchar
  )) as prompt,
  lasts.output_length::double as output_length, lasts.output_hash, lasts.json_valid, lasts.schema_valid,
  count(*) over (partition by named.g, named.item, named.prompt_version, named.workload, named.evaluation) as repeats
from named join lasts using (run)
where named.item is not null

-- name: coverage
-- The scores that repeated runs have, and how many of the runs.
with repeated as (select run, task_id from runs where repeats > 1),
given as (
  select judgements.name, repeated.run
  from judgements join repeated on judgements.subject = 'task' and judgements.subject_id = repeated.task_id
  where isfinite(judgements.value)
  union all
  select judgements.name, repeated.run
  from judgements join answering on judgements.subject = 'call' and judgements.subject_id = answering.call_id
  join repeated using (run)
  where isfinite(judgements.value)
  union all
  select 'resolved', repeated.run from outcomes join repeated using (task_id) where outcomes.resolved is not null
)
select name, count(distinct run)::double as runs, (select count(*) from repeated)::double as "of"
from given group by name order by name

-- name: no_scores
create or replace temp view scored_subjects as
select null::varchar as subject, null::varchar as subject_id, null::double as value, null::boolean as plain where false

-- name: scored
-- The score of every run: its task's, or that of its last call that has one.
create or replace temp table scored as
with of_tasks as (select subject_id as task_id, value from scored_subjects where subject = 'task'),
of_calls as (
  select answering.run, scored_subjects.value
  from scored_subjects join answering
    on scored_subjects.subject = 'call' and scored_subjects.subject_id = answering.call_id
  qualify row_number() over (
    partition by answering.run order by place desc, at_row desc
  ) = 1
)
select runs.*, coalesce(of_tasks.value, of_calls.value) as score
from runs left join of_tasks using (task_id) left join of_calls using (run)

-- name: behind
select g, at_row, score as amount, run as unit, prompt from scored where repeats > 1

-- name: groups
-- Runs and prompts of every group, repeated or not, and what the scores of its repeated runs are like; `plain` is of all.
select
  scored.g,
  groups."by",
  count(*)::double as runs,
  count(distinct prompt)::double as prompts,
  count(*) filter (where repeats > 1)::double as repeated_runs,
  count(distinct prompt) filter (where repeats > 1)::double as repeated_prompts,
  count(score) filter (where repeats > 1)::double as scores,
  min(score) filter (where repeats > 1) as least,
  max(score) filter (where repeats > 1) as most,
  coalesce(bool_and(score in (0, 1)), true) as plain,
  count(*) filter (where repeats > 1 and evaluation)::double as evaluation,
  count(score) filter (where repeats = 1)::double as once,
  count(*) filter (where repeats = 1 and case when $down then score <= $pass + 1e-9 else score >= $pass - 1e-9 end)::double
    as once_passed,
  coalesce(bool_or(asked_for.json), false) as json
from scored join groups using (g)
left join (
  -- Where no output of a workload is JSON and none has a schema, none was asked for.
  select coalesce(workload, '') as workload_key, coalesce(bool_or(json_valid), false) or count(schema_valid) > 0 as json
  from scored group by workload_key
) as asked_for on asked_for.workload_key = coalesce(scored.workload, '')
group by scored.g, groups."by"
order by groups."by"

-- name: prompts
-- Of every prompt that was asked at least twice: counts and sums over its runs. A run passes where its score is on the
-- good side of $pass; $down is true where lower scores are better.
with
outputs as (
  select g, prompt, sum(c * (c - 1))::double as same, sum(c)::double as hashed, count(*)::double as outputs
  from (
    select g, prompt, output_hash, count(*) as c
    from scored where repeats > 1 and output_hash is not null group by g, prompt, output_hash
  )
  group by g, prompt
),
-- Sums are taken in order of value: the last digit does not depend on the order of the rows.
centres as (
  select g, prompt,
    case when min(score) = max(score) then min(score) else sum(score order by score) / count(score) end as centre
  from scored where repeats > 1 group by g, prompt
)
select
  g, prompt,
  any_value(item) as item,
  any_value(prompt_version) as prompt_version,
  any_value(workload) as workload,
  count(*)::double as runs,
  count(score)::double as scores,
  any_value(centre) as mean,
  case when count(score) > 0 then coalesce(sum((score - centre) ** 2 order by score), 0) end as squares,
  min(score) as least,
  max(score) as most,
  count(*) filter (where case when $down then score <= $pass + 1e-9 else score >= $pass - 1e-9 end)::double as passes,
  count(output_length)::double as lengths,
  coalesce(sum(output_length), 0) as length_sum,
  coalesce(sum(output_length * output_length), 0) as length_squares,
  any_value(outputs.same) as same,
  coalesce(any_value(outputs.hashed), 0) as hashed,
  any_value(outputs.outputs) as outputs,
  count(json_valid)::double as json_known,
  count(*) filter (where json_valid)::double as json_valid,
  count(schema_valid)::double as schema_known,
  count(*) filter (where schema_valid)::double as schema_valid
from scored join centres using (g, prompt) left join outputs using (g, prompt)
where repeats > 1
group by g, prompt
order by g, prompt

-- name: measured
-- The scores as a metric, for the quantiles of their distribution.
create or replace temp view measured as
select g, hash(prompt) as cluster, null as hour, score as x, false as cut, false as failed
from scored where repeats > 1 and score is not null

-- name: units
-- The repeated runs that have a score, each by what it may be judged as.
select '' as g, run as unit, 'task' as subject, task_id as subject_id, run as cluster
from scored where repeats > 1 and score is not null and task_id is not null
union all
select '', run, 'call', call_id, run
from answering where call_id is not null and run in (select run from scored where repeats > 1 and score is not null)
