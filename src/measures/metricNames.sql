-- What of a log metrics are named after. Reads the views `facts` and `judgements`.

-- name: scores
select distinct name from judgements where value is not null order by name;

-- name: repeats
select coalesce(bool_or(hashed > 1), false) as same_output, coalesce(bool_or(parsed > 1), false) as json_valid
from (select count(output_hash) as hashed, count(json_valid) as parsed
      from facts where prompt_id is not null group by prompt_id, model);
