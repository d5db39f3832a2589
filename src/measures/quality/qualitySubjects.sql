-- What was judged, each with the call it belongs to. Reads the views `selected` over whole tasks, `facts` and `about_tasks`,
-- and the table `judged` of judgements.sql.

-- name: placed
-- The call of every subject: a call itself, of a task or a conversation the first that answers it.
create or replace temp table all_placed as
with wanted as (select distinct subject, subject_id from judged),
own as (
  select 'call' as subject, call_id as subject_id, selected.*
  from selected
  where call_id in (select subject_id from wanted where subject = 'call')
  qualify row_number() over (partition by call_id order by begun nulls first, logged, at_row) = 1
  union all
  select 'task' as subject, task_id as subject_id, selected.*
  from selected
  where owner and task_id in (select subject_id from wanted where subject = 'task')
  union all
  select 'conversation' as subject, conversation_id as subject_id, selected.*
  from selected
  where answers and conversation_id in (select subject_id from wanted where subject = 'conversation')
  qualify row_number() over (partition by conversation_id order by begun nulls first, logged, at_row) = 1
  union all by name
  -- Where rows are not told apart, what was judged need not be a call of the log.
  select subject, subject_id, 0::ubigint as g, true as chosen, case when subject = 'task' then subject_id end as task_id
  from wanted
  where getvariable('without_task') and case
    when subject = 'call' then subject_id not in (select call_id from facts where call_id is not null)
    when subject = 'task' then subject_id not in (select task_id from facts where task_id is not null)
    else subject_id not in (select conversation_id from facts where conversation_id is not null)
  end
)
select
  own.subject, own.subject_id, own.g, own.at_row, own.call_id, own.task_id, own.workload, own.model, own.prompt_version,
  own.started_at,
  coalesce(own.environment = 'evaluation', false) as evaluation,
  coalesce(own.production, true) as production,
  coalesce(own.prompt_id, about_tasks.prompt_id) as prompt_id,
  coalesce(own.user_id, about_tasks.user_id) as user_id,
  coalesce(own.conversation_id, about_tasks.conversation_id) as conversation_id,
  coalesce(own.cluster, own.subject || ' ' || own.subject_id) as traffic_cluster,
  coalesce(own.hour_unit, (hash(own.subject_id) >> 1)::bigint) as hour_unit
from own left join about_tasks using (task_id)
where own.chosen

-- name: populations
-- How many subjects are of evaluation runs or load tests, and whether any of production was judged, by the kind of rater
-- in the variable `by_rater` unless it is empty. (Where the environment is named, evaluation runs count as production.)
select
  count(*) filter (where not production)::double as others,
  coalesce(bool_or(production and evaluation), false) as evaluated,
  coalesce(bool_or(production and at_row is not null), false) as production
from all_placed
where getvariable('by_rater') = '' or (subject, subject_id) in (
  select (subject, subject_id) from judged where rater = getvariable('by_rater')
)

-- name: kept
create or replace temp view placed as
select * from all_placed where production or not getvariable('production_alone')

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
-- The variable `cluster` names the column that clusters, or 'traffic' for what clusters the calls; a subject without it is a
-- cluster of its own.
create or replace temp table rated as
select
  placed.g, placed.at_row, judged.rater, judged.value, judged.plain, judged.judgements, placed.subject, placed.subject_id,
  placed.prompt_id, placed.evaluation, placed.hour_unit,
  coalesce(
    case getvariable('cluster')
      when 'traffic' then placed.traffic_cluster
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

-- name: spanning
-- Judged conversations, and those of them whose answers belong to several groups.
select count(*)::double as conversations, count(*) filter (groups > 1)::double as spanning
from (
  select conversation_id, count(distinct g) as groups
  from selected
  where answers and chosen and conversation_id in (select subject_id from placed where subject = 'conversation')
  group by conversation_id
)

-- name: lost
-- Judgements whose subject is no call, task or conversation of the log.
select
  count(*)::double as judged,
  count(*) filter (where not getvariable('without_task') and (
    (subject = 'call' and subject_id not in (select call_id from facts where call_id is not null))
    or (subject = 'task' and subject_id not in (select task_id from facts where owner))
    or (subject = 'conversation' and subject_id not in (select conversation_id from facts where answers and conversation_id is not null))
  ))::double as homeless
from (select distinct subject, subject_id from judged)
