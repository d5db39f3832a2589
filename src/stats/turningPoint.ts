import { checkLevel } from "./checks";
import { type Estimate, noEnds, withNotes } from "./estimate";
import { random } from "./random";
import { reserve } from "./reservation";
import { studentTQuantile } from "./studentT";

/** What a cluster adds to one step of a curve: a number of values, and their sum. */
export interface CurvePart {
  /** Number of the cluster, from 0. */
  cluster: number;
  /** Number of the step, from 0. */
  step: number;
  /** What has a level of its own, such as a workload. */
  stratum?: string;
  n: number;
  sum: number;
}

export interface TurningPointOptions {
  /** Confidence (default 0.95). */
  level?: number;
  /** Sign flips for p and resamples for the interval (default 999). */
  resamples?: number;
  /** Seed (default 1). */
  seed?: number;
}

export interface TurningPoint {
  /** Change of the mean per unit of x, by a straight line. */
  slope: Estimate;
  /** Probability of such a clear fall somewhere, if the mean were the same at every x. */
  p: number;
  /** The point from which the mean falls: flat before, a straight line after. */
  turn: Estimate;
  /** Change per unit of x after the turn. */
  after: number;
}

/**
 * How a mean changes along x, and the point from which it falls.
 *
 * In: the x of each step, ascending, and what each cluster adds to each step, by stratum if some differ at any x: each has a level of
 * its own, so that lengths in which another stratum is frequent make no fall. Slope: least squares, with its error
 * from whole clusters. Turn: the best-fitting line that is flat up to a step and straight after it; its interval
 * resamples whole clusters. p is for the largest t of such lines that fall, over sign flips of whole clusters. n
 * counts values. Fewer than 5 clusters or 4 steps: NaN, and the note says why.
 *
 * @remarks Methods: wild cluster bootstrap with the null imposed, Cameron, Gelbach & Miller (2008),
 * doi:10.1162/rest.90.3.414; the largest of many t, Hansen (1996), doi:10.2307/2171789; the broken line, Hinkley (1969),
 * doi:10.1093/biomet/56.3.495.
 * @throws RangeError for an invalid level
 * @example
 * const parts = [0, 1, 2, 3, 4, 5].flatMap((cluster) =>
 *   [9, 9, 6, 3].map((sum, step) => ({ cluster, step, n: 10, sum: sum + (cluster % 2) })));
 * turningPoint([1, 2, 3, 4], parts).turn.value // 2
 */
export function turningPoint(
  x: readonly number[],
  parts: readonly CurvePart[],
  options: TurningPointOptions = {},
): TurningPoint {
  const { level = 0.95, resamples = 999, seed = 1 } = options;
  checkLevel("turningPoint", level);
  const curve = curveOf(x, parts);
  const { clusters, n } = curve;
  const about = { level, n: curve.total, clusters, clusterBy: "cluster", method: "none" };
  const none: Estimate = { value: Number.NaN, ...noEnds, ...about };
  if (clusters < fewestClusters || x.length < fewestSteps) {
    const few =
      clusters < fewestClusters
        ? { needed: fewestClusters, counted: "clusters", has: clusters }
        : { needed: fewestSteps, counted: "lengths", has: x.length };
    const unknown = withNotes(none, [reserve("few.needed", { what: "a slope", ...few })]);
    return { slope: unknown, p: Number.NaN, turn: unknown, after: Number.NaN };
  }
  const line = fit(x, n, curve.sums);
  const t = studentTQuantile((1 + level) / 2, clusters - 1);
  const error = slopeError(curve, line);
  const slope = {
    ...about,
    value: line.b,
    low: line.b - t * error,
    high: line.b + t * error,
    method: "t-cluster",
  };
  const hinges = x.slice(0, -1).map((from) => x.map((at) => Math.max(0, at - from)));
  const p = chanceOfFall(curve, hinges, { resamples, seed });
  const best = bestHinge(hinges, n, curve.sums);
  const found = x[best.at];
  const falls = p <= 1 - level && best.line.b < 0;
  if (!falls)
    return {
      slope,
      p,
      turn: withNotes(none, [reserve("none.fall")]),
      after: best.line.b,
    };
  const drawn = Float64Array.from({ length: resamples }, (_, draw) => {
    const { counts, sums } = resample(curve, random(seed, draw + 1));
    return bestHinge(hinges, counts, sums).at;
  }).sort();
  // The turn lies between steps, so each end is one step further out.
  const tail = Math.max(0, Math.floor(((1 - level) / 2) * (resamples + 1)) - 1);
  const low = x[Math.max(0, Math.min(best.at, drawn[tail]) - 1)];
  const high = x[Math.min(x.length - 1, Math.max(best.at, drawn[resamples - 1 - tail]) + 1)];
  return {
    slope,
    p,
    turn: { ...about, value: found, low, high, method: "bootstrap-percentile", resamples },
    after: best.line.b,
  };
}

const fewestClusters = 5;
const fewestSteps = 4;

interface Curve {
  clusters: number;
  total: number;
  /** By stratum, then step, over all clusters. */
  n: Float64Array;
  sums: Float64Array;
  /** By cluster, then the same. */
  parts: { n: Float64Array; sums: Float64Array }[];
}

