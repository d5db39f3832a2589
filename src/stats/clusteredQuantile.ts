import { checkChoice, checkCount, checkLevel, checkProbability } from "./checks";
import { clusterNotes, clusterSums, FEWEST_CLUSTERS } from "./clusterError";
import { type Note, noEnds } from "./estimate";
import { normalCdf } from "./normal";
import { fractionalRank, observationsNeeded, type QuantileRanks } from "./quantileRanks";
import { type SharedTime, timedVariance, timeNotes } from "./sharedTime";
import { studentTQuantile } from "./studentT";

/**
 * What the interval of a clustered quantile needs from the clusters: counts and sums, which an engine computes
 * in two GROUP BYs. With q the quantile, cluster k has m_k values, of which c_k = #{x < q} + #{x = q} / 2 lie
 * below; C and n are the totals.
 */
export interface QuantileClusters {
  /** All values: the sum of m_k. */
  n: number;
  /** The sum of c_k. */
  below: number;
  /** Clusters with at least one value. */
  clusters: number;
  /** The sums of m_k^2, m_k^3 and m_k^4. */
  sizeSquares: number;
  sizeCubes: number;
  sizeFourths: number;
  /**
   * The sum of (L(C - c_k, n - m_k) - L(C, n))^2, the shifts of the log odds of lying below q as each cluster is
   * left out; L(c, m) = ln(max(c, 0.5) / max(m - c, 0.5)) stays finite even if one cluster holds a whole side.
   */
  leaveOneOut: number;
  /** The sum of the cubes of those shifts; used only by the bootstrap methods, for their correction. */
  leaveOneOutCubes?: number;
  /** The extra variance from time that all clusters share (incidents, peaks). */
  shared?: SharedTime;
}

/** The L(c, m) of `QuantileClusters`. */
export function logOdds(below: number, n: number): number {
  return Math.log(Math.max(below, 0.5) / Math.max(n - below, 0.5));
}

/** Per cluster: its size, and the shift of the log odds of lying below q when it is left out. */
export function leaveOneOutShifts(
  values: ArrayLike<number>,
  codes: ArrayLike<number>,
  count: number,
  q: number,
): { sizes: Float64Array; shifts: Float64Array; n: number; below: number } {
  const sizes = new Float64Array(count);
  const belows = new Float64Array(count);
  for (let i = 0; i < codes.length; i++) {
    const value = values[i]!;
    sizes[codes[i]!]! += 1;
    belows[codes[i]!]! += value < q ? 1 : value === q ? 0.5 : 0;
  }
  let below = 0;
  for (let k = 0; k < count; k++) below += belows[k]!;
  const n = codes.length;
  const whole = logOdds(below, n);
  const shifts = belows.map((inside, k) => logOdds(below - inside, n - sizes[k]!) - whole);
  return { sizes, shifts, n, below };
}

/**
 * The sums of `QuantileClusters` from rows: values, cluster codes 0 to count - 1, and the quantile q.
 *
 * @example
 * quantileClusters([1, 2, 3, 4], [0, 0, 1, 1], 2, 2.5).below // 2
 */
export function quantileClusters(
  values: ArrayLike<number>,
  codes: ArrayLike<number>,
  count: number,
  q: number,
): QuantileClusters {
  const { sizes, shifts, n, below } = leaveOneOutShifts(values, codes, count, q);
  const over = clusterSums(shifts, sizes);
  return {
    n,
    below,
    clusters: count,
    sizeSquares: over(0, 2),
    sizeCubes: over(0, 3),
    sizeFourths: over(0, 4),
    leaveOneOut: over(2, 0),
    leaveOneOutCubes: over(3, 0),
  };
}

/** (sum of variances)^2 / (sum of their squares), for clusters whose variance grows as m + correlation * (m^2 - m). */
function varianceClusters(sums: QuantileClusters, designEffect: number): number {
  const { n, sizeSquares, sizeCubes, sizeFourths } = sums;
  const most = sizeSquares / n - 1;
  const rho = most > 0 ? Math.min(1, Math.max(0, (designEffect - 1) / most)) : 0;
  const variance = n + (sizeSquares - n) * rho;
  const squares = sizeSquares * (1 - rho) ** 2 + 2 * sizeCubes * rho * (1 - rho) + sizeFourths * rho * rho;
  return (variance * variance) / squares;
}

