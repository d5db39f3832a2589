import { normalCdf, normalDensity } from "../../stats/normal";
import { random } from "../../stats/random";

/** The runs of one model: for each shared prompt their mean and variance. */
export interface ModelRuns {
  name: string;
  means: readonly number[];
  variances: readonly number[];
}

const resamples = 399;
const steps = 60;
const reach = 5;
/** Chances below this are numerically zero with so few integration steps. */
const resolved = 1e-6;
const grid = Array.from({ length: steps + 1 }, (_, at) => {
  const z = -reach + (2 * reach * at) / steps;
  return { z, weight: normalDensity(z) };
});

/**
 * The model with the best mean, the chance that another has the highest mean of k runs per prompt, and what that costs.
 */
export function pickedBy(
  models: readonly ModelRuns[],
  k: number,
  weights?: ArrayLike<number>,
): { best: number; wrong: number; loss: number } {
  const { length } = models[0].means;
  const truths = models.map(({ means, variances }) => {
    let [mean, variance, total] = [0, 0, 0];
    for (let at = 0; at < length; at++) {
      const weight = weights === undefined ? 1 : weights[at];
      total += weight;
      mean += weight * means[at];
      variance += weight * weight * variances[at];
    }
    return { mean: mean / total, error: Math.sqrt(variance / k) / total };
  });
  const best = truths.reduce((first, { mean }, at) => (mean > truths[first].mean ? at : first), 0);
  const chances = truths.map((own, at) =>
    chanceToLead(
      own,
      truths.filter((_, other) => other !== at),
    ),
  );
  const sum = chances.reduce((all, chance) => all + chance, 0);
  const wrong = Math.max(0, 1 - chances[best] / sum);
  if (wrong < resolved) return { best, wrong: 0, loss: 0 };
  const loss =
    chances.reduce((all, chance, at) => all + chance * (truths[best].mean - truths[at].mean), 0) / sum;
  return { best, wrong, loss };
}

type Truth = { mean: number; error: number };

function chanceToLead({ mean, error }: Truth, others: readonly Truth[]): number {
  const ahead = (x: number) => {
    let product = 1;
    for (const other of others) {
      const gap = x - other.mean;
      // Without any error the higher one leads; if they are equal, each leads half the time.
      product *= other.error > 0 ? normalCdf(gap / other.error) : gap > 0 ? 1 : gap < 0 ? 0 : 0.5;
      if (product === 0) return 0;
    }
    return product;
  };
  if (!(error > 0)) return ahead(mean);
  return (
    grid.reduce((sum, { z, weight }) => sum + weight * ahead(mean + z * error), 0) * ((2 * reach) / steps)
  );
}

interface Bounds {
  value: number;
  low: number;
  high: number;
}

/** The same for all prompts, with percentile bounds from resamples of the prompts. */
export function pickInterval(
  models: readonly ModelRuns[],
  k: number,
  { level, seed }: { level: number; seed: number },
): { wrong: Bounds; loss: Bounds } {
  const { length } = models[0].means;
  const generator = random(seed);
  const draws = Array.from({ length: resamples }, () => {
    const weights = new Float64Array(length);
    for (let at = 0; at < length; at++) weights[generator.integer(length)]++;
    return pickedBy(models, k, weights);
  });
  const whole = pickedBy(models, k);
  const bounds = (of: "wrong" | "loss"): Bounds => {
    const sorted = draws.map((draw) => draw[of]).sort((a, b) => a - b);
    const outside = Math.floor(((1 - level) / 2) * resamples);
    const value = whole[of];
    return {
      value,
      low: Math.min(value, sorted[outside]),
      high: Math.max(value, sorted[resamples - 1 - outside]),
    };
  };
  return { wrong: bounds("wrong"), loss: bounds("loss") };
}
