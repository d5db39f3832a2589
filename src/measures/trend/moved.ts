/** The calls of a day or week: the share with each value of a column, and their mean numbers. */
export interface BinShares {
  /** Calls of the day or week. */
  calls: number;
  /** By column and value, the share of the calls; by number, its mean per call. */
  shares: ReadonlyMap<string, number>;
}

/** Something that was different after a change: it coincides with it, and may or may not be its cause. */
export interface Coincidence {
  /** The column, "release", or the number, "input tokens per call". */
  what: string;
  /** The value whose share of the calls moved; null for a number. */
  value: string | null;
  /** The share of the calls, or the mean of the number, over up to 14 days or weeks on either side. */
  before: number;
  after: number;
}

/** Maximum days or weeks compared on either side of a change. */
const AROUND = 14;
/** The minimum move of a share, and of a number as a factor. */
const LEAST_SHARE = 0.1;
const LEAST_TIMES = 1.25;
/** The minimum move in standard errors: many columns and values are tested. */
const ERRORS = 5;
/** Days or weeks by which it may lie outside the interval of the change. */
const NEAR = 2;
const numbers = ["calls", "input tokens per call"];

export const keyOf = (what: string, value: string | null) => JSON.stringify([what, value]);

/**
 * Finds what moved when a level changed: column values whose share of calls moved by at least ten points, and
 * numbers that moved by at least a quarter, each by five standard errors, and most strongly within two days
 * of the change.
 *
 * @param change the index of the first bin after it, with its interval; `from` and `to` bound the levels on
 * either side
 */
export function coincidences(
  bins: readonly BinShares[],
  change: { index: number; low: number; high: number; from: number; to: number },
): Coincidence[] {
  const { index, low, high } = change;
  const from = Math.max(change.from, index - AROUND);
  const to = Math.min(change.to, index + AROUND);
  const keys = new Set(bins.slice(from, to).flatMap(({ shares }) => [...shares.keys()]));
  const found: (Coincidence & { by: number })[] = [];
  for (const key of keys) {
    const [what, value] = JSON.parse(key) as [string, string | null];
    const isNumber = numbers.includes(what);
    const course = bins.slice(from, to).map(({ calls, shares }) => {
      const share = shares.get(key) ?? 0;
      // A day with few calls says little about a share.
      return { x: isNumber ? Math.log(Math.max(share, 1e-9)) : share, w: isNumber ? 1 : calls, calls, share };
    });
    const split = bestSplit(course);
    if (from + split < low - NEAR || from + split > high + NEAR) continue;
    const [a, b] = [sideOf(course.slice(0, split), isNumber), sideOf(course.slice(split), isNumber)];
    const by = b.mean - a.mean;
    if (Math.abs(by) < (isNumber ? Math.log(LEAST_TIMES) : LEAST_SHARE)) continue;
    if (!(Math.abs(by) >= ERRORS * Math.sqrt(a.variance + b.variance))) continue;
    found.push({ what, value, before: a.shown, after: b.shown, by: Math.abs(by) });
  }
  // For each column, only the value that moved most is reported.
  const most = new Map<string, (typeof found)[number]>();
  for (const one of found)
    if (
      (most.get(one.what)?.by ?? 0) < one.by ||
      (most.get(one.what)?.by === one.by && one.after > one.before)
    )
      most.set(one.what, one);
  return [...most.values()].map(({ by, ...one }) => one);
}

interface Point {
  x: number;
  w: number;
  calls: number;
  share: number;
}

/** The split at which the means of the two sides are furthest apart. */
function bestSplit(course: readonly Point[]): number {
  const total = (points: readonly Point[]) => points.reduce((sum, { w }) => sum + w, 0);
  const mean = (points: readonly Point[]) => points.reduce((sum, { x, w }) => sum + w * x, 0) / total(points);
  let [best, most] = [1, -1];
  for (let at = 1; at < course.length; at++) {
    const [a, b] = [course.slice(0, at), course.slice(at)];
    const [m, n] = [total(a), total(b)];
    const apart = ((m * n) / (m + n)) * (mean(a) - mean(b)) ** 2;
    if (apart > most * (1 + 1e-12)) [best, most] = [at, apart];
  }
  return best;
}

/** The mean of one side with its variance, from how its days vary, but at least that of independent calls. */
function sideOf(points: readonly Point[], isNumber: boolean) {
  const weight = points.reduce((sum, { w }) => sum + w, 0);
  const mean = points.reduce((sum, { x, w }) => sum + w * x, 0) / weight;
  const squares = points.reduce((sum, { x, w }) => sum + (w * (x - mean)) ** 2, 0) / weight ** 2;
  const n = points.length;
  const own = isNumber ? 0 : (mean * (1 - mean)) / weight;
  const variance = Math.max(own, n > 1 ? (squares * n) / (n - 1) : Number.POSITIVE_INFINITY);
  return { mean, variance, shown: isNumber ? Math.exp(mean) : mean };
}
