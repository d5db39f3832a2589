import type { Estimate } from "../../stats/estimate";
import { normalQuantile } from "../../stats/normal";
import type { ScoredModels } from "../../stats/separation";
import { matchNames, meaningOf } from "../benchmark/benchmarkNames";
import { errorsOf, type PooledScore } from "../benchmark/benchmarkPool";
import type { Benchmark } from "../benchmark/benchmarkScores";
import type { Metric } from "../metricKinds";

/** What is known of the errors of one side's values. */
export type KnownErrors = Pick<ScoredModels, "errors" | "runs">;

/** A benchmark and a metric over the same models, both oriented so that higher is better. */
export interface Pair {
  models: readonly string[];
  /**
   * The model that the benchmark ranks first, even if it is left out of `models`. Default: the top scorer in `models`.
   */
  first?: string;
  benchmark: readonly number[];
  /** Standard errors of the benchmark's scores; absent if none is known. */
  benchmarkError?: readonly number[];
  production: readonly number[];
  /** Standard errors of the metric; absent if none is known. */
  productionError?: readonly number[];
  /** The estimates behind the metric's values; absent if they are only numbers. */
  estimates?: readonly Estimate[];
  /** Where some models ran several times: the errors with what varies from run to run apart, for ranks. */
  benchmarkRuns?: KnownErrors;
  productionRuns?: KnownErrors;
  /** Whether the metric's values are logarithms. Default false. */
  log?: boolean;
  /** Turns an oriented value back into the metric's own. */
  own: (value: number) => number;
  /** Whether a lower value of the metric is better, in its own unit. */
  lowerIsBetter: boolean;
  unit: string;
}

/** One model's measured value of a metric. */
export interface Measured {
  model: string;
  /** The model name that benchmarks use, if a candidate is more than a model. Default: `model`. */
  scoredAs?: string;
  estimate: Estimate;
}

/** A pair, and the models that are not in it or need a note, by reason. */
export interface Sides {
  pair: Pair;
  /** Models in production without a score on the benchmark. */
  unscored: string[];
  /** Models in production that are matched with another release's score, with its name. */
  otherRelease: string[];
  /** Models whose metric isn't known well enough. */
  unmeasured: string[];
}

/** Pairs a benchmark and a metric over the models that have both, oriented so that higher is better. */
export function sidesOf(benchmark: Benchmark, metric: Metric, measured: readonly Measured[]): Sides {
  const scored = matchNames(
    measured.map(({ model, scoredAs = model }) => scoredAs),
    benchmark.scores.map(({ model }) => model),
    { anyRelease: true },
  );
  const known = measured.filter(({ estimate }) => isBounded(estimate));
  const log = isRatioScale(metric.unit) && known.every(({ estimate }) => estimate.low > 0);
  const sign = metric.better === "lower" ? -1 : 1;
  const scoreSign = benchmark.higherIsBetter ? 1 : -1;
  const errors = benchmark.scores.map(({ error }) => error).filter((error) => !Number.isNaN(error));
  // A score without an error, among scores with one, gets the largest known error.
  const unknown = errors.reduce((most, error) => Math.max(most, error), 0);
  const scale = (value: number) => sign * (log ? Math.log(value) : value);
  const sides: Sides = {
    pair: {
      models: [],
      benchmark: [],
      ...(errors.length > 0 ? { benchmarkError: [] } : {}),
      production: [],
      productionError: [],
      estimates: [],
      log,
      own: (value) => (log ? Math.exp(sign * value) : sign * value),
      lowerIsBetter: sign < 0,
      unit: known[0]?.estimate.unit ?? metric.unit,
    },
    unscored: [],
    otherRelease: [],
    unmeasured: [],
  };
  let top = -Infinity;
  const pooled: PooledScore[] = [];
  const pair = sides.pair as {
    [K in keyof Pair]: Pair[K] extends readonly (infer T)[] | undefined ? T[] : Pair[K];
  };
  for (const [at, { model, scoredAs = model, estimate }] of measured.entries()) {
    const score = benchmark.scores.find((one) => one.model === scored[at]);
    const height = score === undefined ? -Infinity : scoreSign * score.score;
    // Ties at the top go to the first by name, whatever the order of the rows.
    if (height > top || (height === top && pair.first !== undefined && model < pair.first)) {
      top = height;
      pair.first = model;
    }
    if (score === undefined || !isBounded(estimate)) {
      (score === undefined ? sides.unscored : sides.unmeasured).push(model);
      continue;
    }
    const reach = 2 * normalQuantile((1 + estimate.level) / 2);
    if (meaningOf(scoredAs) !== meaningOf(score.model))
      sides.otherRelease.push(`${model} with ${score.model}`);
    pair.models.push(model);
    pooled.push(score);
    pair.benchmark.push(height);
    pair.benchmarkError?.push(Number.isNaN(score.error) ? unknown : score.error);
    pair.estimates?.push(estimate);
    pair.production.push(scale(estimate.value));
    pair.productionError?.push(Math.abs(scale(estimate.high) - scale(estimate.low)) / reach);
  }
  const runs = errorsOf(pooled);
  if (runs.runs !== undefined) sides.pair.benchmarkRuns = runs;
  return sides;
}

/** True for waits, money and speeds, which differ by factors: their errors are on the log scale. */
export function isRatioScale(unit: string): boolean {
  return /^(s|USD.*|tokens.*|calls.*)$/.test(unit);
}

function isBounded({ value, low, high }: Estimate): boolean {
  return [value, low, high].every(Number.isFinite);
}
