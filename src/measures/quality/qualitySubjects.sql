-- What was judged, each with the call it belongs to. Reads the view `selected` over whole tasks, the tables scores and
-- tasks. The variable `score` names the score; a task's outcome is the score 'resolved', the form of a call's output
-- 'json_valid' or 'schema_valid'.

-- name: judged
-- One row per subject and kind of rater: several judgements of one kind count as their average.
create or replace temp view given as
select subject, subject_id, coalesce(rater, 'not given') as rater, rater_id, value
from scores
where name = getvariable('score') and subject in ('call', 'task') and subject_id is not null
union all
select 'task', task_id, 'outcome', null, case when bool_or(resolved) then 1 else 0 end
from tasks
where getvariable('score') = 'resolved' and resolved is not null
group by task_id
union all
select 'call', call_id, 'rule', null, case when valid then 1 else 0 end
from (
  select call_id, case when getvariable('score') = 'json_valid' then json_valid else schema_valid end as valid
  from facts
  where call_id is not null and answers
    -- Where no output of a workload is JSON, none was asked for.
    and coalesce(workload, '') in (
      select coalesce(workload, '') from facts
      where answers
      group by all having bool_or(json_valid) or count(schema_valid) > 0
    )
)
where getvariable('score') in ('json_valid', 'schema_valid') and valid is not null
  and getvariable('score') not in (select name from scores where name is not null);
create or replace temp table judged as
select
  subject, subject_id, rater,
  case when min(value) = max(value) then min(value) else fsum(value) / count(*) end as value,
  count(*)::double as judgements,
  bool_and(value in (0, 1)) as plain
from given
where value is not null and isfinite(value)
group by subject, subject_id, rater

-- name: placed
-- The call of every subject: a call itself, and of a task the first that answers it.
create or replace temp table placed as
with wanted as (select distinct subject, subject_id from judged),
outcomes as (
  select task_id, min(prompt_id) as prompt_id, min(user_id) as user_id, min(conversation_id) as conversation_id
  from tasks where task_id is not null group by task_id
),
own as (
  select 'call' as subject, call_id as subject_id, selected.*
  from selected
  where call_id in (select subject_id from wanted where subject = 'call')
  qualify row_number() over (partition by call_id order by begun nulls first, logged, at_row) = 1
  union all
  select 'task' as subject, task_id as subject_id, selected.*
  from selected
  where owner and task_id in (select subject_id from wanted where subject = 'task')
  union all by name
  -- Where rows are not told apart, what was judged need not be a call of the log.
  select subject, subject_id, 0::ubigint as g, true as chosen, case when subject = 'task' then subject_id end as task_id
  from wanted
  where getvariable('without_task') and case
    when subject = 'call' then subject_id not in (select call_id from calls where call_id is not null)
    else subject_id not in (select task_id from calls where task_id is not null)
  end
)
select
  own.subject, own.subject_id, own.g, own.at_row, own.call_id, own.task_id, own.workload, own.model, own.prompt_version,
  own.started_at,
  coalesce(own.environment = 'evaluation', false) as evaluation,
  coalesce(own.prompt_id, outcomes.prompt_id) as prompt_id,
  coalesce(own.user_id, outcomes.user_id) as user_id,
  coalesce(own.conversation_id, outcomes.conversation_id) as conversation_id
from own left join outcomes using (task_id)
where own.chosen

-- name: fillings
-- How far each column could cluster: subjects in which it is filled, and (sum m)^2 / sum m^2 over its values.
with units as (
  select unnest([
    {'name': 'user_id', 'unit': user_id},
    {'name': 'conversation_id', 'unit': conversation_id},
    {'name': 'prompt_id', 'unit': prompt_id},
    {'name': 'task_id', 'unit': task_id}
  ]) as one
  from placed
),
sizes as (
  select one.name as name, one.unit as unit, count(*)::double as m from units where one.unit is not null group by all
)
select
  name,
  sum(m) as filled,
  sum(m) * sum(m) / sum(m * m) as effective,
  (select count(*) from placed)::double as subjects,
  (select count(*) filter (where evaluation) from placed)::double as evaluation
from sizes
group by name

-- name: rated
-- The variable `cluster` names the column that clusters; a subject without it is a cluster of its own.
create or replace temp table rated as
select
  placed.g, placed.at_row, judged.rater, judged.value, judged.plain, judged.judgements, placed.subject, placed.subject_id,
  placed.prompt_id, placed.evaluation,
  coalesce(
    case getvariable('cluster')
      when 'user_id' then placed.user_id
      when 'conversation_id' then placed.conversation_id
      when 'task_id' then placed.task_id
      when 'prompt_id' then placed.prompt_id
      when 'hour' then date_trunc('hour', placed.started_at)::varchar
      when 'day' then date_trunc('day', placed.started_at)::varchar
    end,
    placed.subject || ' ' || placed.subject_id
  ) as cluster
from placed join judged using (subject, subject_id)

-- name: names
-- The scores that exist, by kind of rater; `numbers` counts those that are numbers. The form of outputs comes last.
with workloads as (
  select count(json_valid) as parsed, count(schema_valid) as checked, coalesce(bool_or(json_valid), false) as json
  from facts
  where answers
  group by coalesce(workload, '')
),
forms as (
  select unnest([
    {'name': 'json_valid', 'known': coalesce(sum(parsed) filter (where json or checked > 0), 0)::double},
    {'name': 'schema_valid', 'known': coalesce(sum(checked), 0)::double}
  ]) as form
  from workloads
)
select name, rater, scores, numbers
from (
  select name, coalesce(rater, 'not given') as rater, count(*)::double as scores,
    count(*) filter (where value is not null and isfinite(value))::double as numbers, false as of_form
  from scores
  where name is not null
  group by all
  union all
  select 'resolved', 'outcome', count(*)::double, count(*)::double, false
  from tasks where resolved is not null having count(*) > 0
  union all
  select form.name, 'rule', form.known, form.known, true
  from forms where form.known > 0 and form.name not in (select name from scores where name is not null)
)
order by of_form, name, scores desc, rater

-- name: lost
-- Judgements whose subject is no call or task of the log.
select
  count(*)::double as judged,
  count(*) filter (where not getvariable('without_task') and (
    (subject = 'call' and subject_id not in (select call_id from calls where call_id is not null))
    or (subject = 'task' and subject_id not in (select task_id from facts where owner))
  ))::double as homeless
from (select distinct subject, subject_id from judged)
