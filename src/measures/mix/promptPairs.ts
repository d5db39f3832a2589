import { derived } from "../../facts/request";
import { groupsOf, type Selection, select } from "../../facts/select";
import { differenceP } from "../../stats/differenceP";
import type { Estimate } from "../../stats/estimate";
import { correlationOfShifts, differenceOf } from "../../stats/mover";
import { studentTCdf, studentTQuantile } from "../../stats/studentT";
import type { Store } from "../../store/open";
import { rowsOf } from "../../store/run";
import { metric } from "../metric";
import { isQuantile, isRatio, type RatioMetric, waits } from "../metricKinds";
import { metricSums } from "../metricSums";
import type { MeasureRequest } from "../options";
import { rowKey } from "../rowKey";
import { isEstimate, type Row, type Table } from "../table";

/** How far two rows of a table of metrics are apart on the prompts that both were asked. */
export interface Pair {
  /** The first less the second. */
  difference: Estimate;
  /** Two-sided: how likely so large a difference is between two that are equal on every prompt's average. */
  p: number;
  prompts: number;
}

/** The pair of two rows by a metric; undefined where their prompts do not say more than their intervals. */
export type PairOf = (column: string, first: Row, second: Row) => Pair | undefined;

/** Minimum number of prompts that are shared, and their share of the prompts of either row. */
const FEWEST = 10;
const ENOUGH = 0.9;

/**
 * Pairs the rows of a table of metrics by prompt, where each row's independent units are its prompts: what a prompt asks of
 * one it asks of the other, so that the difference is known better than either number. Costs, waits and failures of calls.
 *
 * @remarks Means and shares: Student's t over the prompts, of each prompt's pull on either ratio. Quantiles: MOVER with the
 * correlation of the prompts' pulls on both, Zou (2007), doi:10.1037/1082-989X.12.4.399.
 * Of 100 logs of equal models each, on 15 to 55 prompts, with heavy tails, rare spikes or repeated runs, a page says falsely that
 * one is best in 0, and that one is worse in 0 or 1 (test/calibration/pages.ts, seeds from 1).
 * @returns undefined where no two rows share prompts
 */
export async function promptPairs(
  store: Store,
  metrics: Table,
  request: MeasureRequest,
): Promise<PairOf | undefined> {
  const { by, rows } = metrics;
  if (rows.length < 2) return undefined;
  const selection = await select(store, derived(request, { by }), { population: "answers" });
  try {
    const groups = await groupsOf(selection);
    const keys = new Map(groups.map(({ g, by: own }) => [rowKey(by, own), String(g)]));
    const single = await singlePrompts(selection);
    const asked = rows.map((row) => ({ row, g: keys.get(rowKey(by, row)) ?? "" }));
    if (asked.filter(({ g }) => single.has(g)).length < 2) return undefined;
    const pulls = await pullsOf(selection, metrics, asked);
    const gOf = (row: Row) => keys.get(rowKey(by, row)) ?? "";
    return (column, first, second) => {
      const [a, b] = [first[column], second[column]];
      const [one, two] = [pulls.get(`${gOf(first)} ${column}`), pulls.get(`${gOf(second)} ${column}`)];
      if (!single.has(gOf(first)) || !single.has(gOf(second)) || one === undefined || two === undefined)
        return undefined;
      return isEstimate(a) && isEstimate(b) ? pairOf(metric(column), [a, b], [one, two]) : undefined;
    };
  } finally {
    selection.close();
  }
}

/** The groups whose every cluster is one prompt, and every prompt one cluster: there pairing by prompt leaves nothing out. */
async function singlePrompts({ connection }: Selection): Promise<Set<string>> {
  const found = await rowsOf<{ g: string }>(
    connection,
    `select g::varchar as g from selected group by g
     having count(*) = count(prompt_id) and count(distinct prompt_id) >= ${FEWEST}
       and count(distinct prompt_id) = count(distinct cluster)
       and count(distinct prompt_id) = count(distinct hash(prompt_id, cluster))`,
  );
  return new Set(found.map(({ g }) => g));
}

