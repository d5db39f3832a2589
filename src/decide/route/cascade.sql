-- The results of two models on the same tasks or prompts, and a score of the first one's answers. Reads the view
-- `selected` over whole tasks and `about_tasks`, and the tables `verdicts` and `goods`: a score of a call or task, one row per
-- subject.

-- name: tries
-- One row per task that no third model answered: for the cheap model's part (`c_`) and the dear one's (`d_`), the
-- cost with unknown ones at 0, the same with each at its most (`_high`), the score of its last answer, and how good that was. A call without a task counts as a task of its own.
-- `kind`: 'cheap' and 'dear' for tasks of one model, 'both' if the cheap one answered first and the other
-- followed. The cost of helpers such as judges counts for the model that was at work then.
create or replace temp table tries as
with own as (
  select
    *, coalesce(hash(task_id), hash(at_row, 'alone')) as task, coalesce(place, answers::int) as turn,
    model is not distinct from $cheap as by_cheap, model is not distinct from $dear as by_dear
  from selected
),
turns as (
  select
    task,
    max(turn) filter (where by_cheap) as last_cheap,
    min(turn) filter (where by_dear) as first_dear,
    min(begun) filter (where by_dear) as dear_begun,
    max(turn) as last_turn,
    min(turn) as first_turn
  from own
  where turn > 0
  group by task
  having bool_and(by_cheap or by_dear)
),
kinds as (
  select
    *,
    case
      when first_dear is null then 'cheap'
      when last_cheap is null then 'dear'
      when last_cheap < first_dear then 'both'
      else 'other'
    end as kind
  from turns
),
parts as (
  select
    own.*, kind, last_cheap, first_dear, last_turn, first_turn,
    case
      when kind = 'cheap' then true
      when kind = 'dear' then false
      when turn > 0 then turn < first_dear
      else begun is null or dear_begun is null or begun < dear_begun
    end as first
  from own join kinds using (task)
),
wholes as (
  select
    task,
    any_value(kind) as kind,
    any_value(task_id) as task_id,
    any_value(g) filter (where turn = first_turn) as g,
    any_value(hash(cluster)) filter (where turn = first_turn) as cluster,
    any_value(prompt_id) filter (where turn = first_turn) as of_call,
    bool_or(chosen and turn = first_turn) as chosen,
    bool_or(environment is not distinct from 'evaluation') as evaluation,
    coalesce(sum(spent) filter (where first), 0) as c_cost,
    coalesce(sum(spent_high) filter (where first), 0) as c_high,
    count(*) filter (where first and unpriced) = 0 as c_priced,
    coalesce(sum(spent) filter (where not first), 0) as d_cost,
    coalesce(sum(spent_high) filter (where not first), 0) as d_high,
    count(*) filter (where not first and unpriced) = 0 as d_priced,
    any_value(call_id) filter (where turn = last_cheap) as c_call,
    bool_or(went_well) filter (where turn = last_cheap) as c_answered,
    any_value(call_id) filter (where turn = last_turn and by_dear) as d_call,
    bool_or(went_well) filter (where turn = last_turn and by_dear) as d_answered
  from parts
  group by task
)
select
  wholes.*, coalesce(of_call, about_tasks.prompt_id) as prompt_id,
  coalesce(on_call.value, case when kind = 'cheap' then on_task.value end) as score,
  -- A failed answer is not a good one, even if nobody judged it; a task's outcome is that of its last answer.
  coalesce(c_good.value, case when kind = 'cheap' then good.value end, case when not c_answered and kind <> 'dear' then 0 end) as c_good,
  coalesce(d_good.value, case when kind <> 'cheap' then good.value end, case when not d_answered and kind <> 'cheap' then 0 end) as d_good
from wholes
left join about_tasks on about_tasks.task_id = wholes.task_id
left join verdicts as on_call on on_call.subject = 'call' and on_call.subject_id = c_call
left join verdicts as on_task on on_task.subject = 'task' and on_task.subject_id = wholes.task_id
left join goods as c_good on c_good.subject = 'call' and c_good.subject_id = c_call
left join goods as d_good on d_good.subject = 'call' and d_good.subject_id = d_call
left join goods as good on good.subject = 'task' and good.subject_id = wholes.task_id
where chosen and kind <> 'other'

-- name: matches
-- The dear model's result on each prompt.
create or replace temp table matches as
select
  g, prompt_id,
  avg(d_cost) as d_cost,
  avg(d_high) as d_high,
  bool_or(d_priced) as d_priced,
  avg(d_good) as d_good
from tries
where kind <> 'cheap' and prompt_id is not null
group by g, prompt_id

