-- Bins of about equally many rows. Reads the table `unbinned`: g, `level`, by which it is cut, `cluster`, as a number,
-- `hour_unit`, and what a measure needs.

-- name: bins
-- Rows of one level stay together. A group with few rows has fewer bins, so that one of a row or two stands for nothing.
create or replace temp table cut_rows as
with levels as (
  select g, level, count(*) as n from unbinned group by g, level
),
placed as (
  select g, level,
    least(
      bins - 1,
      floor(bins * (sum(n) over (partition by g order by level) - n / 2) / sum(n) over (partition by g))::bigint
    ) as bin
  from levels
    join (select g, least($bins::bigint, greatest(1, count(*) // $least::bigint)) as bins from unbinned group by g) using (g)
)
select unbinned.*, placed.bin from unbinned join placed using (g, level)

-- name: measured
-- The waits of the binned calls as what latencies are measured of, each bin a group of its own.
create or replace temp view measured as
select hash(g, bin) as g, cluster, hour_unit as hour, wait as x, wait_cut as cut, wait is null as failed from binned
