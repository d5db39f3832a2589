-- Which metrics a store can tell something of. Reads the canonical tables.

-- name: filled
select coalesce(bool_or(duration is not null), false) as duration,
       coalesce(bool_or(time_to_first_token is not null), false) as time_to_first_token,
       coalesce(bool_or(duration is not null and output_tokens > 0), false) as speed,
       coalesce(bool_or(status is not null), false) as status,
       coalesce(bool_or(cost is not null), false) as cost,
       coalesce(bool_or(cost is not null and task_id is not null), false) as task_cost,
       coalesce(bool_or(cost is not null and conversation_id is not null), false) as conversation_cost,
       exists (select 1 from tasks where resolved is not null) as resolved,
       exists (select 1 from tasks where resolved) as any_resolved
from calls where $evaluation or environment is distinct from 'evaluation';

-- name: scores
select distinct name from scores where name is not null and value is not null order by name;

-- name: repeats
select coalesce(bool_or(hashed > 1), false) as same_output, coalesce(bool_or(parsed > 1), false) as json_valid
from (select count(output_hash) as hashed, count(json_valid) as parsed
      from calls where prompt_id is not null group by prompt_id, model);