/** By how much each prompt moves a number of a group, in its unit; for a quantile, on a scale of its own. */
type Pulls = Map<string, number>;

async function pullsOf(
  { connection }: Selection,
  { rows }: Table,
  asked: readonly { row: Row; g: string }[],
): Promise<Map<string, Pulls>> {
  const columns = Object.keys(rows[0] ?? {}).filter((name) => isEstimate(rows[0]?.[name]));
  const all = columns.map((name) => ({ ...metric(name), name }));
  const ratios = all.filter(
    (one): one is RatioMetric => isRatio(one) && ["answers", "calls"].includes(one.source.over),
  );
  const quantiles = all.flatMap((one) =>
    isQuantile(one) && one.source.measure === "latency" && one.source.metric !== undefined
      ? asked.flatMap(({ row, g }) => {
          const cell = row[one.name];
          const { fact, cut } = waits[one.source.measure === "latency" ? one.source.metric : "duration"];
          return isEstimate(cell) && Number.isFinite(cell.value) && g !== ""
            ? [{ g, name: one.name, at: cell.value, sql: { fact, cut } }]
            : [];
        })
      : [],
  );
  const above = quantiles.map(
    ({ g, name, at, sql: { fact, cut } }) =>
      `select g, '${name}' as kind, sum((${fact} > ${at} or (${cut} and ${fact} >= ${at}))::int)::double as c,
         count(${fact})::double as r, hash(prompt_id) as unit
       from selected where g = ${g}::ubigint group by all having r > 0`,
  );
  const sums = await rowsOf<{ g: string; kind: string; c: number; r: number; unit: string }>(
    connection,
    `select g::varchar as g, kind, c, r, unit::varchar as unit from (${[metricSums(ratios, "selected", "hash(prompt_id)"), ...above].join(" union all ")}) order by all`,
  );
  const found = new Map<string, typeof sums>();
  for (const one of sums)
    found.set(`${one.g} ${one.kind}`, [...(found.get(`${one.g} ${one.kind}`) ?? []), one]);
  return new Map(
    [...found].map(([key, own]) => {
      const size = own.reduce((sum, { r }) => sum + r, 0);
      const ratio = own.reduce((sum, { c }) => sum + c, 0) / size;
      return [key, new Map(own.map(({ unit, c, r }) => [unit, (c - ratio * r) / size]))];
    }),
  );
}

function pairOf(
  one: ReturnType<typeof metric>,
  [a, b]: readonly [Estimate, Estimate],
  [first, second]: readonly [Pulls, Pulls],
): Pair | undefined {
  const shared = [...first.keys()].filter((unit) => second.has(unit)).length;
  if (shared < FEWEST || shared < ENOUGH * Math.max(first.size, second.size)) return undefined;
  // What is not known of outcomes or prices has bounds of its own.
  if ([a, b].some(({ worst_case, unpriced }) => worst_case !== undefined || unpriced !== undefined))
    return undefined;
  const units = [...new Set([...first.keys(), ...second.keys()])];
  const [x, y] = [first, second].map((pulls) => Float64Array.from(units, (unit) => pulls.get(unit) ?? 0));
  if (x === undefined || y === undefined) return undefined;
  if (isQuantile(one)) {
    const correlation = Math.max(0, correlationOfShifts(x, y));
    return {
      difference: differenceOf(a, b, { correlation }),
      p: differenceP(a, b, { correlation }),
      prompts: shared,
    };
  }
  const error = Math.sqrt(
    (units.length / (units.length - 1)) * x.reduce((sum, pull, at) => sum + (pull - (y[at] ?? 0)) ** 2, 0),
  );
  if (!(error > 0)) return undefined;
  const apart = differenceOf(a, b);
  const reach = studentTQuantile(0.5 + a.level / 2, shared - 1) * error;
  return {
    difference: {
      ...apart,
      low: apart.value - reach,
      high: apart.value + reach,
      method: "t-paired",
      n: shared,
      clusters: shared,
    },
    p: 2 * studentTCdf(-Math.abs(apart.value) / error, shared - 1),
    prompts: shared,
  };
}
