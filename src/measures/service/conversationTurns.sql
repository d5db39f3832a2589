-- How conversations go, turn by turn. Reads the views `selected` over whole tasks and `outcomes`, and the tables `turns` and
-- `conversation_facts`.

-- name: several
-- Whether some conversation has several turns that are tasks, or calls without one.
select coalesce(max(tasks), 0) > 1 as several
from (select sum(tasks) as tasks from conversation_facts group by conversation)

-- name: of_tasks
-- A turn is a task, or a call without one. It failed if no call of it went well, or its task is known not to be resolved.
create or replace temp table exchanges as
with tried as (
  select
    min(at_row) filter (owner or place is null) as at_row, bool_or(went_well) as went_well,
    min(input_tokens) filter (owner or place is null) as context
  from selected
  where answers and conversation_id is not null
  group by coalesce('t' || task_id, 'c' || call_id)
),
said as (
  select
    conversation, turns.task, at_row, begun, logged, cost, cost_high, calls, unpriced, context::double as context,
    not went_well as failed
  from turns join tried using (at_row)
)
select said.* replace (failed or coalesce(not resolved, false) as failed) from said left join outcomes using (task)

-- name: of_calls
-- Where every conversation is one task, as a record of messages is, a turn is an answering call that tries none again.
create or replace temp table exchanges as
select
  hash(conversation_id) as conversation, hash(task_id) as task, at_row, begun, logged, coalesce(spent, 0) as cost,
  coalesce(spent_high, 0) as cost_high, 1::double as calls, unpriced::int::double as unpriced, input_tokens::double as context,
  not went_well as failed
from selected
where answers and conversation_id is not null and coalesce(attempt, 1) = 1

-- name: pauses
-- Seconds within which 99 of 100 next turns come, and when the log begins and ends.
select
  quantile_disc(pause, 0.99) as usual, (select min(epoch_us(begun)) / 1e6 from selected) as begins,
  (select max(epoch_us(begun)) / 1e6 from selected) as ends
from (
  select (epoch_us(begun) - epoch_us(lag(begun) over (partition by conversation order by begun))) / 1e6 as pause from exchanges
  where begun is not null
)
where pause is not null

-- name: placed
-- The turns of conversations that are credited to a row, in their order. What follows one is known (`seen`) if it began before
-- the time from which a conversation may still go on.
create or replace temp table placed as
with own as (select conversation, g, cluster, shared, ended from conversation_facts where credited),
numbered as (
  select
    *, row_number() over (partition by conversation order by begun nulls first, logged, at_row)::double as turn,
    count(*) over (partition by conversation)::double as turns
  from exchanges
)
select
  numbered.*, g, cluster, shared, ended, turn = turns as last,
  begun is null or $cutoff::double is null or epoch_us(begun) / 1e6 <= $cutoff::double as seen
from numbered join own using (conversation)

-- name: races
-- By which turn conversations were over, of those whose first turn is seen to be followed or not: at all, resolved, or given
-- up. One that may go on is known until its last turn that is seen. How one ended is asked of those alone where that is known,
-- beside which those that may go on count by the share of which it would be.
create or replace temp table races as
with talks as (
  select g, cluster, conversation, max(turn) as turn, bool_or(last) as closed, bool_or(ended) as ended
  from placed where seen group by all
),
told as (
  select g as told_of, count(ended)::double / count(*) as share from talks where closed group by g
),
ends as (
  select g, cluster, turn, closed, case when not closed then coalesce(share, 0) else (ended is not null)::int end as known, unnest([
    {'kind': 'going', 'hit': closed},
    {'kind': 'resolved', 'hit': closed and coalesce(ended, false)},
    {'kind': 'given_up', 'hit': closed and not coalesce(ended, true)}
  ]) as one
  from talks left join told on talks.g = told.told_of
)
select
  g, one.kind as kind, cluster, turn, closed, one.hit as hit,
  sum(case when one.kind = 'going' then 1 else known end)::double as n
from ends
where one.kind = 'going' or known > 0
group by all

