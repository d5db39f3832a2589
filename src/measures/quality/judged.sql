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
-- What clusters do to the two rates: the squared sizes of clusters among the labelled, and by how much the variance of the
-- prediction-powered rate over whole clusters is larger than were all subjects independent.
with pairs as (
  select judge.g, judge.cluster, judge.value as judged, people.value as label
  from (select * from rated where rater = $judge) as judge
  left join (select * from rated where rater = $truth) as people using (g, subject, subject_id)
),
weights as (
  select g, (count(*) - count(label))::double / count(*) as weight from pairs group by g
),
errors as (
  select pairs.*, weight, label - weight * judged as error from pairs join weights using (g)
),
totals as (
  select
    g,
    any_value(weight) as weight,
    count(label)::double as labelled,
    (count(*) - count(label))::double as unlabelled,
    fsum(judged) filter (where label is null) / nullif(count(*) - count(label), 0) as judged_mean,
    fsum(error) / nullif(count(label), 0) as error_mean,
    var_samp(judged) filter (where label is null) as judged_variance,
    var_samp(error) as error_variance
  from errors
  group by g
),
clusters as (
  select
    g, cluster,
    count(label)::double as m,
    coalesce(
      any_value(weight) * fsum(judged - judged_mean) filter (where label is null) / nullif(any_value(unlabelled), 0), 0
    ) + coalesce(fsum(error - error_mean) / nullif(any_value(labelled), 0), 0) as pull
  from errors join totals using (g, weight)
  group by g, cluster
),
over_clusters as (
  select g, count(*)::double as clusters, sum(m * m)::double as size_squares, fsum(pull * pull) as pulls
  from clusters
  group by g
)
select
  g,
  labelled as n,
  size_squares,
  case when labelled > 1 and unlabelled > 1 and clusters > 1 then
    pulls * clusters / (clusters - 1)
      / nullif(weight * weight * judged_variance / unlabelled + error_variance / labelled, 0)
  end as powered
from totals join over_clusters using (g)
