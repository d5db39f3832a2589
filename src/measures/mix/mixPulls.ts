import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteText } from "../../store/quote";
import { rowsOf, run } from "../../store/run";
import type { G, Keyed } from "./mixMetric";
import type { Covariance, DayPulls, Over, SideSize } from "./mixSpread";
import { type UnitBase, unitRows } from "./mixUnits";

/** What the units of each metric say of the uncertainty of its four numbers. */
export interface Pulls {
  covariances: (Covariance & Keyed)[];
  sizes: (SideSize & Keyed)[];
  days: (Omit<DayPulls, "n"> & Keyed)[];
}

/** Which units are asked for. */
export interface PullKinds {
  over: readonly Over[];
  days: boolean;
}

const pairs = ["aa", "ab", "ak", "at", "bb", "bk", "bt", "kk", "kt", "tt"] as const;
type Wide = { g: G } & Record<string, number>;

/**
 * How far each cluster, each hour, each cluster within an hour and each day pulls the four numbers, as sums of products.
 * Metrics that are known of the same units share one pass: they have the same weights and the same leverage.
 *
 * @param bases of the metrics that the table `coefficients` has, the first of each in `cells`
 */
export async function pullsOf(
  connection: DuckDBConnection,
  bases: readonly UnitBase[],
  { over, days }: PullKinds,
): Promise<Pulls> {
  const found: Pulls = { covariances: [], sizes: [], days: [] };
  for (const base of bases) {
    await run(connection, partsTable(base));
    for (const kind of over) {
      const rows = await rowsOf<Wide>(connection, productsOf(base, await unitsOf(connection, base, kind)));
      found.sizes.push(...sizesOf(rows, base, kind));
      found.covariances.push(...covariancesOf(rows, base, kind));
    }
    if (days) found.days.push(...(await daysOf(connection, base)));
  }
  return found;
}

const each = ({ metrics }: UnitBase, column: (at: number) => string): string =>
  metrics.map((_, at) => column(at)).join(", ");

const columns = ["pc", "pr", "ks", "kr", "tn", "tx", "txx", "ts", "txs", "tr", "txr"] as const;

/**
 * The table `parts`: unit by unit its place (cell, cluster, hour, day), what it counts as it is (m) and at the mix (u), its share of
 * its own fitted value, and for each metric how far it pulls its side as it is (p), in the strata that both have (k) and at the mix (t).
 */
function partsTable(base: UnitBase): string {
  const read: Record<string, string> = { pc: "ac + bc", pr: "ar + br" };
  const wide = each(base, (at) =>
    columns
      .map(
        (name) =>
          `max(${read[name] ?? name}) filter (metric = ${quoteText(base.metrics[at].name)}) as ${name}${at}`,
      )
      .join(", "),
  );
  const numbers = each(base, (at) => {
    const { s, r } = base.metrics[at];
    const [own, over] = [s === undefined ? `c${at}` : `s${at}`, r === "1" ? "1" : `r${at}`];
    return `pc${at} * c${at} + pr${at} * ${over} as p${at}, w * (ks${at} * ${own} + kr${at} * ${over}) as k${at},
      w * (tn${at} + tx${at} * x + txx${at} * x * x + (ts${at} + txs${at} * x) * ${own} + (tr${at} + txr${at} * x) * ${over}) as t${at}`;
  });
  return `create or replace temp table parts as
    with placed as (
      select
        g, second, cell, max(mn) as mn, max(mx) as mx, max(ln) as ln, max(lx) as lx, max(lxx) as lxx,
        ${wide}
      from coefficients
      where metric in (${base.metrics.map(({ name }) => quoteText(name)).join(", ")})
      group by g, second, cell
    ),
    own_cells as (select g, stratum, cell from cells where metric = ${quoteText(base.metrics[0].name)})
    select
      g, second, cell, cluster, hash(hour) as hour, hash(cluster, hour) as "both",
      -- A million more, so that days before 1970 are not below 0.
      hour // 86400000000 + 1000000 as day,
      w as m, w * (mn + mx * x) as u, w * (ln + lx * x + lxx * x * x) as fitted, ${numbers}
    -- One join within the other: not every engine finds the columns of three tables side by side.
    from (select * from (${unitRows(base)}) join own_cells using (g, stratum)) join placed using (g, second, cell)`;
}

/** A relation of units, and whether a unit may have a row on either side. */
interface Source {
  from: string;
  isGrouped: boolean;
}

/**
 * The units of a kind. Each counts as if it had been left out: over one less its share, and at the mix over one less what
 * its calls make of their own fitted values in each cell. Most calls are alone in their hour: those need no grouping.
 */
async function unitsOf(connection: DuckDBConnection, base: UnitBase, kind: Over): Promise<Source[]> {
  const isBoth = kind === "both";
  if (isBoth)
    await run(
      connection,
      `create or replace temp table crowded as select g, "both" from parts group by all having count(*) > 1`,
    );
  const sums = each(base, (at) => `sum(p${at}) as p${at}, sum(k${at}) as k${at}, sum(t${at}) as t${at}`);
  const fair = (t: string) => `${t} / sqrt(1 - least(fitted, 0.9))`;
  const whole = each(
    base,
    (at) => `sum(p${at}) as p${at}, sum(k${at}) as k${at}, sum(${fair(`t${at}`)}) as t${at}`,
  );
  await run(
    connection,
    `create or replace temp table units as
    select g, second, unit, sum(m) as m, abs(sum(u)) as u, ${whole}
    from (
      select g, second, "${kind}" as unit, cell, sum(m) as m, sum(u) as u, sum(fitted) as fitted, ${sums}
      from parts ${isBoth ? 'semi join crowded using (g, "both")' : ""}
      group by g, second, unit, cell
    )
    group by g, second, unit`,
  );
  const alone = `(select g, second, "both" as unit, m, abs(u) as u, ${each(base, (at) => `p${at}, k${at}, ${fair(`t${at}`)} as t${at}`)}
    from parts anti join crowded using (g, "both"))`;
  return [{ from: "units", isGrouped: true }, ...(isBoth ? [{ from: alone, isGrouped: false }] : [])];
}

