import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { changePoint } from "../../stats/changePoint";
import { type Claim, claim, isSettled, testedBy } from "../../stats/claim";
import { defined } from "../../stats/defined";
import { say } from "../../stats/sentences";
import { rowsOf } from "../../store/run";
import { statements } from "../../store/statements";

const sql = statements<"course" | "span">(join(__dirname, "timeline.sql"));

/** One hour or day of a course. */
export interface TimelinePoint {
  /** Its start, in the requested time zone. */
  at: string;
  calls: number;
  /** Median duration in seconds at the mix of the whole; for hours, with the usual course of the day removed. */
  median: number;
}

/** Where the level of the durations changed, if anywhere. */
export interface Timeline {
  bin: "hour" | "day";
  points: TimelinePoint[];
  /** The first hour or day after the change, with the range of times where it may truly be; null if unknown. */
  at: string | null;
  low: string | null;
  high: string | null;
  /** Probability of such a large swing without a change. */
  p: number;
  /** Mean of the medians before and after, seconds. */
  before: number;
  after: number;
  /** True if the change falls at the given date; null if there is no change or no date. */
  at_switch: boolean | null;
  verdict: string;
  /** That the level changed, and how far that stands. */
  claim: Claim;
  note?: string;
}

interface Bin extends TimelinePoint {
  start: number;
  hour_of_day: number;
  weekend: boolean;
}

const fewestCalls = 8;
/** Hours from which the course is shown by hour, and calls that an hour needs on average. */
const fewestHours = 48;

/**
 * Looks for one change in the course of the durations, wherever it may be, without using the given date.
 *
 * @remarks Method: see `changePoint`, on medians of hours in blocks of a day (of days if hours hold fewer than 8
 * calls), of the logarithms, at a fixed mix of workload, model and length.
 */
export async function timeline(
  connection: DuckDBConnection,
  { at, level, seed }: { at?: string; level: number; seed: number },
): Promise<Timeline> {
  const [span] = await rowsOf<{ calls: number; hours: number; days: number }>(connection, sql.span);
  const hourly = span.hours >= fewestHours && span.calls >= fewestCalls * span.hours;
  const bin = hourly ? "hour" : "day";
  const all = await rowsOf<Bin>(connection, sql.course, { hourly });
  const bins = all.filter(({ calls }) => calls >= Math.min(fewestCalls, 3));
  const logs = bins.map(({ median }) => Math.log(median));
  const series = hourly ? withoutDays(bins, logs) : logs;
  const block = hourly ? (bins.length >= 96 ? 24 : 6) : undefined;
  const found = changePoint(series, { level, seed, block });
  const points = bins.map(({ at: when, calls }, i) => ({ at: when, calls, median: Math.exp(series[i]) }));
  const when = (index: number) => (Number.isNaN(index) ? null : (bins[Math.round(index)]?.at ?? null));
  const { value, low, high, note, reservations } = found.index;
  const change = claim("compare.point", "changed", [testedBy(found.p, 1 - level, reservations)]);
  const changed = isSettled(change);
  const atSwitch = !changed || at === undefined ? null : covers(bins, low, high, at);
  return defined({
    bin,
    points,
    at: changed ? when(value) : null,
    low: changed ? when(low) : null,
    high: changed ? when(high) : null,
    p: found.p,
    before: Math.exp(found.before),
    after: Math.exp(found.after),
    at_switch: atSwitch,
    verdict: verdictOf(found, changed, atSwitch, when(value)),
    claim: change,
    note,
  });
}

/** True if the bins in which the change may lie include the moment. */
function covers(bins: readonly Bin[], low: number, high: number, at: string): boolean {
  const moment = Date.parse(`${at.replace(" ", "T")}Z`) * 1000;
  const from = bins[Math.max(0, Math.round(low) - 1)].start;
  const to = bins[Math.min(bins.length - 1, Math.round(high) + 1)].start;
  return moment >= from && moment <= to;
}

/**
 * The series less the usual course of a day, on working days and weekends separately, if there are enough days.
 */
function withoutDays(bins: readonly Bin[], values: readonly number[]): number[] {
  const of = (one: Bin) => `${one.weekend} ${one.hour_of_day}`;
  const sums = new Map<string, { sum: number; n: number }>();
  bins.forEach((one, i) => {
    const own = sums.get(of(one)) ?? { sum: 0, n: 0 };
    sums.set(of(one), { sum: own.sum + values[i], n: own.n + 1 });
  });
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return bins.map((one, i) => {
    const { sum, n } = sums.get(of(one)) as { sum: number; n: number };
    return n < 3 ? values[i] : values[i] - sum / n + mean;
  });
}

function verdictOf(
  { before, after, p }: { before: number; after: number; p: number },
  changed: boolean,
  atSwitch: boolean | null,
  at: string | null,
): string {
  if (Number.isNaN(p)) return "cannot tell";
  if (!changed) return "no change point is seen";
  const what = say("compare.point", {
    direction: after > before ? "slower" : "faster",
    at: String(at),
  });
  if (atSwitch === null) return what;
  return `${what}, which ${atSwitch ? "falls at" : "does not fall at"} the date of the switch`;
}
