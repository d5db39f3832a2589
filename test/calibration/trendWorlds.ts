import { type Bins, scaleOf } from "../../src/measures/trend/course";
import { type Random, random } from "../../src/stats/random";

/** An artificial log of days, with known dates and sizes of changes in level. */
export interface TrendWorld {
  name: string;
  what: string;
  days: number;
  /** Calls on a working day; at weekends a share of them, at a level of its own (log scale). */
  calls: number;
  weekend?: number;
  weekly?: number;
  /** Users; user k calls in proportion to (k + 1) to the power of `zipf`, on this share of the days. */
  users: number;
  zipf?: number;
  present?: number;
  /** The metric: the median of a wait, the mean of a cost, or the share of errors. */
  of: "p50" | "cost" | "errors";
  /** The share of errors, and the standard deviation of a call's log cost. */
  errors?: number;
  tail?: number;
  /** Standard deviation of a day's logarithm, and its correlation with the day before. */
  day: number;
  carried: number;
  /** How much the level drifts in 30 days, on the log scale, without a step. */
  drift?: number;
  /**
   * The day of the change, its size on the log scale (of a wait, a cost, or the odds of an error), and over how many
   * days it happens.
   */
  change?: { at: number; by: number; ramp?: number };
}

const usual = {
  days: 90,
  calls: 150,
  users: 60,
  of: "p50",
  day: 0.08,
  carried: 0.3,
  weekend: 0.3,
  weekly: -0.2,
} as const;
const rare = { ...usual, of: "errors", errors: 0.01, day: 0.2 } as const;
const dear = { ...usual, of: "cost", tail: 1.5 } as const;
const few = { ...usual, users: 8, zipf: -1, present: 0.7 } as const;
const step = (times: number, at = 55) => ({ at, by: Math.log(times) });

export const trendWorlds: TrendWorld[] = [
  { name: "usual", what: "days carry over by .3", ...usual },
  { name: "alone", what: "days do not carry over", ...usual, carried: 0 },
  { name: "carried", what: "days carry over by .6", ...usual, carried: 0.6 },
  { name: "wandering", what: "days carry over by .8", ...usual, carried: 0.8 },
  { name: "few", what: "8 users, some away for days", ...few },
  { name: "dear", what: "mean of a heavy-tailed cost", ...dear },
  { name: "rare", what: "1 % errors", ...rare },
  {
    name: "weekly",
    what: "a strong week: weekends at half the level, of a tenth of the calls",
    ...usual,
    weekly: -0.7,
    weekend: 0.1,
  },
  { name: "month", what: "28 days", ...usual, days: 28 },
  { name: "drift", what: "a drift of 15 % in 30 days", ...usual, drift: Math.log(1.15) },
  {
    name: "short drift",
    what: "a drift of 15 % in 30 days, 60 days",
    ...usual,
    days: 60,
    drift: Math.log(1.15),
  },
  { name: "step", what: "median 1.3 times", ...usual, change: step(1.3) },
  { name: "small step", what: "median 1.15 times", ...usual, change: step(1.15) },
  {
    name: "carried step",
    what: "1.3 times, days carry over by .6",
    ...usual,
    carried: 0.6,
    change: step(1.3),
  },
  { name: "few step", what: "1.5 times, 8 users, some away for days", ...few, change: step(1.5) },
  { name: "dear step", what: "mean of a heavy-tailed cost 1.5 times", ...dear, change: step(1.5) },
  { name: "rare step", what: "errors from 1 % to 4 %", ...rare, change: step(4) },
  { name: "early step", what: "1.3 times, in 42 days", ...usual, days: 42, change: step(1.3, 25) },
  {
    name: "ramp",
    what: "1.3 times, little by little over 21 days",
    ...usual,
    change: { ...step(1.3, 45), ramp: 21 },
  },
];

const MIDDLE = 2;

/** The days of one log, and by how much its level changed on the scale that changes are looked for on. */
export function binsOfTrend(world: TrendWorld, seed: number): { bins: Bins; truth: number } {
  const source = random(seed, 11);
  const {
    days,
    calls,
    weekend = 1,
    weekly = 0,
    users,
    zipf = 0,
    present = 1,
    of,
    errors = 0,
    tail = 0,
  } = world;
  const ofUser = Array.from({ length: users }, () => 0.3 * source.normal());
  const sizes = ofUser.map((_, k) => (k + 1) ** zipf);
  let carried = world.day * source.normal();
  const bins = { at: [] as number[], values: [] as number[], n: [] as number[], isShare: of === "errors" };
  for (let day = 0; day < days; day++) {
    if (day > 0)
      carried = world.carried * carried + Math.sqrt(1 - world.carried ** 2) * world.day * source.normal();
    const isWeekend = day % 7 > 4;
    const common = carried + (isWeekend ? weekly : 0) + changed(world, day);
    const there = sizes.map((size) => (source.uniform() < present ? size : 0));
    const upTo = cumulated(there.some((size) => size > 0) ? there : sizes);
    const n = Math.max(10, Math.round(calls * (isWeekend ? weekend : 1) * Math.exp(0.1 * source.normal())));
    bins.at.push(20_000 + day);
    bins.n.push(n);
    bins.values.push(numberOf(world, { source, n, common, upTo, ofUser, errors, tail }));
  }
  return { bins, truth: truthOf(world, bins) };
}

interface Day {
  source: Random;
  n: number;
  common: number;
  upTo: number[];
  ofUser: number[];
  errors: number;
  tail: number;
}

function numberOf({ of }: TrendWorld, { source, n, common, upTo, ofUser, errors, tail }: Day): number {
  const own = () => {
    const spot = source.uniform() * upTo[upTo.length - 1];
    return common + ofUser[upTo.findIndex((sum) => sum >= spot)];
  };
  if (of === "errors") {
    let failed = 0;
    for (let i = 0; i < n; i++) {
      const odds = (errors / (1 - errors)) * Math.exp(own());
      if (source.uniform() < odds / (1 + odds)) failed++;
    }
    return failed / n;
  }
  const spread = of === "cost" ? tail : 0.7;
  const all = Float64Array.from({ length: n }, () => MIDDLE * Math.exp(own() + spread * source.normal()));
  if (of === "cost") return all.reduce((sum, one) => sum + one, 0) / n;
  all.sort();
  return n % 2 === 1 ? all[(n - 1) / 2] : (all[n / 2 - 1] + all[n / 2]) / 2;
}

function changed({ change, drift = 0 }: TrendWorld, day: number): number {
  if (change === undefined || day < change.at) return (drift * day) / 30;
  return change.by * Math.min(1, (day - change.at + 1) / (change.ramp ?? 1));
}

function cumulated(sizes: readonly number[]): number[] {
  let sum = 0;
  return sizes.map((size) => (sum += size));
}

/** Shares are not on the log scale, so the change is the difference of the true shares. */
function truthOf({ change, of, errors = 0, weekly = 0, weekend = 1 }: TrendWorld, bins: Bins): number {
  if (change === undefined) return 0;
  if (of !== "errors") return change.by;
  const scale = scaleOf(bins);
  const share = (by: number) => {
    const odds = (errors / (1 - errors)) * Math.exp(by + 0.3 ** 2 / 2);
    return odds / (1 + odds);
  };
  // Weekdays and weekends in their proportions; many calls give the truth.
  const at = (by: number) => (5 * scale.to(share(by), 1e9) + 2 * scale.to(share(by + weekly), 1e9)) / 7;
  return weekend > 0 ? at(change.by) - at(0) : 0;
}
