import type { DaysShared } from "./daysShared";
import { type Reservation, reserve } from "./reservation";
import { findRoot } from "./root";
import { studentTCdf, studentTQuantile } from "./studentT";

/**
 * Sums over clusters of the squared deviations that make up an estimate's variance, with the same values clustered
 * in three ways: by unit (user), by hour, and by unit and hour together.
 */
export interface TwoWaySums {
  units: number;
  hours: number;
  both: number;
  /** How many hours are effective, (sum m)^2 / sum m^2 for hours of m values. */
  effective: number;
  /** Hours with at least one value; given if `hours` has yet to be scaled to the variance of a sample. */
  count?: number;
  /** Degrees of freedom of `hours`; default one less than the effective ones. */
  degrees?: number;
  /** What days share beyond `hours`, in the same unit. */
  days?: DaysShared;
}

/** The extra variance from time that all units share. */
export interface SharedTime {
  /**
   * The variance that hours add relative to that of the units alone; 0 if they add nothing, or nothing can be said about
   * it.
   */
  added: number;
  /** Degrees of freedom of the addition. */
  degrees: number;
  /** What days add to it, in the same unit, and the probability beforehand that they add nothing: default 1/2. */
  days?: DaysShared & { nothing?: number };
}

/** Effective hours below which nothing is said about what units share in an hour. */
export const FEWEST_HOURS = 10;

/**
 * The variance that shared hours (incidents, peaks) add to an estimate clustered by user.
 *
 * V = V_user + V_hour - V_both, never below V_user.
 *
 * @remarks Method: Cameron, Gelbach & Miller (2011), doi:10.1198/jbes.2010.07136.
 * @param sums see `TwoWaySums`; any unit, the same for all three
 * @returns the addition relative to V_user, with its degrees of freedom
 * @example
 * sharedTime({ units: 4, hours: 6, both: 4, count: 100, effective: 60 }).added.toFixed(3) // "0.515"
 */
export function sharedTime({
  units,
  hours,
  both,
  count,
  effective,
  degrees = effective - 1,
  days,
}: TwoWaySums): SharedTime {
  const none = { added: 0, degrees: Number.POSITIVE_INFINITY };
  if (!(effective >= FEWEST_HOURS && units > 0)) return none;
  const more = (count === undefined ? hours : (hours * count) / (count - 1)) - both;
  const hoursAdd = more > 0 ? { added: digits(more / units), degrees } : none;
  if (days === undefined) return hoursAdd;
  const parts = days.parts.map(({ weight, added }) => ({ weight, added: added / units }));
  return { ...hoursAdd, days: { ...days, parts } };
}

/** Ten digits: an engine adds up in any order, so its last digits are arbitrary. */
const digits = (x: number) => Number(x.toPrecision(10));

/** The probabilities that are tried for days that share nothing, and the most that other numbers can make of it. */
const chances = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);
const MOST_NOTHING = 0.8;

/**
 * What numbers of one kind share in time, each having learned from the others whether days share anything: calls that have
 * only chance in common seem to have more in some of many rows.
 *
 * The probability that days share nothing starts alike anywhere from 0 to 1 and is, for each number, its mean given the others;
 * at most 0.8, as one of them may have days of its own.
 *
 * @param all what each number shares, undefined where it is not known
 * @example
 * const quiet = { added: 0, degrees: 600, days: { odds: 0.3, parts: [{ weight: 1, added: 2 }], spells: 28 } };
 * pooledDays([quiet, quiet, quiet])[0]?.days?.nothing?.toFixed(2) // "0.65"
 */
