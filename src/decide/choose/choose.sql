-- How the estimates of a choice hang together, and the traffic it rests on. Reads the view `selected` over whole tasks,
-- the view `groups` and the tables tasks and scores. The variable `asked` lists the numbers, `alone` says that no
-- column clusters.

-- name: workloads
select workload, count(*)::double as calls from calls where workload is not null group by workload order by workload

-- name: groups
select g, "by" from groups order by "by"

-- name: traffic
-- Calls a group, and the days that the log spans.
select
  g,
  count(*)::double as calls,
  epoch(min(started_at)) as first,
  epoch(max(started_at)) as last
from selected
where chosen and (role is null or role = 'answer')
group by g

-- name: asked
-- The numbers asked for: of which group, what it is made from, and the value at which a quantile stands.
create or replace temp table asked as
select one.dim, one.g, one.kind, one.name, one.at
from (select unnest(from_json(
  getvariable('asked')::json,
  '[{"dim": "INTEGER", "g": "UBIGINT", "kind": "VARCHAR", "name": "VARCHAR", "at": "DOUBLE"}]'
)) as one);
create or replace temp table units as
select
  g, chosen, call_id, task_id, conversation_id, user_id, status, attempt, fallback_from, started_at, cost, duration,
  time_to_first_token, output_tokens,
  hash(case when coalesce(getvariable('alone'), true) then coalesce(task_id, call_id) else cluster end) as unit,
  (role is null or role = 'answer') and operation is distinct from 'embeddings' as answers
from selected

-- name: influences
-- Each number is a ratio of two sums over independent units. How far a unit pulls it away from what it is without that
-- unit is the unit's numerator less the ratio times its denominator; a quantile is a share of calls, turned round.
create or replace temp table of_calls as
select dim, unit, value as c, 1.0 as r
from (
  select
    asked.dim,
    units.unit,
    case asked.kind
      when 'quantile' then -(x <= asked.at)::double
      when 'mean' then x
      when 'cost' then cost
      when 'rate' then case asked.name
        when 'error_rate' then (status not in ('ok', 'cancelled'))::double
        when 'timeout_rate' then (status = 'timeout')::double
        when 'rate_limited_rate' then (status = 'rate_limited')::double
        when 'retry_rate' then (coalesce(attempt, 1) > 1)::double
        when 'fallback_rate' then (fallback_from is not null)::double
      end
    end as value
  from (
    select g, unit, status, attempt, fallback_from, cost, answers, kind as wanted, name as metric,
      case
        when kind not in ('quantile', 'mean') or status not in ('ok', 'timeout') then null
        when name = 'duration' then duration
        when name = 'time_to_first_token' then time_to_first_token
        when name = 'time_per_output_token' and output_tokens > 1
          then (duration - time_to_first_token) / (output_tokens - 1)
        when name = 'output_tokens_per_second' and duration > 0 then output_tokens / duration
      end as x
    from units, (select distinct kind, name from asked where kind in ('quantile', 'mean', 'cost', 'rate'))
    where chosen
  ) as units
  join asked on asked.g = units.g and asked.kind = wanted and asked.name = metric
  where answers or asked.kind = 'cost'
)
where value is not null and isfinite(value);
create or replace temp table of_tasks as
select dim, unit, numerator as c, denominator as r
from (
  select
    asked.dim,
    one.unit,
    case asked.name
      when 'cost_per_resolved' then case when resolved is not null then cost end
      when 'attempts_per_task' then attempts
      when 'resolve_rate' then resolved::integer::double
      else cost
    end as numerator,
    case asked.name when 'cost_per_resolved' then coalesce(resolved::integer::double, 0) else 1.0 end as denominator
  from (
    select
      grain,
      id,
      arg_min(g, {'answers': not answers, 'at': started_at, 'attempt': attempt, 'g': g}) as g,
      arg_min(unit, {'answers': not answers, 'at': started_at, 'attempt': attempt, 'g': g}) as unit,
      bool_or(chosen) as chosen,
      sum(cost) as cost,
      count(*) filter (where answers)::double as attempts
    from (
      select grain, g, unit, answers, chosen, cost, started_at, attempt,
        case grain when 'task' then task_id when 'conversation' then conversation_id else user_id end as id
      from units, (select distinct kind as grain from asked where kind in ('task', 'conversation', 'user'))
    )
    where id is not null
    group by grain, id
  ) as one
  join asked on asked.g = one.g and asked.kind = one.grain
  left join (
    select task_id, bool_or(resolved) as resolved from tasks where resolved is not null group by task_id
  ) as outcomes on outcomes.task_id = case when one.grain = 'task' then one.id end
  where chosen
)
where numerator is not null;
create or replace temp table of_scores as
select asked.dim, judged.unit, scores.value as c, 1.0 as r
from asked
join scores on asked.kind = 'score' and scores.name = asked.name and scores.value is not null
join (
  select g, unit, 'call' as subject, call_id as id from units where chosen and answers
  union all
  select g, min(unit), 'task', task_id from units where chosen and answers and task_id is not null group by g, task_id
) as judged on judged.g = asked.g and judged.subject = scores.subject and judged.id = scores.subject_id;
drop table units;
create or replace temp table influences as
with unit_sums as (
  select dim, unit, sum(c) as c, sum(r) as r
  from (select * from of_calls union all select * from of_tasks union all select * from of_scores)
  group by dim, unit
),
ratios as (select dim, sum(c) / sum(r) as ratio from unit_sums group by dim having sum(r) > 0)
select dim, unit, c - ratio * r as pull from unit_sums join ratios using (dim)

-- name: products
select a.dim as a, b.dim as b, sum(a.pull * b.pull) as product
from influences as a
join influences as b on a.unit = b.unit and a.dim <= b.dim
group by a.dim, b.dim
order by a.dim, b.dim
