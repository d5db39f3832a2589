-- When what a score compares was judged, and what its rater said of the same answers at several times. Reads the views `facts`,
-- `judgements`, `all_judgements` and `about_tasks`, and the relation `sided_subjects`: subject, subject_id, side.

-- name: timed
-- Every judgement with a number and a time, and its item: an answer is the same if its prompt and its text are, else if it is the
-- same call or task. Items of one prompt are a cluster.
create or replace temp view timed_judgements as
select
  judged.*,
  case when facts.prompt_id is not null and facts.output_hash is not null
    then 'answer ' || facts.output_hash || ' ' || facts.prompt_id
    else subject || ' ' || subject_id
  end as item,
  coalesce(facts.prompt_id, about_tasks.prompt_id, subject || ' ' || subject_id) as cluster
from all_judgements as judged
left join facts on subject = 'call' and facts.call_id = subject_id
left join about_tasks on subject = 'task' and about_tasks.task_id = subject_id
where judged."at" is not null and value is not null and isfinite(value)

-- name: times
-- Judgements that count, by the hour at which they were made.
select side::varchar as side, epoch(date_trunc('hour', judgements."at"))::double as hour, count(*)::double as n
from judgements join sided_subjects using (subject, subject_id)
where judgements.name = $score and judgements.rater = $rater and judgements."at" is not null and value is not null and isfinite(value)
group by side, hour

-- name: said
-- Every judgement of an answer that one rater judged in several hours, of the whole log.
with said as (
  select coalesce(rater_id, '') || ' ' || item as item, cluster, value, epoch(date_trunc('hour', "at"))::double as hour
  from timed_judgements
  where name = $score and rater = $rater
)
select item, any_value(cluster) as cluster, hour, avg(value) as value
from said
where item in (select item from said group by item having min(hour) < max(hour))
group by item, hour
order by item, hour
