import { checkCount } from "../../stats/checks";
import { defined } from "../../stats/defined";
import type { Estimate } from "../../stats/estimate";
import { noted } from "../../stats/estimate";
import { type Marginal, marginalOf } from "../../stats/marginal";
import { reserve } from "../../stats/reservation";
import { pricedAt } from "../../stats/worstCase";
import { jointNormals } from "../draws";
import {
  type Criterion,
  criterionValue,
  type Floor,
  floorName,
  higherIsGood,
  keeps,
} from "../profile/criterion";
import { pulledTogether, utilityDraws } from "./utilityDraws";
import { KEPT_DRAWS, type WorthDraws } from "./worthDraws";

/** A model with its estimates, by metric name. */
export interface Candidate {
  name: string;
  estimates: Readonly<Record<string, Estimate>>;
  /** False if it fails a requirement that no log measures. */
  eligible?: boolean;
}

export interface UtilityOptions {
  criteria: readonly Criterion[];
  floors?: readonly Floor[];
  /** The correlation of two estimates, each given by candidate and metric. Default 0. */
  correlation?: (a: [candidate: number, metric: string], b: [candidate: number, metric: string]) => number;
  /** Default 9,999. */
  draws?: number;
  seed?: number;
  level?: number;
}

/** How good the candidates are, and which is best. */
export interface Utilities {
  rows: {
    name: string;
    /** From 0, the worst by every criterion, to 1. */
    utility: Estimate;
    /** The probability of being the best of those that keep the floors; NaN if a criterion is unknown. */
    p_best: number;
    /** The worth of each criterion at its point value; NaN if unknown. */
    worth: number[];
    /** The metrics whose absence excludes it from the choice. */
    unknown: string[];
  }[];
  /** The probability that no candidate keeps the floors. */
  p_none: number;
  /** Joint draws of every candidate's utility; empty for those that cannot be chosen. */
  draws: Float64Array[];
  /** The first of them before weights, by candidate. */
  worths: WorthDraws["candidates"];
}

/**
 * The utility of each model with an interval, and the probability that each is the best.
 *
 * In: estimates by metric, and a profile's criteria and floors; out: utilities from 0 to 1. True values are drawn
 * jointly from the estimates, and the utilities are pulled together to offset the noise that drives them apart
 * (see `shrunk`); a model is best in a draw if its utility is the highest of those whose floors hold in that draw;
 * ties are shared. Unknown costs count at the most that they may be. A metric without an end on its bad side counts as
 * worth nothing in half of the draws; without an end on its good side, or without a value, the model's utility has only
 * a bound and is not compared. n and clusters are the smallest of the model's criteria.
 *
 * @remarks Method: joint-draws.
 * @example
 * const ms = { value: 1, low: 0.9, high: 1.1, level: 0.95, method: "", n: 90, clusters: 90, clusterBy: "" };
 * utilities([{ name: "a", estimates: { duration_p50: ms } }], { criteria: [{ metric: "duration_p50", weight: 1, good: 0, bad: 2 }] }).rows[0].utility.value // 0.5
 */
export function utilities(candidates: readonly Candidate[], options: UtilityOptions): Utilities {
  const { criteria, floors = [], draws = 9_999, seed = 1, level = 0.95 } = options;
  checkCount("utilities", "draws", draws, 1);
  const plans = candidates.map((candidate) => planOf(candidate, criteria, floors));
  const cells = plans.flatMap(({ marginals }, i) => [...marginals.keys()].map((name) => ({ i, name })));
  const correlation = cells.map((a) =>
    cells.map((b) => (a === b ? 1 : (options.correlation?.([a.i, a.name], [b.i, b.name]) ?? 0))),
  );
  const normals = jointNormals(correlation, { draws, seed });
  const drawn = new Map(cells.map(({ i, name }, at) => [`${i} ${name}`, normals[at]]));
  const values = (i: number, name: string) => drawn.get(`${i} ${name}`) as Float64Array;
  const raw = plans.map(({ marginals }, i) =>
    utilityDraws(marginals, criteria, draws, (name) => values(i, name)),
  );
  const known = raw.map(({ utility }) => utility);
  const holding = plans.map(({ marginals, holds }, i) =>
    holds ? holdDraws(marginals, floors, draws, (name) => values(i, name)) : new Uint8Array(draws),
  );
  const compared = plans.map(({ unknown }) => unknown.length === 0);
  const pulled = pulledTogether(raw, compared, seed);
  const { best, none } = winners(pulled, holding, compared);
  const rows = candidates.map((candidate, i) => {
    const { worth, unknown } = plans[i];
    return {
      name: candidate.name,
      utility: estimateOf(candidate, criteria, { worth, unknown, draws: known[i], level }),
      p_best: unknown.length > 0 ? Number.NaN : best[i],
      worth,
      unknown,
    };
  });
  const worths = raw.map(({ worth }, i) => ({ worth, holds: holding[i].slice(0, KEPT_DRAWS) }));
  return {
    rows,
    p_none: none,
    worths,
    draws: pulled.map((one, i) => (compared[i] ? one : new Float64Array(0))),
  };
}

