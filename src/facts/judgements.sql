-- What was said of calls, tasks and conversations, and by which kind of rater. The only reader of the table scores.

-- name: any_again
-- Whether a rater judged something at several times.
select count(*) > 0 as again
from (
  select subject_id from scores
  where "at" is not null and name is not null and subject_id is not null
  group by subject, subject_id, name, rater, rater_id
  having min("at") < max("at")
)

-- name: all_judgements
-- Every judgement with a name; a rater whose kind the log lacks is of the kind 'not given'.
create or replace temp view all_judgements as
select subject, subject_id, name, coalesce(rater, 'not given') as rater, rater_id, value, label, "at"
from scores
where name is not null and subject_id is not null and subject in ('call', 'task', 'conversation')

-- name: judgements
-- Those that count: all, where no rater judged something at several times.
create or replace temp view judgements as select * from all_judgements

-- name: newest
-- Else the newest of each rater.
create or replace temp view judgements as
select * from all_judgements
qualify rank() over (partition by subject, subject_id, name, rater, rater_id order by "at" desc nulls last) = 1

-- name: refusal_labels
-- The calls of which a score says whether they were refused.
create or replace temp view refusal_labels as
select subject_id as call_id, bool_or(value > 0.5) as refused
from judgements
where subject = 'call' and lower(name) in ('refusal', 'refused', 'is_refusal') and value is not null
group by subject_id

-- name: like_outcomes
-- The scores of tasks that are yes or no and named like an outcome, a person's first, then those of most tasks. Reads `facts`. A name
-- that a shell or SQL would read as more than a name is left out, since it becomes part of a command.
select name, rater, count(distinct subject_id)::double as tasks
from scores
where subject = 'task' and value is not null
  and regexp_matches(lower(name), '(^|[_ .-])(resolved|success|successful|succeeded|solved|passed|correct|completed)$')
  and not regexp_matches(lower(name), '(^|[_ .-])(not|un|non|never)[_ .-]')
  and regexp_full_match(name, '[A-Za-z0-9_ .:-]+')
  and (rater is null or regexp_full_match(rater, '[A-Za-z0-9_ .:-]+'))
  and subject_id in (select task_id from facts)
group by name, rater
having bool_and(value in (0, 1))
order by case when rater = 'human' then 0 else 1 end, tasks desc, name
limit 1

-- name: harmless_requests
-- The calls and tasks of which a score says that it is harmless to answer them: all such scores, where there are several.
create or replace temp view harmless_requests as
select subject, subject_id
from judgements
where value is not null and lower(name) in ('harmless', 'is_harmless', 'harmful', 'is_harmful')
group by subject, subject_id
having bool_and(case when lower(name) in ('harmful', 'is_harmful') then value <= 0.5 else value > 0.5 end)

-- name: given
-- The judgements of one score, which the variable `score` names: the outcome of a task, or of a whole conversation, is its
-- score 'resolved', the form of a call's output 'json_valid' or 'schema_valid'.
create or replace temp view given as
select subject, subject_id, rater, rater_id, value
from judgements
where name = getvariable('score')
union all
select
  case when task_id is null then 'conversation' else 'task' end, coalesce(task_id, conversation_id), 'outcome', null,
  case when resolved then 1 else 0 end
from outcomes
where getvariable('score') = 'resolved' and resolved is not null
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
  and getvariable('score') not in (select name from judgements)

-- name: given_of_conversations
-- The same of conversations alone, whose outcome is known from their tasks as well. Reads the view `conversation_outcomes`.
create or replace temp view given as
select subject, subject_id, rater, rater_id, value
from judgements
where name = getvariable('score') and subject = 'conversation'
union all
select 'conversation', conversation_id, getvariable('ended_by'), null, case when resolved then 1 else 0 end
from conversation_outcomes
where resolved is not null

-- name: judged
-- One row per subject and kind of rater: several judgements of one kind count as their average. The variable `grain` says
-- which subjects: 'answer' (calls and tasks), or one kind of them.
create or replace temp table judged as
select
  subject, subject_id, rater,
  case when min(value) = max(value) then min(value) else fsum(value) / count(*) end as value,
  count(*)::double as judgements,
  bool_and(value in (0, 1)) as plain
from given
where value is not null and isfinite(value)
  and (subject = getvariable('grain') or (getvariable('grain') = 'answer' and subject <> 'conversation'))
group by subject, subject_id, rater

-- name: subject_scores
-- The same for all scores that were logged, by name.
create or replace temp view subject_scores as
select
  name, subject, subject_id, rater,
  case when min(value) = max(value) then min(value) else fsum(value) / count(*) end as value
from judgements
where value is not null and isfinite(value)
group by name, subject, subject_id, rater

-- name: kinds_of
-- The kinds of rater that gave the score in the table judged: how often in the whole log (`n`), and to how many of the selected
-- calls, tasks and conversations. Reads the view `given`.
with here as (
  select rater, count(*)::double as subjects
  from judged
  where (subject = 'call' and subject_id in (select call_id from selected where chosen))
    or (subject = 'task' and subject_id in (select task_id from selected where chosen))
    or (subject = 'conversation' and subject_id in (select conversation_id from selected where chosen))
  group by rater
)
select given.rater, count(*)::double as n, coalesce(max(here.subjects), 0) as subjects
from given left join here on here.rater = given.rater
where given.rater in (select rater from judged) and value is not null and isfinite(value)
group by given.rater
order by given.rater

-- name: without_kind
-- The models whose selected calls and tasks have the score by other kinds of rater than the one in the variable `rater` alone.
select coalesce(model, 'not given') as model
from selected join judged
  on (judged.subject = 'call' and judged.subject_id = selected.call_id)
    or (judged.subject = 'task' and judged.subject_id = selected.task_id and selected.owner)
where chosen
group by model
having not bool_or(rater = getvariable('rater'))
order by model

-- name: scored_subjects
-- The score of each subject by the one kind of rater that the variable `rater` names.
create or replace temp view scored_subjects as
select subject, subject_id, value, plain from judged where rater = getvariable('rater')

-- name: carriers
-- How many selected calls, tasks and conversations have the score of `scored_subjects`.
select
  count(*) filter (where subject = 'call' and subject_id in (select call_id from selected where chosen))::double as call,
  count(*) filter (where subject = 'task' and subject_id in (select task_id from selected where chosen))::double as task,
  (select count(distinct subject_id) from given where subject = 'conversation' and value is not null
    and subject_id in (select conversation_id from selected where chosen))::double as conversation
from scored_subjects

-- name: grains
-- What carries the score: calls or tasks, or conversations.
select coalesce(bool_or(subject <> 'conversation'), false) as answers, coalesce(bool_or(subject = 'conversation'), false) as conversations
from given where value is not null

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
),
known as (
  select count(resolved)::double as n from outcomes
)
select name, rater, scores, numbers
from (
  select name, rater, count(*)::double as scores,
    count(*) filter (where value is not null and isfinite(value))::double as numbers, false as of_form
  from judgements
  group by all
  union all
  select 'resolved', 'outcome', n, n, false from known where n > 0
  union all
  select form.name, 'rule', form.known, form.known, true
  from forms where form.known > 0 and form.name not in (select name from judgements)
)
order by of_form, name, scores desc, rater
