-- What of a log metrics are named after. Reads the canonical tables.

-- name: scores
select distinct name from scores where name is not null and value is not null order by name;

-- name: repeats
select coalesce(bool_or(hashed > 1), false) as same_output, coalesce(bool_or(parsed > 1), false) as json_valid
from (select count(output_hash) as hashed, count(json_valid) as parsed
      from calls where prompt_id is not null group by prompt_id, model);