export function pooledDays(all: readonly (SharedTime | undefined)[]): (SharedTime | undefined)[] {
  const log = (chance: number, odds: number) => Math.log(chance + (1 - chance) * odds);
  const together = chances.map((chance) =>
    all.reduce((sum, one) => sum + (one?.days ? log(chance, one.days.odds) : 0), 0),
  );
  return all.map((one) => {
    if (one?.days === undefined) return one;
    const { odds } = one.days;
    const others = chances.map((chance, i) => together[i] - log(chance, odds));
    const most = Math.max(...others);
    const weights = others.map((other) => Math.exp(other - most));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    const mean = weights.reduce((total, weight, i) => total + weight * chances[i], 0) / sum;
    return { ...one, days: { ...one.days, nothing: digits(Math.min(MOST_NOTHING, mean)) } };
  });
}

/**
 * How many times the variance of the units alone an interval of this level has to reckon with, at Student's t with these
 * degrees of freedom: what hours add as it is estimated, and what days add as a mixture of what they may.
 *
 * @param degrees degrees of freedom of the variance of the units
 * @example
 * timedVariance(100, { added: 3, degrees: 1e9 }, 0.95).more // 4
 */
export function timedVariance(
  degrees: number,
  shared: SharedTime | undefined,
  level: number,
): { more: number; degrees: number } {
  if (shared === undefined) return { more: 1, degrees };
  const hourly = 1 + shared.added;
  const both = sharedDegrees(degrees, shared);
  const { days } = shared;
  if (days === undefined || !Number.isFinite(days.odds)) return { more: hourly, degrees: both };
  const nothing = days.nothing ?? 0.5;
  const something = 1 / (1 + nothing / ((1 - nothing) * days.odds));
  const parts = [
    { weight: 1 - something, root: Math.sqrt(hourly) },
    ...days.parts.map(({ weight, added }) => ({
      weight: weight * something,
      root: Math.sqrt(hourly + added),
    })),
  ];
  const p = (1 + level) / 2;
  const t = studentTQuantile(p, both);
  const most = Math.max(...parts.map(({ root }) => root));
  const short = (x: number) =>
    parts.reduce((sum, { weight, root }) => sum + weight * (studentTCdf((x * t) / root, both) - p), 0);
  const reach = findRoot(short, Math.sqrt(hourly) * (1 - 1e-9), most * (1 + 1e-9), most * 1e-12);
  return { more: digits(Math.max(hourly, reach ** 2)), degrees: both };
}

/**
 * Degrees of freedom of a variance with shared hours added: Satterthwaite's, from the two parts.
 *
 * @example
 * sharedDegrees(20, { added: 1, degrees: 60 }) // 60
 */
export function sharedDegrees(degrees: number, { added, degrees: hours }: SharedTime): number {
  return (1 + added) ** 2 / (1 / degrees + added ** 2 / hours);
}

/** A part of what is shared, for a number that takes the rest from elsewhere. */
export function partOf({ added, degrees, days }: SharedTime, part: number): SharedTime {
  if (days === undefined) return { added: part * added, degrees };
  const parts = days.parts.map((one) => ({ ...one, added: part * one.added }));
  return { added: part * added, degrees, days: { ...days, parts } };
}

/** Independent spells of time below which a note warns, where time makes at least half of the variance. */
const FEW_SPELLS = 30;

/**
 * The note for an interval that rests mainly on what calls share in time, when that was few hours or days.
 *
 * @example
 * timeNotes({ added: 3, degrees: 6.4 })[0]?.numbers.spells // "7"
 */
export function timeNotes(shared: SharedTime | undefined): Reservation[] {
  if (shared === undefined) return [];
  const all = timedVariance(Number.POSITIVE_INFINITY, shared, 0.95).more - 1;
  const ofDays = all - shared.added;
  const few =
    (shared.added ** 2 / shared.degrees + ofDays ** 2 / Math.max(1, (shared.days?.spells ?? 2) - 1)) /
    all ** 2;
  if (all < 1 || 1 / few + 1 >= FEW_SPELLS) return [];
  return [reserve("time.spells", { spells: String(Math.round(1 / few + 1)), few: FEW_SPELLS })];
}
