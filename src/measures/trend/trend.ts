import { join } from "node:path";
import { unclustered } from "../../facts/cluster";
import { derived } from "../../facts/request";
import { groupsOf, select } from "../../facts/select";
import { checkChoice, checkCount } from "../../stats/checks";
import type { Estimate } from "../../stats/estimate";
import { FEWEST_STEPS } from "../../stats/levelSeries";
import { grouped, levelText } from "../../stats/text";
import type { Store } from "../../store/open";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { metric } from "../metric";
import { metricTable } from "../metricTable";
import { hasMix, oneMix } from "../mix/oneMix";
import { type MeasureOptions, type MeasureRequest, requestOf } from "../options";
import { rowKey } from "../rowKey";
import { isEstimate, type Row, type Table } from "../table";
import { type BinShares, keyOf } from "./moved";
import { trendSentences } from "./trendSentences";
import { type Course, seriesOf, type TrendRow, type TrendSeries } from "./trendSeries";

const sql = statements<"shares" | "shares_of_groups">(join(__dirname, "trend.sql"));

/** Which metric to follow, and in which steps. */
export interface TrendOptions extends MeasureOptions {
  /** A metric's name, as `metric` takes it: "error_rate", "score:helpful". Default "duration_p50". */
  metric?: string;
  /** "day" (default) or "week". */
  per?: "day" | "week";
  /** Average days between two false alerts, over the whole table, if nothing changes. Default 365. */
  quiet?: number;
}

/** The courses of a metric. */
export interface Trend extends Table<TrendRow> {
  metric: string;
  label: string;
  unit: string;
  per: "day" | "week";
  series: TrendSeries[];
}

/** Minimum calls, tasks or scores for a day to be part of a course. */
const FEWEST = 10;

/**
 * A metric's course by day or week at a fixed mix of work: its level, the dates on which it changed and how
 * likely each change is, when an alert was due, and what else was different about the calls from then on.
 *
 * Every day is adjusted to the mix of all days of its row (workload, prompt version, input length of the
 * first turn, working hours); its interval is the measure's, its n what the measure counts. Days of fewer than 10 are
 * left out, and their n counted in the row. A change is
 * stated if its chance is at least `level`, with a change and no change equally likely beforehand; it takes
 * at least 14 days, since fewer do not show how days vary. Alerts are those that a daily check would have
 * raised: without a change, one in `quiet` days on average over all rows of the table, and more if days
 * resemble the day before. What moved at a change coincides with it and need not be its cause: a model that
 * changed behind the same name moves no column at all.
 *
 * JSON: `{"metric","per","rows":[{"bins","n","n_left_out","course","latest":E,"changed","change":E,"chance","alert"}],"series":[{"by","points":[{"at",
 * "value":E,"adjusted","level"}],"changes":[{"at","low","high","chance","before","after","by":E,"coincides":[{"what","value",
 * "before","after"}]}],"alerts":[{"at","since"}]}],"notes"}`.
 *
 * @remarks Methods: `levelChanges` of fieldnotes/stats on the days: shares on the arc sine of their root,
 * values above 0 on their logarithm; days of the week as the period. Coverage, false alerts and delays:
 * docs/simulations/trends.md.
 * @returns a table with a row for each group of `by`, and the courses as `series`
 * @throws RangeError for a metric that cannot be measured by day at a fixed mix, and for an invalid column,
 * cluster or level
 * @example
 * const store = await openDemo();
 * const { series } = await trend(store, { metric: "duration_p50", by: "workload" });
 * series[0].points.length // 7
 */
export async function trend(store: Store, options: TrendOptions = {}): Promise<Trend> {
  const { metric: given = "duration_p50", per = "day", quiet = 365, level = 0.95 } = options;
  const request = requestOf("trend", options);
  checkChoice("trend", "per", per, ["day", "week"]);
  checkCount("trend", "quiet", quiet, 1);
  const { name, label, unit } = metric(given);
  if (!hasMix(name))
    throw new RangeError(
      `trend requires a metric that one ${per} has at a fixed mix: quantiles of waits, shares and means of calls, tasks and scores, got "${given}"${name.endsWith("_mean") ? "; time_waited is the mean of waits" : ""}`,
    );
  const { by, requested, shares } = await sharesOf(store, request, per);
  const binned = derived(request, { by: [...requested, per] });
  const table = await metricTable(store, { ...binned, metrics: [name] });
  const mix = await oneMix(store, [name], binned, { each: by });
  const { groups, ...left } = daysOf(table.rows, { by, per, name }, (own, at, estimate) =>
    mix.move({ ...own, [per]: at }, name, estimate),
  );
  const open = mix.apart.filter(({ by: own }) =>
    groups.get(rowKey(by, own))?.days.has(String(own[per])),
  ).length;
  const many = [...groups.values()].filter(({ days }) => days.size >= FEWEST_STEPS).length;
  const settings = {
    per,
    level,
    unit,
    quiet: Math.ceil((quiet * Math.max(1, many)) / (per === "day" ? 1 : 7)),
  };
  const found = [...groups].map(([key, group]) => seriesOf(group, shares.get(key) ?? new Map(), settings));
  const order = (one: TrendSeries) => JSON.stringify(by.map((column) => String(one.by[column] ?? "")));
  found.sort((a, b) => (order(a.series) < order(b.series) ? -1 : 1));
  const series = found.map((one) => one.series);
  return {
    ...{ measure: "trend", metric: name, label, unit, per, by, series },
    rows: found.map((one) => one.row),
    notes: [
      ...trendSentences(series, { by, label, unit }),
      ...table.notes,
      ...(series.length === 0
        ? []
        : [
            `Every ${per} is ${mix.uneven ? "brought to" : "by chance at"} the mix of all of its row: ${mix.of}.`,
            ...mix.notes,
          ]),
      ...(many === 0
        ? []
        : [
            `A change is reported if its chance is ${levelText(level)} or more; alerts, checked every ${per}, are false once in ${grouped(quiet)} days on average over ${many === 1 ? "this row" : `these ${many} rows`} where nothing changes, and more often where each ${per} is much like the one before.`,
          ]),
      ...(series.length === 0 ? [] : leftOutNotes(left, per)),
      ...(open > 0
        ? [`${open} ${per}s share too little with the others to be brought to one mix, and stay as they are.`]
        : []),
    ],
  };
}

