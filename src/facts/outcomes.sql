-- What became of tasks, and what else the log says of them. The only reader of the table tasks.

-- name: any_twice
-- Whether some task or conversation has several rows. (An ingest has each once, but for conversations in an older store.)
select coalesce(
  min(ingest_id) <> max(ingest_id) or count(ingest_id) < count(*)
    or count(*) filter (where task_id is null) > count(distinct case when task_id is null then conversation_id end),
  false) as twice
from tasks where resolved is not null and coalesce(task_id, conversation_id) is not null

-- name: outcomes_once
create or replace temp view outcomes as
select
  task_id, case when task_id is null then conversation_id end as conversation_id,
  case when task_id is not null then hash(task_id) end as task, resolved, false as disputed, false as contradicted
from tasks
where resolved is not null and coalesce(task_id, conversation_id) is not null

-- name: trusted
-- The place of each file in the order that the user gave: a file's name or a pattern of it, or a format.
create or replace temp view trusted as
select ingest_id, min(place) as place
from ingests join outcome_order on parse_filename(path) glob source or format = source
group by ingest_id

-- name: all_alike
create or replace temp view trusted as select null::bigint as ingest_id, null::bigint as place where false

-- name: outcomes
-- Of tasks, and of conversations where the outcome names no task. Where files disagree, the newest outcome counts
-- (`resolved_at`), then the file or format named first in the order that the user gave; files that still disagree contradict
-- each other, and the outcome is unknown. The order of ingest changes nothing.
create or replace temp view outcomes as
with stated as (
  select
    task_id, case when task_id is null then conversation_id end as conversation_id, task_id is null as whole,
    hash(coalesce(task_id, conversation_id)) as subject, resolved, resolved_at, ingest_id
  from tasks
  where resolved is not null and coalesce(task_id, conversation_id) is not null
),
told as (
  select
    whole, subject, any_value(task_id) as task_id, any_value(conversation_id) as conversation_id,
    bool_and(resolved) as resolved, bool_or(resolved) as ever
  from stated
  group by whole, subject
),
ranked as (
  select
    whole, subject, resolved,
    rank() over (
      partition by whole, subject
      order by case when resolved_at is null then 1 else 0 end, resolved_at desc, coalesce(trusted.place, 1000000)
    ) as place
  from stated left join trusted on trusted.ingest_id = stated.ingest_id
  where subject in (select subject from told where resolved <> ever)
),
decided as (
  select whole, subject, bool_and(resolved) as resolved, bool_or(resolved) as ever
  from ranked where place = 1
  group by whole, subject
)
select
  told.task_id, told.conversation_id, case when told.task_id is not null then told.subject end as task,
  case
    when told.resolved = told.ever then told.resolved
    when decided.resolved = decided.ever then decided.resolved
  end as resolved,
  told.resolved <> told.ever as disputed,
  coalesce(decided.resolved <> decided.ever, false) as contradicted
from told left join decided on decided.whole = told.whole and decided.subject = told.subject

-- name: of_conversations
-- How a conversation ended: as the log says of the whole, or else as its last task did, even if that is unknown. (An outcome of
-- its own on which files disagree is unknown.) Reads the view `facts`.
create or replace temp view conversation_outcomes as
with lasts as (
  select conversation_id, hash(task_id) as task
  from facts
  where owner and conversation_id is not null
  qualify row_number() over (
    partition by conversation_id order by begun desc nulls last, logged desc, at_row desc
  ) = 1
),
of_tasks as (
  select lasts.conversation_id, resolved from lasts join outcomes using (task) where task_id is not null
),
own as (
  select conversation_id, resolved from outcomes where task_id is null and conversation_id is not null
)
select conversation_id, resolved from own
union all
select conversation_id, resolved from of_tasks where conversation_id not in (select conversation_id from own)

