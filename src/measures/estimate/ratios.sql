-- Ratios of sums over clusters. Reads the view `ratio_sums`: g, kind, c and r of each cluster, and where hours are looked
-- at `unit`, the hash of what is one.

-- name: power_sums
-- Per group and kind, the sums over clusters from which the law of a bootstrapped ratio follows: about the ratio itself,
-- which keeps digits, or for whole numbers about 0, which is exact in whatever order they are added.
with
known as materialized (select g, kind, c, r from ratio_sums),
centres as (
  select g, kind, case when $whole then 0.0::double else coalesce(sum(c) / nullif(sum(r), 0), 0) end as centre
  from known group by g, kind
),
clusters as (
  select g, kind, centre, c - centre * r as d, r from known join centres using (g, kind)
)
select
  g::varchar as g, kind, any_value(centre) as centre, count(*)::double as clusters, sum(d) as d1r0,
  sum(r) as d0r1, sum(d * d) as d2r0, sum(d * r) as d1r1, sum(r * r) as d0r2, sum(d * d * d) as d3r0,
  sum(d * d * r) as d2r1, sum(d * r * r) as d1r2, sum(r * r * r) as d0r3, sum(d * d * d * d) as d4r0,
  sum(d * d * d * r) as d3r1, sum(d * d * r * r) as d2r2, sum(d * r * r * r) as d1r3, sum(r * r * r * r) as d0r4
from clusters
group by g, kind

-- name: counts_alone
-- The same where each call is a cluster of 0 or 1 events, so that all powers are counts. Reads the sums of whole groups.
select
  g::varchar as g, kind, 0.0::double as centre, r as clusters, c as d1r0, r as d0r1, c as d2r0, c as d1r1, r as d0r2,
  c as d3r0, c as d2r1, c as d1r2, r as d0r3, c as d4r0, c as d3r1, c as d2r2, c as d1r3, r as d0r4
from ratio_sums

-- name: hours
-- Per group, kind and hour, what it comes to.
with hours as (select distinct hash(hour_unit) as unit, hour_unit as hour from selected)
select g::varchar as g, kind, coalesce(hour, 1e18)::double as hour, c, r
from ratio_sums left join hours using (unit)
order by g, kind, hour, c, r

-- name: squares
-- Per group and kind, the squared deviations from the ratio by whatever is a cluster at the grain that is set.
with known as materialized (select g, kind, c, r from ratio_sums),
centres as (
  select g, kind, coalesce(sum(c) / nullif(sum(r), 0), 0) as centre from known group by g, kind
)
select g::varchar as g, kind, sum(d * d) as squares
from (select g, kind, c - centre * r as d from known join centres using (g, kind))
group by g, kind

-- name: totals
-- Of the wanted groups and kinds, c and r of each cluster, in an order that does not depend on their names.
select g::varchar as g, kind, list(c order by r, c) as totals, list(r order by r, c) as sizes
from ratio_sums
where g || ' ' || kind in (select unnest(from_json($wanted::json, '["VARCHAR"]')))
group by g, kind
