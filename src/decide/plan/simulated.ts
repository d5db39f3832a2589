import { normalCdf, normalQuantile } from "../../stats/normal";
import { random } from "../../stats/random";
import { studentTQuantile } from "../../stats/studentT";
import { lookBound } from "./looks";

/** What the simulated studies are built from. */
export interface Traffic {
  /** Calls in clusters of the log, for a random part of at most 20,000 of them. */
  sizes: readonly number[];
  /** Factor on the sizes: a longer study sees more calls from the same clusters, and not every call is a unit. */
  stretch: number;
  /** Clusters of each arm. */
  clusters: number;
  /** Correlation of two units of a cluster. */
  correlation: number;
  /** How many clusters of equal size would estimate the spread between clusters equally well. */
  freedom: number;
}

/** How a study is judged. */
export interface Judged {
  level: number;
  anytime: boolean;
}

/**
 * One study without a difference: its observed difference, its estimated and true standard error, and its bound.
 */
interface Study {
  difference: number;
  seen: number;
  real: number;
  bound: number;
}

/** Effective clusters of an arm beyond which more of them change only the standard error. */
const most = 150;
const mostClusters = 4_000;
/** Clusters beyond which the log's sizes count as known. */
const surely = 4_000;
/** Logs that the traffic could equally well have produced, each with its own spread and clusters. */
const logs = 25;

/**
 * Studies of simulated clusters with the log's sizes, with unit variance 1 and the standard error that a plan
 * assumes. The uncertainty of the log's sizes and spread is drawn too, so that power holds on average over such
 * logs.
 */
function studiesOf(traffic: Traffic, { level, anytime }: Judged, each: number, seed: number) {
  const { correlation, freedom, stretch } = traffic;
  const sizes = traffic.sizes.map((size) => size * stretch);
  const sum = sizes.reduce((all, m) => all + m, 0);
  const squares = sizes.reduce((all, m) => all + m * m, 0);
  const effective = sum ** 2 / squares / sizes.length;
  const clusters = Math.round(Math.min(traffic.clusters, mostClusters, most / effective));
  const planned = Math.sqrt(
    (2 * (1 - correlation + (correlation * squares) / sum)) / ((clusters * sum) / sizes.length),
  );
  const { integer, normal, gamma } = random(seed, clusters);
  const degrees = Math.max(4, freedom) / 2;
  const studies: Study[] = [];
  for (let log = 0; log < logs; log++) {
    const own = sizes.length > surely ? sizes : sizes.map(() => sizes[integer(sizes.length)]);
    const between = degrees > 1e4 ? correlation : correlation * (degrees / gamma(degrees));
    for (let study = 0; study < each; study++) {
      const arms = [0, 1].map(() =>
        arm(clusters, () => own[integer(own.length)], between, 1 - correlation, normal),
      );
      const df = Math.max(1, arms[0].effective + arms[1].effective - 2);
      const upper = (1 + level) / 2;
      const t = studentTQuantile(upper, df);
      studies.push({
        difference: arms[1].mean - arms[0].mean,
        seen: Math.hypot(arms[0].seen, arms[1].seen),
        real: Math.hypot(arms[0].real, arms[1].real),
        bound: anytime ? (lookBound(level) * t) / normalQuantile(upper) : t,
      });
    }
  }
  return { studies, planned };
}

/** The mean of an arm over whole clusters, its estimated and true standard error, and its effective clusters. */
function arm(
  clusters: number,
  size: () => number,
  between: number,
  within: number,
  normal: () => number,
): { mean: number; seen: number; real: number; effective: number } {
  let [sum, squares, total, weighted, crossed, variance] = [0, 0, 0, 0, 0, 0];
  for (let k = 0; k < clusters; k++) {
    const m = size();
    const own = between + within / m;
    const x = Math.sqrt(own) * normal();
    sum += m;
    squares += m * m;
    total += m * x;
    weighted += m * m * x;
    crossed += m * m * x * x;
    variance += m * m * own;
  }
  const mean = total / sum;
  const residual = Math.max(0, crossed - 2 * mean * weighted + mean * mean * squares);
  return {
    mean,
    seen: (Math.sqrt(residual) / sum) * Math.sqrt(clusters / (clusters - 1)),
    real: Math.sqrt(variance) / sum,
    effective: sum ** 2 / squares,
  };
}

/**
 * How many of the plan's standard errors a difference must have to be found with the requested power; Infinity
 * below 3 clusters per arm.
 */
export function simulatedReach(traffic: Traffic, judged: Judged, power: number): number {
  if (!(Math.round(traffic.clusters) >= 3)) return Number.POSITIVE_INFINITY;
  const { studies, planned } = studiesOf(traffic, judged, 8, 17);
  const found = (size: number) =>
    studies.reduce((sum, { seen, real, bound }) => sum + normalCdf((size - bound * seen) / real), 0) /
    studies.length;
  let [low, high] = [0, 100 * planned];
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (found(middle) >= power) high = middle;
    else low = middle;
  }
  return high / planned;
}

/** In how many of how many further studies a difference of this many planned standard errors is found. */
export function simulatedPower(
  traffic: Traffic,
  judged: Judged,
  reach: number,
): { found: number; studies: number } {
  const { studies, planned } = studiesOf(traffic, judged, 20, 18);
  const found = studies.filter(({ difference, seen, bound }) => difference + reach * planned > bound * seen);
  return { found: found.length, studies: studies.length };
}
