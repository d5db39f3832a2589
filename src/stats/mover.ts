import { defined } from "./defined";
import { type Estimate, noteOf } from "./estimate";

/** The fields of an estimate made from two others: counts add up, and the method is named. */
function combine(
  a: Estimate,
  b: Estimate,
  value: number,
  low: number,
  high: number,
  notes: string[],
): Estimate {
  const all = [...notes, a.note && `first: ${a.note}`, b.note && `second: ${b.note}`];
  return defined({
    value,
    low,
    high,
    level: a.level,
    method: "mover",
    n: a.n + b.n,
    clusters: a.clusters + b.clusters,
    clusterBy: a.clusterBy === b.clusterBy ? a.clusterBy : "",
    note: noteOf(all),
  });
}

function checkPair(caller: string, a: Estimate, b: Estimate, correlation: number): void {
  if (a.level !== b.level)
    throw new RangeError(`${caller} requires two estimates of one level, got ${a.level} and ${b.level}`);
  if (!(correlation >= -1 && correlation <= 1))
    throw new RangeError(`${caller} requires -1 <= correlation <= 1, got ${String(correlation)}`);
}

/** The combined length of the two margins; infinite if either is. */
function together(x: number, y: number, correlation: number): number {
  if (x === Number.POSITIVE_INFINITY || y === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
  const size = Math.max(x, y);
  if (!(size > 0)) return size;
  return (
    size *
    Math.sqrt(Math.max(0, (x / size) ** 2 + (y / size) ** 2 - 2 * correlation * (x / size) * (y / size)))
  );
}

/**
 * The difference a - b of two estimates with an interval, from their own intervals.
 *
 * @remarks Method: MOVER, Zou & Donner (2008), doi:10.1002/sim.3095; with correlation Zou (2007),
 * doi:10.1037/1082-989X.12.4.399. It keeps the asymmetry of the margins and their coverage.
 * @param options `correlation` of the two estimates (default 0: they come from different units)
 * @returns an Estimate in the unit of `a`; n and clusters are sums; open ends stay open, and if either has no
 * interval, the difference has none
 * @throws RangeError for estimates of different levels or a correlation outside [-1, 1]
 * @example
 * differenceOf(wilson(60, 100), wilson(50, 100)).low.toFixed(3) // "-0.037"
 */
export function differenceOf(
  a: Estimate,
  b: Estimate,
  { correlation = 0 }: { correlation?: number } = {},
): Estimate {
  checkPair("differenceOf", a, b, correlation);
  const value = a.value - b.value;
  const low = value - together(a.value - a.low, b.high - b.value, correlation);
  const high = value + together(a.high - a.value, b.value - b.low, correlation);
  const unit = a.unit === b.unit && a.unit !== undefined ? { unit: a.unit } : {};
  return { ...combine(a, b, value, low, high, []), ...unit };
}

/**
 * The ratio a / b of two estimates of positive quantities with an interval, from their own intervals.
 *
 * @remarks Method: MOVER on the log scale, Zou & Donner (2008), doi:10.1002/sim.3095.
 * @param options `correlation` of the two estimates (default 0: they come from different units)
 * @returns an Estimate without unit ("1"); if a bound of `b` is not above 0 the ratio is open there; no ratio
 * (NaN) if either value is not above 0
 * @throws RangeError for estimates of different levels or a correlation outside [-1, 1]
 * @example
 * ratioOf(wilson(50, 100), wilson(25, 100)).value // 2
 */
export function ratioOf(
  a: Estimate,
  b: Estimate,
  { correlation = 0 }: { correlation?: number } = {},
): Estimate {
  checkPair("ratioOf", a, b, correlation);
  if (!(a.value > 0 && b.value > 0)) {
    const note = "a ratio on the log scale needs two values above 0";
    return { ...combine(a, b, Number.NaN, Number.NaN, Number.NaN, [note]), unit: "1" };
  }
  const log = (x: number) => (x > 0 ? Math.log(x) : Number.isNaN(x) ? x : Number.NEGATIVE_INFINITY);
  const [va, vb] = [Math.log(a.value), Math.log(b.value)];
  const low = Math.exp(va - vb - together(va - log(a.low), log(b.high) - vb, correlation));
  const high = Math.exp(va - vb + together(log(a.high) - va, vb - log(b.low), correlation));
  return { ...combine(a, b, a.value / b.value, low, high, []), unit: "1" };
}

/** The correlation of two estimates over the clusters they share, from how much each cluster moves either. */
export function correlationOfShifts(first: Float64Array, second: Float64Array): number {
  const product = (a: Float64Array, b: Float64Array) => a.reduce((sum, shift, k) => sum + shift * b[k]!, 0);
  const squares = product(first, first) * product(second, second);
  return squares > 0 ? Math.max(-1, Math.min(1, product(first, second) / Math.sqrt(squares))) : 0;
}
