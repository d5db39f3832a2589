-- What a judge says beside what people say of the same. Reads the table rated: g, rater, subject, value, cluster.

-- name: cells
-- Per group, how many subjects have which judgement and which label; no label where people did not look.
select
  judge.g,
  judge.value as judged,
  people.value as label,
  count(*)::double as n
from (select * from rated where rater = $judge) as judge
left join (select * from rated where rater = $truth) as people using (g, subject, subject_id)
group by all
order by judge.g, judged, label

-- name: effects
-- Per group, by verdicts for and against: subjects, the labelled ones and the squared sizes of their clusters; by how
-- much the variance of the corrected rate over whole clusters is larger than were all subjects independent; and whether
-- people looked at the two verdicts alike, as a number of standard errors over whole clusters.
with pairs as (
  select judge.g, judge.cluster, judge.value as judged, people.value as label, judge.value >= 0.5 as flagged
  from (select * from rated where rater = $judge) as judge
  left join (select * from rated where rater = $truth) as people using (g, subject, subject_id)
),
sides as (
  select
    g, flagged,
    count(*)::double as n,
    count(label)::double as m,
    (count(*) - count(label))::double / count(*) as weight,
    coalesce(avg(judged) filter (where label is null), 0) as judged_mean,
    coalesce(avg(label) - (count(*) - count(label))::double / count(*) * avg(judged) filter (where label is not null), 0) as error_mean
  from pairs
  group by g, flagged
),
totals as (
  select
    g, sum(n) as n, sum(m) as m,
    fsum(n * (weight * judged_mean + error_mean)) / sum(n) as rate,
    coalesce(sum(n) filter (where flagged), 0) / sum(n) as flagged_share,
    coalesce(sum(m) filter (where flagged), 0) / nullif(sum(m), 0) as flagged_labelled
  from sides
  group by g
),
pulls as (
  select
    g, cluster, label,
    weight * judged_mean + error_mean - rate + case
      when label is null then judged - judged_mean
      else sides.n / sides.m * (label - weight * judged - error_mean)
    end as pull,
    ((label is not null)::int - totals.m / totals.n) * (flagged::int - flagged_share) as picked
  from pairs join sides using (g, flagged) join totals using (g)
),
clusters as (
  select g, cluster, count(label)::double as m, fsum(pull) as pull, fsum(pull * pull) as alone, fsum(picked) as picked
  from pulls
  group by g, cluster
)
select
  g,
  any_value(totals.m) as n,
  sum(clusters.m * clusters.m)::double as size_squares,
  any_value(flagged_share) as flagged_share,
  any_value(flagged_labelled) as flagged_labelled,
  fsum(pull * pull) / nullif(fsum(alone), 0) * count(*) / nullif(count(*) - 1, 0) as effect,
  fsum(picked) / nullif(sqrt(fsum(picked * picked) * count(*) / nullif(count(*) - 1, 0)), 0) as picked
from clusters join totals using (g)
group by g
