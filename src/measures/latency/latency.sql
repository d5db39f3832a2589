-- How long calls take: a view `measured` for each metric. A call that failed has no latency; it is counted apart.

-- name: duration
-- Of a `wait` stands here how long a call lasted, since whether it went well or timed out is told beside it: to ask for
-- both in one expression takes a scan twice as long.
create or replace temp view measured as
select g, hash(cluster) as cluster, hour_unit as hour, lasted as x, wait_cut as cut, not waited as failed from selected

-- name: time_to_first_token
create or replace temp view measured as
select g, hash(cluster) as cluster, hour_unit as hour, first_wait as x, first_wait_cut as cut, not waited as failed from selected

-- name: time_per_output_token
create or replace temp view measured as
select g, hash(cluster) as cluster, hour_unit as hour, token_wait as x, false as cut, not went_well as failed from selected

-- name: output_tokens_per_second
create or replace temp view measured as
select g, hash(cluster) as cluster, hour_unit as hour, token_speed as x, false as cut, not went_well as failed from selected

-- name: time_to_resolution
-- The waits of a conversation, added up: one that was not resolved would have taken longer, and of one whose outcome is not known
-- nothing is known, unless none is: then it is how long a conversation takes.
create or replace temp view measured as
select
  g, cluster, hour_unit as hour,
  case when ended is not null or (select count(ended) from conversation_facts) = 0 then seconds end as x,
  coalesce(not ended, false) as cut, false as failed
from conversation_facts

-- name: ends
-- Conversations, and those of them whose outcome is known.
select count(*)::double as n, count(ended)::double as ended from conversation_facts

-- name: known
select exists (select 1 from selected where status is not null) as known

-- name: zeros
-- The calls that went well after 0 seconds though no cache answered. Asked only where some value is 0.
select
  g::varchar as g, count(*) filter (lasted = 0)::double as duration,
  count(*) filter (first_after = 0)::double as time_to_first_token
from selected where went_well and cache_hit is not true group by g

-- name: any_odd
select coalesce(bool_or(odd_status or odd_wait or odd_first or late_first or wait_cut and lasted is null), false) as found
from facts

-- name: odd_duration
-- The calls of each group whose duration may be another than it says: timeouts, those whose time is not known, the same of calls
-- that went well, and the longest if it is a timeout's.
select
  g::varchar as g,
  count(*) filter (odd_wait and waited)::double as lost,
  count(*) filter (odd_status and duration is not null)::double as strange,
  count(*) filter (late_first and waited and wait is not null)::double as late,
  quantile_disc(wait, 0.99) as long,
  count(*) filter (wait_cut)::double as cut,
  count(*) filter (wait_cut and duration is null)::double as cut_untimed,
  count(*) filter (went_well)::double as well,
  count(*) filter (went_well and duration is null)::double as well_untimed,
  case when count(*) filter (wait_cut and lasted is not null) > 0 then max(wait) end as longest
from selected group by g

-- name: odd_time_to_first_token
-- The same of their time to the first token.
select
  g::varchar as g,
  count(*) filter (odd_first and waited)::double as lost,
  count(*) filter (odd_status and time_to_first_token is not null)::double as strange,
  count(*) filter (late_first and waited and first_after is not null and not coalesce(odd_wait, false))::double as late,
  quantile_disc(first_wait, 0.99) as long,
  count(*) filter (wait_cut)::double as cut,
  count(*) filter (wait_cut and stream is distinct from false and time_to_first_token is null and duration is null)::double as cut_untimed,
  count(*) filter (went_well)::double as well,
  count(*) filter (went_well and time_to_first_token is null)::double as well_untimed,
  case when count(*) filter (wait_cut and first_wait is not null) > 0 then max(first_wait) end as longest
from selected group by g
