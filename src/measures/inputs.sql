-- The files that a store was made of. Reads the canonical tables.

-- name: inputs
select path, sha256, any_value(format) as format, sum(rows)::double as rows, sum(rejected)::double as rejected
from ingests group by path, sha256 order by path, sha256
