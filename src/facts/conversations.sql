-- The facts of a conversation. Reads the view `selected` over whole tasks, the view `outcomes`, and the views made here.

-- name: any
-- Whether a call names its conversation, or there is none to do so, and how many of the chosen ones do not.
select
  exists (select 1 from calls where conversation_id is not null) or not exists (select 1 from calls) as there,
  (select count(*) from selected where chosen)::double as calls,
  (select count(*) from selected where chosen and conversation_id is null)::double as without

-- name: conversations
-- One row per conversation and row of the table that has a part in it. Money and time stay where they were spent: a task is part
-- of its owner's row with all its calls, and a call without a task of its own. The outcome is credited to the row of the first
-- answering call, or the last where `last` asks for it: `resolved` is empty in the others, `ended` is not. Where all clusters are
-- calls or tasks, a conversation is its own (`alone`). `shared`: other rows have a part in it as well. Reads the view `parted`: the
-- calls, with the `side` of a comparison that they are on.
create or replace temp table conversation_facts as
with turns as (
  select
    parted.conversation_id, task_facts.g, task_facts.chosen, side, true as turn, unit::varchar as unit, parted.hour_unit, user_id,
    begun, logged, at_row, task_facts.cost, task_facts.cost_high, task_facts.calls, task_facts.attempts, task_facts.unpriced,
    task_facts.seconds, task_facts.tokens
  from parted join task_facts on hash(parted.task_id) = task_facts.task
  where owner and conversation_id is not null
  union all
  select
    conversation_id, g, chosen, side, answers, unit::varchar, hour_unit, user_id,
    begun, logged, at_row, coalesce(spent, 0), coalesce(case when getvariable('without_cost') then spent_high else spent end, 0),
    1::double, answers::int::double, unpriced::int::double, case when answers then wait end, tokens_read::double
  from parted
  where place is null and conversation_id is not null
),
placed as (
  select
    *,
    row_number() over (partition by conversation_id, turn order by begun nulls first, logged, at_row) as nth,
    count(*) over (partition by conversation_id, turn) as turns_in_all,
    row_number() over (
      partition by conversation_id, g, chosen, side order by case when turn then 0 else 1 end, begun nulls first, logged, at_row
    ) as nth_in_row
  from turns
),
parts as (
  select
    conversation_id, g, chosen, side,
    max(unit) filter (nth_in_row = 1) as unit, max(hour_unit) filter (nth_in_row = 1) as hour_unit,
    max(user_id) filter (nth_in_row = 1) as user_id, max(at_row) filter (nth_in_row = 1) as at_row,
    bool_or(turn and nth = case when $last::boolean then turns_in_all else 1 end) as credited,
    count(*) filter (turn)::double as turns,
    sum(cost) as cost, sum(cost_high) as cost_high, sum(calls) as calls, sum(attempts) as attempts, sum(unpriced) as unpriced,
    sum(seconds) as seconds, sum(tokens) as tokens
  from placed
  group by conversation_id, g, chosen, side
),
beside as (select *, count(*) over (partition by conversation_id) > 1 as shared from parts)
select
  beside.conversation_id, hash(beside.conversation_id) as conversation, g,
  case when $alone::boolean then hash(beside.conversation_id) else hash(coalesce(unit, beside.conversation_id)) end as cluster,
  hour_unit, user_id, at_row, credited, shared, turns, cost, cost_high, calls, attempts, unpriced, seconds, tokens,
  resolved as ended, case when credited then resolved end as resolved
from beside left join conversation_outcomes using (conversation_id)
where chosen

-- name: shared
-- Conversations, and those of them that several rows have a part in.
select count(distinct conversation)::double as conversations, count(distinct case when shared then conversation end)::double as shared
from conversation_facts

-- name: counts
-- Per row: conversations that it has a part in, those credited to it, and what is known of these.
select
  g, count(*)::double as n, count(*) filter (shared)::double as shared, count(*) filter (credited)::double as credited,
  count(resolved)::double as with_outcome, count(*) filter (resolved)::double as resolved, sum(calls) as calls,
  max(turns) as most_turns, sum(unpriced) as unpriced, sum(cost) as cost,
  coalesce(sum(calls) filter (ended is not null), 0) as calls_with_outcome,
  coalesce(sum(unpriced) filter (ended is not null), 0) as unpriced_with_outcome,
  coalesce(sum(cost) filter (ended is not null), 0) as cost_with_outcome
from conversation_facts
group by g