/** How many days were left out, and how many calls, tasks or scores have no date. */
interface LeftOut {
  /** Days of too few calls, and days of enough that have no value or none with a bound. */
  few: number;
  unknown: number;
  dated: number;
  undated: number;
}

/** The days of every group, and what is in none of them. */
function daysOf(
  rows: readonly Row[],
  { by, per, name }: { by: readonly string[]; per: string; name: string },
  move: (own: Row, at: string, estimate: Estimate) => Estimate,
): LeftOut & { groups: Map<string, Course> } {
  const groups = new Map<string, Course>();
  const left = { few: 0, unknown: 0, dated: 0, undated: 0 };
  for (const row of rows) {
    const own = Object.fromEntries(by.map((one) => [one, row[one]])) as Row;
    const key = rowKey(by, own);
    const group = groups.get(key) ?? { by: own, days: new Map<string, Estimate>(), leftOut: 0 };
    groups.set(key, group);
    const [at, estimate] = [row[per], row[name]];
    if (!isEstimate(estimate)) continue;
    const isDated = typeof at === "string";
    const isKnown = estimate.n >= FEWEST && Number.isFinite(estimate.value);
    if (isDated && isKnown) group.days.set(at, move(own, at, estimate));
    else group.leftOut += estimate.n;
    if (!isDated) left.undated += estimate.n;
    else {
      left.dated++;
      if (estimate.n < FEWEST) left.few++;
      else if (!isKnown) left.unknown++;
    }
  }
  return { groups, ...left };
}

function leftOutNotes({ few, unknown, dated, undated }: LeftOut, per: string): string[] {
  const units = "calls, tasks or scores";
  const of = (days: number, which: string) =>
    days === 0
      ? []
      : [days === 1 ? `A ${per} ${which} is left out.` : `${days} ${per}s ${which} are left out.`];
  return [
    ...of(few, `of fewer than ${FEWEST} ${units}`),
    ...of(unknown, "without a value that has a bound"),
    ...(dated === 0
      ? [`No call has a start: the ${per} of none is known.`]
      : undated === 0
        ? []
        : [`${grouped(undated)} ${units} without a start are left out.`]),
  ];
}

type Shares = Map<string, Map<string, BinShares>>;

/** The calls of each day, by the group's key and the date. */
async function sharesOf(store: Store, request: MeasureRequest, per: string) {
  const first = await select(store, request, { cluster: unclustered });
  const { requested, by } = first;
  first.close();
  if (by.includes("day") || by.includes("week"))
    throw new RangeError(
      `trend requires by without day or week, which --per sets, got "${requested.join()}"`,
    );
  const selection = await select(store, request, {
    cluster: unclustered,
    by: [...requested, per],
    population: "tasks",
  });
  try {
    const { connection } = selection;
    await run(connection, sql.shares);
    const rows = await rowsOf<{ g: string; what: string; value: string | null; n: number }>(
      connection,
      sql.shares_of_groups,
    );
    const groups = new Map((await groupsOf(selection)).map(({ g, by: own }) => [g, own as Row]));
    const counts = new Map<string, number>();
    for (const { g, what, n } of rows) if (what === "calls") counts.set(g, n);
    const shares: Shares = new Map();
    for (const { g, what, value, n } of rows) {
      const own = groups.get(g);
      if (own === undefined || by.includes(what)) continue;
      const [key, at, calls] = [rowKey(by, own), String(own[per]), counts.get(g) ?? n];
      const days = shares.get(key) ?? new Map<string, BinShares>();
      shares.set(key, days);
      const day = days.get(at) ?? { calls, shares: new Map<string, number>() };
      days.set(at, day);
      (day.shares as Map<string, number>).set(keyOf(what, value), value === null ? n : n / calls);
    }
    return { by, requested, shares };
  } finally {
    selection.close();
  }
}
