import type { Effect } from "./dayMixture";
import { studentTCdf, studentTQuantile } from "./studentT";

/** How far the weeks after a moment are from those before, beside what weeks differ by anyway. */
export interface PlaceboEffect extends Effect {
  /** The mean square of the differences at the earlier week boundaries. */
  variance: number;
  degrees: number;
}

/**
 * How far the weeks after a switch are from as many before it, against the same difference at every earlier week boundary,
 * where nothing was switched.
 *
 * @remarks Placebo dates: Abadie, Diamond & Hainmueller (2010), doi:10.1198/jasa.2009.ap08746; Chernozhukov, Wüthrich & Zhu
 * (2021), doi:10.1080/01621459.2021.1920957. The degrees of freedom allow for differences that share weeks: Satterthwaite
 * (1946), doi:10.2307/3002019.
 * @param before the weeks before the switch, oldest first
 * @param after the weeks from it on
 * @throws RangeError unless there are at least two differences to hold it against
 * @example
 * const effect = placeboWeeks([1, 1.05, 0.98, 1.02, 1.1, 1.04, 0.99, 1.03], [1.2]);
 * effect.bounds(0.95).map((end) => end.toFixed(2)) // ["0.02", "0.32"]
 */
export function placeboWeeks(before: readonly number[], after: readonly number[]): PlaceboEffect {
  const [weeks, width] = [before.length, after.length];
  const count = placebosIn(weeks, width);
  if (!(width > 0 && count > 1))
    throw new RangeError(
      `placeboWeeks requires at least ${2 * Math.max(1, width) + 1} weeks before ${width} after, got ${weeks}`,
    );
  const mean = (some: readonly number[]) => some.reduce((sum, one) => sum + one, 0) / some.length;
  const apart = (at: number) => mean(before.slice(at, at + width)) - mean(before.slice(at - width, at));
  const placebos = Array.from({ length: count }, (_, i) => apart(width + i));
  const value = mean(after) - mean(before.slice(weeks - width));
  const variance = mean(placebos.map((one) => one ** 2));
  const degrees = placeboDegrees(weeks, width);
  const error = Math.sqrt(variance);
  const below = (x: number) => (error > 0 ? studentTCdf((x - value) / error, degrees) : x < value ? 0 : 1);
  return {
    value,
    variance,
    degrees,
    below,
    bounds: (level) => {
      const half = studentTQuantile((1 + level) / 2, degrees) * error;
      return [value - half, value + half];
    },
    p: Math.min(1, 2 * Math.min(below(0), 1 - below(0))),
  };
}

const placebosIn = (weeks: number, width: number) => weeks - 2 * width + 1;

/**
 * The degrees of freedom of the placebo differences in so many weeks, over so many a side; 0 if there are none.
 *
 * @example
 * placeboDegrees(8, 1).toFixed(3) // "4.900"
 */
export function placeboDegrees(weeks: number, width: number): number {
  const count = placebosIn(weeks, width);
  if (count < 1) return 0;
  const contrast = (apart: number, week: number) => {
    const at = week - apart;
    return at < -width || at >= width ? 0 : (at < 0 ? -1 : 1) / width;
  };
  // Two differences share only what their distance tells: one row of the matrix of their products tells all.
  const shared = Array.from({ length: count }, (_, apart) => {
    let sum = 0;
    for (let week = -width; week < width + apart; week++) sum += contrast(0, week) * contrast(apart, week);
    return sum;
  });
  const squares = shared.reduce(
    (sum, one, apart) => sum + (apart === 0 ? count : 2 * (count - apart)) * one ** 2,
    0,
  );
  return (count * shared[0]) ** 2 / squares;
}
