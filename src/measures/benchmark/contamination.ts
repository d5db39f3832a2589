import { checkLevel } from "../../stats/checks";
import { type Claim, claim, isSettled } from "../../stats/claim";
import { fewerThan } from "../../stats/clusterError";
import { type Estimate, noted, withNotes } from "../../stats/estimate";
import { holm } from "../../stats/multiplicity";
import { normalQuantile } from "../../stats/normal";
import { reserve } from "../../stats/reservation";
import { studentTCdf, studentTQuantile } from "../../stats/studentT";
import type { Keyed, Table } from "../table";
import { listed } from "./benchmarkTable";

/**
 * A model's score on a public benchmark and on one that it cannot have seen, both oriented so that higher is better.
 */
export interface PublicPrivate {
  model: string;
  public: number;
  private: number;
  /** Standard errors, in the unit of the scores; absent if unknown. */
  publicError?: number;
  privateError?: number;
}

/** What a model's two scores show. */
export type ContaminationRow = Keyed<{
  model: string;
  public: number;
  private: number;
  /** Public minus private. */
  gap: Estimate;
  /** The gap minus the mean gap of the other models, with an interval that allows for their spread and the errors. */
  excess: Estimate;
  /** Two-sided p-value: how often a gap like those of the others would lie this far from them. */
  p_value: number;
  /** The same, adjusted for all models (Holm). */
  p_holm: number;
  /** Whether the public score is higher than the others' gaps explain, as far as `claim` says. */
  stands_out: boolean;
  /** That it is, in points and as odds: below a ceiling equal odds are unequal points. */
  claim: Claim;
}>;

/** A table of gaps. */
export interface ContaminationTable extends Table<ContaminationRow> {
  /** The mean gap over the models: how much harder the private benchmark is. */
  gap: Estimate;
  /** The models that stand out, be it if the scale has no ceiling. */
  suspects: string[];
}

/** How to judge gaps. */
export interface ContaminationOptions {
  /** Confidence of the intervals, and of all models that stand out at once. Default 0.95. */
  level?: number;
  /**
   * The highest possible score, if scores are shares of it: then the gap must stand out as odds as well. Default: unknown,
   * and what stands out does so if the scale has no ceiling.
   */
  ceiling?: number;
}

/** A model is compared with at least this many others. */
const LEAST_OTHERS = 3;

/**
 * Which models do better on a public benchmark than on a private or fresh one, by more than the others do.
 *
 * A gap that all models share only shows that one benchmark is harder. A model stands out if its gap is larger than the
 * others' gaps, their spread and the errors of its scores make likely, adjusted for all models. Near the highest possible
 * score gaps shrink for every model, so that one of middling scores seems to stand out: of shares, the gap must stand out
 * as log odds too. n counts models; those without both scores are left out and named. With fewer than 4 models only gaps are given. Several that stand out
 * widen the spread that each is judged by, and may hide one another.
 *
 * @remarks Method: "prediction-interval" of one more gap, as in Higgins, Thompson & Spiegelhalter 2009,
 * https://doi.org/10.1111/j.1467-985X.2008.00552.x, each model left out of the others in turn; Holm over the models.
 * @throws RangeError for an invalid level
 * @example
 * contaminationOf([0, 1, 2, 3, 30].map((gap, at) => ({ model: "abcde"[at], public: 50 + gap, private: 50 }))).suspects // [ "e" ]
 */
export function contaminationOf(
  models: readonly PublicPrivate[],
  options: ContaminationOptions = {},
): ContaminationTable {
  const { level = 0.95, ceiling } = options;
  checkLevel("contamination", level);
  const known = models.filter((one) => Number.isFinite(one.public) && Number.isFinite(one.private));
  const gaps = known.map((one) => one.public - one.private);
  const errors = known.map(({ publicError = Number.NaN, privateError = Number.NaN }) =>
    Math.hypot(publicError, privateError),
  );
  // An unknown error still shows up in the spread of the gaps.
  const squares = errors.map((error) => (Number.isNaN(error) ? 0 : error * error));
  const judged = known.map((_, at) => excessOf(gaps, squares, at, level));
  const p_holm = holm(judged.map(({ p }) => p));
  const asOdds = ceiling === undefined ? undefined : oddsExcess(known, ceiling, level);
  const rows = known.map((one, at): ContaminationRow => {
    const isFar = judged[at].excess.value > 0 && p_holm[at] <= 1 - level;
    const standing = standsOut([judged[at].excess, ...(asOdds === undefined ? [] : [asOdds[at]])], isFar);
    const reach = normalQuantile((1 + level) / 2) * errors[at];
    const unknown = Number.isNaN(errors[at]);
    return {
      model: one.model,
      public: one.public,
      private: one.private,
      gap: {
        ...estimateOf(gaps[at], reach, level, unknown ? "none" : "normal", known.length),
        ...noted(unknown ? [reserve("none.error")] : []),
      },
      excess: judged[at].excess,
      p_value: judged[at].p,
      p_holm: p_holm[at],
      stands_out: isSettled(standing) || standing.status === "leads if",
      claim: standing,
    };
  });
  rows.sort((a, b) => b.gap.value - a.gap.value || (a.model < b.model ? -1 : 1));
  const out = rows.filter(({ stands_out }) => stands_out);
  const suspects = out.map(({ model }) => model);
  return {
    measure: "contamination",
    by: ["model"],
    gap: meanGap(gaps, level),
    suspects,
    rows,
    notes: notesOf(models, known, out),
  };
}

