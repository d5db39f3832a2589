-- How values spread over bins of a logarithmic axis. Reads the view `measured`.

-- name: bins
-- Ten bins a decade, numbered; a value of 0 has a bin of its own, which has no width.
select
  g::varchar as g,
  case when place is null then 0.0 else 10 ^ (place / 10.0) end as "from",
  case when place is null then 0.0 else 10 ^ ((place + 1) / 10.0) end as "to",
  n
from (
  select g, case when x > 0 then floor(10 * log10(x)) end as place, count(*)::double as n
  from measured
  where not failed and x >= 0
  group by all
)
order by g, place nulls first
