import { type Claim, claim, isSettled } from "../../stats/claim";
import { defined } from "../../stats/defined";
import { type Estimate, noted } from "../../stats/estimate";
import { permutationP } from "../../stats/permutationP";
import { type RankCorrelation, rankCorrelations } from "../../stats/rankCorrelation";
import { rankCorrelationOverModels } from "../../stats/rankCorrelationOverModels";
import { isSame, type Reservation, reserve } from "../../stats/reservation";
import { smallestCorrelation } from "../../stats/smallestCorrelation";
import { tiers } from "../../stats/tiers";
import { LEAST_MODELS } from "../../stats/trueValueDraws";
import { weightedTau } from "../../stats/weightedTau";
import { heard } from "./agreementHeard";
import { type Followed, followed } from "./agreementRegret";
import type { KnownErrors, Pair } from "./agreementSides";

/** How to judge a pair. */
export interface PairOptions {
  /** The correlation that counts as agreement. Default 0.5. */
  margin?: number;
  /** Confidence of the intervals. Default 0.95. */
  level?: number;
  /** Random seed. Default 1. */
  seed?: number;
  /** Joint draws of the true values. Default 1,999; Kendall's tau uses half of them, the weighted tau a quarter. */
  resamples?: number;
}

export type Verdict = "agrees" | "disagrees" | "cannot tell";

/** What a benchmark's order says about a metric. */
export interface Agreement {
  /** Models that have both. */
  models: number;
  spearman: Estimate;
  kendall: Estimate;
  /**
   * Kendall's tau weighted towards the models at the top of either side; without an interval if no errors are known.
   */
  weighted_tau: Estimate;
  /** What to expect of new models; from 10 models on. */
  spearman_new_models?: Estimate;
  /** Exact permutation p-value of Spearman's correlation, two-sided. */
  p_value: number;
  /** The same, adjusted for the whole table (Holm); NaN if no order of so few models could show a correlation. */
  p_holm: number;
  verdict: Verdict;
  /** That the order agrees, or that it does not, and how far that stands. */
  claim: Claim;
  /** The side that cannot rank these models: no two of them differ significantly on it. */
  unranked?: "benchmark" | "production";
  /** The model that the benchmark ranks first among those compared. */
  first?: string;
  /** The probability that it is the best in production. */
  p_first_is_best?: number;
  /** What choosing the benchmark's first model costs compared with the best one, in the metric's unit. */
  regret?: Estimate;
  /** The same compared with a model picked at random: negative if following the benchmark is better. */
  regret_random?: Estimate;
  /** What the comparison knows of itself beside its correlation, as data, and the same for the reader. */
  reservations?: readonly Reservation[];
  note?: string;
}

/** The results that every pair has, whether or not the benchmark's first model can be chosen. */
type Judged = Pick<
  Agreement,
  | "models"
  | "spearman"
  | "kendall"
  | "weighted_tau"
  | "p_value"
  | "p_holm"
  | "verdict"
  | "claim"
  | "unranked"
  | "reservations"
  | "note"
>;

const NEW_MODELS = 10;

/** Fewer draws where one takes longer. */
const drawsOfEach = (resamples: number) => ({
  spearman: resamples,
  kendall: Math.ceil(resamples / 2),
  weighted: Math.ceil(resamples / 4),
});

