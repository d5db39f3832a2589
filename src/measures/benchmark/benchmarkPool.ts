import { pooledVariance } from "../../stats/runSpread";
import type { ScoredModels } from "../../stats/separation";
import { groupedBy } from "../rowKey";

/** One published score of a model. */
export interface Run {
  model: string;
  score: number;
  /** Its standard error, in its unit; NaN if unknown. */
  error: number;
  /** The number of items behind it; NaN if unknown. */
  items: number;
}

/** A model's pooled score. */
export interface PooledScore extends Run {
  /** The number of scores behind it: runs, harnesses, prompt formats. */
  runs: number;
  /**
   * If some model has several runs that differ: the variance of this model's own from run to run, NaN with one run, and the
   * part of its error that its runs share.
   */
  between?: { variance: number; shared: number };
}

/**
 * Pools scores to one per model, the mean of its runs. The error combines sampling error over items, which runs over
 * the same items share, and the variance from run to run (prompt format, parsing, sampling). The latter is pooled over
 * all models with several runs and used for those with one run as well.
 */
export function pooledScores(runs: readonly Run[]): PooledScore[] {
  const known = runs.filter(({ score }) => !Number.isNaN(score));
  const byModel = groupedBy(known, ({ model }) => model);
  const means = new Map([...byModel].map(([model, own]) => [model, mean(own.map(({ score }) => score))]));
  const variances = new Map(
    [...byModel].map(([model, own]) => {
      const squares = own.reduce((sum, { score }) => sum + (score - means.get(model)!) ** 2, 0);
      return [model, squares / (own.length - 1)];
    }),
  );
  const counts = [...byModel.values()].map((own) => own.length);
  const between = pooledVariance({ variances: [...variances.values()], counts });
  return [...byModel].map(([model, own]) => {
    const known = own.map(({ error }) => error).filter((error) => !Number.isNaN(error));
    const items = own.map((run) => run.items).filter((count) => !Number.isNaN(count));
    const shared = known.length > 0 ? mean(known.map((error) => error ** 2)) : 0;
    const isKnown = known.length > 0 || between > 0;
    return {
      model,
      score: means.get(model)!,
      error: isKnown ? Math.sqrt(shared + (between > 0 ? between / own.length : 0)) : Number.NaN,
      ...(between > 0 ? { between: { variance: variances.get(model)!, shared: Math.sqrt(shared) } } : {}),
      items: items.length > 0 ? Math.min(...items) : Number.NaN,
      runs: own.length,
    };
  });
}

/** The errors of scores: what the runs of each share, and how scores vary from run to run if some have several. */
export function errorsOf(models: readonly PooledScore[]): Pick<ScoredModels, "errors" | "runs"> {
  const errors = models.map(({ error, between }) => between?.shared ?? error);
  const variances = models.map(({ between }) => between?.variance ?? Number.NaN);
  // Where the models that ran several times are left out, their error from run to run is all that is known.
  if (!variances.some((one) => one > 0)) return { errors: models.map(({ error }) => error) };
  return { errors, runs: { variances, counts: models.map(({ runs }) => runs) } };
}

/** The maximum of scores that are shares: 1, or 100 for per cent; undefined if they aren't shares. */
export function shareOf(scores: readonly number[]): 1 | 100 | undefined {
  const known = scores.filter((score) => !Number.isNaN(score));
  if (known.length === 0 || known.some((score) => score < 0 || score > 100)) return undefined;
  return known.every((score) => score <= 1) ? 1 : 100;
}

/** Standard error of a share over this many items; one success and one failure are added, so that it is never zero. */
export function shareError(score: number, items: number, of: 1 | 100): number {
  if (!(items >= 1)) return Number.NaN;
  const smoothed = ((score / of) * items + 1) / (items + 2);
  return of * Math.sqrt((smoothed * (1 - smoothed)) / items);
}

function mean(values: readonly number[]): number {
  // Relative to the first, so that the mean of equal scores is exactly that score.
  return values[0] + values.reduce((sum, value) => sum + (value - values[0]) / values.length, 0);
}
