import type { Random } from "./random";

/** The maximum number of distinct values; beyond it neighbours are merged at their mean. */
const MOST_GROUPS = 1_000;

/**
 * Draws of the mean of bounded values: a Bayesian bootstrap with one value's worth of doubt, half of it at
 * either bound, so that identical values are not shown as certainty. For 0/1 values it is Jeffreys' posterior.
 *
 * @remarks Source: Rubin 1981, https://doi.org/10.1214/aos/1176345338; Brown, Cai & DasGupta 2001,
 * https://doi.org/10.1214/ss/1009213286.
 */
export function boundedMeanDraws(
  values: ArrayLike<number>,
  bounds: readonly [number, number],
  resamples: number,
  random: Random,
): Float64Array {
  const sorted = Float64Array.from(values).sort();
  const n = sorted.length;
  const step = (bounds[1] - bounds[0]) / MOST_GROUPS;
  const means: number[] = [];
  const counts: number[] = [];
  let exact = 1;
  for (let i = 1; i < n; i++) if (sorted[i] !== sorted[i - 1]) exact++;
  for (let start = 0; start < n; ) {
    let end = start + 1;
    let sum = sorted[start];
    while (
      end < n &&
      (sorted[end] === sorted[start] || (exact > MOST_GROUPS && sorted[end] < sorted[start] + step))
    )
      sum += sorted[end++];
    counts.push(end - start);
    means.push(sorted[end - 1] === sorted[start] ? sorted[start] : sum / (end - start));
    start = end;
  }
  return Float64Array.from({ length: resamples }, () => {
    const low = random.gamma(0.5);
    const high = random.gamma(0.5);
    let weight = low + high;
    let sum = low * bounds[0] + high * bounds[1];
    for (let g = 0; g < means.length; g++) {
      const w = counts[g] === 1 ? random.exponential() : random.gamma(counts[g]);
      weight += w;
      sum += w * means[g];
    }
    return sum / weight;
  });
}

/** The middle `level` of draws, extended to include the value. */
export function middle(draws: Float64Array, level: number, value: number): [number, number] {
  const sorted = draws.slice().sort();
  const outside = Math.floor(((1 - level) / 2) * sorted.length);
  return [Math.min(value, sorted[outside]), Math.max(value, sorted[sorted.length - 1 - outside])];
}
