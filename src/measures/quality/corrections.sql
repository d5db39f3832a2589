-- A judge's score in the rows of another measure, beside people's labels. Reads the table judged and the view units.

-- name: labelled
-- Whether the score that counts is a judge's, and people gave it too.
select getvariable('rater') = 'judge' and exists (select 1 from judged where rater = 'human') as labelled

-- name: of_units
-- The judgements of what another measure counts, the relation units: g, unit, subject, subject_id, cluster; once more
-- under '', all rows together.
create or replace temp table rated as
select
  case when of_all then '' else units.g end as g, judged.rater, 'unit' as subject, units.unit as subject_id, judged.value,
  units.cluster
from units join judged using (subject, subject_id) cross join (select unnest([false, true]) as of_all)
where judged.rater in ('judge', 'human') and (of_all or units.g <> '')

-- name: unit_sums
select g, rater, sum(m) as n, fsum(total) / sum(m) as mean, count(*)::double as clusters, sum(m * m) as size_squares
from (
  select g, rater, cluster, count(*)::double as m, fsum(value) as total from rated where rater = 'judge' group by all
)
group by g, rater

-- name: subjects
-- The selected calls and tasks, each once.
select '' as g, 'c' || call_id as unit, 'call' as subject, call_id as subject_id, cluster
from selected
where chosen and call_id is not null
union all
select '', 't' || task_id, 'task', task_id, cluster
from selected
where chosen and owner

-- name: conversations
-- The conversations whose outcome counts in a row.
select
  conversation_facts.g::varchar as g, 'v' || selected.conversation_id as unit, 'conversation' as subject,
  selected.conversation_id as subject_id, conversation_facts.cluster as cluster
from conversation_facts join selected on conversation_facts.at_row = selected.at_row
where credited
