-- Who meets slow calls. Reads the view `selected`.

-- name: limit
select quantile_cont(wait, $p) as most from selected

-- name: users
-- One row per user, from the lightest tenth of the users to the heaviest.
create or replace temp table users as
select user_id, calls, slow,
  ntile(10) over (order by calls, hash(user_id)) as tenth
from (
  select
    user_id, count(*)::double as calls,
    count(*) filter (where wait > $most or (wait_cut and wait >= $most))::double as slow
  from selected
  where user_id is not null and wait is not null
  group by user_id
)

-- name: behind
select g, at_row, wait as amount, unnest(['all', tenth::varchar]) as tenth
from selected join users using (user_id)
where wait is not null

-- name: sums
select tenth as g, one.kind, one.c, one.r
from (
  select tenth, unnest([
    {'kind': 'calls', 'c': slow, 'r': calls},
    {'kind': 'users', 'c': slow / calls, 'r': 1},
    {'kind': 'met', 'c': case when slow > 0 then 1 else 0 end, 'r': 1}
  ]) as one
  from users
)
union all
select 0, one.kind, one.c, one.r
from (
  select unnest([
    {'kind': 'calls', 'c': slow, 'r': calls},
    {'kind': 'users', 'c': slow / calls, 'r': 1},
    {'kind': 'met', 'c': case when slow > 0 then 1 else 0 end, 'r': 1}
  ]) as one
  from users
)

-- name: rows
select tenth as g, count(*)::double as users, sum(calls) as calls, min(calls) as least, max(calls) as most
from users group by tenth
union all
select 0, count(*)::double, sum(calls), min(calls), max(calls) from users having count(*) > 0
order by g
