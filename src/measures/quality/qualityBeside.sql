-- A score by what another score says of the same subject. Reads the table rated and the view
-- `judgements`; `beside` names the other score, and `beside_rater` the kind of rater who gave it.

-- name: besides
create or replace temp view others as
select subject, subject_id, max(label) as label, avg(value) filter (where isfinite(value)) as value
from judgements
where name = getvariable('beside') and rater = getvariable('beside_rater')
group by subject, subject_id;
create or replace temp table placed_beside as
with found as (
  select rated.g, rated.subject, rated.subject_id, others.label, others.value
  from (select distinct g, subject, subject_id from rated) as rated join others using (subject, subject_id)
),
kind as (
  select count(label) > count(value) as labels, min(value) >= 0 and max(value) <= 1 as shares,
    coalesce(bool_and(value in (0, 1)), false) as plain
  from found
),
binned as (
  select found.*,
    case
      when kind.labels then null
      -- Yes and no are two values, not two ends of a range.
      when kind.plain then value::bigint
      when kind.shares then least(getvariable('bins') - 1, floor(value * getvariable('bins'))::bigint)
      when value is not null
        then least(getvariable('bins') - 1, floor((rank() over (order by value nulls last) - 1) * getvariable('bins')
          / greatest(count(value) over (), 1))::bigint)
    end as bin,
    kind.labels as labels,
    kind.shares as shares,
    kind.plain as plain
  from found, kind
)
select
  hash(g, coalesce(case when labels then label end, ''), coalesce(bin, -1)) as place, g as group_g,
  subject, subject_id, case when labels then label end as label, bin,
  case when plain then bin when shares then bin / getvariable('bins')::double else min(value) over (partition by bin) end as "from",
  case when plain then bin when shares then (bin + 1) / getvariable('bins')::double else max(value) over (partition by bin) end as "to"
from binned
where label is not null or bin is not null

-- name: rated_beside
-- The table rated anew, told apart by the other score as well.
create or replace temp table rated as
select rated.* replace (placed_beside.place as g)
from rated join placed_beside on placed_beside.group_g = rated.g
  and placed_beside.subject = rated.subject and placed_beside.subject_id = rated.subject_id

-- name: behind
select placed_beside.group_g as g, at_row, value as amount, subject || ' ' || subject_id as unit, rater, place::varchar as place
from rated join (select distinct place, group_g from placed_beside) as placed_beside on place = rated.g

-- name: places
select place as g, any_value(groups."by") as "by", any_value(label) as label, any_value("from") as "from", any_value("to") as "to"
from placed_beside left join groups on groups.g = placed_beside.group_g
group by place
order by "by", "from", label