-- name: course
-- Per group, kind and turn: the share that is over for this reason by then (`share`, Aalen and Johansen), and what the
-- deviation of a single conversation from it is made of.
create or replace temp table course as
with leaving as (
  select g, kind, turn, sum(n) as leaving, sum(case when closed then n else 0 end) as closed, sum(case when hit then n else 0 end) as hit
  from races group by g, kind, turn
),
ends as (select g, kind, max(turn) as most, sum(n) as conversations from races group by g, kind),
spine as (
  select ends.g as g, kind, conversations, turns.turn as turn
  from ends join (select distinct g, turn from placed) as turns on ends.g = turns.g and turns.turn <= most
),
counts as (
  select
    spine.g as g, spine.kind as kind, spine.turn as turn, conversations, coalesce(leaving, 0) as leaving, coalesce(closed, 0) as closed,
    coalesce(hit, 0) as hit
  from spine left join leaving on spine.g = leaving.g and spine.kind = leaving.kind and spine.turn = leaving.turn
),
risks as (
  select *, sum(leaving) over (partition by g, kind order by turn desc) as risk from counts
),
kept as (
  select
    *, exp(sum(stays) over (partition by g, kind order by turn) - stays) as still
  from (select *, case when closed < risk then ln(1 - closed / risk) else 0 end as stays from risks)
),
shares as (
  select
    *, still / risk as jump, sum(still * hit / risk) over upto as share, sum(still * hit / risk / risk) over upto as hits_passed,
    case when closed < risk then closed / risk / (risk - closed) else 0 end as passed
  from kept
  window upto as (partition by g, kind order by turn)
)
select
  g, kind, turn, conversations, risk, risk - closed as beyond, jump, share, hits_passed,
  sum(passed) over upto as ends_passed, sum(passed * share) over upto as shares_passed,
  sum(passed) over upto - passed as ends_before, sum(passed * share) over upto - passed * share as shares_before
from shares
window upto as (partition by g, kind order by turn)

-- name: curve
-- Each conversation counts for the share and its own deviation from it (the influence of the estimate), which is 1 or 0 where
-- none may go on: sums over clusters then have the variance that the estimate has.
create or replace temp view curve as
with own as (
  select
    races.g as g, races.kind as kind, cluster, races.turn as turn, closed, hit, n, beyond, jump, share, hits_passed, ends_passed,
    shares_passed
  from races join course on races.g = course.g and races.kind = course.kind and races.turn = course.turn
),
moved as (
  select
    own.g as g, own.kind as kind, own.cluster as cluster, later.turn as turn, n, later.share as share,
    conversations * (
      case when hit and own.turn <= later.turn then own.jump else 0 end
      - case when own.turn < later.turn then own.hits_passed else later.hits_passed end
      - case when closed and own.turn < later.turn then (later.share - own.share) / own.beyond else 0 end
      + case
          when own.turn < later.turn then later.share * own.ends_passed - own.shares_passed
          else later.share * later.ends_before - later.shares_before
        end
    ) as deviation
  from own join course as later on own.g = later.g and own.kind = later.kind
  where later.turn <= getvariable('most_turns')
)
select
  g, turn, kind, cluster, sum(n * case when kind = 'going' then 1 - share - deviation else share + deviation end) as c, sum(n) as r
from moved
group by all

-- name: turn_sums
select hash(g, turn) as g, kind, c, r from curve
union all
select hash(g, turn), one.kind, one.c, one.r
from (
  select g, turn, unnest([
    {'kind': 'cost', 'c': sum(cost), 'r': count(*)::double},
    {'kind': 'cost_high', 'c': sum(cost_high), 'r': count(*)::double},
    {'kind': 'context', 'c': sum(context), 'r': count(context)::double},
    {'kind': 'failed', 'c': count(*) filter (failed)::double, 'r': count(*)::double}
  ]) as one
  from placed
  where turn <= getvariable('most_turns')
  group by g, turn, cluster
)
where one.r > 0