/** Correlations, p-value, verdict and regret of one pair. */
export function agreementOf(pair: Pair, options: PairOptions = {}): Agreement {
  const { margin = 0.5, level = 0.95, seed = 1, resamples = 1_999 } = options;
  const { models, benchmark, production } = pair;
  const count = models.length;
  const following: Followed = followed(pair, { level, seed, resamples });
  const lost = pair.first !== undefined && !models.includes(pair.first);
  const notes = lost ? [reserve("left-out.first", { model: String(pair.first) })] : [];
  if (count < LEAST_MODELS) {
    const few = {
      what: "a rank correlation",
      needed: LEAST_MODELS,
      counted: "models that have both",
      has: count,
    };
    notes.unshift(reserve("few.needed", few));
    return { ...nothing(count, level, notes), ...following };
  }
  const errors = pair.benchmarkError;
  if (isFlat(benchmark, pair.benchmarkRuns ?? { errors }, level, seed)) {
    notes.unshift(reserve("none.rank"));
    return { ...nothing(count, level, notes), unranked: "benchmark", ...following };
  }
  // If production has no order, there is nothing to agree or disagree with.
  const unranked = isFlat(production, pair.productionRuns ?? { errors: pair.productionError }, level, seed);
  if (unranked) notes.push(reserve("method.unranked"));
  const isMeasured = errors !== undefined || pair.productionError !== undefined;
  const correlations = isMeasured
    ? rankCorrelations(
        {
          benchmark,
          production,
          productionError: pair.productionError ?? new Float64Array(count),
          benchmarkError: errors,
        },
        drawsOfEach(resamples),
        { level, seed },
      )
    : {
        spearman: rankCorrelationOverModels(benchmark, production, { level }),
        kendall: rankCorrelationOverModels(benchmark, production, { kind: "kendall", level }),
        weighted: {
          ...noEstimate(count, level, reserve("none.tau")),
          value: weightedTau(benchmark, production),
        },
      };
  const { kendall, weighted } = correlations;
  const spearman = heard(correlations.spearman, pair);
  const p_value = permutationP(benchmark, production, { seed });
  const least = smallestCorrelation(count, { level });
  if (Number.isNaN(spearman.value)) notes.push(reserve("none.order"));
  else if (Number.isNaN(least)) notes.push(reserve("few.models", { models: count }));
  else if (p_value > 1 - level)
    notes.push(reserve("few.correlation", { models: count, least: least.toFixed(2) }));
  const weak = [
    ["metric", (spearman as RankCorrelation).reliability],
    ["benchmark", (spearman as RankCorrelation).benchmarkReliability],
  ].filter(([, reliability]) => (reliability as number) < 0.5);
  for (const [side] of weak) notes.push(reserve("method.half-noise", { side: side as string }));
  return defined({
    models: count,
    spearman: plain(spearman),
    kendall: plain(kendall),
    weighted_tau: plain(weighted),
    ...(count >= NEW_MODELS
      ? { spearman_new_models: plain(rankCorrelationOverModels(benchmark, production, { level })) }
      : {}),
    p_value,
    p_holm: Number.isNaN(least) ? Number.NaN : p_value,
    ...judgedBy(spearman, margin, unranked),
    ...(unranked ? { unranked: "production" } : {}),
    ...following,
    ...noted(besides(notes, spearman)),
  });
}

/** What is not said of the correlation already. */
function besides(notes: readonly Reservation[], correlation: Estimate): Reservation[] {
  const told = correlation.reservations ?? [];
  return notes.filter((one) => !told.some((other) => isSame(one, other)));
}

/** Whether the whole interval is at or above the margin, or below it. */
function judgedBy(spearman: Estimate, margin: number, unranked: boolean): Pick<Judged, "verdict" | "claim"> {
  const agrees = claim(
    "agreement.agrees",
    "agrees",
    [{ estimate: spearman, end: "low", holds: (x) => x >= margin }],
    { contradicted: unranked },
  );
  const disagrees = claim(
    "agreement.disagrees",
    "agrees",
    [{ estimate: spearman, end: "high", holds: (x) => x < margin }],
    { contradicted: unranked },
  );
  if (isSettled(agrees)) return { verdict: "agrees", claim: agrees };
  return isSettled(disagrees)
    ? { verdict: "disagrees", claim: disagrees }
    : { verdict: "cannot tell", claim: agrees };
}

/** A cache: the same benchmark is compared with many metrics, and the same metric with many benchmarks. */
const answers = new Map<string, boolean>();
const mostAnswers = 1000;

/** True if no two values on one side differ significantly; false if no errors are known. */
function isFlat(
  scores: readonly number[],
  { errors, runs }: { [K in keyof KnownErrors]: KnownErrors[K] | undefined },
  level: number,
  seed: number,
): boolean {
  if (errors === undefined) return false;
  const key = JSON.stringify([scores, errors, runs, level, seed]);
  let answer = answers.get(key);
  if (answer === undefined) {
    answer = tiers({ scores, errors, runs }, { level, seed }).tiers === 1;
    if (answers.size >= mostAnswers) answers.clear();
    answers.set(key, answer);
  }
  return answer;
}

/**
 * The estimate without the details that only a closer look at one pair needs; without unit, so that it isn't shown in
 * per cent.
 */
function plain(correlation: Estimate | RankCorrelation): Estimate {
  const {
    corrected: _,
    reliability: __,
    benchmarkReliability: ___,
    ...estimate
  } = correlation as RankCorrelation;
  return { ...estimate, unit: "" };
}

function noEstimate(count: number, level: number, why: Reservation): Estimate {
  const none = { value: Number.NaN, low: Number.NaN, high: Number.NaN, level, method: "none" };
  return { ...none, n: count, clusters: count, clusterBy: "model", unit: "", ...noted([why]) };
}

function nothing(count: number, level: number, notes: readonly Reservation[]): Judged {
  const estimate = noEstimate(count, level, notes[0]);
  return {
    models: count,
    spearman: estimate,
    kendall: estimate,
    weighted_tau: estimate,
    p_value: Number.NaN,
    p_holm: Number.NaN,
    verdict: "cannot tell",
    claim: { id: "agreement.agrees", kind: "agrees", status: "not to be decided" },
    ...noted(notes.slice(1)),
  };
}
