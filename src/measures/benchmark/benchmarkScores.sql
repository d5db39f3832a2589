-- Published scores. Reads `sourced`, the scores with where they are from.

-- name: scores
select benchmark, model, score, coalesce(standard_error, 'nan'::double) as error,
       coalesce(items::double, 'nan'::double) as items, coalesce(higher_is_better, true) as higher,
       harness, shots, epoch_ms(as_of) as at, source, file
from sourced
order by benchmark, harness nulls first, shots nulls first, model, as_of nulls first, source, file, score, error, items;
