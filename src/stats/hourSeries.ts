import { fisherFCdf } from "./fisherF";
import { FEWEST_HOURS } from "./sharedTime";

/** An estimate's deviations by hour: hours since 1970, how many values each has, and their sum. */
export interface HourSeries {
  hours: ArrayLike<number>;
  sizes: ArrayLike<number>;
  deviations: ArrayLike<number>;
}

/** Squared deviations over hours, or over days where these show more, and how many hours or days there are. */
export interface TimeSquares {
  squares: number;
  count: number;
  effective: number;
  degrees: number;
  span: "hour" | "day";
}

/** Whole weeks from which a weekly pattern can be told from chance. */
const WEEKS = 4;
/** Days from which day-to-day changes are looked for. */
export const FEWEST_DAYS = 14;
/** The significance level at which days count: they must be more alike inside than the hours explain. */
const DOUBT = 0.1;
/** Hours since 1970 beyond which a number stands for a value without a time. */
const LATEST = 1e8;
const WEEK = 168;

/**
 * How much an estimate varies from hour to hour, or from day to day if that is more than the hours explain.
 *
 * From 4 weeks on, the weekly pattern (one level for each hour of the week) is removed first, since it is not
 * chance. From 14 days on, days are tested against hours (F, at 10 %); days that carry over into each other
 * count as fewer, by their lag-1 correlation. The degrees of freedom fall if a few hours or days carry the
 * variance: 3 (sum d^2)^2 / sum d^4.
 *
 * @returns squares with the factors that make them a variance
 * @example
 * timeSquares({ hours: [0, 1, 2], sizes: [5, 5, 5], deviations: [1, -2, 1] }).squares // 9
 */
export function timeSquares(series: HourSeries): TimeSquares {
  const { hours, sizes } = series;
  const [deviations, weekly] = withoutWeek(series);
  const ofHours = spread(sizes, deviations);
  const days = new Map<number, number>();
  for (let i = 0; i < hours.length; i++) {
    // A value without a time counts as a day of its own.
    const day = hours[i]! < LATEST ? Math.floor(hours[i]! / 24) : -1 - i;
    days.set(day, days.get(day) ?? days.size);
  }
  const timed = [...days.keys()].filter((day) => day >= 0);
  const found: TimeSquares = { ...ofHours, squares: ofHours.squares * weekly, span: "hour" };
  if (timed.length < FEWEST_DAYS) return found;
  const [size, total] = [new Float64Array(days.size), new Float64Array(days.size)];
  for (let i = 0; i < hours.length; i++) {
    const at = days.get(hours[i]! < LATEST ? Math.floor(hours[i]! / 24) : -1 - i)!;
    size[at]! += sizes[i]!;
    total[at]! += deviations[i]!;
  }
  const ofDays = spread(size, total);
  if (!(ofDays.effective >= FEWEST_HOURS && ofHours.squares > 0)) return found;
  const ratio = ofDays.squares / ofHours.squares;
  if (1 - fisherFCdf(ratio, ofDays.effective - 1, ofHours.effective - 1) > DOUBT) return found;
  const carried = carriedOver(timed, (day) => total[days.get(day)!]!);
  const longer = (1 + carried) / (1 - carried);
  return {
    ...ofDays,
    squares: ofDays.squares * weekly * longer,
    degrees: Math.max(1, (ofDays.degrees + 1) / longer - 1),
    span: "day",
  };
}

/**
 * Deviations less the mean of their hour of the week, and the factor for the chance variation that this removed.
 */
function withoutWeek({ hours, sizes, deviations }: HourSeries): [Float64Array, number] {
  const own = Float64Array.from(deviations);
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < own.length; i++) {
    if (!(hours[i]! < LATEST)) continue;
    first = Math.min(first, hours[i]!);
    last = Math.max(last, hours[i]!);
  }
  const weeks = (last + 1 - first) / WEEK;
  if (!(weeks >= WEEKS)) return [own, 1];
  const [size, total] = [new Float64Array(WEEK), new Float64Array(WEEK)];
  const slot = (i: number) => (hours[i]! < LATEST ? hours[i]! % WEEK : -1);
  for (let i = 0; i < own.length; i++)
    if (slot(i) >= 0) {
      size[slot(i)]! += sizes[i]!;
      total[slot(i)]! += own[i]!;
    }
  for (let i = 0; i < own.length; i++)
    if (slot(i) >= 0) own[i]! -= (sizes[i]! * total[slot(i)]!) / size[slot(i)]!;
  return [own, weeks / (weeks - 1)];
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

/** The correlation of a day with the day before, corrected for its downward bias; never below 0 nor above .8. */
function carriedOver(days: readonly number[], total: (day: number) => number): number {
  const there = new Set(days);
  let [products, squares] = [0, 0];
  for (const day of days) {
    squares += total(day) ** 2;
    if (there.has(day - 1)) products += total(day) * total(day - 1);
  }
  const raw = squares > 0 ? products / squares : 0;
  return Math.min(0.8, Math.max(0, raw + (1 + 3 * raw) / days.length));
}

/** The smallest number of hours that hold over half of the counts, and how many hours there are. */
export function fewestHours(counts: ArrayLike<number>): { hours: number; of: number; total: number } {
  const sorted = Float64Array.from(counts).sort().reverse();
  const total = sorted.reduce((sum, one) => sum + one, 0);
  let [hours, held] = [0, 0];
  while (hours < sorted.length && held <= total / 2) held += sorted[hours++]!;
  return { hours, of: sorted.length, total };
}
