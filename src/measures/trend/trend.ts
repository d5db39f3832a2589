import { join } from "node:path";
import { groupsOf, select } from "../../facts/select";
import { checkChoice, checkCount } from "../../stats/checks";
import type { Estimate } from "../../stats/estimate";
import { FEWEST_STEPS, type LevelChange, type LevelChanges, MOST_STEPS } from "../../stats/levelChanges";
import { barOf, brief, chance, grouped, levelText, percent, withUnit } from "../../stats/text";
import type { Store } from "../../store/open";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { metric } from "../metric";
import { metricTable } from "../metricTable";
import { hasMix, oneMix } from "../mix/oneMix";
import { checkOptions, type MeasureOptions } from "../options";
import { rowKey } from "../rowKey";
import { isEstimate, type Row, type Table } from "../table";
import { type Bins, changesOf, type Scale, WEEKS } from "./course";
import { type BinShares, type Coincidence, coincidences, keyOf } from "./moved";

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

/** One day or week of a course. */
export interface TrendPoint {
  /** Its date; for a week, its Monday. */
  at: string;
  /** The day's number at the mix of all days. */
  value: Estimate;
  /** The same without the effect of its weekday, if the log has 4 whole weeks. */
  adjusted: number;
  /** The level between changes that the day belongs to; NaN if it cannot be estimated. */
  level: number;
}

/** A date on which the level changed. */
export interface TrendChange {
  /** The first day or week after it, with the interval for the true date. */
  at: string;
  low: string;
  high: string;
  /** The chance that the level changed, given the other changes. */
  chance: number;
  /** The level before and after. */
  before: number;
  after: number;
  /** After over before; for a share, or a score that may be 0, after minus before. */
  by: Estimate;
  /** What was different about the calls from then on. */
  coincides: Coincidence[];
}

/** One row of the table: the course of one group. */
export interface TrendRow extends Row {
  /** Days or weeks with a value. */
  bins: number;
  /** Calls, tasks or scores behind them. */
  n: number;
  /** The course as a picture, without the weekly pattern: lowest to highest. */
  course: string;
  /** The latest day or week. */
  latest: Estimate;
  /** The date of the latest change, its size and its chance; if none is stated, the chance of any change. */
  changed: string;
  change: Estimate;
  chance: number;
  /** The date of the latest alert; empty if there was none. */
  alert: string;
}