function curveOf(x: readonly number[], parts: readonly CurvePart[]): Curve {
  const places = new Map<number, number>();
  const strata = new Map<string, number>();
  for (const { stratum = "" } of parts) if (!strata.has(stratum)) strata.set(stratum, strata.size);
  const empty = () => new Float64Array(strata.size * x.length);
  const own: Curve["parts"] = [];
  const [n, sums] = [empty(), empty()];
  for (const { cluster, stratum = "", ...part } of parts) {
    let at = places.get(cluster);
    if (at === undefined) {
      at = own.push({ n: empty(), sums: empty() }) - 1;
      places.set(cluster, at);
    }
    const cell = (strata.get(stratum) as number) * x.length + part.step;
    own[at].n[cell] += part.n;
    own[at].sums[cell] += part.sum;
    n[cell] += part.n;
    sums[cell] += part.sum;
  }
  return { clusters: own.length, total: n.reduce((all, one) => all + one, 0), n, sums, parts: own };
}

/** Parallel lines, one for each stratum. */
interface Lines {
  b: number;
  /** The regressor of each cell, from the mean of its stratum; and the values' mean there. */
  from: Float64Array;
  means: Float64Array;
  squares: number;
  /** How much of the sum of squares they explain. */
  gain: number;
}

/** The least-squares lines of cell means on a regressor of the steps. */
function fit(z: readonly number[], n: Float64Array, sums: Float64Array): Lines {
  const [from, means] = [new Float64Array(n.length), new Float64Array(n.length)];
  let [squares, products] = [0, 0];
  for (let first = 0; first < n.length; first += z.length) {
    let [all, total, zn] = [0, 0, 0];
    for (let step = 0; step < z.length; step++) {
      all += n[first + step];
      total += sums[first + step];
      zn += n[first + step] * z[step];
    }
    if (all === 0) continue;
    for (let step = 0; step < z.length; step++) {
      const cell = first + step;
      from[cell] = z[step] - zn / all;
      means[cell] = total / all;
      squares += n[cell] * from[cell] ** 2;
      products += from[cell] * (sums[cell] - means[cell] * n[cell]);
    }
  }
  const b = squares > 0 ? products / squares : 0;
  return { b, from, means, squares, gain: squares > 0 ? products * b : 0 };
}

function slopeError(curve: Curve, { b, from, means, squares }: Lines): number {
  let sum = 0;
  for (const part of curve.parts) {
    let score = 0;
    for (let cell = 0; cell < from.length; cell++)
      score += from[cell] * (part.sums[cell] - (means[cell] + b * from[cell]) * part.n[cell]);
    sum += score * score;
  }
  return Math.sqrt((sum * curve.clusters) / (curve.clusters - 1)) / squares;
}

/** The hinge that explains the most. */
function bestHinge(hinges: readonly number[][], n: Float64Array, sums: Float64Array) {
  let best = { at: 0, line: fit(hinges[0], n, sums) };
  for (let at = 1; at < hinges.length; at++) {
    const line = fit(hinges[at], n, sums);
    if (line.gain > best.line.gain) best = { at, line };
  }
  return best;
}

/**
 * p of the clearest fall of any hinge: without a change, the scores of clusters are equally likely to have either
 * sign.
 */
function chanceOfFall(
  curve: Curve,
  hinges: readonly number[][],
  { resamples, seed }: { resamples: number; seed: number },
): number {
  const scores = hinges.flatMap((z) => {
    const { from, means, squares } = fit(z, curve.n, curve.sums);
    if (!(squares > 0)) return [];
    const own = Float64Array.from(curve.parts, (part) => {
      let score = 0;
      for (let cell = 0; cell < from.length; cell++)
        score += from[cell] * (part.sums[cell] - means[cell] * part.n[cell]);
      return score;
    });
    const size = Math.sqrt(own.reduce((all, one) => all + one * one, 0));
    return size > 0 ? [own.map((one) => one / size)] : [];
  });
  if (scores.length === 0) return 1;
  const surest = (sign: (cluster: number) => number) =>
    Math.max(...scores.map((own) => -own.reduce((all, one, cluster) => all + sign(cluster) * one, 0)));
  const found = surest(() => 1);
  const source = random(seed);
  let atLeast = 0;
  const signs = new Int8Array(curve.clusters);
  for (let draw = 0; draw < resamples; draw++) {
    for (let cluster = 0; cluster < signs.length; cluster++) signs[cluster] = source.uniform() < 0.5 ? -1 : 1;
    if (surest((cluster) => signs[cluster]) >= found - 1e-12) atLeast++;
  }
  return (atLeast + 1) / (resamples + 1);
}

function resample(curve: Curve, { integer }: ReturnType<typeof random>) {
  const cells = curve.n.length;
  const [counts, sums] = [new Float64Array(cells), new Float64Array(cells)];
  for (let draw = 0; draw < curve.clusters; draw++) {
    const part = curve.parts[integer(curve.clusters)];
    for (let cell = 0; cell < cells; cell++) {
      counts[cell] += part.n[cell];
      sums[cell] += part.sums[cell];
    }
  }
  return { counts, sums };
}
