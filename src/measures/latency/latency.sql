-- How long calls take: the metric that the variable `metric` names.

-- name: measured
-- A timeout is a wait of at least its duration. A call that failed has no latency; it is counted apart.
create or replace temp view measured as
select
  g,
  cluster,
  status,
  case
    when status = 'ok' or status is null then 0
    when status = 'timeout' then case getvariable('metric')
      when 'duration' then 1
      when 'time_to_first_token' then case when time_to_first_token is null then 1 else 0 end
    end
  end as outcome,
  case getvariable('metric')
    when 'duration' then duration
    when 'time_to_first_token'
      then case when status = 'timeout' and stream is distinct from false
        then coalesce(time_to_first_token, duration) else time_to_first_token end
    when 'time_per_output_token'
      then case when output_tokens > 1 then (duration - time_to_first_token) / (output_tokens - 1) end
    when 'output_tokens_per_second' then case when duration > 0 then output_tokens / duration end
  end as x
from selected

-- name: told
select exists (select 1 from selected where status is not null) as told