/** Everything known about one group's course. */
export interface TrendSeries {
  by: Row;
  points: TrendPoint[];
  changes: TrendChange[];
  /** When a daily check would have raised an alert, and since when it took the level to have changed. */
  alerts: { at: string; since: string }[];
  /** Why no change can be estimated. */
  note?: string;
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
/** Days or weeks in the picture of a course. */
const WIDEST = 40;

/**
 * A metric's course by day or week at a fixed mix of work: its level, the dates on which it changed and how
 * likely each change is, when an alert was due, and what else was different about the calls from then on.
 *
 * Every day is adjusted to the mix of all days of its row (workload, prompt version, input length of the
 * first turn, working hours); its interval is the measure's, its n what the measure counts. A change is
 * stated if its chance is at least `level`, with a change and no change equally likely beforehand; it takes
 * at least 14 days, since fewer do not show how days vary. Alerts are those that a daily check would have
 * raised: without a change, one in `quiet` days on average over all rows of the table, and more if days
 * resemble the day before. What moved at a change coincides with it and need not be its cause: a model that
 * changed behind the same name moves no column at all.
 *
 * JSON: `{"metric","per","rows":[{"bins","n","course","latest":E,"changed","change":E,"chance","alert"}],"series":[{"by","points":[{"at",
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
  const { metric: given = "duration_p50", per = "day", quiet = 365, level = 0.95, ...rest } = options;
  checkOptions("trend", { level, ...rest });
  checkChoice("trend", "per", per, ["day", "week"]);
  checkCount("trend", "quiet", quiet, 1);
  const { name, label, unit } = metric(given);
  if (!hasMix(name))
    throw new RangeError(
      `trend requires a metric that one ${per} has at a fixed mix: quantiles of waits, shares and means of calls, tasks and scores, got "${given}"${name.endsWith("_mean") ? "; time_waited is the mean of waits" : ""}`,
    );
  const { by, requested, shares } = await sharesOf(store, { ...rest, level }, per);
  const measured = { ...rest, level, by: [...requested, per] };
  const table = await metricTable(store, { ...measured, metrics: [name] });
  const mix = await oneMix(store, [name], { ...measured, each: by });
  const groups = new Map<string, { by: Row; days: Map<string, Estimate> }>();
  let [few, open] = [0, 0];
  for (const row of table.rows) {
    const own = Object.fromEntries(by.map((one) => [one, row[one]])) as Row;
    const key = rowKey(by, own);
    const group = groups.get(key) ?? { by: own, days: new Map<string, Estimate>() };
    groups.set(key, group);
    const [at, estimate] = [row[per], row[name]];
    if (typeof at !== "string" || !isEstimate(estimate)) continue;
    if (estimate.n < FEWEST || !Number.isFinite(estimate.value)) few++;
    else group.days.set(at, mix.move({ ...own, [per]: at }, name, estimate));
  }
  for (const { by: own } of mix.apart) if (groups.get(rowKey(by, own))?.days.has(String(own[per]))) open++;
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
      ...series.flatMap((one) => sentences(one, { by, label, unit })),
      ...table.notes,
      ...(series.length === 0
        ? []
        : [
            `Every ${per} is ${mix.uneven ? "brought to" : "by chance at"} the mix of all of its row: workload, prompt version, input length of the first turn, working hours.`,
          ]),
      ...(many === 0
        ? []
        : [
            `A change is stated from a chance of ${levelText(level)} on; alerts, looked at every ${per}, are false once in ${grouped(quiet)} days on average over ${many === 1 ? "this row" : `these ${many} rows`} where nothing changes, and more often where each ${per} is much like the one before.`,
          ]),
      ...(few > 0
        ? [
            few === 1
              ? `A ${per} of fewer than ${FEWEST} calls, tasks or scores is left out.`
              : `${few} ${per}s of fewer than ${FEWEST} calls, tasks or scores are left out.`,
          ]
        : []),
      ...(open > 0
        ? [`${open} ${per}s share too little with the others to be brought to one mix, and stay as they are.`]
        : []),
    ],
  };
}

type Shares = Map<string, Map<string, BinShares>>;

/** The calls of each day, by the group's key and the date. */
async function sharesOf(store: Store, options: MeasureOptions, per: string) {
  const first = await select(store, { ...options, cluster: "none" });
  const { requested, by } = first;
  first.close();
  if (by.includes("day") || by.includes("week"))
    throw new RangeError(
      `trend requires by without day or week, which --per sets, got "${requested.join()}"`,
    );
  const selection = await select(store, {
    ...options,
    cluster: "none",
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

interface Settings {
  per: "day" | "week";
  level: number;
  quiet: number;
  unit: string;
}

function seriesOf(
  { by, days }: { by: Row; days: Map<string, Estimate> },
  shares: Map<string, BinShares>,
  { per, level, quiet, unit }: Settings,
): { row: TrendRow; series: TrendSeries } {
  const dates = [...days.keys()].sort();
  const estimates = dates.map((date) => days.get(date) as Estimate);
  const values = estimates.map(({ value }) => value);
  const bins: Bins = {
    at: dates.map((date) => indexOf(date, per)),
    values,
    n: estimates.map(({ n }) => n),
    isShare: unit === "1" || (unit === "" && values.every((value) => value >= 0 && value <= 1)),
  };
  const found = changesOf(bins, { isDaily: per === "day", level, quiet });
  const { scale, levels, pattern } = found;
  const weeks = dates.length === 0 ? 0 : ((bins.at.at(-1) as number) - bins.at[0] + 1) / 7;
  const isAdjusted = per === "day" && weeks >= WEEKS && found.note !== "all values are the same";
  const onScale = values.map((value, i) => scale.to(value, bins.n[i]));
  const adjusted = onScale.map((x, i) => (isAdjusted ? x - pattern[bins.at[i] % 7] : x));
  const points = dates.map(
    (at, i): TrendPoint => ({
      at,
      value: estimates[i],
      adjusted: scale.from(adjusted[i]),
      level: scale.from(levels[i]),
    }),
  );
  const bounds = [0, ...found.changes.map(({ index }) => index), dates.length];
  const known = dates.map((date) => shares.get(date) ?? { calls: 0, shares: new Map<string, number>() });
  const changes = found.changes.map((one, i): TrendChange => {
    const before = levels[one.index - 1];
    return {
      ...{ at: dates[one.index], low: dates[one.low], high: dates[one.high], chance: one.chance },
      before: scale.from(before),
      after: scale.from(levels[one.index]),
      by: { ...changeBy(one, before, scale, unit), clusterBy: per },
      coincides: coincidences(known, { ...one, from: bounds[i], to: bounds[i + 2] }),
    };
  });
  const alerts = found.alerts.map(({ index, since }) => ({ at: dates[index], since: dates[since] }));
  const last = changes.at(-1);
  const note =
    found.note === undefined || changes.length > 0 ? undefined : why(found.note, dates.length, per);
  const none = { ...noEstimate(level), ...(note === undefined ? {} : { note }) };
  return {
    series: { by, points, changes, alerts, ...(note === undefined ? {} : { note }) },
    row: {
      ...by,
      bins: dates.length,
      n: bins.n.reduce((sum, n) => sum + n, 0),
      course: picture(adjusted),
      latest: estimates.at(-1) ?? none,
      changed: last?.at ?? "",
      change: last?.by ?? none,
      chance: last?.chance ?? found.chance,
      alert: alerts.at(-1)?.at ?? "",
    },
  };
}

/** The number of days or weeks from 1970 to a date; a week by its Monday. */
const indexOf = (date: string, per: "day" | "week") => {
  const day = Math.round(Date.parse(`${date}T00:00:00Z`) / 86_400_000);
  return per === "day" ? day : Math.floor((day + 3) / 7);
};

/** Turns a change on the scale into one of the metric: a factor, or a difference. */
function changeBy({ by }: LevelChange, before: number, { from, isRatio }: Scale, unit: string): Estimate {
  const of = (x: number) => (isRatio ? Math.exp(x) : from(before + x) - from(before));
  const ends = { value: of(by.value), low: of(by.low), high: of(by.high) };
  return isRatio ? { ...by, ...ends } : { ...by, ...ends, ...(unit === "" ? {} : { unit }) };
}

const noEstimate = (level: number): Estimate => ({
  ...{ value: Number.NaN, low: Number.NaN, high: Number.NaN, level, method: "level-change-posterior" },
  ...{ n: 0, clusters: 0, clusterBy: "step" },
});

function why(note: NonNullable<LevelChanges["note"]>, bins: number, per: string): string | undefined {
  if (bins < FEWEST_STEPS)
    return `it takes ${FEWEST_STEPS} ${per}s, since fewer do not show how much ${per}s vary, and there are ${bins}`;
  return note.startsWith("all") ? `every ${per} has the same value` : undefined;
}

/** A course as bars, lowest to highest; in a long one, neighbours are merged. */
function picture(values: readonly number[]): string {
  const each = Math.max(1, Math.ceil(values.length / WIDEST));
  const means = Array.from({ length: Math.ceil(values.length / each) }, (_, at) => {
    const own = values.slice(at * each, (at + 1) * each);
    return own.reduce((sum, one) => sum + one, 0) / own.length;
  });
  const [least, most] = [Math.min(...means), Math.max(...means)];
  return means.map((one) => barOf(most > least ? (one - least) / (most - least) : 0)).join("");
}

/** The notes of a course: each change with what coincides, or why none can be estimated. */
function sentences(
  { by: own, points, changes, note }: TrendSeries,
  { by, label, unit }: { by: readonly string[]; label: string; unit: string },
): string[] {
  const place = by.length === 0 ? "" : `${by.map((name) => String(own[name] ?? "not given")).join(" ")}: `;
  const money = unit.replace(/^USD\/.*$/, "USD");
  const sentences = changes.map(({ at, low, high, chance: p, before, after, by: change, coincides }) => {
    const when = low === high ? `from ${at} on` : `from ${at} on (${low} to ${high})`;
    const times =
      unit !== "1" && change.unit === undefined && before > 0 && points.every(({ value }) => value.value > 0);
    const size = times
      ? `${brief(change.value, 3)} times, ${brief(change.low, 3)} to ${brief(change.high, 3)}`
      : `by ${difference(change.value, unit)}, ${difference(change.low, unit)} to ${difference(change.high, unit)}`;
    const what = `${place}${label} went from ${withUnit(before, money, 3)} to ${withUnit(after, money, 3)} (${size}) ${when}, with a chance of ${chance(p)}`;
    if (coincides.length === 0)
      return `${what}. No column's share moved by 10 points then, and no length or number of calls by a quarter: the model may have changed behind its name, or something that is not logged.`;
    return `${what}. It coincides with ${coincides.map(coincidenceText).join("; ")}; whether that is the cause this does not tell.`;
  });
  return [
    ...sentences,
    ...(points.length > MOST_STEPS
      ? [`${place}only the latest ${MOST_STEPS} of ${points.length} are searched for changes.`]
      : []),
    ...(note === undefined ? [] : [`${place}whether the level changed is unknown: ${note}.`]),
  ];
}

const difference = (x: number, unit: string) =>
  unit === "1" ? `${brief(100 * x)} points` : withUnit(x, unit.replace(/^USD\/.*$/, "USD"));

function coincidenceText({ what, value, before, after }: Coincidence): string {
  if (value === null) return `${what} (${brief(before, 3)} to ${brief(after, 3)})`;
  return `${what} ${value} (${percent(before)} to ${percent(after)} of the calls)`;
}
