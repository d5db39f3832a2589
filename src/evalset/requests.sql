-- The requests that an eval set is drawn from and compared with. Reads the views `selected` and
-- `judgements`, and the table texts.

-- name: requests
-- A request is the first answering call of its task, with its prompt. Ties of length, of use and of time stay together,
-- so that the order of rows decides nothing.
create or replace temp table requests as
with tried as (
  select task_id, bool_or(status in ('error', 'timeout')) as errored, bool_or(attempt > 1) as retried
  from selected
  where task_id is not null
  group by task_id
),
disliked as (
  select distinct subject, subject_id from judgements where rater = 'user' and value <= 0
),
asked as (
  select
    selected.call_id,
    task_id,
    user_id,
    coalesce(workload, 'all') as workload,
    prompt_version,
    finish_reason,
    status,
    started_at,
    coalesce(input_tokens, length(texts.prompt))::double as length,
    md5(texts.prompt) as prompt_hash,
    -- An id that was made of ingest and line tells in what order files were read: what the call holds stands for it.
    case
      when selected.call_id = concat(selected.ingest_id, ':', selected.line)
        or starts_with(selected.call_id, concat(selected.ingest_id, ':', selected.line, ':'))
        then md5(concat_ws(
          chr(31), md5(texts.prompt), selected.started_at::varchar, task_id, coalesce(user_id, ''), coalesce(model, ''),
          coalesce(selected.output_hash, '')
        ))
      else selected.call_id
    end as call_key,
    case
      -- As many bytes as characters: plain ASCII, and nothing else to look for.
      when strlen(texts.prompt) = length(texts.prompt)
        then case when regexp_matches(texts.prompt, '[A-Za-z]') then 'Latin' else 'other' end
      when regexp_matches(texts.prompt, '[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}]') then 'East Asian'
      when regexp_matches(texts.prompt, '[\p{Cyrillic}]') then 'Cyrillic'
      when regexp_matches(texts.prompt, '[\p{Arabic}\p{Hebrew}]') then 'Arabic or Hebrew'
      when regexp_matches(texts.prompt, '[\p{Devanagari}\p{Bengali}\p{Tamil}\p{Telugu}\p{Thai}]') then 'South Asian'
      when regexp_matches(texts.prompt, '[\p{Latin}]') then 'Latin'
      else 'other'
    end as script
  from selected
  join texts using (call_id)
  where trim(texts.prompt) <> ''
  qualify row_number() over (
    partition by task_id is null, coalesce(task_id, selected.call_id)
    order by place, selected.call_id
  ) = 1
),
lengths as (
  select
    workload,
    quantile_disc(length, 1.0 / 3) as short_to,
    quantile_disc(length, 2.0 / 3) as medium_to,
    quantile_disc(length, 0.99) as usual_to
  from asked
  group by workload
),
users as (
  select user_id, (sum(n) over (order by n) - sum(n) over (partition by n) / 2) / sum(n) over () as place
  from (select user_id, count(*) as n from asked where user_id is not null group by user_id)
),
period as (
  select min(started_at) as first, epoch(max(started_at)) - epoch(min(started_at)) as seconds from asked
),
known as (
  select
    asked.*,
    case when length <= short_to then 'short' when length <= medium_to then 'medium' else 'long' end as length_bin,
    case when place is null then 'unknown user' when place < 1.0 / 3 then 'light user'
      when place < 2.0 / 3 then 'regular user' else 'heavy user' end as segment,
    case when started_at is null then 'unknown time' when (epoch(started_at) - epoch(first)) * 3 < seconds then 'early'
      when (epoch(started_at) - epoch(first)) * 3 < seconds * 2 then 'middle' else 'late' end as time,
    length > usual_to as longest,
    coalesce(errored, status in ('error', 'timeout'), false) as errored,
    coalesce(retried, false) as retried,
    coalesce(
      call_id in (select subject_id from disliked where subject = 'call')
      or (task_id is not null and task_id in (select subject_id from disliked where subject = 'task')),
      false
    ) as disliked,
    count(*) over (partition by asked.workload, prompt_version, finish_reason, script) < 0.01 * count(*) over () as rare
  from asked
  join lengths using (workload)
  cross join period
  left join users using (user_id)
  left join tried using (task_id)
)
select
  call_id, call_key, workload, length, length_bin, segment, time, script, started_at, prompt_hash,
  concat_ws(' / ', workload, length_bin, segment, time) as stratum,
  case when disliked then 'disliked' when errored then 'errored' when rare then 'rare' when longest then 'longest'
    when retried then 'retried' end as edge
from known

-- name: summary
select
  count(*)::double as requests,
  strftime(min(started_at), '%Y-%m-%dT%H:%M:%SZ') as "from",
  strftime(max(started_at), '%Y-%m-%dT%H:%M:%SZ') as "to",
  md5(count(*)::varchar || ' ' || coalesce(sum(('0x' || left(md5(call_key || ' ' || prompt_hash), 15))::ubigint), 0)::varchar)
    as input_hash,
  (select count(*) from selected)::double as calls,
  (select count(*) from selected join texts using (call_id) where trim(prompt) <> '')::double as calls_with_prompt
from requests

-- name: plain
-- Kinds of edge case that are told apart no more.
create or replace temp table requests as
select * exclude (edge),
  case when edge not in (select unnest(from_json($kinds::json, '["VARCHAR"]'))) then edge end as edge
from requests

-- name: cells
-- What examples are drawn from: the kinds of edge case, and the strata of all other requests.
select coalesce(edge, stratum) as cell, edge is not null as edge, count(*)::double as requests
from requests
group by all
order by edge desc, cell

-- name: candidates
-- Every cell in an order of its own that the seed and the ids alone decide. A cell is cut where its places, less an
-- offset in [0, 1), are a multiple of its target: on average a cell gives just its target, which need not be whole.
with targets as (
  select one.cell, one.edge, one.target
  from (select unnest(from_json($targets::json, '[{"cell": "VARCHAR", "edge": "BOOLEAN", "target": "DOUBLE"}]')) as one)
  where one.target > 0
),
placed as (
  select
    call_id, call_key, workload, stratum, edge, coalesce(edge, stratum) as cell,
    row_number() over (
      partition by edge is not null, coalesce(edge, stratum)
      order by sha256($seed::varchar || ' ' || call_key), call_key, call_id
    ) as place
  from requests
),
ordered as (
  select
    call_id, call_key, workload, stratum, placed.edge, placed.cell,
    (place - ('0x' || left(sha256($seed::varchar || ' cell ' || placed.cell), 8))::ubigint / 4294967296.0) / target as priority
  from placed
  join targets on targets.cell = placed.cell and targets.edge = (placed.edge is not null)
)
select ordered.*, prompt
from (
  select * from ordered where priority <= $factor::double order by priority, call_key, call_id limit $most::bigint
) as ordered
join texts using (call_id)
order by priority, call_key, call_id
