import { defined } from "./defined";
import { type Estimate, noted, toldBy } from "./estimate";
import { type Reservation, reserve } from "./reservation";
import { atEnd, whateverUnpriced, withCase } from "./worstCase";

/** The fields of an estimate made from two others: counts add up, and the method is named. */
function combine(
  a: Estimate,
  b: Estimate,
  value: number,
  low: number,
  high: number,
  own: readonly Reservation[],
): Estimate {
  const inOne = inOneUnit(a, b).map(({ unit }) => unit);
  const parts = [...heldOf(a, "first"), ...heldOf(b, "second")];
  const held = [...own, ...parts.filter(({ unit }) => unit === undefined || !inOne.includes(unit))];
  return defined({
    value,
    low,
    high,
    level: a.level,
    method: "mover",
    n: a.n + b.n,
    clusters: a.clusters + b.clusters,
    clusterBy: a.clusterBy === b.clusterBy ? a.clusterBy : "",
    ...noted(held),
  });
}

/** The doubts about the unit of a part that are as much about that of the other. */
const inOneUnit = (a: Estimate, b: Estimate): Reservation[] =>
  toldBy(a).filter(({ unit }) => unit !== undefined && toldBy(b).some((one) => one.unit === unit));

/** What that leaves of the difference of both: its sign. */
const signAlone = (doubt: Reservation): Reservation =>
  defined({ ...doubt, side: "both" as const, reach: undefined, keepsSign: true as const });

const other = { low: "high", high: "low", both: "both" } as const;

/** What a part knows of itself: an end of the second bounds the opposite end of a difference or a ratio. */
const heldOf = (part: Estimate, of: "first" | "second"): Reservation[] =>
  toldBy(part)
    // A difference has a worst case of its own.
    .filter(({ id }) => id !== "outcomes.unknown")
    .map((one) => ({ ...one, side: of === "first" ? one.side : other[one.side], of }));

/** A difference or a ratio with what it is whatever the unknown outcomes of its parts are. */
function throughWorst(
  estimate: Estimate,
  of: (a: Estimate, b: Estimate) => Estimate,
  [a, b]: readonly [Estimate, Estimate],
): Estimate {
  const unknown = Math.max(a.worst_case?.unknown ?? 0, b.worst_case?.unknown ?? 0);
  if (unknown === 0) return estimate;
  const [least, most] = [of(atEnd(a, "low"), atEnd(b, "high")), of(atEnd(a, "high"), atEnd(b, "low"))];
  const isSaid = [a, b].some((part) => toldBy(part).some(({ id }) => id === "outcomes.unknown"));
  const values: [number, number] = [least.value, most.value];
  return withCase(estimate, isSaid, { unknown, values, low: least.low, high: most.high });
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
  const of = (x: Estimate, y: Estimate) => differenceOf(x, y, { correlation });
  if (a.unpriced !== undefined || b.unpriced !== undefined) return whateverUnpriced(of, [a, b]);
  const value = a.value - b.value;
  const low = value - together(a.value - a.low, b.high - b.value, correlation);
  const high = value + together(a.high - a.value, b.value - b.low, correlation);
  const unit = a.unit === b.unit && a.unit !== undefined ? { unit: a.unit } : {};
  const apart = combine(a, b, value, low, high, inOneUnit(a, b).map(signAlone));
  return throughWorst({ ...apart, ...unit }, of, [a, b]);
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
    const none = Number.NaN;
    return { ...combine(a, b, none, none, none, [reserve("ratio.undefined")]), unit: "1" };
  }
  const of = (x: Estimate, y: Estimate) => ratioOf(x, y, { correlation });
  if (a.unpriced !== undefined || b.unpriced !== undefined) return whateverUnpriced(of, [a, b]);
  const log = (x: number) => (x > 0 ? Math.log(x) : Number.isNaN(x) ? x : Number.NEGATIVE_INFINITY);
  const [va, vb] = [Math.log(a.value), Math.log(b.value)];
  const low = Math.exp(va - vb - together(va - log(a.low), log(b.high) - vb, correlation));
  const high = Math.exp(va - vb + together(log(a.high) - va, vb - log(b.low), correlation));
  const ratio = { ...combine(a, b, a.value / b.value, low, high, []), unit: "×" };
  return { ...throughWorst(ratio, of, [a, b]), unit: "1" };
}

/** The correlation of two estimates over the clusters they share, from how much each cluster moves either. */
export function correlationOfShifts(first: Float64Array, second: Float64Array): number {
  const product = (a: Float64Array, b: Float64Array) => a.reduce((sum, shift, k) => sum + shift * b[k]!, 0);
  const squares = product(first, first) * product(second, second);
  return squares > 0 ? Math.max(-1, Math.min(1, product(first, second) / Math.sqrt(squares))) : 0;
}
