-- Two models on the same items. Reads the table rated and the view groups; the item is the prompt.

-- name: items
-- Per group and item, the score averaged over the item's runs.
select
  rated.g,
  prompt_id as item,
  count(*)::double as runs,
  case when min(value) = max(value) then min(value) else fsum(value) / count(*) end as mean
from rated
where prompt_id is not null and rater = $rater
group by rated.g, prompt_id
order by rated.g, item

-- name: kinds
select rater, count(*)::double as n from rated where prompt_id is not null group by rater order by n desc, rater

-- name: names
select g, "by" from groups order by "by"