-- name: counted
-- Which of the two has more evidence: tasks that both answered, or prompts that both did.
select
  count(*) filter (where kind = 'cheap')::double as cheap,
  count(*) filter (where kind = 'dear')::double as dear,
  count(*) filter (where kind = 'both')::double as both,
  count(*) filter (where kind <> 'dear' and score is not null)::double as scored,
  count(*) filter (where kind <> 'dear' and score is null and c_answered)::double as unscored,
  count(*) filter (where kind = 'both' and score is not null)::double as in_tasks,
  count(*) filter (where kind <> 'dear' and score is not null and matches.prompt_id is not null)::double as in_prompts,
  count(*) filter (where not (c_priced and tries.d_priced))::double as open,
  count(c_good)::double as c_good,
  count(tries.d_good)::double as d_good,
  coalesce(bool_and(coalesce(c_good, 0) between 0 and 1 and coalesce(tries.d_good, 0) between 0 and 1), true) as shares,
  coalesce(bool_or(evaluation), false) as evaluation
from tries left join matches using (g, prompt_id)

-- name: in_tasks
-- One row per try of the cheap model whose answer has the score, or failed: the result of the same task with the
-- other.
create or replace temp table pairs as
select
  g, cluster, c_answered, score, c_cost, c_high, c_priced, c_good, kind = 'both' and d_priced as d_priced,
  case when kind = 'both' then d_cost end as d_cost,
  case when kind = 'both' then d_high end as d_high,
  case when kind = 'both' then d_good end as d_good
from tries
where kind <> 'dear' and (score is not null or not c_answered)

-- name: nested
-- True if all that is known about each prompt comes from one cluster.
select coalesce(bool_and(of_one), false) as so
from (
  select min(cluster) = max(cluster) as of_one
  from tries semi join matches using (g, prompt_id)
  group by g, prompt_id
  having bool_or(kind <> 'dear')
)

-- name: in_prompts
-- The same for prompts that both answered.
create or replace temp table pairs as
select
  g, case when $nested then cluster else hash(prompt_id) end as cluster, c_answered, score, c_cost, c_high, c_priced,
  c_good, matches.d_priced, matches.d_cost, matches.d_high, matches.d_good
from tries join matches using (g, prompt_id)
where kind <> 'dear' and (score is not null or not c_answered)

-- name: scores
-- The thresholds that a group's scores allow. `part` is the share of its answers that have the score.
with lowest as (
  select g, list(score order by score) as first_scores
  from (
    select g, score
    from (select distinct g, score from pairs where score is not null)
    qualify row_number() over (partition by g order by score) <= 11
  )
  group by g
),
answered as (
  select
    g,
    count(*) filter (where kind <> 'dear' and score is not null)
      / count(*) filter (where kind <> 'dear' and (score is not null or c_answered)) as part,
    count(*)::double as tasks
  from tries
  group by g
)
select
  pairs.g,
  count(*)::double as tries,
  least(count(c_good) filter (where score is not null), count(d_good) filter (where score is not null))::double as known,
  any_value(first_scores) as first_scores,
  quantile_disc(score, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]) as deciles,
  any_value(part) as part,
  any_value(tasks) as tasks
from pairs join lowest using (g) join answered using (g)
group by pairs.g

-- name: cells
-- Per group, bin of the score and cluster; bin -1 has the failed answers. Very many clusters are merged at random,
-- whole. `part` thins out failed answers, which nothing scores, as much as the scored ones.
with edges as (
  select unnest(from_json($edges::json, '[{"g": "UBIGINT", "edges": "DOUBLE[]", "part": "DOUBLE"}]'), max_depth := 2)
),
placed as (
  select
    pairs.*,
    case when not c_answered then -1 else len(list_filter(edges.edges, lambda edge: edge <= score)) end as bin,
    case when c_answered then 1 else part end as weight
  from pairs join edges using (g)
),
many as (
  select count(distinct cluster) > $most as so from placed
)
select
  g, bin, case when so then cluster % $most else cluster end as unit,
  sum(weight) as n,
  coalesce(sum(weight) filter (where c_priced), 0) as c_costed,
  sum(weight * c_cost) as c_cost,
  sum(weight * c_high) as c_high,
  coalesce(sum(weight) filter (where c_good is not null), 0) as c_judged,
  coalesce(sum(weight * c_good), 0) as c_good,
  coalesce(sum(weight) filter (where d_priced), 0) as d_costed,
  coalesce(sum(weight) filter (where d_cost is not null), 0) as d_tried,
  coalesce(sum(weight * d_cost), 0) as d_cost,
  coalesce(sum(weight * d_high), 0) as d_high,
  coalesce(sum(weight) filter (where d_good is not null), 0) as d_judged,
  coalesce(sum(weight * d_good), 0) as d_good,
  -- To check that escalated answers were drawn independently of the score: otherwise the two kinds do not overlap
  -- within a bin.
  max(score) filter (where d_good is not null) as most_on,
  min(score) filter (where d_good is not null) as least_on,
  max(score) filter (where d_good is null) as most_kept,
  min(score) filter (where d_good is null) as least_kept
from placed, many
group by g, bin, unit
order by unit, g, bin
