import { checkChoice, checkCount, checkLevel } from "./checks";
import { fewerThan } from "./clusterError";
import { drawnKendall, drawnSpearman } from "./drawnRanks";
import { type Estimate, noEnds, withNotes } from "./estimate";
import { kendall } from "./kendall";
import { midranks } from "./midranks";
import { type CompleteModels, completeModels, type NoisyModels } from "./noisyModels";
import { reserve } from "./reservation";
import { possibleOrders } from "./risingOrder";
import { spearman } from "./spearman";
import { percent } from "./text";
import { forEachDraw, LEAST_MODELS } from "./trueValueDraws";
import { weightedTau } from "./weightedTau";

export interface RankCorrelationOptions {
  /** "spearman" (default), "kendall" (tau-b), or "weighted" (tau in which the models at the top count most). */
  kind?: "spearman" | "kendall" | "weighted";
  /** Confidence of the interval (default 0.95). */
  level?: number;
  /** Joint draws of the true values (default 9,999). */
  resamples?: number;
  /** Seed of the draws (default 1). */
  seed?: number;
}

export interface RankCorrelation extends Estimate {
  /** Median over the draws: the likely correlation without measurement noise. */
  corrected: number;
  /** Share of the production values' variance across models that is not measurement noise, from 0 to 1. */
  reliability: number;
  /** The same for the benchmark's scores; 1 if they are taken as exact. */
  benchmarkReliability: number;
}

/** Each kind, for one pair of sides and for many draws of the same number of models. */
const kinds = {
  spearman: { once: spearman, drawn: drawnSpearman },
  kendall: { once: kendall, drawn: drawnKendall },
  weighted: { once: weightedTau, drawn: () => weightedTau },
};

/** Below this reliability noise makes up most of a side's spread. */
const HALF = 0.5;
/** The fewest models that can tell a curve from a line; where noise makes up most of the spread, none can. */
const LEAST_CURVED = 6;

/**
 * How well a benchmark's order of these models holds in production: the rank correlation of the measured
 * values, with an interval for the rank correlation of the true values behind them.
 *
 * In: one benchmark score and one production value per model, with standard errors; the models are fixed, only the
 * measurements are uncertain. n and clusters count the models measured on both sides. The interval holds the
 * middle `level` of the correlations of joint draws of the true values (`trueValueDraws`): redrawing each value
 * around its own estimate would weaken the correlation and miss. From 6 models on, unless most of production's spread
 * is noise, the interval also holds the orders that a curved relation may have (`possibleOrders`). Noise weakens the measured value too; if it lies
 * outside the draws, the interval is extended to include it, and `corrected` says what to expect. Fewer than 4
 * models, or a constant side: no interval (NaN), and the note says why. Ties share their mean rank.
 *
 * @remarks Method: "bootstrap-posterior", a posterior bootstrap of a random-effects regression.
 * @throws RangeError if lengths differ, an error is negative or an option is out of range.
 * @example
 * rankCorrelation({ benchmark: [70, 75, 80, 85], production: [0.6, 0.7, 0.65, 0.8], productionError: [0.01, 0.01, 0.01, 0.01] }).value // 0.8
 */
export function rankCorrelation(input: NoisyModels, options: RankCorrelationOptions = {}): RankCorrelation {
  const { kind = "spearman", level = 0.95, resamples = 9_999, seed = 1 } = options;
  checkChoice("rankCorrelation", "kind", kind, Object.keys(kinds));
  checkLevel("rankCorrelation", level);
  checkCount("rankCorrelation", "resamples", resamples, 1);
  const draws = { [kind]: resamples } as Record<Kind, number>;
  return rankCorrelations(input, draws, { level, seed })[kind];
}

type Kind = keyof typeof kinds;

/**
 * Correlations of several kinds from one set of draws: each is what `rankCorrelation` gives for as many draws.
 *
 * @param resamples draws of each kind
 */
