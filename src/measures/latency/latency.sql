-- How long calls take: the metric that the variable `metric` names.

-- name: measured
-- A call that failed has no latency; it is counted apart. Of a `wait` stands here how long a call lasted, since whether it
-- went well or timed out is told beside it: to ask for both in one expression takes a scan twice as long.
create or replace temp view measured as
select
  g, cluster, hour_unit as hour,
  case getvariable('metric')
    when 'duration' then lasted
    when 'time_to_first_token' then first_wait
    when 'time_per_output_token' then token_wait
    when 'output_tokens_per_second' then token_speed
  end as x,
  case getvariable('metric')
    when 'duration' then wait_cut
    when 'time_to_first_token' then first_wait_cut
    else false
  end as cut,
  case when getvariable('metric') in ('duration', 'time_to_first_token') then not waited
    else not went_well end as failed
from selected

-- name: known
select exists (select 1 from selected where status is not null) as known