/**
 * The ranks that bound a quantile of clustered values, from sums over the clusters alone.
 *
 * @remarks Method: the fractional order-statistic rule at n / max(1, designEffect) values (Woodruff 1952,
 * doi:10.1080/01621459.1952.10483443), with t instead of z. Its degrees of freedom are one less than the
 * geometric mean of the clusters effective in size and those effective in variance; in simulation this reaches
 * nominal coverage where either alone covers too little or too much (users of very unequal size). An end that
 * this few values do not bound, but n values would, is read on the log-odds scale. `method` "bootstrap-bca" or
 * "bootstrap-percentile" instead takes the bootstrap distribution of the log odds of lying below q, by its
 * Edgeworth expansion, as ranks; in simulation it covers less.
 * @param p which quantile, 0 < p < 1
 * @param sums see `QuantileClusters`; n counts values
 * @returns ranks as of `quantileRanks`, with `clusters` and `designEffect` (the variance of the share below q with
 * clusters over that without, by leaving out one cluster at a time); `low` and `high` are NaN below 5 effective
 * clusters, (sum m)^2 / sum m^2, and a note warns below 30
 * @throws RangeError for p or level out of range or sums that no clusters have
 * @example
 * const same = { n: 200, below: 100, clusters: 200, sizeSquares: 200, sizeCubes: 200, sizeFourths: 200 };
 * clusteredQuantileRanks(0.5, { ...same, leaveOneOut: 0.02 }).clusters // 200
 */
export function clusteredQuantileRanks(
  p: number,
  sums: QuantileClusters,
  {
    level = 0.95,
    method = "fractional",
  }: { level?: number; method?: "fractional" | "bootstrap-bca" | "bootstrap-percentile" } = {},
): QuantileRanks {
  const caller = "clusteredQuantileRanks";
  checkChoice(caller, "method", method, ["fractional", "bootstrap-bca", "bootstrap-percentile"]);
  checkProbability(caller, "p", p);
  checkLevel(caller, level);
  const { n, below, clusters, sizeSquares, leaveOneOut } = sums;
  checkCount(caller, "n", n);
  checkCount(caller, "clusters", clusters, n > 0 ? 1 : 0);
  if (!(below >= 0 && below <= n && leaveOneOut >= 0 && sizeSquares >= n))
    throw new RangeError(`${caller} requires sums over clusters, got ${JSON.stringify(sums)}`);
  const base = {
    p,
    n,
    level,
    method,
    ...(method === "fractional" ? {} : { atRanks: true }),
    clusters,
    notes: [] as Note[],
  };
  const needed = observationsNeeded(p, { level });
  if (n === 0) return { ...base, ...noEnds, needed };
  if (p === 0) return { ...base, low: 0, high: 1, needed };
  if (p === 1) return { ...base, low: n, high: n + 1, needed };
  const effective = (n * n) / sizeSquares;
  const notes: Note[] = clusterNotes(effective);
  if (effective < FEWEST_CLUSTERS) return { ...base, ...noEnds, needed, notes };
  notes.push(...timeNotes(sums.shared));
  const independent = n / (Math.max(below, 0.5) * Math.max(n - below, 0.5));
  const ofClusters = (((clusters - 1) / clusters) * leaveOneOut) / independent;
  const alone = Math.max(1, Math.sqrt(effective * varianceClusters(sums, ofClusters)) - 1);
  const { more, degrees } = timedVariance(alone, sums.shared, level);
  const designEffect = ofClusters * more;
  const inflation = Math.max(1, designEffect);
  const t = studentTQuantile((1 + level) / 2, degrees);
  const tail = normalCdf(-t);

  const fewer = n / inflation;
  const scaled = (rank: number) => (rank * (n + 1)) / (fewer + 1);
  const error = Math.sqrt(independent * inflation);
  const onLogOdds = (shift: number) => (n + 1) / (1 + ((1 - p) / p) * Math.exp(-shift * error));
  const lowRank = fractionalRank(fewer, p, 1 - tail);
  const highRank = fractionalRank(fewer, p, tail);
  const bounded = n >= needed;
  if (method !== "fractional") {
    // A cluster left out shifts the log odds against its own pull; the cubes of the shifts give the skewness.
    const skew = leaveOneOut > 0 ? -(sums.leaveOneOutCubes ?? 0) / leaveOneOut ** 1.5 : 0;
    const a = method === "bootstrap-bca" ? skew / 6 : 0;
    const deviate = (z: number) =>
      1 - a * (a + z) > 0.05 ? a + (a + z) / (1 - a * (a + z)) : 20 * Math.sign(z);
    return {
      ...base,
      low: Math.max(1, onLogOdds(-deviate(t))),
      high: Math.min(n, onLogOdds(-deviate(-t))),
      designEffect,
      needed: Math.max(needed, 1),
      notes,
    };
  }
  let low = lowRank >= 1 ? scaled(lowRank) : bounded ? onLogOdds(-t) : 0;
  let high = highRank <= fewer ? scaled(highRank) : bounded ? onLogOdds(t) : n + 1;
  if (low < 1) low = 0;
  if (high > n) high = n + 1;
  const neededHere = Math.ceil(needed * inflation);
  return {
    ...base,
    low,
    high,
    designEffect,
    needed: low < 1 || high > n ? Math.max(neededHere, n + 1) : Math.min(neededHere, n),
    notes,
  };
}
