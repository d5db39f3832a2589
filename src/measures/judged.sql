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

-- name: labelled
-- Clusters of the subjects that both have judged: the sum of their squared sizes.
select g, sum(m)::double as n, sum(m * m)::double as size_squares
from (
  select judge.g, judge.cluster, count(*) as m
  from (select * from rated where rater = $judge) as judge
  join (select * from rated where rater = $truth) as people using (g, subject, subject_id)
  group by judge.g, judge.cluster
)
group by g