interface Plan {
  marginals: Map<string, Marginal>;
  worth: number[];
  unknown: string[];
  /** False if a floor holds in no draw. */
  holds: boolean;
}

function planOf(candidate: Candidate, criteria: readonly Criterion[], floors: readonly Floor[]): Plan {
  const marginals = new Map<string, Marginal>();
  const unknown: string[] = [];
  const worth = criteria.map((criterion) => {
    const { metric } = criterion;
    const estimate = atMost(candidate.estimates[metric]);
    const marginal = estimate && marginalOf(estimate, higherIsGood(criterion));
    if (estimate === undefined || marginal === undefined) {
      unknown.push(metric);
      return Number.NaN;
    }
    marginals.set(metric, marginal);
    return Number.isNaN(estimate.value) ? 0 : criterionValue(estimate.value, criterion);
  });
  let holds = candidate.eligible ?? true;
  for (const floor of floors) {
    const name = floorName(floor);
    if (marginals.has(name)) continue;
    const estimate = atMost(candidate.estimates[name]);
    const marginal = estimate && marginalOf(estimate, floor.at_least !== undefined);
    if (marginal === undefined) holds = false;
    else marginals.set(name, marginal);
  }
  return { marginals, worth, unknown, holds };
}

/** A model leads by its cost only with every unknown cost at its most. */
const atMost = (estimate: Estimate | undefined) => estimate && pricedAt(estimate, "high");

type Normals = (metric: string) => Float64Array;

function holdDraws(
  marginals: Map<string, Marginal>,
  floors: readonly Floor[],
  draws: number,
  normals: Normals,
): Uint8Array {
  const holds = new Uint8Array(draws).fill(1);
  for (const floor of floors) {
    const name = floorName(floor);
    const marginal = marginals.get(name) as Marginal;
    const z = normals(name);
    for (let i = 0; i < draws; i++) if (!keeps(marginal(z[i]), floor)) holds[i] = 0;
  }
  return holds;
}

/** The share of draws that each one wins; those that tie within rounding share a draw. */
function winners(utility: Float64Array[], holds: Uint8Array[], compared: boolean[]) {
  const draws = utility[0]?.length ?? 0;
  const best = utility.map(() => 0);
  let none = 0;
  for (let draw = 0; draw < draws; draw++) {
    let most = -Infinity;
    for (let i = 0; i < utility.length; i++)
      if (compared[i] && holds[i][draw] && utility[i][draw] > most) most = utility[i][draw];
    if (most === -Infinity) {
      none++;
      continue;
    }
    const tied = utility.flatMap((one, i) =>
      compared[i] && holds[i][draw] && one[draw] >= most - 1e-12 ? [i] : [],
    );
    for (const i of tied) best[i] += 1 / tied.length;
  }
  const share = (wins: number) => Number((wins / draws).toFixed(9));
  return { best: best.map(share), none: draws === 0 ? 1 : share(none) };
}

function estimateOf(
  { estimates }: Candidate,
  criteria: readonly Criterion[],
  given: { worth: number[]; unknown: string[]; draws: Float64Array; level: number },
): Estimate {
  const { worth, unknown, draws, level } = given;
  const used = criteria.flatMap(({ metric }) => estimates[metric] ?? []);
  const sorted = draws.slice().sort();
  const outside = Math.floor(((1 - level) / 2) * sorted.length);
  const missing = criteria
    .filter(({ metric }) => unknown.includes(metric))
    .reduce((sum, { weight }) => sum + weight, 0);
  const value = criteria.reduce((sum, { weight }, i) => sum + weight * worth[i], 0);
  const [low, high] = [sorted[outside] ?? Number.NaN, sorted[sorted.length - 1 - outside] ?? Number.NaN];
  const smallest = used.reduce<Estimate | undefined>(
    (a, b) => (a && a.clusters <= b.clusters ? a : b),
    undefined,
  );
  const note = unknown.length > 0 ? reserve("method.worst", { what: unknown.join(", ") }) : undefined;
  return defined({
    value,
    low: Number.isNaN(value) ? low : Math.min(low, value),
    high: Number.isNaN(value) ? Math.min(1, high + missing) : Math.max(high, value),
    level,
    method: "joint-draws",
    n: used.length === 0 ? 0 : Math.min(...used.map(({ n }) => n)),
    clusters: smallest?.clusters ?? 0,
    clusterBy: smallest?.clusterBy ?? "",
    resamples: draws.length,
    unit: "",
    ...noted([note]),
  });
}
