import { betaTails } from "./beta";
import { checkChoice } from "./checks";
import { leaveOneOutShifts } from "./clusteredQuantile";
import { type Estimate, noEnds, renoted } from "./estimate";
import { correlationOfShifts, differenceOf, ratioOf } from "./mover";
import { orderStatistics } from "./orderStatistics";
import { quantile } from "./quantile";
import { quantileInterval } from "./quantileInterval";
import { bootstrapWindow } from "./quantileRanks";
import { reserve } from "./reservation";
import { clusterCodes, type Labels, type NanPolicy, readNumbers } from "./sample";

export interface QuantileContrastOptions {
  /** Confidence, default 0.95. */
  level?: number;
  /**
   * "fractional" (default) or "bootstrap-percentile" (the exact distribution for two independent samples; no
   * clusters).
   */
  method?: "fractional" | "bootstrap-percentile";
  /** Labels of the values of each sample; a label in both makes the samples dependent, which is accounted for. */
  clusters?: [Labels, Labels];
  clusterBy?: string;
  unit?: string;
  nan?: NanPolicy;
}

/**
 * The bootstrap distribution of the order statistic nearest to the quantile: its atoms and their probabilities.
 */
function atoms(
  values: ArrayLike<number>,
  p: number,
  nan: NanPolicy,
): { places: number[]; chances: number[] } {
  const { n, at } = orderStatistics("quantileDifference", values, { nan });
  const k = Math.min(n, Math.max(1, Math.ceil(n * p * (1 - 1e-15))));
  const [from, to] = bootstrapWindow(n, p);
  const places: number[] = [];
  const chances: number[] = [];
  let before = 0;
  for (let rank = from; rank <= to; rank++) {
    const upTo = rank === to ? 1 : betaTails(rank / n, k, n - k + 1)[0];
    places.push(at(rank));
    chances.push(upTo - before);
    before = upTo;
  }
  return { places, chances };
}

/** The smallest t with P(A - B <= t) >= u, for independent A and B on ascending atoms. */
function differenceQuantile(a: ReturnType<typeof atoms>, b: ReturnType<typeof atoms>, u: number): number {
  const chance = (t: number): number => {
    let sum = 0;
    let j = 0;
    let below = 0;
    // B >= x - t; as x rises, more of B's atoms lie below x - t.
    for (const [i, x] of a.places.entries()) {
      while (j < b.places.length && b.places[j]! < x - t - 1e-14 * Math.abs(x)) below += b.chances[j++]!;
      sum += a.chances[i]! * Math.max(0, 1 - below);
    }
    return sum;
  };
  let low = a.places[0]! - b.places.at(-1)!;
  let high = a.places.at(-1)! - b.places[0]!;
  for (let i = 0; i < 200; i++) {
    const middle = low + (high - low) / 2;
    if (!(middle > low && middle < high)) break;
    if (chance(middle) >= u) high = middle;
    else low = middle;
  }
  return high;
}

/** The correlation of two quantiles of samples that share clusters. */
function sharedCorrelation(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  p: number,
  [labelsA, labelsB]: [Labels, Labels],
  nan: NanPolicy,
): number {
  const caller = "quantileDifference";
  const [first, second] = [readNumbers(caller, a, nan), readNumbers(caller, b, nan)];
  const rows = [first, second].flatMap(({ rows: kept, values }, side) =>
    Array.from(values, (_, i) => (side === 0 ? 0 : a.length) + (kept === undefined ? i : kept[i]!)),
  );
  const labels = [...Array.from(labelsA), ...Array.from(labelsB)];
  const { codes, count } = clusterCodes(caller, labels, a.length + b.length, Int32Array.from(rows));
  const n = first.values.length;
  const one = leaveOneOutShifts(first.values, codes.subarray(0, n), count, quantile(first.values, p)).shifts;
  const two = leaveOneOutShifts(second.values, codes.subarray(n), count, quantile(second.values, p)).shifts;
  return correlationOfShifts(one, two);
}

function contrast(
  caller: string,
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  p: number,
  options: QuantileContrastOptions,
): Estimate {
  const { method = "fractional", clusters, nan = "throw", ...rest } = options;
  checkChoice(caller, "method", method, ["fractional", "bootstrap-percentile"]);
  const side = (values: ArrayLike<number>, labels?: Labels) =>
    quantileInterval(values, p, { ...rest, nan, clusters: labels });
  const first = side(a, clusters?.[0]);
  const second = side(b, clusters?.[1]);
  const ratio = caller === "quantileRatio";
  const combine = ratio ? ratioOf : differenceOf;
  if (clusters !== undefined) {
    if (method !== "fractional")
      throw new RangeError(`${caller} requires method "fractional" with clusters, got "${method}"`);
    return combine(first, second, { correlation: sharedCorrelation(a, b, p, clusters, nan) });
  }
  const estimate = combine(first, second);
  if (method === "fractional" || Number.isNaN(estimate.value)) return estimate;
  const [one, two] = [atoms(a, p, nan), atoms(b, p, nan)];
  if (ratio)
    for (const law of [one, two])
      law.places = law.places.map((x) => (x > 0 ? Math.log(x) : Number.NEGATIVE_INFINITY));
  if ([one, two].some((law) => law.places.some((x) => !Number.isFinite(x))))
    return renoted({ ...estimate, ...noEnds, method, resamples: "exact" as const }, [reserve("none.tail")]);
  const [low, high] = [(1 - estimate.level) / 2, (1 + estimate.level) / 2].map((u) =>
    differenceQuantile(one, two, u),
  ) as [number, number];
  return {
    ...estimate,
    low: ratio ? Math.exp(low) : low,
    high: ratio ? Math.exp(high) : high,
    method,
    resamples: "exact",
  };
}

/**
 * The difference of the p-quantiles of two samples, a - b.
 *
 * @remarks Method: the two fractional order-statistic intervals combined by MOVER (Zou & Donner 2008,
 * doi:10.1002/sim.3095); "bootstrap-percentile" convolves the exact bootstrap distributions of the nearest order
 * statistics, and covers less in the tails.
 * @param a numbers in any order; n counts both samples together
 * @param b numbers in any order, of the same unit
 * @param options see `QuantileContrastOptions`. Clusters found in both samples (the same users, the same prompts)
 * make the two quantiles correlated; their correlation is estimated from leaving out one cluster at a time.
 * @returns an Estimate; an end is infinite if one of the samples does not bound its quantile
 * @throws as `quantileInterval`
 * @example
 * quantileDifference([3, 4, 5, 6, 7, 8, 9], [1, 2, 3, 4, 5, 6, 7], 0.5).value // 2
 */
export function quantileDifference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  p: number,
  options: QuantileContrastOptions = {},
): Estimate {
  return contrast("quantileDifference", a, b, p, options);
}

/**
 * The ratio of the p-quantiles of two samples of positive numbers, a / b.
 *
 * @remarks Method: as `quantileDifference`, on the log scale.
 * @param a positive numbers in any order; n counts both samples together
 * @param b positive numbers in any order
 * @param options see `QuantileContrastOptions` and `quantileDifference`
 * @returns an Estimate with unit "1"; NaN with a note if a quantile is not above 0
 * @throws as `quantileInterval`
 * @example
 * quantileRatio([2, 4, 6, 8, 10, 12], [1, 2, 3, 4, 5, 6], 0.5).value // 2
 */
export function quantileRatio(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  p: number,
  options: QuantileContrastOptions = {},
): Estimate {
  return contrast("quantileRatio", a, b, p, options);
}
