-- One task, conversation or call as it went. Reads the views `facts`, `outcomes`, `about_tasks` and
-- `judgements`, and the tables spans and texts; the rule of the
-- critical path is that of stages.sql, over the table `placed`.

-- name: named
-- What an id names; a call of a task stands for its task.
select
  (select coalesce(any_value(task_id), any_value(call_id)) from facts where call_id = getvariable('id')) as of_call,
  exists (select 1 from facts where task_id = getvariable('id')) or exists (select 1 from spans where task_id = getvariable('id'))
    or exists (select 1 from about_tasks where task_id = getvariable('id')) as task,
  exists (select 1 from facts where conversation_id = getvariable('id')) as conversation

-- name: steps
-- A call is the stage that it was, where the log has that; other calls stand alone, in the one outermost stage of their task,
-- unless that is the use of a tool.
create or replace temp table traced as
select
  *, row_number() over (order by begun nulls last, place, logged, at_row) as in_order
from facts
where case getvariable('kind') when 'call' then call_id = getvariable('id') when 'task' then task_id = getvariable('id') else conversation_id = getvariable('id') end;
create or replace temp table stages_traced as
with own as (
  select spans.*, row_number() over (order by started_at nulls last, duration desc, spans.rowid) as in_order
  from spans
  where (getvariable('kind') = 'task' and task_id = getvariable('id')) or task_id in (select task_id from traced where task_id is not null)
    or call_id in (select call_id from traced where call_id is not null)
)
select
  own.* replace (coalesce(span_id, 'stage ' || in_order) as span_id), span_id is not null as named,
  row_number() over (partition by call_id order by in_order) = 1 as is_call
from own;
create or replace temp table outermost as
select task_id, any_value(span_id) as span_id
from stages_traced
where parent_id is null or parent_id not in (select span_id from stages_traced)
group by task_id
having count(*) = 1 and count(tool) = 0;
create or replace temp table steps as
select
  stages_traced.span_id as id, stages_traced.parent_id as parent, coalesce(stage, 'not given') as name, tool,
  traced.at_row, stages_traced.task_id, stages_traced.status as stage_status, stages_traced.started_at as begun,
  stages_traced.duration as lasted, stages_traced.in_order, stages_traced.named
from stages_traced left join traced on is_call and traced.call_id = stages_traced.call_id
union all by name
select
  'call ' || at_row as id, outermost.span_id as parent, coalesce(model, 'not given') as name, at_row, traced.task_id,
  begun, lasted, in_order
from traced left join outermost using (task_id)
where call_id is null or call_id not in (select call_id from stages_traced where call_id is not null)

-- name: placed
-- Each step a stage of its own.
create or replace temp table placed as
select
  id as span_id, parent as parent_id, 0 as task, id as stage, epoch_us(begun) as starts,
  epoch_us(begun) + (1e6 * lasted)::bigint as ends, 0 as g, 0 as cluster
from steps
where begun is not null and isfinite(begun) and lasted between 0 and 1e7

-- name: rows
with given as (
  select subject, subject_id, string_agg(distinct name || ' ' || coalesce(label, format('{:.4g}', value)), ', ') as scores
  from judgements
  where value is not null or label is not null
  group by subject, subject_id
),
on_path as (select stage as id, sum(seconds) as waited from path group by stage)
select
  steps.id, steps.parent, steps.name, steps.tool, steps.task_id, traced.call_id, traced.model, traced.role, traced.operation,
  traced.attempt, traced.fallback_from, traced.finish_reason, traced.error_type,
  coalesce(traced.status, steps.stage_status) as status,
  (epoch_us(steps.begun) - (select min(epoch_us(begun)) from steps)) / 1e6 as starts,
  steps.lasted as duration, traced.first_after as time_to_first_token, on_path.waited,
  traced.input_tokens, traced.output_tokens, traced.cost, traced.unpriced, given.scores,
  case when traced.call_id is not null then 'call ' || traced.call_id when steps.named then 'span ' || steps.id else '' end as known_as,
  steps.begun, case when $texts then texts.prompt end as prompt, case when $texts then texts.output end as output
from steps
left join traced using (at_row)
left join on_path using (id)
left join given on given.subject = 'call' and given.subject_id = traced.call_id
left join (select call_id, any_value(prompt) as prompt, any_value(output) as output from texts group by call_id) as texts
  on texts.call_id = traced.call_id
order by steps.begun nulls last, steps.at_row is not null, steps.in_order

-- name: head
-- What is known of the whole.
select
  (select count(*) from traced)::double as calls,
  (select count(distinct task_id) from traced)::double as tasks,
  (select sum(cost) from traced) as cost,
  (select count(*) filter (unpriced) from traced)::double as unpriced,
  (select sum(input_tokens) from traced)::double as input_tokens,
  (select sum(output_tokens) from traced)::double as output_tokens,
  (select (max(epoch_us(begun) + (1e6 * coalesce(lasted, 0))::bigint) - min(epoch_us(begun))) / 1e6 from steps) as seconds,
  (select min(begun) from steps) as begun,
  (select any_value(user_id) from traced) as user_id,
  (select any_value(workload) from traced) as workload,
  (select any_value(resolved) from outcomes where task_id = getvariable('id')) as resolved,
  (select coalesce(bool_or(contradicted), false) from outcomes where task_id = getvariable('id')) as contradicted,
  (select string_agg(distinct name || ' ' || coalesce(label, format('{:.4g}', value)), ', ')
    from judgements where subject = getvariable('kind') and subject_id = getvariable('id')) as scores,
  (select count(*) from texts)::double as texts
