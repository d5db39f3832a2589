import { normalQuantile } from "./normal";
import { quantileOfSorted } from "./quantile";
import { bcaTail } from "./quantileLaw";
import { type Reservation, reserve } from "./reservation";

/** The bounds of a bootstrap interval and what went into them. */
export interface BootstrapBounds {
  low: number;
  high: number;
  z0: number;
  acceleration: number;
  /** Set if BCa does not exist and percentile bounds replace it, or if all resamples agree. */
  note?: Reservation;
}

/**
 * The acceleration of BCa: the skewness of jackknife values over six; 0 if they do not vary.
 *
 * @remarks Method: Efron (1987), doi:10.1080/01621459.1987.10478410, eq. 6.6.
 * @param jackknife the statistic with each observation (or group) left out
 * @example
 * jackknifeAcceleration([1, 2, 3]) // 0
 */
export function jackknifeAcceleration(jackknife: ArrayLike<number>): number {
  const n = jackknife.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += jackknife[i]! / n;
  let scale = 0;
  for (let i = 0; i < n; i++) scale = Math.max(scale, Math.abs(mean - jackknife[i]!));
  // Differences due only to rounding are not variation.
  if (!(scale > 4e-16 * Math.abs(mean)) || !Number.isFinite(scale)) return 0;
  let squares = 0;
  let cubes = 0;
  for (let i = 0; i < n; i++) {
    const d = (mean - jackknife[i]!) / scale;
    squares += d * d;
    cubes += d * d * d;
  }
  return cubes / (6 * squares ** 1.5);
}

/**
 * The bias correction of BCa: the normal score of the share of resamples below the estimate, ties counted half.
 *
 * @param draws the statistic of each resample; equal to `theta` within a relative 1e-12 counts as equal
 * @returns -Infinity or Infinity if the estimate lies outside all resamples
 * @example
 * biasCorrection([1, 2, 3, 4], 2.5) // 0
 */
export function biasCorrection(draws: ArrayLike<number>, theta: number): number {
  const slack = 1e-12 * Math.abs(theta);
  let below = 0;
  let upTo = 0;
  for (let i = 0; i < draws.length; i++) {
    if (draws[i]! < theta - slack) below++;
    if (draws[i]! <= theta + slack) upTo++;
  }
  return normalQuantile((below + upTo) / (2 * draws.length));
}

/**
 * The bounds of a bootstrap interval from the resampled statistics.
 *
 * @remarks Method: percentiles of the draws by type 7; BCa by Efron (1987), doi:10.1080/01621459.1987.10478410,
 * with the mid-rank bias correction. If the correction is infinite: percentile bounds and a note.
 * @param draws the statistic of each resample, in any order; infinities are kept
 * @param theta the statistic of the sample
 * @param options `level` (default 0.95), `method` "bca" (default) or "percentile", `jackknife` values for "bca"
 * @example
 * bootstrapBounds([1, 2, 3, 4, 5], 3, { method: "percentile", level: 0.5 }).low // 2
 */
export function bootstrapBounds(
  draws: ArrayLike<number>,
  theta: number,
  {
    level = 0.95,
    method = "bca",
    jackknife = [],
  }: { level?: number; method?: "bca" | "percentile"; jackknife?: ArrayLike<number> } = {},
): BootstrapBounds {
  const sorted = Float64Array.from(draws).sort();
  const read = (u: number) => quantileOfSorted(sorted, u);
  const tails = [(1 - level) / 2, (1 + level) / 2] as const;
  const percentile = { low: read(tails[0]), high: read(tails[1]) };
  if (method === "percentile") return { ...percentile, z0: 0, acceleration: 0 };
  const z0 = biasCorrection(draws, theta);
  const acceleration = jackknifeAcceleration(jackknife);
  if (sorted[0] === sorted.at(-1))
    return { ...percentile, z0: 0, acceleration, note: reserve("method.resamples") };
  const [low, high] = tails.map((u) => bcaTail(u, z0, acceleration));
  if (low === null || low === undefined || high === null || high === undefined)
    return {
      ...percentile,
      z0,
      acceleration,
      note: reserve("method.outside"),
    };
  return { low: read(low), high: read(high), z0, acceleration };
}
