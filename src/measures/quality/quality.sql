-- The mean of a score. Reads the view `groups` and the table rated: g, rater, value, cluster of each judged subject.

-- name: means
-- Per group and kind of rater: how many subjects, their total, and whether all judgements are 0 or 1.
create or replace temp table means as
select
  g, rater,
  count(*)::double as n,
  fsum(value) as total,
  fsum(value) / count(*) as mean,
  min(value) as least,
  max(value) as most,
  bool_and(plain) as plain,
  bool_and(value in (0, 1)) as is_binary,
  sum(judgements)::double as judgements,
  count(*) filter (where evaluation)::double as evaluation
from rated
group by g, rater

-- name: sums
-- With what the intervals need: sums over subjects about the mean, and over clusters of their sizes m, totals s and
-- deviations d = s - mean * m.
with spread as (
  select g, rater, fsum((value - mean) ** 2) as deviations, fsum((value - mean) ** 3) as cubes
  from rated join means using (g, rater)
  group by g, rater
),
clusters as (
  select g, rater, cluster, count(*)::double as m, fsum(value) as s, fsum(value - mean) as d
  from rated join means using (g, rater)
  group by g, rater, cluster
),
over_clusters as (
  select
    g, rater,
    count(*)::double as clusters,
    sum(m * m) as size_squares, sum(m * m * m) as size_cubes, sum(m * m * m * m) as size_fourths,
    fsum(s * s) as event_squares, fsum(s * m) as products, fsum(s * s * m) as event_squares_sizes,
    fsum(s * m * m) as event_size_squares, fsum(s * s * m * m) as event_squares_size_squares,
    fsum(s * m * m * m) as event_size_cubes,
    fsum(d * d) as residual_squares, fsum(d * d * m) as residual_sizes, fsum(d * d * m * m) as residual_size_squares,
    fsum(d * d * d) as residual_cubes
  from clusters
  group by g, rater
)
select means.*, groups."by", spread.deviations, spread.cubes, over_clusters.* exclude (g, rater)
from means left join groups using (g) join spread using (g, rater) join over_clusters using (g, rater)
order by groups."by", means.n desc, rater

-- name: rater_sums
-- Total c and number r of every cluster, a kind for each kind of rater: for bootstrap intervals.
select g, rater as kind, fsum(value) as c, count(*)::double as r from rated group by g, rater, cluster

-- name: owned
-- Tasks of every group, or conversations, whether their outcome is known or not.
select g, count(*)::double as tasks
from selected
where owner and chosen and getvariable('grain') <> 'conversation' and (production or not getvariable('production_alone'))
group by g
union all
select g, count(*)::double
from (
  select g, chosen
  from selected
  where
    answers and conversation_id is not null and getvariable('grain') = 'conversation'
    and (production or not getvariable('production_alone'))
  qualify row_number() over (partition by conversation_id order by begun nulls first, logged, at_row) = 1
)
where chosen
group by g