const sides = { a: "not second", b: "second" } as const;
type SideName = keyof typeof sides;
const bySide = (column: (side: SideName) => string): string => `${column("a")}, ${column("b")}`;

/**
 * By group, over the units of all sources: how many there are on either side (na), sums of powers of their shares of it, as it is (ha2, ha4)
 * and at the mix (va2, va4), and the sums of products of the four numbers' pulls, over units of both sides together.
 */
function productsOf(base: UnitBase, sources: readonly Source[]): string {
  const asItIs = (x: string) => `${x} / (1 - least(h, 0.9))`;
  const units = sources.map(({ from, isGrouped }) => {
    const sum = (x: string) => (isGrouped ? `sum(${x})` : x);
    const on = (side: SideName, x: string) => sum(`case when ${sides[side]} then ${x} else 0 end`);
    const shares = bySide(
      (side) => `${on(side, "1")} as n${side}, ${on(side, "h")} as h${side}, ${on(side, "v")} as v${side}`,
    );
    const four = each(
      base,
      (
        at,
      ) => `${bySide((side) => `${on(side, asItIs(`p${at}`))} as ${side}${at}`)}, ${sum(asItIs(`k${at}`))} as k${at},
          ${sum(`t${at} / case when second then sqrt(1 - least(v, 0.9)) else 1 - least(h, 0.9) end`)} as t${at}`,
    );
    return `select g, ${shares}, ${four}
      from (select * exclude (m, u), m / all_m as h, coalesce(u / all_u, 0) as v from ${from} join totals using (g, second))
      ${isGrouped ? "group by g, unit" : ""}`;
  });
  const powers = (x: string) => `sum(${x} * ${x}) as ${x}2, sum(${x} ** 4) as ${x}4`;
  const sizes = bySide(
    (side) => `sum(n${side})::double as n${side}, ${powers(`h${side}`)}, ${powers(`v${side}`)}`,
  );
  const products = each(base, (at) =>
    pairs.map((pair) => `sum(${pair[0]}${at} * ${pair[1]}${at}) as ${pair}${at}`).join(", "),
  );
  return `with totals as (
      select g, second, sum(m) as all_m, nullif(sum(u), 0) as all_u
      from (${sources.map(({ from }) => `select g, second, m, u from ${from}`).join(" union all ")})
      group by g, second
    )
    select g, count(*)::double as clusters, ${sizes}, ${products}
    from (${units.join(" union all ")})
    group by g
    order by g`;
}

/** The number of units on either side, and their effective numbers. */
function sizesOf(rows: readonly Wide[], { metrics }: UnitBase, over: Over): Pulls["sizes"] {
  return rows.flatMap((row) =>
    (["a", "b"] as const).flatMap((side) => {
      const clusters = row[`n${side}`];
      if (clusters === 0) return [];
      const [h2, h4, v2, v4] = [row[`h${side}2`], row[`h${side}4`], row[`v${side}2`], row[`v${side}4`]];
      const about = { over, second: side === "b", clusters, effective: 1 / h2, at_mix: 1 / Math.max(h2, v2) };
      const asItIs = h2 ** 2 / h4;
      const in_variance = v4 > 0 ? Math.min(asItIs, v2 ** 2 / v4) : asItIs;
      return metrics.map(({ name }) => ({ metric: name, g: row.g, ...about, in_variance }));
    }),
  );
}

/** The sums of products of the four numbers' pulls. */
function covariancesOf(rows: readonly Wide[], base: UnitBase, over: Over): Pulls["covariances"] {
  return rows.flatMap((row) =>
    base.metrics.flatMap(({ name }, at) => {
      const products = Object.fromEntries(pairs.map((pair) => [pair, row[`${pair}${at}`]]));
      // A group without this metric has no coefficients of it.
      if (products.aa === null) return [];
      return [{ metric: name, g: row.g, over, clusters: row.clusters, ...products } as Covariance & Keyed];
    }),
  );
}

/** Day by day and side, how far the calls of a day pull the four numbers. */
async function daysOf(connection: DuckDBConnection, base: UnitBase): Promise<Pulls["days"]> {
  const sums = each(base, (at) => `sum(p${at}) as p${at}, sum(k${at}) as k${at}, sum(t${at}) as t${at}`);
  const rows = await rowsOf<Wide>(
    connection,
    `select
      *, m / sum(m) over side as h, coalesce(u / nullif(sum(u) over side, 0), 0) as v
    from (
      select g, second, day::double as day, sum(m) as m, abs(sum(u)) as u, ${sums}
      from parts where day is not null group by g, second, day
    )
    window side as (partition by g, second)
    order by g, second, day`,
  );
  return rows.flatMap(({ g, day, h, v, ...row }) =>
    base.metrics.flatMap(({ name }, at) => {
      const [p, k, t] = [row[`p${at}`], row[`k${at}`], row[`t${at}`]];
      if (p === null) return [];
      const second = Boolean(row.second);
      return [{ metric: name, g, second, day, h, u: v, a: second ? 0 : p, b: second ? p : 0, k, t }];
    }),
  );
}
