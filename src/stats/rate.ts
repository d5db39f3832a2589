import { betaQuantile } from "./beta";
import { checkLevel } from "./checks";
import {
  clusterDegrees,
  clusterError,
  clusterNotes,
  FEWEST_CLUSTERS,
  fewerThan,
  narrowNote,
} from "./clusterError";
import { defined } from "./defined";
import { type Estimate, noEnds, noted, renoted, withNotes } from "./estimate";
import { normalQuantile } from "./normal";
import { reserve } from "./reservation";
import { partOf, type SharedTime, sharedDegrees, timeNotes } from "./sharedTime";
import { studentTQuantile } from "./studentT";

function checkRate(caller: string, k: number, n: number): void {
  if (!(n >= 0 && Number.isFinite(n) && k >= 0 && k <= n))
    throw new RangeError(`${caller} requires 0 <= k <= n, got k = ${String(k)} and n = ${String(n)}`);
}

/** Wilson's bounds for a share p of n, at a normal or t deviate z. */
export function wilsonBounds(p: number, n: number, z: number): [number, number] {
  const square = z * z;
  const centre = (p + square / (2 * n)) / (1 + square / n);
  const half = (z / (1 + square / n)) * Math.sqrt((p * (1 - p)) / n + square / (4 * n * n));
  // At no or all successes one bound is the value itself; rounding must not move it.
  return [p === 0 ? 0 : Math.max(0, centre - half), p === 1 ? 1 : Math.min(1, centre + half)];
}

function rateEstimate(
  method: string,
  k: number,
  n: number,
  level: number,
  bounds: [number, number],
): Estimate {
  const estimate = {
    value: k / n,
    low: bounds[0],
    high: bounds[1],
    level,
    method,
    n,
    clusters: n,
    clusterBy: "",
    unit: "1",
  };
  if (n === 0) {
    const none = { ...estimate, value: Number.NaN, ...noEnds };
    return withNotes(none, [reserve("none.counted", { counted: "observations" })]);
  }
  return estimate;
}

/**
 * A rate with Wilson's interval: the default for shares, sound from one observation on.
 *
 * @remarks Method: Wilson (1927), doi:10.1080/01621459.1927.10502953.
 * @param k successes; n trials; both may be fractional effective counts
 * @param level confidence (default 0.95)
 * @returns an Estimate of k / n with unit "1"; no trials give NaN and a note
 * @throws RangeError unless 0 <= k <= n
 * @example
 * wilson(0, 10).high.toFixed(4) // "0.2775"
 */
export function wilson(k: number, n: number, { level = 0.95 }: { level?: number } = {}): Estimate {
  checkRate("wilson", k, n);
  checkLevel("wilson", level);
  return rateEstimate("wilson", k, n, level, wilsonBounds(k / n, n, normalQuantile((1 + level) / 2)));
}

/**
 * A rate with the Clopper-Pearson interval, whose coverage is at least the level whatever the rate.
 *
 * @remarks Method: Clopper & Pearson (1934), doi:10.1093/biomet/26.4.404, by beta quantiles.
 * @param k successes; n trials
 * @param level confidence (default 0.95)
 * @returns an Estimate of k / n with unit "1"; no trials give NaN and a note
 * @throws RangeError unless 0 <= k <= n
 * @example
 * clopperPearson(0, 10).high.toFixed(4) // "0.3085"
 */
export function clopperPearson(k: number, n: number, { level = 0.95 }: { level?: number } = {}): Estimate {
  checkRate("clopperPearson", k, n);
  checkLevel("clopperPearson", level);
  const tail = (1 - level) / 2;
  const low = k === 0 ? 0 : betaQuantile(tail, k, n - k + 1);
  const high = k === n ? 1 : betaQuantile(1 - tail, k + 1, n - k);
  return rateEstimate("clopper-pearson", k, n, level, n === 0 ? [Number.NaN, Number.NaN] : [low, high]);
}

/**
 * What the interval of a rate needs. Cluster k has m_k trials, of which e_k are events; the optional higher sums
 * sharpen the interval if clusters are of very unequal size.
 */
export interface RateSums {
  n: number;
  events: number;
  /** Clusters with at least one trial; left out if every trial is its own cluster. */
  clusters?: number;
  /** Sums of m^2, e^2 and e m. */
  sizeSquares?: number;
  eventSquares?: number;
  products?: number;
  /** Sums of m^3, m^4, e^2 m, e m^2, e^2 m^2 and e m^3. */
  sizeCubes?: number;
  sizeFourths?: number;
  eventSquaresSizes?: number;
  eventSizeSquares?: number;
  eventSquaresSizeSquares?: number;
  eventSizeCubes?: number;
  /** The extra variance from time that all clusters share (incidents, peaks). */
  shared?: SharedTime;
}

/**
 * How alike two trials of one cluster are assumed to be if no data show it: a typical intraclass correlation of
 * events.
 */
export const USUAL_CORRELATION = 0.05;
/**
 * Events beyond the first, times the borrowed design effect, from which a group's own design effect is used alone.
 */
const ENOUGH_EVENTS = 5;