export function rankCorrelations<K extends Kind>(
  input: NoisyModels,
  resamples: Record<K, number>,
  { level, seed }: { level: number; seed: number },
): Record<K, RankCorrelation> {
  const models = completeModels("rankCorrelation", input);
  const { benchmark } = models;
  // From the values as given: centring and scaling may round two neighbours to a tie.
  const own = models.kept.map((i) => input.benchmark[i]);
  const values = models.kept.map((i) => input.production[i]);
  const asked = (Object.keys(resamples) as K[]).map((kind) => ({
    kind,
    observed: kinds[kind].once(own, values),
    correlation: kinds[kind].drawn(models.models),
    draws: new Float64Array(resamples[kind]),
  }));
  const drawn = models.models >= LEAST_MODELS ? asked.filter(({ observed }) => !Number.isNaN(observed)) : [];
  const most = Math.max(0, ...drawn.map(({ draws }) => draws.length));
  const ranks = benchmark.noisy ? undefined : midranks(own);
  if (most > 0)
    forEachDraw(models, most, seed, "flat", (b, y, draw) => {
      for (const { draws, correlation } of drawn)
        if (draw < draws.length) draws[draw] = correlation(ranks ?? b, y);
    });
  const curved = drawn.length > 0 && mayBeCurved(models);
  const orders = curved
    ? possibleOrders(benchmark, models.production, { tail: (1 - level) / 2, seed })
    : undefined;
  const results = asked.map(({ kind, observed, draws }) => {
    const once = kinds[kind].once;
    const extremes = orders && { low: once(own, orders.falling), high: once(own, orders.rising) };
    return [kind, resultOf(models, observed, draws, extremes, level)];
  });
  return Object.fromEntries(results) as Record<K, RankCorrelation>;
}

function mayBeCurved({ models, production }: CompleteModels): boolean {
  return production.noisy && models >= LEAST_CURVED && production.reliability >= HALF;
}

/** The interval from the draws of one kind, held to the extremes that a curved relation allows. */
function resultOf(
  models: CompleteModels,
  observed: number,
  draws: Float64Array,
  extremes: { low: number; high: number } | undefined,
  level: number,
): RankCorrelation {
  const { benchmark, production } = models;
  const resamples = draws.length;
  const notes = [...models.leftOut];
  const result: RankCorrelation = {
    value: observed,
    ...noEnds,
    level,
    method: "bootstrap-posterior",
    n: models.models,
    clusters: models.models,
    clusterBy: "model",
    resamples,
    unit: "1",
    corrected: Number.NaN,
    reliability: production.reliability,
    benchmarkReliability: benchmark.noisy ? benchmark.reliability : 1,
  };
  if (models.models < LEAST_MODELS) {
    notes.push(fewerThan(LEAST_MODELS, "models measured on both sides", models.models));
  } else if (Number.isNaN(observed)) {
    notes.push(reserve("none.order"));
  } else {
    draws.sort();
    // The draws are discrete: the ends are the outermost values with more than half of 1 - level beyond.
    const outside = Math.floor(((1 - level) / 2) * resamples);
    const low = draws[outside];
    const high = draws[resamples - 1 - outside];
    result.corrected = draws[resamples >> 1];
    result.low = Math.min(low, observed, extremes?.low ?? low);
    result.high = Math.max(high, observed, extremes?.high ?? high);
    if (observed < low || observed > high)
      notes.push(
        reserve("method.noise", {
          value: result.corrected.toFixed(2),
          low: low.toFixed(2),
          high: high.toFixed(2),
        }),
      );
    if (!benchmark.noisy && !production.noisy) notes.push(reserve("method.exact"));
    if (production.reliability < HALF) notes.push(noisy(production, "in production"));
    if (benchmark.noisy && benchmark.reliability < HALF) notes.push(noisy(benchmark, "of the benchmark"));
  }
  return withNotes(result, notes);
}

const noisy = ({ reliability }: { reliability: number }, where: string) =>
  reserve("method.noisy", { share: percent(1 - reliability), where });
