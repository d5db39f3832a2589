-- The facts of a conversation. Reads the view `selected` over whole tasks, `turns`, the view `outcomes`, and the views made here.

-- name: any
-- Whether a call names its conversation, or there is none to do so, and how many of the chosen ones do not.
select
  exists (select 1 from calls where conversation_id is not null) or not exists (select 1 from calls) as there,
  (select count(*) from selected where chosen)::double as calls,
  (select count(*) from selected where chosen and conversation_id is null)::double as without

-- name: ends_asked
create or replace temp view conversation_ends as
select hash(conversation_id) as conversation, resolved as ended from conversation_outcomes

-- name: ends_unasked
-- To find the last task of every conversation takes a tenth of the time of a cost table that does not need it.
create or replace temp view conversation_ends as select null::ubigint as conversation, null::boolean as ended where false

-- name: conversations
-- One row per conversation and row of the table that has a part in it. Money and time stay where they were spent: a task is part
-- of its owner's row with all its calls, and a call without a task of its own. The outcome is credited to the row of the first
-- answering call, to that of the last where `last` asks for it, or to every row that answered (`every`); or to that of any call, if
-- none answered: `resolved` is empty in the others, `ended` is not. Where all clusters are calls or tasks, a conversation is its
-- own (`alone`). `shared`: other rows have a part in it as well. Reads the view `parted`: the turns, with the `side` of a comparison
-- that they are on. Where every conversation is one task, a turn is an answering call that tries none again. (Rows are found again by
-- the place of their first turn: to order them by windows, or carry their values along, takes twice as long.)
create or replace temp table conversation_facts as
with spoken as (select * from parted where talks),
parts as (
  select
    conversation, g, chosen, side,
    arg_min(at_row, row(not answers, begun is not null, begun, logged, at_row)) as at_row,
    arg_max(at_row, row(answers, begun is not null, begun, logged, at_row)) filter (talks and $last::boolean) as last,
    count(*) filter (answers)::double as tasks, sum(replies)::double as replies,
    sum(cost) as cost, sum(cost_high) as cost_high, sum(calls) as calls, sum(attempts) as attempts, sum(unpriced) as unpriced,
    sum(seconds) as seconds, sum(tokens) as tokens, sum(errors) as errors, sum(unstated) as unstated
  from spoken
  group by conversation, g, chosen, side
),
credits as (
  select
    conversation,
    case
      when $last::boolean
        then arg_max(at_row, row(answers, begun is not null, begun, logged, at_row)) filter (talks and $last::boolean)
      else arg_min(at_row, row(not answers, begun is not null, begun, logged, at_row)) filter (talks and not $last::boolean)
    end as credited,
    min(hash(g, chosen, side)) < max(hash(g, chosen, side)) as shared
  from spoken
  group by conversation
),
placed as (
  select
    parts.*, case when clustered and not $alone::boolean then cluster else parts.conversation end as cluster, hour_unit
  from parts join spoken on parts.at_row = spoken.at_row
),
whole as (
  select sum(tasks) as tasks from parts group by conversation
),
beside as (
  select
    placed.*, shared,
    $every::boolean and tasks > 0
      or coalesce(credits.credited = case when $last::boolean then last else at_row end, false) as credited
  from placed join credits on placed.conversation = credits.conversation
  where chosen
)
select
  beside.conversation, g, cluster, hour_unit, at_row, credited, shared, tasks,
  case when (select max(tasks) from whole) > 1 then tasks else replies end as turns, cost, cost_high, calls, attempts, unpriced, seconds,
  tokens, errors, unstated, ended, case when credited then ended end as resolved
from beside left join conversation_ends on beside.conversation = conversation_ends.conversation

-- name: shared
-- Conversations, and those of them that several rows have a part in.
select count(distinct conversation)::double as conversations, count(distinct case when shared then conversation end)::double as shared
from conversation_facts

-- name: counts
-- Per row: conversations that it has a part in, those credited to it, and what is known of these.
select
  g, count(*)::double as n, count(*) filter (shared)::double as shared, count(*) filter (credited)::double as credited,
  count(resolved)::double as with_outcome, count(*) filter (resolved)::double as resolved, sum(calls) as calls,
  min(turns) as fewest_turns, max(turns) as most_turns, sum(unpriced) as unpriced, sum(cost) as cost,
  coalesce(sum(calls) filter (ended is not null), 0) as calls_with_outcome,
  coalesce(sum(unpriced) filter (ended is not null), 0) as unpriced_with_outcome,
  coalesce(sum(cost) filter (ended is not null), 0) as cost_with_outcome
from conversation_facts
group by g
