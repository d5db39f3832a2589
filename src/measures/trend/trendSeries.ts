import type { Claim } from "../../stats/claim";
import { defined } from "../../stats/defined";
import { type Estimate, withNotes } from "../../stats/estimate";
import type { LevelChanges } from "../../stats/levelChanges";
import { FEWEST_STEPS } from "../../stats/levelSeries";
import { type Reservation, reserve } from "../../stats/reservation";
import { barOf } from "../../stats/text";
import type { Keyed, Row } from "../table";
import { type Bins, changesOf, isFlat } from "./course";
import { type BinShares, type Coincidence, coincidences } from "./moved";
import { alertClaim, changeBy, changeClaim, movedClaim, noChange } from "./trendClaim";

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
  /** That the level changed, whatever the unknown outcomes and costs of its days are, and how far that stands. */
  claim: Claim;
}

/** One row of the table: the course of one group. */
export type TrendRow = Keyed<{
  /** Days or weeks with a value. */
  bins: number;
  /** Calls, tasks or scores behind them. */
  n: number;
  /** Those on no day of the course: on a day of too few, or one without a value, or without a date. */
  n_left_out: number;
  /** The course as a picture, without the weekly pattern: lowest to highest. */
  course: string;
  /** The latest day or week, at the mix of all. */
  latest: Estimate;
  /** The date of the latest change, its size and its chance; if none is stated, the chance of any change. */
  changed: string;
  change: Estimate;
  chance: number;
  /** That the level changed at that date, and how far that stands. */
  claim: Claim;
  /** The date of the latest alert; empty if there was none. */
  alert: string;
  /** That the level changed at that alert, and how far that stands. */
  alert_claim?: Claim;
}>;

/** Everything known about one group's course. */
export interface TrendSeries {
  by: Row;
  points: TrendPoint[];
  changes: TrendChange[];
  /** When a daily check would have raised an alert, and since when it took the level to have changed. */
  alerts: { at: string; since: string; claim: Claim }[];
  /** Why no change can be estimated. */
  note?: string;
}

/** The days of one group that have a value, and the calls, tasks or scores on none of them. */
export interface Course {
  by: Row;
  days: Map<string, Estimate>;
  leftOut: number;
}

/** Days or weeks in the picture of a course. */
const WIDEST = 40;

interface Settings {
  per: "day" | "week";
  level: number;
  quiet: number;
  unit: string;
  /** What is known of the judge of a score where days from a date on are held against those before. */
  judge?: (from: string) => Reservation[];
}

/** The course of one group: its points, changes, alerts and row. */
export function seriesOf(
  { by, days, leftOut }: Course,
  shares: Map<string, BinShares>,
  { per, level, quiet, unit, judge = () => [] }: Settings,
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
  const { scale, levels, adjusted } = found;
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
    const [from, to] = [bounds[i], bounds[i + 2]];
    const told = judge(dates[one.index]);
    const by = withNotes(one.by, [...(one.isDrift ? [reserve("none.step", { step: per })] : []), ...told]);
    return {
      ...{ at: dates[one.index], low: dates[one.low], high: dates[one.high], chance: one.chance },
      before: scale.from(before),
      after: scale.from(levels[one.index]),
      by: { ...changeBy(by, before, scale, unit), clusterBy: per },
      claim: changeClaim({ ...one, by }, estimates.slice(from, to), { scale, before, unit, level, from }),
      coincides: coincidences(known, { ...one, from, to }),
    };
  });
  const alerts = found.alerts.map((one, place) => {
    const from = found.alerts[place - 1]?.since ?? 0;
    const moved = movedClaim(one, estimates, { scale, unit, level, from });
    return {
      ...{ at: dates[one.index], since: dates[one.since] },
      claim: alertClaim(one, judge(dates[one.since]), moved),
    };
  });
  // A change that what is not known may have made is told with its claim, and dates nothing.
  const last = changes.filter((one) => one.claim.status !== "open").at(-1);
  const open = changes.at(-1)?.claim ?? noChange(found, level);
  const none = withNotes(noEstimate(level), changes.length > 0 ? [] : why(found, dates.length, per));
  const { note } = none;
  return {
    series: defined({ by, points, changes, alerts, note }),
    row: {
      ...by,
      bins: dates.length,
      n: bins.n.reduce((sum, n) => sum + n, 0),
      n_left_out: leftOut,
      course: picture(adjusted),
      latest: estimates.at(-1) ?? none,
      changed: last?.at ?? "",
      change: last?.by ?? none,
      chance: last?.chance ?? found.chance,
      claim: last?.claim ?? open,
      alert: alerts.at(-1)?.at ?? "",
      ...defined({ alert_claim: alerts.at(-1)?.claim }),
    },
  };
}

/** The number of days or weeks from 1970 to a date; a week by its Monday. */
const indexOf = (date: string, per: "day" | "week") => {
  const day = Math.round(Date.parse(`${date}T00:00:00Z`) / 86_400_000);
  return per === "day" ? day : Math.floor((day + 3) / 7);
};

const noEstimate = (level: number): Estimate => ({
  ...{ value: Number.NaN, low: Number.NaN, high: Number.NaN, level, method: "level-change-posterior" },
  ...{ n: 0, clusters: 0, clusterBy: "step" },
});

function why(found: LevelChanges, has: number, step: string): Reservation[] {
  if (has < FEWEST_STEPS) return [reserve("few.steps", { needed: FEWEST_STEPS, step, has })];
  return isFlat(found) ? [reserve("none.steps", { step })] : [];
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
