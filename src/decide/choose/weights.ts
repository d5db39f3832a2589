import { random } from "../../stats/random";

/** The worth of each criterion of a model, from 0 to 1, in the order of the weights. */
export interface Worth {
  model: string;
  worth: readonly number[];
}

/** The smallest change of the weights that makes another model the best. */
export interface WeightChange {
  model: string;
  /** How much weight moves in total. */
  moved: number;
  /** The weights after the change, in the order of the criteria. */
  weights: number[];
}

/**
 * The share of all weightings under which each model is the best, by point values.
 *
 * In: the worth of every criterion of each model; out: one share per model, adding up to 1; ties are shared.
 * Weightings are drawn uniformly from all that add up to 1 (Dirichlet with every parameter 1); with d draws the
 * standard error of a share is at most 0.5 / sqrt(d).
 *
 * @param options `draws` (default 4,000) and `seed` (default 1)
 * @example
 * simplexShares([{ model: "a", worth: [1, 0.5] }, { model: "b", worth: [0, 0.4] }]) // { a: 1, b: 0 }
 */
export function simplexShares(
  models: readonly Worth[],
  options: { draws?: number; seed?: number } = {},
): Record<string, number> {
  const wins = new Map(models.map(({ model }) => [model, 0]));
  const points = simplexPoints(models[0]?.worth.length ?? 0, options);
  for (const weights of points) {
    const best = bestOf(models, weights);
    for (const model of best) wins.set(model, (wins.get(model) ?? 0) + 1 / best.length / points.length);
  }
  return Object.fromEntries([...wins].map(([model, share]) => [model, Number(share.toFixed(12))]));
}

/** Weightings drawn uniformly from all sets of `criteria` weights that add up to 1. */
export function simplexPoints(
  criteria: number,
  { draws = 4_000, seed = 1 }: { draws?: number; seed?: number } = {},
): number[][] {
  const source = random(seed);
  return Array.from({ length: criteria === 0 ? 0 : draws }, () => {
    const parts = Array.from({ length: criteria }, () => source.exponential());
    const sum = parts.reduce((all, part) => all + part, 0);
    return parts.map((part) => part / sum);
  });
}

/** The models that are best under a weighting: one, or those that tie. */
export function bestOf(models: readonly Worth[], weights: readonly number[]): string[] {
  const totals = models.map(({ worth }) => total(worth, weights));
  const most = Math.max(...totals);
  return models.filter((_, i) => totals[i] >= most - 1e-12).map(({ model }) => model);
}

/**
 * The smallest change of the weights after which another model is level with the first and about to overtake it,
 * by point values.
 *
 * Weight moves from the criterion that favours the first most to the one that favours the other most, which moves
 * the smallest total weight. Undefined if no weighting puts any other model at the top.
 *
 * @example
 * nearestChange([{ model: "a", worth: [1, 0] }, { model: "b", worth: [0, 1] }], [0.75, 0.25])?.moved // 0.25
 */
export function nearestChange(
  models: readonly Worth[],
  weights: readonly number[],
): WeightChange | undefined {
  const [first, ...others] = models;
  const changes = others.flatMap(({ model, worth }) => {
    const gaps = first.worth.map((one, i) => one - worth[i]);
    const change = leastMove(gaps, weights);
    return change === undefined ? [] : [{ model, ...change }];
  });
  return changes.sort((a, b) => a.moved - b.moved)[0];
}

function leastMove(
  gaps: readonly number[],
  given: readonly number[],
): Omit<WeightChange, "model"> | undefined {
  const least = Math.min(...gaps);
  const to = gaps.indexOf(least);
  const weights = [...given];
  let lead = total(gaps, weights);
  let moved = 0;
  // If the other is nowhere better, no weights put it at the top; at most they tie.
  if (lead > 1e-12 && !(least < -1e-12)) return undefined;
  const from = gaps.map((_, i) => i).sort((a, b) => gaps[b] - gaps[a]);
  for (const i of from) {
    if (lead <= 0) break;
    const gain = gaps[i] - least;
    if (gain <= 0) break;
    const step = Math.min(weights[i], lead / gain);
    weights[i] -= step;
    weights[to] += step;
    lead -= step * gain;
    moved += step;
  }
  return lead <= 1e-12 ? { moved, weights } : undefined;
}

function total(worth: readonly number[], weights: readonly number[]): number {
  return worth.reduce((sum, one, i) => sum + one * weights[i], 0);
}
