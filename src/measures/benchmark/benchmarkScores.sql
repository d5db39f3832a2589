-- Published scores. Reads the canonical table benchmarks.

-- name: scores
select benchmark, model, score, coalesce(standard_error, 'nan'::double) as error,
       coalesce(items::double, 'nan'::double) as items, coalesce(higher_is_better, true) as higher,
       harness, shots, epoch_ms(as_of) as at, coalesce(source, '') as source
from benchmarks
where benchmark is not null and model is not null and isfinite(score)
order by benchmark, harness nulls first, shots nulls first, model, as_of nulls first, source, score, error, items;
