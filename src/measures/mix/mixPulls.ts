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
      const sources = await unitsOf(connection, base, kind);
      found.sizes.push(...(await sizesOf(connection, base, kind, sources)));
      found.covariances.push(...(await covariancesOf(connection, base, kind, sources)));
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
    from (${unitRows(base)}) join own_cells using (g, stratum) join placed using (g, second, cell)`;
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
  const sources = [
    { from: "units", isGrouped: true },
    ...(isBoth ? [{ from: alone, isGrouped: false }] : []),
  ];
  const rows = sources.map(({ from }) => `select g, second, m, u from ${from}`).join(" union all ");
  await run(
    connection,
    `create or replace temp table totals as
    select g, second, sum(m) as all_m, nullif(sum(u), 0) as all_u from (${rows}) group by g, second`,
  );
  return sources;
}

/** The units of a source with their shares of their side, as it is (h) and at the mix (v). */
const shared = ({ from }: Source) =>
  `(select * exclude (m, u), m / all_m as h, coalesce(u / all_u, 0) as v from ${from} join totals using (g, second))`;

/** The number of units on either side, and their effective numbers. */
async function sizesOf(
  connection: DuckDBConnection,
  { metrics }: UnitBase,
  over: Over,
  sources: readonly Source[],
): Promise<Pulls["sizes"]> {
  const sums = await summed(
    connection,
    sources.map(
      (
        source,
      ) => `select g, second, count(*)::double as clusters, sum(h * h) as h2, sum(h ** 4) as h4, sum(v * v) as v2, sum(v ** 4) as v4
        from ${shared(source)} group by g, second order by g, second`,
    ),
  );
  return sums.flatMap(({ g, second, clusters, h2, h4, v2, v4 }) => {
    const own = { over, second: Boolean(second), clusters, effective: 1 / h2, at_mix: 1 / Math.max(h2, v2) };
    const asItIs = h2 ** 2 / h4;
    const in_variance = v4 > 0 ? Math.min(asItIs, v2 ** 2 / v4) : asItIs;
    return metrics.map(({ name }) => ({ metric: name, g, ...own, in_variance }));
  });
}

/** The sums of products of the four numbers' pulls, over units of both sides together. */
async function covariancesOf(
  connection: DuckDBConnection,
  base: UnitBase,
  over: Over,
  sources: readonly Source[],
): Promise<Pulls["covariances"]> {
  const asItIs = (x: string) => `${x} / (1 - least(h, 0.9))`;
  const sums = await summed(
    connection,
    sources.map((source) => {
      const sum = (x: string) => (source.isGrouped ? `sum(${x})` : x);
      const four = each(
        base,
        (at) => `${sum(`case when second then 0 else ${asItIs(`p${at}`)} end`)} as a${at},
          ${sum(`case when second then ${asItIs(`p${at}`)} else 0 end`)} as b${at}, ${sum(asItIs(`k${at}`))} as k${at},
          ${sum(`t${at} / case when second then sqrt(1 - least(v, 0.9)) else 1 - least(h, 0.9) end`)} as t${at}`,
      );
      const products = each(base, (at) =>
        pairs.map((pair) => `sum(${pair[0]}${at} * ${pair[1]}${at}) as ${pair}${at}`).join(", "),
      );
      return `select g, count(*)::double as clusters, ${products}
        from (select g, ${four} from ${shared(source)} ${source.isGrouped ? "group by g, unit" : ""})
        group by g order by g`;
    }),
  );
  return sums.flatMap((row) =>
    base.metrics.flatMap(({ name }, at) => {
      const products = Object.fromEntries(pairs.map((pair) => [pair, row[`${pair}${at}`]]));
      // A group without this metric has no coefficients of it.
      if (products.aa === null) return [];
      return [{ metric: name, g: row.g, over, clusters: row.clusters, ...products } as Covariance & Keyed];
    }),
  );
}

/** The rows of several statements, with those of the same group and side added up. */
async function summed(connection: DuckDBConnection, statements: readonly string[]): Promise<Wide[]> {
  const found = new Map<string, Wide>();
  for (const statement of statements)
    for (const row of await rowsOf<Wide>(connection, statement)) {
      const key = `${row.g} ${row.second}`;
      const into = found.get(key);
      if (into === undefined) found.set(key, row);
      else
        for (const name of Object.keys(row)) if (name !== "g" && name !== "second") into[name] += row[name];
    }
  return [...found.values()];
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