-- name: by_failure
-- By a declared rule, in place of what the log says: not resolved where the last answer failed, or its task is known not to be.
create or replace temp view conversation_outcomes as
with lasts as (
  select conversation_id, hash(task_id) as task, went_well
  from facts
  where answers and conversation_id is not null
  qualify row_number() over (
    partition by conversation_id order by begun desc nulls last, logged desc, at_row desc
  ) = 1
)
select lasts.conversation_id as conversation_id, went_well and coalesce(resolved, true) as resolved
from lasts left join outcomes on lasts.task = outcomes.task

-- name: by_leaving
-- Not resolved where the last answer was cancelled, cut off, or asked for a tool whose result it never read.
create or replace temp view conversation_outcomes as
select
  conversation_id,
  case
    when status = 'cancelled' or ending = 'truncated' or lower(finish_reason) in ('tool_calls', 'tool_use', 'function_call') then false
    when status is not null or finish_reason is not null then true
  end as resolved
from facts
where answers and conversation_id is not null
qualify row_number() over (partition by conversation_id order by begun desc nulls last, logged desc, at_row desc) = 1

-- name: by_return
-- Not resolved where its user begins another of the same workload within a day; unknown where the log ends before.
create or replace temp view conversation_outcomes as
with talks as (
  select
    conversation_id, min(user_id) as "user", min(workload) as workload, min(epoch_us(begun)) / 1e6 as began,
    max(epoch_us(begun)) / 1e6 as ends
  from facts
  where answers and conversation_id is not null and user_id is not null and begun is not null
  group by conversation_id
),
again as (
  select
    conversation_id, ends, lead(began) over (partition by "user", workload order by began) as again,
    max(ends) over () as log_ends
  from talks
)
select
  conversation_id,
  case when again <= ends + 86400 then false when ends + 86400 <= log_ends then true end as resolved
from again

-- name: by_score
-- As the last score of the name in the variable `rule_score` says, of the conversation, its tasks or calls: yes if above 0.5. With
-- `rule_lacks`, resolved where none says so. Reads the view `judgements`.
create or replace temp view conversation_outcomes as
with parts as (
  select distinct
    conversation_id, unnest([
      {'subject': 'conversation', 'id': conversation_id}, {'subject': 'task', 'id': task_id}, {'subject': 'call', 'id': call_id}
    ]) as part
  from facts
  where conversation_id is not null
),
said as (
  select conversation_id, value > 0.5 as yes, "at", subject
  from parts join judgements on part.subject = judgements.subject and part.id = judgements.subject_id
  where judgements.name = getvariable('rule_score') and value is not null
),
found as (
  select conversation_id, arg_max(yes, row("at" is not null, "at", subject = 'conversation')) as latest, bool_or(yes) as ever
  from said group by conversation_id
)
select
  talks.conversation_id as conversation_id,
  case when getvariable('rule_lacks') then not coalesce(ever, false) else latest end as resolved
from (select distinct conversation_id from facts where conversation_id is not null) as talks
  left join found on talks.conversation_id = found.conversation_id

-- name: contradictions
-- Tasks and conversations whose files disagree, and those of them that stay unknown.
select
  count(*) filter (where task_id is not null)::double as tasks,
  count(*) filter (where task_id is null)::double as conversations,
  count(*) filter (where task_id is not null and contradicted)::double as unknown_tasks,
  count(*) filter (where task_id is null and contradicted)::double as unknown_conversations
from outcomes where disputed

-- name: about
-- What the log says of a task beside its outcome: what its calls may lack.
create or replace temp view about_tasks as
select task_id, min(prompt_id) as prompt_id, min(user_id) as user_id, min(conversation_id) as conversation_id
from tasks
where task_id is not null
group by task_id

-- name: counts
select
  (select count(distinct task_id) from tasks)::double as tasks,
  count(resolved) filter (where task_id is not null)::double as with_outcome,
  count(resolved) filter (where task_id is null)::double as conversation_outcomes
from outcomes
