import { fisherFCdf } from "./fisherF";
import { FEWEST_HOURS } from "./sharedTime";

/** An estimate's deviations by hour: hours since 1970, how many values each has, and their sum. */
export interface HourSeries {
  hours: ArrayLike<number>;
  sizes: ArrayLike<number>;
  deviations: ArrayLike<number>;
}

/**
 * Squared deviations over hours, or over days where these show more, scaled by what neighbouring hours or days carry
 * over into each other, and how many hours or days there are.
 */
export interface TimeSquares {
  squares: number;
  count: number;
  effective: number;
  degrees: number;
  span: "hour" | "day";
}

/** Whole weeks, or whole days, from which a pattern of the week, or of the day, can be told from chance. */
const WEEKS = 4;
const DAYS = 6;
/** Days from which day-to-day changes are looked for. */
export const FEWEST_DAYS = 14;
/**
 * The significance level at which days count. High, as for any preliminary test: to miss them costs coverage, to count
 * them for nothing a little width.
 */
const DOUBT = 0.25;
/** Slow waves over the whole log, from half of one on, whose mean power is the variance of its mean. */
const WAVES = 4;
/** The strongest correlation of a day with the day before that is believed. */
const STRONGEST = 0.9;
/** Hours since 1970 beyond which a number stands for a value without a time. */
const LATEST = 1e8;
const DAY = 24;
const WEEK = 7 * DAY;

/**
 * How much an estimate varies from hour to hour, or from day to day if that is more than the hours explain.
 *
 * A fixed pattern is not chance and is removed first: the hour of the day from 6 days on, the hour of the week from 4
 * weeks on. Neighbouring hours that are clearly alike (an incident of three hours) count as one: the variance grows
 * by twice their autocorrelations, up to the first lag that is within two standard errors of none. From 14 days on,
 * days are tested against hours (F, at 25 %), and so are the slowest waves over the log, which show days
 * that carry over for long. Then the variance is the larger of two: of days whose part beyond the hours is
 * autoregressive, and of the four slowest waves. The degrees of freedom fall if a few hours or days carry the variance
 * (3 (sum d^2)^2 / sum d^4), and as they carry over.
 *
 * @returns squares with the factors that make them a variance
 * @remarks Method: sums of autocorrelations, Geyer (1992), doi:10.1214/ss/1177011137; equal-weighted cosine waves,
 * Lazarus, Lewis, Stock & Watson (2018), doi:10.1080/07350015.2018.1506926; the level of the preliminary test, Bancroft
 * (1964), Biometrics 20, 427.
 * @example
 * timeSquares({ hours: [0, 1, 2], sizes: [5, 5, 5], deviations: [1, -2, 1] }).squares // 9
 */
export function timeSquares(series: HourSeries): TimeSquares {
  const { hours, sizes } = series;
  const [deviations, regained] = withoutPattern(series);
  const ofHours = spread(sizes, deviations);
  const alike = alikeHours(hours, deviations);
  const found: TimeSquares = {
    ...ofHours,
    squares: ofHours.squares * regained * alike,
    degrees: Math.max(1, (ofHours.degrees + 1) / alike - 1),
    span: "hour",
  };
  const days = new Map<number, number>();
  const dayOf = (i: number) => (isTimed(hours[i]!) ? Math.floor(hours[i]! / DAY) : -1 - i);
  // A value without a time counts as a day of its own.
  for (let i = 0; i < hours.length; i++) days.set(dayOf(i), days.get(dayOf(i)) ?? days.size);
  const timed = [...days.keys()].filter((day) => day >= 0);
  if (timed.length < FEWEST_DAYS) return found;
  const [size, total] = [new Float64Array(days.size), new Float64Array(days.size)];
  for (let i = 0; i < hours.length; i++) {
    const at = days.get(dayOf(i))!;
    size[at]! += sizes[i]!;
    total[at]! += deviations[i]!;
  }
  const ofDays = spread(size, total);
  if (!(ofDays.effective >= FEWEST_HOURS && ofHours.squares > 0)) return found;
  const totalOf = (day: number) => total[days.get(day)!]!;
  const waves = slowWaves(timed, totalOf);
  const doubt = (squares: number, degrees: number) =>
    1 - fisherFCdf(squares / ofHours.squares, degrees, ofHours.effective - 1);
  if (doubt(ofDays.squares, ofDays.effective - 1) > DOUBT && doubt(waves, WAVES) > DOUBT) return found;
  const { squares, carried } = carriedOver(timed, totalOf, { all: ofDays.squares, hours: ofHours.squares });
  // Days that carry over tell as much of their own variance as this share of days that do not.
  const apart = (1 - carried ** 2) / (1 + carried ** 2);
  const degrees = Math.max(1, (ofDays.degrees + 1) * apart - 1);
  return {
    ...ofDays,
    squares: Math.max(squares, waves, ofHours.squares * alike) * regained,
    degrees: waves > squares ? Math.min(WAVES, degrees) : degrees,
    span: "day",
  };
}

const isTimed = (hour: number) => hour < LATEST;

/** Deviations less the mean of their hour of the day or week, and the factor for the chance that this removed. */
function withoutPattern({ hours, sizes, deviations }: HourSeries): [Float64Array, number] {
  const own = Float64Array.from(deviations);
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < own.length; i++) {
    if (!isTimed(hours[i]!)) continue;
    first = Math.min(first, hours[i]!);
    last = Math.max(last, hours[i]!);
  }
  const span = last + 1 - first;
  if (!(span >= DAYS * DAY)) return [own, 1];
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
  return [own, span / period / (span / period - 1)];
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

/** The mean power of the slowest cosine waves over the days of a log. */
function slowWaves(days: readonly number[], total: (day: number) => number): number {
  const first = days.reduce((least, day) => Math.min(least, day));
  const span = days.reduce((most, day) => Math.max(most, day)) + 1 - first;
  let power = 0;
  for (let wave = 1; wave <= WAVES; wave++) {
    const along = (day: number) => Math.cos((Math.PI * wave * (day - first + 0.5)) / span);
    power += 2 * days.reduce((sum, day) => sum + total(day) * along(day), 0) ** 2;
  }
  return power / WAVES;
}

/**
 * The squares of days that carry over into each other, as if they did not, and the correlation of a day with the day
 * before: of the part of their variance that hours do not explain, which is at least half.
 */
function carriedOver(
  days: readonly number[],
  total: (day: number) => number,
  { all, hours }: { all: number; hours: number },
): { squares: number; carried: number } {
  const there = new Set(days);
  const products = days.reduce((sum, day) => sum + (there.has(day - 1) ? total(day) * total(day - 1) : 0), 0);
  const raw = Math.max(0, products / Math.max(all - hours, all / 2));
  // Estimated from a mean that is estimated as well, a correlation comes out too low by (1 + 3 of it) / n.
  const carried = Math.min(STRONGEST, raw + (1 + 3 * raw) / days.length);
  const beyond = Math.max(0, all - hours);
  return { squares: all - beyond + (beyond * (1 + carried)) / (1 - carried), carried };
}

function spread(sizes: ArrayLike<number>, deviations: ArrayLike<number>): Omit<TimeSquares, "span"> {
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
    count,
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
