import { type DaySum, type DaysShared, daysShared } from "./daysShared";
import { FEWEST_HOURS } from "./sharedTime";

/** An estimate's deviations by hour: hours since 1970, how many values each has, and their sum. */
export interface HourSeries {
  hours: ArrayLike<number>;
  sizes: ArrayLike<number>;
  deviations: ArrayLike<number>;
}

/**
 * Squared deviations over hours, scaled by what neighbouring hours carry over into each other; how many hours there are, in
 * effect; and what days share beyond them, where they are enough.
 */
export interface TimeSquares {
  squares: number;
  effective: number;
  degrees: number;
  days?: DaysShared;
}

/** Whole weeks, or whole days, from which a pattern of the week, or of the day, can be told from chance. */
const WEEKS = 4;
const DAYS = 6;
/** Days from which day-to-day changes are looked for. */
export const FEWEST_DAYS = 14;
/** Hours since 1970 beyond which a number stands for a value without a time. */
const LATEST = 1e8;
const DAY = 24;
const WEEK = 7 * DAY;

/**
 * How much an estimate varies from hour to hour, and from day to day beyond what the hours explain.
 *
 * A fixed pattern is not chance and is removed first: the hour of the day from 6 days on, the hour of the week from 4
 * weeks on. Neighbouring hours that are clearly alike (an incident of three hours) count as one: the variance grows
 * by twice their autocorrelations, up to the first lag that is within two standard errors of none. The degrees of freedom
 * fall if a few hours carry the variance (3 (sum d^2)^2 / sum d^4), and as hours carry over. From 14 days on, `days` is what
 * they share; see `daysShared`.
 *
 * @returns squares with the factors that make them a variance
 * @remarks Method: sums of autocorrelations, Geyer (1992), doi:10.1214/ss/1177011137.
 * @example
 * timeSquares({ hours: [0, 1, 2], sizes: [5, 5, 5], deviations: [1, -2, 1] }).squares // 9
 */
export function timeSquares(series: HourSeries): TimeSquares {
  const { hours, sizes } = series;
  const { deviations, regained, taken } = withoutPattern(series);
  const { squares, effective, degrees } = spread(sizes, deviations);
  const alike = alikeHours(hours, deviations);
  const found = {
    squares: squares * regained * alike,
    effective,
    degrees: Math.max(1, (degrees + 1) / alike - 1),
  };
  const days = daySums(hours, sizes, deviations);
  // A day that has nothing to divide by, such as no resolved task, says nothing of its level.
  const isWhole = days.length >= FEWEST_DAYS && days.every(({ size }) => size > 0);
  const enough = isWhole && effective >= FEWEST_HOURS && squares > 0;
  const noise = squares * regained;
  return enough
    ? { ...found, days: daysShared(days, noise, { degrees: found.degrees, taken, regained }) }
    : found;
}

function daySums(hours: ArrayLike<number>, sizes: ArrayLike<number>, deviations: Float64Array): DaySum[] {
  const days = new Map<number, DaySum>();
  for (let i = 0; i < hours.length; i++) {
    if (!isTimed(hours[i]!)) continue;
    const day = Math.floor(hours[i]! / DAY);
    const one = days.get(day) ?? { day, size: 0, total: 0 };
    days.set(day, { day, size: one.size + sizes[i]!, total: one.total + deviations[i]! });
  }
  return [...days.values()];
}

const isTimed = (hour: number) => hour < LATEST;

/**
 * Deviations less the mean of their hour of the day or week, the factor for the chance that this removed, and how many means
 * it took out of the days.
 */
function withoutPattern({ hours, sizes, deviations }: HourSeries): {
  deviations: Float64Array;
  regained: number;
  taken: number;
} {
  const own = Float64Array.from(deviations);
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < own.length; i++) {
    if (!isTimed(hours[i]!)) continue;
    first = Math.min(first, hours[i]!);
    last = Math.max(last, hours[i]!);
  }
  const span = last + 1 - first;
  if (!(span >= DAYS * DAY)) return { deviations: own, regained: 1, taken: 1 };
  const period = span >= WEEKS * WEEK ? WEEK : DAY;
  const [size, total] = [new Float64Array(period), new Float64Array(period)];
  const slot = (i: number) => (isTimed(hours[i]!) ? hours[i]! % period : -1);
  for (let i = 0; i < own.length; i++)
    if (slot(i) >= 0) {
      size[slot(i)]! += sizes[i]!;
      total[slot(i)]! += own[i]!;
    }
  for (let i = 0; i < own.length; i++)
    if (slot(i) >= 0) own[i]! -= (sizes[i]! * total[slot(i)]!) / size[slot(i)]!;
  return { deviations: own, regained: span / period / (span / period - 1), taken: period / DAY };
}

/** One plus twice the autocorrelations of neighbouring hours, up to the first that could be chance. */
function alikeHours(hours: ArrayLike<number>, deviations: Float64Array): number {
  const at = new Map<number, number>();
  let squares = 0;
  for (let i = 0; i < deviations.length; i++) {
    if (!isTimed(hours[i]!)) continue;
    at.set(hours[i]!, deviations[i]!);
    squares += deviations[i]! ** 2;
  }
  const chance = 2 / Math.sqrt(at.size);
  let sum = 1;
  for (let lag = 1; lag < DAY; lag++) {
    let products = 0;
    for (const [hour, deviation] of at) products += deviation * (at.get(hour + lag) ?? 0);
    if (!(products > chance * squares)) break;
    sum += (2 * products) / squares;
  }
  return sum;
}

function spread(sizes: ArrayLike<number>, deviations: ArrayLike<number>): TimeSquares {
  let [n, sizeSquares, squares, fourths] = [0, 0, 0, 0];
  const count = sizes.length;
  for (let i = 0; i < count; i++) {
    n += sizes[i]!;
    sizeSquares += sizes[i]! ** 2;
    squares += deviations[i]! ** 2;
    fourths += deviations[i]! ** 4;
  }
  const effective = (n * n) / sizeSquares;
  const carriers = fourths > 0 ? (3 * squares * squares) / fourths : effective;
  return {
    squares: (squares * count) / (count - 1),
    effective,
    degrees: Math.max(1, Math.min(effective, carriers) - 1),
  };
}

/** The smallest number of hours that hold over half of the counts, and how many hours there are. */
export function fewestHours(counts: ArrayLike<number>): { hours: number; of: number; total: number } {
  const sorted = Float64Array.from(counts).sort().reverse();
  const total = sorted.reduce((sum, one) => sum + one, 0);
  let [hours, held] = [0, 0];
  while (hours < sorted.length && held <= total / 2) held += sorted[hours++]!;
  return { hours, of: sorted.length, total };
}
