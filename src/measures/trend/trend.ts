import { derived } from "../../facts/request";
import type { Estimate } from "../../stats/estimate";
import { FEWEST_STEPS } from "../../stats/levelSeries";
import { grouped, levelText } from "../../stats/text";
import type { Store } from "../../store/open";
import { defineMeasure } from "../define";
import { metric } from "../metric";
import { atGrain, grainOptions, leftAtCalls } from "../metricGrain";
import type { Metric } from "../metricKinds";
import { metrics } from "../metrics";
import { metricTable } from "../metricTable";
import { hasMix } from "../mix/mixShift";
import { type OneMix, oneMix } from "../mix/oneMix";
import type { MeasureRequest } from "../options";
import { keysOf, rowKey } from "../rowKey";
import { isEstimate, type Row, type Table } from "../table";
import { type Shares, sharesOf } from "./dayShares";
import { judgesOf } from "./judgesOf";
import { trendSentences } from "./trendSentences";
import { type Course, seriesOf, type TrendRow, type TrendSeries } from "./trendSeries";

const [first, second] = metrics.map(({ name }) => name);

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
 * first turn, working hours): it is the measure's number for the day, moved to that mix, with the measure's n and an
 * interval that is no narrower. Days of fewer than 10 are left out, and their n counted in the row. A change is
 * stated if its chance is at least `level`, with a change and no change equally likely beforehand; it takes
 * at least 14 days, since fewer do not show how days vary. Where a steady drift explains the days around it as well, its claim is
 * open, and the row dates none. Alerts are those that a daily check would have
 * raised: without a change, one in `quiet` days on average over all rows of the table. Where each day is much like the one before
 * they are more frequent: an alert's claim is settled once a look finds it under a prior of such days as well, and such claims are
 * false no more often than that; a steady drift raises more (of 15 % in 30 days: one in 54 days), since the level does move.
 * What moved at a change coincides with it and need not be its cause: a model that changed behind the same name moves no column
 * at all.
 *
 * JSON: `{"metric","per","rows":[{"bins","n","n_left_out","course","latest":E,"changed","change":E,"chance","claim","alert","alert_claim"}],"series":[{"by","points":[{"at",
 * "value":E,"adjusted","level"}],"changes":[{"at","low","high","chance","before","after","by":E,"claim","coincides":[{"what","value",
 * "before","after"}]}],"alerts":[{"at","since","claim"}]}],"notes"}`.
 *
 * @remarks Methods: `levelChanges` of fieldnotes/stats on the days: shares on the arc sine of their root,
 * values above 0 on their logarithm; days of the week as the period. Step against drift: regression with autoregressive
 * errors, Yao (1988), doi:10.1016/0167-7152(88)90118-6. Coverage, false alerts and delays: docs/simulations/trends.md.
 * @returns a table with a row for each group of `by`, and the courses as `series`
 * @throws RangeError for a metric that cannot be measured by day at a fixed mix, and for an invalid column,
 * cluster or level
 * @example
 * const store = await openDemo();
 * const { series } = await trend(store, { metric: "duration_p50", by: "workload" });
 * series[0].points.length // 7
 */
export const trend = defineMeasure({
  name: "trend",
  about:
    "the course of a metric by day or week: when its level changed, how likely that is, and what else changed then",
  needs: ["started_at"],
  options: {
    metric: {
      value: "<name>",
      about: `a metric's name, such as ${first}, ${second}, error_rate, cost_per_task or score:NAME`,
      default: "duration_p50",
    },
    ...grainOptions,
    per: { value: "<span>", about: "day or week", choices: ["day", "week"], default: "day" },
    quiet: {
      value: "<days>",
      about: "days between two false alerts on average, over all rows, where nothing changes",
      as: "whole",
      least: 1,
      default: 365,
    },
  },
  caption: "metric",
  async compose({ store, request, options }): Promise<Trend> {
    const metrics = atGrain("trend", [options.metric], options);
    const [course] = await trends(store, request, { ...options, metrics });
    course.notes.push(...leftAtCalls(metrics, options));
    return course;
  },
});

