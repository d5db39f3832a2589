-- Comparisons of two models' answers. Regression needs each comparison, not sums of them: what it reads of one is a few
-- numbers, and a group's come as lists.

-- name: compared
create or replace temp view compared as
select *,
  -- Relative to both answers together, so that the unit of a length does not matter; 1 where one side has none at all.
  case when length_a + length_b > 0 then (length_a - length_b) / (length_a + length_b) end as length,
  case when lists_a + lists_b > 0 then (lists_a - lists_b) / (lists_a + lists_b) when lists_a + lists_b = 0 then 0 end as lists,
  case when headings_a + headings_b > 0 then (headings_a - headings_b) / (headings_a + headings_b)
    when headings_a + headings_b = 0 then 0 end as headings,
  case when bold_a + bold_b > 0 then (bold_a - bold_b) / (bold_a + bold_b) when bold_a + bold_b = 0 then 0 end as bold
from preferences
where preferred is not null and model_a is not null and model_b is not null;

-- name: names
select distinct unnest([model_a, model_b]) as name from compared order by name;

-- name: groups
-- Reads the view `chosen_comparisons`: those that are asked for, each with what tells rows apart as "by".
select "by",
  count(*) as n,
  count(*) filter (preferred = 0.5) as ties,
  count(distinct rater_id) as raters,
  list(model_a order by ingest_id, line, comparison_id) as model_a,
  list(model_b order by ingest_id, line, comparison_id) as model_b,
  list(preferred order by ingest_id, line, comparison_id) as preferred,
  list(case shown_first when 'a' then 1 when 'b' then -1 else 0 end order by ingest_id, line, comparison_id) as shown,
  list(rater_id order by ingest_id, line, comparison_id) as rater_id,
  list(prompt_id order by ingest_id, line, comparison_id) as prompt_id,
  list(length order by ingest_id, line, comparison_id) as length,
  list(lists order by ingest_id, line, comparison_id) as lists,
  list(headings order by ingest_id, line, comparison_id) as headings,
  list(bold order by ingest_id, line, comparison_id) as bold
from chosen_comparisons group by "by" order by "by"