-- name: turn_rows
-- `followed`: those of which it is known what comes next, where others have been censored before; `before`, the share that goes
-- on up to there.
with own as (
  select
    placed.g as g, placed.turn as turn, count(*)::double as conversations, sum(calls) as calls, sum(unpriced) as unpriced,
    sum(cost) as cost, count(*) filter (shared)::double as shared
  from placed
  where turn <= getvariable('most_turns')
  group by placed.g, placed.turn
),
followed as (
  select own.*, case when jump * course.conversations > 1.000001 then risk end as followed, jump * risk as before
  from own left join course on own.g = course.g and own.turn = course.turn and course.kind = 'going'
)
select followed.* replace (hash(followed.g, turn)::varchar as g), groups."by"
from followed join groups on followed.g = groups.g
order by groups."by", turn

-- name: turns_behind
select g, at_row, turn, cost as amount, conversation as unit from placed

-- name: no_texts
create or replace temp table asked as select null::ubigint as g, null::ubigint as cluster, null::boolean as again, null::boolean as chance where false

-- name: asked
-- Requests after the first of a conversation: whether at least half of the words of it and the one before are in both (`again`),
-- and whether that is so of it and a request in another conversation of the row, which it cannot repeat (`chance`). Of a prompt
-- that is a chat, what its last message of a user says.
create or replace temp table asked as
with prompts as (
  select at_row, list_transform([prompt], lambda said: case when left(ltrim(said), 1) in ('[', '{') and json_valid(said) then
      coalesce(list_filter(
        list_concat(json_extract(said, '$[*]'), json_extract(said, '$.messages[*]')),
        lambda one: json_extract_string(one, '$.role') = 'user')[-1]->>'$.content', said)
    else said end)[1] as prompt
  from (select at_row, min(prompt) as prompt from selected join texts using (call_id) where prompt is not null group by at_row)
),
worded as (
  select placed.*, list_distinct(regexp_extract_all(lower(prompt), '[\p{L}\p{M}\p{N}]+')) as words
  from placed join prompts using (at_row)
),
openings as (
  select conversation, lead(first) over (partition by g order by hash(conversation)) as away
  from (select g, conversation, arg_min(words, turn) as first from worded group by g, conversation)
),
pairs as (
  select g, cluster, conversation, words, lag(words) over (partition by conversation order by turn) as before from worded
)
select
  g, cluster, $overlap::double <= len(list_intersect(words, before)) / len(list_distinct(list_concat(words, before))) as again,
  $overlap::double <= len(list_intersect(words, away)) / len(list_distinct(list_concat(words, away))) as chance
from pairs join openings using (conversation)
where before is not null and len(words) > 2

-- name: follow_sums
-- What follows a turn, of those of which it is seen, and what people ask next.
select g, one.kind, one.c, one.r
from (
  select g, unnest([
    {'kind': 'failed', 'c': count(*) filter (failed)::double, 'r': count(*)::double},
    {'kind': 'left_after_failed', 'c': count(*) filter (seen and failed and last)::double, 'r': count(*) filter (seen and failed)::double},
    {'kind': 'left', 'c': count(*) filter (seen and not failed and last)::double, 'r': count(*) filter (seen and not failed)::double}
  ]) as one
  from placed
  group by g, cluster
)
where one.r > 0
union all
select g, one.kind, one.c, one.r
from (
  select g, unnest([
    {'kind': 'again', 'c': count(*) filter (again)::double, 'r': count(*)::double},
    {'kind': 'chance', 'c': count(*) filter (chance)::double, 'r': count(chance)::double}
  ]) as one
  from asked
  group by g, cluster
)
where one.r > 0

-- name: conversation_rows
select
  g::varchar as g, groups."by", count(*)::double as conversations, count(*) filter (not closed)::double as "open",
  count(*) filter (shared)::double as shared
from (
  select g, conversation, bool_or(last and seen) as closed, bool_or(shared) as shared from placed group by g, conversation
) join groups using (g)
group by g, groups."by"
order by groups."by"

-- name: conversations_behind
select g, min(at_row) as at_row, count(*)::double as amount, conversation as unit from placed group by g, conversation