/** That a gap is larger than those of the others, in each way in which it is measured. */
const standsOut = (excesses: readonly Estimate[], shown: boolean): Claim =>
  claim(
    "contamination.stands-out",
    "differs",
    excesses.map((estimate) => ({ estimate, end: "low", holds: (x) => x > 0 })),
    { shown, needs: excesses.length > 1 ? [] : ["no-ceiling"] },
  );

/** The excess of each gap of log odds, at the scores' errors on that scale. */
function oddsExcess(models: readonly PublicPrivate[], ceiling: number, level: number): Estimate[] {
  const share = (score: number) => Math.min(0.995, Math.max(0.005, Math.abs(score) / ceiling));
  // The sign of a score that is turned round since lower is better, also of 0.
  const logit = (score: number) => Math.sign(1 / score) * Math.log(share(score) / (1 - share(score)));
  const error = (score: number, of = Number.NaN) => of / ceiling / (share(score) * (1 - share(score)));
  const gaps = models.map((one) => logit(one.public) - logit(one.private));
  const squares = models.map((one) => {
    const both = error(one.public, one.publicError) ** 2 + error(one.private, one.privateError) ** 2;
    return Number.isNaN(both) ? 0 : both;
  });
  return models.map((_, at) => excessOf(gaps, squares, at, level).excess);
}

function excessOf(gaps: readonly number[], squares: readonly number[], at: number, level: number) {
  const others = gaps.filter((_, other) => other !== at);
  const count = others.length;
  const mean = others.reduce((sum, gap) => sum + gap / count, 0);
  if (count < LEAST_OTHERS) {
    const few = fewerThan(LEAST_OTHERS + 1, "models with both scores", gaps.length);
    const excess = estimateOf(gaps[at] - mean, Number.NaN, level, "none", count);
    return { excess: withNotes(excess, [few]), p: Number.NaN };
  }
  const variance = others.reduce((sum, gap) => sum + (gap - mean) ** 2 / (count - 1), 0);
  const noise = squares.reduce((sum, square, other) => (other === at ? sum : sum + square / count), 0);
  const between = Math.max(0, variance - noise);
  const error = Math.sqrt(between + squares[at] + Math.max(variance, noise) / count);
  const excess = gaps[at] - mean;
  const t = error > 0 ? Math.abs(excess) / error : excess === 0 ? 0 : Infinity;
  const reach = studentTQuantile((1 + level) / 2, count - 1) * error;
  return {
    excess: estimateOf(excess, reach, level, "prediction-interval", count),
    p: t === Infinity ? 0 : 2 * (1 - studentTCdf(t, count - 1)),
  };
}

function meanGap(gaps: readonly number[], level: number): Estimate {
  const count = gaps.length;
  const mean = count === 0 ? Number.NaN : gaps.reduce((sum, gap) => sum + gap / count, 0);
  if (count < 2)
    return withNotes(estimateOf(mean, Number.NaN, level, "none", count), [fewerThan(2, "models", count)]);
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2 / (count - 1), 0));
  const reach = (studentTQuantile((1 + level) / 2, count - 1) * deviation) / Math.sqrt(count);
  return estimateOf(mean, reach, level, "t", count);
}

function estimateOf(value: number, reach: number, level: number, method: string, n: number): Estimate {
  return {
    value,
    low: value - reach,
    high: value + reach,
    level,
    method,
    n,
    clusters: n,
    clusterBy: "model",
    unit: "",
  };
}

function notesOf(
  models: readonly PublicPrivate[],
  known: readonly PublicPrivate[],
  suspects: readonly ContaminationRow[],
): string[] {
  const left = models.filter((one) => !known.includes(one)).map(({ model }) => model);
  const few = known.length <= LEAST_OTHERS;
  return [
    suspects.length > 0
      ? `${suspects.every(({ claim }) => isSettled(claim)) ? "Better" : "If the scores have no highest possible value that they come near, better"} on the public benchmark than the other models' gaps explain: ${listed(suspects.map(({ model }) => model))}. It may have seen the public questions; a harness that favours it would look the same.`
      : few
        ? "Too few models to tell whether one stands out: 4 with both scores are needed."
        : "No model stands out: these scores show no difference between the gaps, which does not prove that no model has seen the questions.",
    "A gap that all models share shows how much harder the private questions are, not that any model has seen the public ones.",
    ...(left.length > 0 ? [`Left out, without both scores: ${listed(left)}.`] : []),
  ];
}