/** The courses of several metrics, whose days are brought to one mix once for all of them. */
export async function trends(
  store: Store,
  request: MeasureRequest,
  options: { metrics: readonly string[]; per: "day" | "week"; quiet?: number; level?: number },
): Promise<Trend[]> {
  const { per, quiet = 365, level = 0.95 } = options;
  const named = options.metrics.map((given) => namedFor(given, per));
  const names = named.map(({ name }) => name);
  const { by, requested, shares } = await sharesOf(store, request, per);
  const binned = derived(request, { by: [...requested, per] });
  const table = await metricTable(store, { ...binned, metrics: names });
  const mix = await oneMix(store, names, binned, { each: by, inTime: true });
  const judges = await judgesOf(store, derived(request, { by: [per] }), { names, per, level });
  return named.map((about) =>
    courseOf(about, { by, per, quiet, level, judge: judges(about.name) }, { shares, table, mix }),
  );
}

/** A metric that has a course. */
function namedFor(given: string, per: string): Pick<Metric, "name" | "label" | "unit"> {
  const found = metric(given);
  if (found.source.measure === "causes")
    throw new RangeError(
      `trend requires a metric of all tasks of a ${per}, got "${given}", and few tasks of each are read; fieldnotes causes --by ${per === "week" ? "week" : "day"} holds the last one with tasks read against the one before`,
    );
  if (!hasMix(found.name))
    throw new RangeError(
      `trend requires a metric that one ${per} has at a fixed mix: quantiles of waits, shares and means of calls, tasks and scores, got "${given}"${found.name.endsWith("_mean") ? "; time_waited is the mean of waits" : ""}`,
    );
  return found;
}

function courseOf(
  { name, label, unit }: Pick<Metric, "name" | "label" | "unit">,
  {
    by,
    per,
    quiet,
    level,
    judge,
  }: Pick<Parameters<typeof seriesOf>[2], "per" | "quiet" | "level" | "judge"> & { by: string[] },
  { shares, table, mix }: { shares: Shares; table: Table; mix: OneMix },
): Trend {
  const { groups, ...left } = daysOf(table.rows, { by, per, name }, (keys, date, estimate) =>
    mix.move({ ...keys, [per]: date }, name, estimate),
  );
  const open = mix.apart.filter(({ by: keys }) =>
    groups.get(rowKey(by, keys))?.days.has(String(keys[per])),
  ).length;
  const many = [...groups.values()].filter(({ days }) => days.size >= FEWEST_STEPS).length;
  const settings = {
    per,
    level,
    unit,
    judge,
    quiet: Math.ceil((quiet * Math.max(1, many)) / (per === "day" ? 1 : 7)),
  };
  const courses = [...groups].map(([key, group]) => seriesOf(group, shares.get(key) ?? new Map(), settings));
  const order = (of: TrendSeries) => JSON.stringify(by.map((column) => String(of.by[column] ?? "")));
  courses.sort((a, b) => (order(a.series) < order(b.series) ? -1 : 1));
  const series = courses.map((course) => course.series);
  const mixed = `Every ${per} is ${mix.uneven ? "brought to" : "by chance at"} the mix of all of its row: ${mix.of}.`;
  return {
    ...{ measure: "trend", metric: name, label, unit, per, by, series },
    rows: courses.map(({ row }) => row),
    notes: [
      ...trendSentences(series, { by, label, unit }),
      ...table.notes,
      ...(series.length === 0 ? [] : [mixed, ...mix.notes]),
      ...(many === 0
        ? []
        : [
            `A change is reported if its chance is ${levelText(level)} or more; alerts, checked every ${per}, are false once in ${grouped(quiet)} days on average over ${many === 1 ? "this row" : `these ${many} rows`} where nothing changes. Where each ${per} is much like the one before this is so of alerts whose claim is settled; a steady drift raises more.`,
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
  move: (keys: Row, date: string, estimate: Estimate) => Estimate,
): LeftOut & { groups: Map<string, Course> } {
  const groups = new Map<string, Course>();
  const left = { few: 0, unknown: 0, dated: 0, undated: 0 };
  for (const row of rows) {
    const keys = keysOf(by, row);
    const key = rowKey(by, keys);
    const group = groups.get(key) ?? { by: keys, days: new Map<string, Estimate>(), leftOut: 0 };
    groups.set(key, group);
    const [date, estimate] = [row[per], row[name]];
    if (!isEstimate(estimate)) continue;
    const isDated = typeof date === "string";
    const isKnown = estimate.n >= FEWEST && Number.isFinite(estimate.value);
    if (isDated && isKnown) group.days.set(date, move(keys, date, estimate));
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