/**
 * The weight of a group's own events in the design effect of its rate; the rest is borrowed. No or one event shows
 * nothing of how events cluster, and many that cluster together show as little as few do.
 */
function ownPart(events: number, n: number, borrowed: number): number {
  const informative = Math.max(0, Math.min(events, n - events) - 1);
  return Math.min(1, informative / (ENOUGH_EVENTS * borrowed));
}

/** The sum of (e - p m)^2 m^order, from sums of products. */
function residuals(
  e2: number | undefined,
  em: number | undefined,
  m2: number | undefined,
  p: number,
): number | undefined {
  return e2 === undefined || em === undefined || m2 === undefined
    ? undefined
    : Math.max(0, e2 - 2 * p * em + p * p * m2);
}

/**
 * A rate with its interval, from sums that an engine can compute.
 *
 * @remarks Method: Wilson (1927), doi:10.1080/01621459.1927.10502953, at the effective n (Franco et al. 2019,
 * doi:10.1093/jssam/smy019).
 * @param sums see `RateSums`; n counts trials
 * @param options `level` (default 0.95); `clusterBy`; `unit` (default "1"); `counted`, what n counts, for the
 * notes `correlation`, how alike two trials of one cluster are in other groups (default 0.05)
 * @returns an Estimate. Clustered trials count as n / max(1, designEffect), with t instead of z. Few events, or
 * few non-events, say little about the design effect: it is drawn towards 1 + correlation * (sum m^2 / n - 1)
 * until there are 5 for each of these, so that a bound at no event is never above that at one. A single cluster
 * gives no interval. A note warns below 30 effective clusters.
 * @throws RangeError unless 0 <= events <= n, or for a level outside (0, 1)
 * @example
 * rateFromSums({ n: 10, events: 0 }).high.toFixed(4) // "0.2775"
 */
export function rateFromSums(
  sums: RateSums,
  {
    level = 0.95,
    clusterBy = "",
    unit = "1",
    counted = "observations",
    correlation,
  }: {
    level?: number;
    clusterBy?: string;
    unit?: string;
    counted?: string;
    correlation?: number | undefined;
  } = {},
): Estimate {
  const { n, events, clusters, sizeSquares } = sums;
  checkRate("rateFromSums", events, n);
  checkLevel("rateFromSums", level);
  const p = events / n;
  const plain = { ...wilson(events, n, { level }), clusterBy, unit };
  if (n === 0) return renoted({ ...plain, clusters: 0 }, [reserve("none.counted", { counted })]);
  if (clusters === undefined || sizeSquares === undefined || sums.products === undefined) return plain;
  const estimate = { ...plain, clusters };
  if (clusters < 2) return withNotes({ ...estimate, ...noEnds }, [fewerThan(2, "clusters", clusters)]);
  const effective = (n * n) / sizeSquares;
  const own = ownDesignEffect(sums, level) ?? 1;
  const most = Math.max(0, sizeSquares / n - 1);
  const borrowed = 1 + (correlation ?? USUAL_CORRELATION) * most;
  const part = ownPart(events, n, borrowed);
  const designEffect = part === 1 ? own : part * Math.max(1, own) + (1 - part) * borrowed;
  const sized = { ...sums, clusters, sizeSquares };
  const alone = clusterDegrees(sized, designEffect);
  const shared = sums.shared && partOf(sums.shared, part);
  const degrees = shared === undefined ? alone : sharedDegrees(alone, shared);
  const t = studentTQuantile((1 + level) / 2, degrees);
  const [low, high] = wilsonBounds(p, n / Math.max(1, designEffect), t);
  const notes = [
    ...(most > 1e-12 && part < 0.5
      ? [
          reserve("few.events", {
            counted,
            instead:
              correlation === undefined
                ? `${USUAL_CORRELATION} is assumed`
                : "that of the other rows is used",
          }),
        ]
      : []),
    ...(effective < FEWEST_CLUSTERS ? [narrowNote(effective)] : clusterNotes(effective)),
    ...timeNotes(shared),
  ];
  return defined({ ...estimate, low, high, designEffect, ...noted(notes) });
}

/**
 * The variance of a rate relative to independent trials, as its own clusters show it; undefined without clusters,
 * or if no trial or every trial is an event.
 */
export function ownDesignEffect(sums: RateSums, level = 0.95): number | undefined {
  const { n, events, clusters = 0, sizeSquares } = sums;
  const p = events / n;
  const residualSquares = residuals(sums.eventSquares, sums.products, sizeSquares, p);
  if (sizeSquares === undefined || residualSquares === undefined || clusters < 2 || p === 0 || p === 1)
    return undefined;
  const found = clusterError(
    {
      ...sums,
      clusters,
      sizeSquares,
      residualSquares,
      residualSizes: residuals(sums.eventSquaresSizes, sums.eventSizeSquares, sums.sizeCubes, p),
      residualSizeSquares: residuals(sums.eventSquaresSizeSquares, sums.eventSizeCubes, sums.sizeFourths, p),
    },
    (p * (1 - p)) / n,
    level,
  );
  return found.designEffect;
}
