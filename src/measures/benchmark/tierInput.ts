import type { ScoredModels } from "../../stats/separation";
import { errorsOf, type PooledScore, pooledScores, shareOf } from "./benchmarkPool";

/** One score of a model and its uncertainty: draws, bounds, a standard error or the number of items behind it. */
export interface TierScore {
  model: string;
  score: number;
  error?: number;
  low?: number;
  high?: number;
  items?: number;
  draws?: readonly number[];
}

/** Why there are no tiers without a standard error, and what gives one. */
export const NO_TIERS =
  "No standard errors are known, so tiers cannot be computed: give a standard error, bounds, the number of items, or several runs.";

/** One score per model, how sure each is, and how that is known. */
export interface Uncertain {
  models: (PooledScore & { draws?: number[] })[];
  input: ScoredModels;
  how: string;
  notes: string[];
}

/** One score per model, and the kind of uncertainty that is available. */
export function uncertain(given: readonly TierScore[]): Uncertain {
  const scores = given.filter(({ score }) => !Number.isNaN(score));
  const notes =
    scores.length < given.length
      ? [
          given.length - scores.length === 1
            ? "One model has no score and is left out."
            : `${given.length - scores.length} models have no score and are left out.`,
        ]
      : [];
  const runs = scores.map(({ model, score, error = Number.NaN, items = Number.NaN }) => ({
    model,
    score,
    error,
    items,
  }));
  const models: Uncertain["models"] = pooledScores(runs);
  const values = models.map(({ score }) => score);
  if (scores.some(({ draws }) => draws !== undefined && draws.length > 0)) {
    const draws = models.map(({ model }) =>
      scores.flatMap((one) => (one.model === model ? [...(one.draws ?? [])] : [])),
    );
    models.forEach((one, at) => {
      one.draws = draws[at];
      one.runs = 1;
    });
    return { models, input: { scores: values, draws }, how: "bootstrap-percentile", notes };
  }
  if (
    models.every(({ runs }) => runs === 1) &&
    scores.some(({ low, high }) => low !== undefined && high !== undefined)
  ) {
    const end = (side: "low" | "high") =>
      models.map(({ model }) => scores.find((one) => one.model === model)![side] ?? Number.NaN);
    return { models, input: { scores: values, low: end("low"), high: end("high") }, how: "given", notes };
  }
  return fromPooled(models, notes);
}

/** What the errors, the runs or the items of pooled scores say. */
export function fromPooled(models: Uncertain["models"], before: readonly string[]): Uncertain {
  const values = models.map(({ score }) => score);
  const several = models.filter(({ runs }) => runs > 1).length;
  const notes = [...before];
  if (several > 0)
    notes.push(
      `${several === 1 ? "1 model has" : `${several} models have`} several scores: each counts as the mean of its scores, and how they vary from run to run is in the error of all models.`,
    );
  if (models.some(({ error }) => !Number.isNaN(error)))
    return {
      models,
      input: { scores: values, ...errorsOf(models) },
      how: "standard-error",
      notes,
    };
  const of = shareOf(values);
  if (of !== undefined && models.every(({ items }) => items >= 1)) {
    const items = models.map((one) => one.items);
    return { models, input: { scores: values.map((value) => value / of), items }, how: "wilson", notes };
  }
  notes.push(NO_TIERS);
  return { models, input: { scores: values, errors: values.map(() => Number.NaN) }, how: "none", notes };
}
