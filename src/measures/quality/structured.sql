-- Valid output: JSON, the schema, tool calls, repairs. Reads the view `selected` and the table spans.

-- name: views
-- Where no output of a workload is JSON and none has a schema, none was asked for.
create or replace temp view asked_for as
select coalesce(workload, '') as work from selected
group by work having bool_or(json_valid) or count(schema_valid) > 0;
create or replace temp view answers as
select
  g, at_row, cluster, task_id, call_id, json_valid, schema_valid,
  case
    when json_valid = false or schema_valid = false then false
    when coalesce(schema_valid, json_valid) then true
  end as valid,
  place
from (
  select * replace (case when coalesce(workload, '') in (select work from asked_for) then json_valid end as json_valid)
  from selected
);
create or replace temp view repairs as
select
  arg_min(g, place) as g,
  arg_min(cluster, place) as cluster,
  arg_min(valid, place) as first_valid,
  arg_max(valid, place) as last_valid,
  task_id
from answers
where place > 0
group by task_id;
create or replace temp view tools as
select repairs.g, repairs.cluster, spans.status = 'ok' as done
from spans join repairs using (task_id)
where regexp_matches(lower(spans.stage), '(^|[^a-z])(tool|execute_tool|function_call)') and spans.status is not null

-- name: sums
select g, 'json' as kind, count(*) filter (where json_valid)::double as c, count(json_valid)::double as r
from answers where json_valid is not null group by g, cluster
union all
select g, 'schema', count(*) filter (where schema_valid)::double, count(*)::double
from answers where schema_valid is not null group by g, cluster
union all
select g, 'first', count(*) filter (where first_valid)::double, count(*)::double
from repairs where first_valid is not null group by g, cluster
union all
select g, 'last', count(*) filter (where last_valid)::double, count(*)::double
from repairs where last_valid is not null group by g, cluster
union all
select g, 'repaired', count(*) filter (where last_valid)::double, count(*)::double
from repairs where first_valid = false group by g, cluster
union all
select g, 'tools', count(*) filter (where done)::double, count(*)::double from tools group by g, cluster

-- name: rows
select answers.g, groups."by", count(*)::double as calls
from answers join groups using (g)
group by answers.g, groups."by"
order by groups."by"
