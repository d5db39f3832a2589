-- How long calls take: the metric that the variable `metric` names.

-- name: measured
-- A timeout is a wait of at least its duration. A call that failed has no latency; it is counted apart. No wait is below
-- 0: where clocks of two machines make it so, it is not known.
create or replace temp view measured as
select
  g,
  cluster,
  status,
  case
    when status = 'ok' or status is null then 0
    when status = 'timeout' then case getvariable('metric')
      when 'duration' then 1
      when 'time_to_first_token' then case when first is null then 1 else 0 end
    end
  end as outcome,
  case getvariable('metric')
    when 'duration' then waited
    when 'time_to_first_token'
      then case when status = 'timeout' and stream is distinct from false then coalesce(first, waited) else first end
    when 'time_per_output_token'
      then case when output_tokens > 1 and waited >= first then (waited - first) / (output_tokens - 1) end
    when 'output_tokens_per_second' then case when waited > 0 then output_tokens / waited end
  end as x
from (
  select
    *,
    case when duration >= 0 then duration end as waited,
    case when time_to_first_token >= 0 then time_to_first_token end as first
  from selected
)

-- name: told
select exists (select 1 from selected where status is not null) as told
