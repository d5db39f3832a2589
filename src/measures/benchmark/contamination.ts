import { checkLevel } from "../../stats/checks";
import { type AssumptionId, type Claim, claim, isSettled } from "../../stats/claim";
import { fewerThan } from "../../stats/clusterError";
import { type Estimate, noted, withNotes } from "../../stats/estimate";
import { holm } from "../../stats/multiplicity";
import { normalQuantile } from "../../stats/normal";
import { reserve } from "../../stats/reservation";
import { studentTQuantile } from "../../stats/studentT";
import { groupedBy } from "../rowKey";
import type { Keyed, Table } from "../table";
import { listed } from "./benchmarkTable";
import { estimateOf, inOdds, inPoints, LEAST_OTHERS, type PublicPrivate } from "./gapExcess";

export type { PublicPrivate } from "./gapExcess";

/** What a model's two scores show. */
export type ContaminationRow = Keyed<{
  model: string;
  public: number;
  private: number;
  /** Public minus private, in the unit of the scores. */
  gap: Estimate;
  /**
   * What decides. Of shares: the public score's odds over the private one's, as a multiple of what they are for the other
   * models ("×"). On other scales: the gap minus the mean gap of the others. The interval allows for their spread and the errors.
   */
  excess: Estimate;
  /** One-sided p-value: how often a model like the others would lie so far above them. */
  p_value: number;
  /** The same, adjusted for all models (Holm). */
  p_holm: number;
  /** Whether the public score is higher than the others' gaps explain, as far as `claim` says. */
  stands_out: boolean;
  claim: Claim;
}>;

/** A table of gaps. */
export interface ContaminationTable extends Table<ContaminationRow> {
  /** The mean gap over the models: how much harder the private benchmark is. */
  gap: Estimate;
  /** The models that stand out, be it if the scale has no ceiling or no clean model's gap is far out by chance. */
  suspects: string[];
}

/** How to judge gaps. */
export interface ContaminationOptions {
  /** Confidence of the intervals, and of all models that stand out at once. Default 0.95. */
  level?: number;
  /**
   * The highest possible score, if scores are shares of it: then gaps are judged as odds. Default: unknown, and what stands
   * out does so if the scale has no ceiling.
   */
  ceiling?: number;
}

/** With fewer items a side, odds of e times what they should be are found in less than about half of all cases. */
const LEAST_ITEMS = 300;

/**
 * Which models do better on a public benchmark than on a private or fresh one, by more than the others do.
 *
 * A gap that all models share only shows that one benchmark is harder. A model stands out if its gap is larger than the
 * others' gaps, their spread and the errors of its scores make likely, adjusted for all models. Near the highest possible
 * score points shrink for every model, so gaps of shares are judged as odds, with the error that the items leave; shares
 * without known items or errors are not judged. Scores on another scale are judged in points, as if it had no end. n counts
 * models; those without both scores are left out and named. With fewer than 4 models only gaps are given. Several that stand
 * out widen the spread that each is judged by, and may hide one another.
 *
 * It takes for granted that on the scale of odds the gaps of clean models scatter around one line, by how able a model is. What
 * stands out by a normal law of them alone leads if no clean model's gap is far out by chance; what does by the heavier tails of a t
 * law of four degrees of freedom as well is settled. Of ten clean models it accuses one in none of 100 boards, in 4 where some are far
 * out, and in 2 and 5 more one leads. One that is much more able than all others is accused only by more than that may explain.
 * One whose odds are e times too good is found among ten in 31 of 100 boards of 600 items, and leads in 27 more, two of them in none.
 *
 * @remarks Methods: of shares `standsAbove` on log odds, the items' errors known (Roever 2020,
 * https://doi.org/10.18637/jss.v093.i06); of points "prediction-interval" of one more gap, as in Higgins, Thompson &
 * Spiegelhalter 2009, https://doi.org/10.1111/j.1467-985X.2008.00552.x. Each model is left out of the others in turn; Holm
 * over the models. Counts: docs/simulations/suspicions.md.
 * @throws RangeError for an invalid level
 * @example
 * const models = [0, 1, 2, 3, 30].map((gap, at) => ({ model: "abcde"[at], public: 50 + gap, private: 50, publicItems: 900, privateItems: 900 }));
 * contaminationOf(models, { ceiling: 100 }).suspects // [ "e" ]
 */
export function contaminationOf(
  models: readonly PublicPrivate[],
  options: ContaminationOptions = {},
): ContaminationTable {
  const { level = 0.95, ceiling } = options;
  checkLevel("benchmarkContamination", level);
  const known = models.filter((one) => Number.isFinite(one.public) && Number.isFinite(one.private));
  const gaps = known.map((one) => one.public - one.private);
  const errors = known.map(({ publicError = Number.NaN, privateError = Number.NaN }) =>
    Math.hypot(publicError, privateError),
  );
  const judged = ceiling === undefined ? inPoints(gaps, errors, level) : inOdds(known, ceiling, level);
  const p_holm = holm(judged.map(({ p }) => p));
  const heavy_holm = holm(judged.map(({ heavy }) => heavy));
  const rows = known.map((one, at): ContaminationRow => {
    const { excess, p } = judged[at];
    const standing = standsOut(excess, p_holm[at] <= 1 - level, heavy_holm[at] <= 1 - level);
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
      excess,
      p_value: p,
      p_holm: p_holm[at],
      stands_out: isSettled(standing) || standing.status === "leads if",
      claim: standing,
    };
  });
  const few = judged.filter(({ items }) => items < LEAST_ITEMS).length;
  rows.sort((a, b) => b.gap.value - a.gap.value || (a.model < b.model ? -1 : 1));
  return {
    measure: "benchmark contamination",
    by: ["model"],
    gap: meanGap(gaps, level),
    suspects: rows.filter(({ stands_out }) => stands_out).map(({ model }) => model),
    rows,
    notes: notesOf(models, known, rows, few),
  };
}

/** That a gap is larger than those of the others; `sure` if it is so where clean models' gaps scatter with heavier tails as well. */
const standsOut = (excess: Estimate, shown: boolean, sure: boolean): Claim =>
  claim(
    "contamination.stands-out",
    "differs",
    [{ estimate: excess, end: "low", holds: (x) => x > (excess.unit === "×" ? 1 : 0) }],
    { shown, needs: excess.unit === "×" ? (sure ? [] : ["gaps-alike"]) : ["no-ceiling"] },
  );

function meanGap(gaps: readonly number[], level: number): Estimate {
  const count = gaps.length;
  const mean = count === 0 ? Number.NaN : gaps.reduce((sum, gap) => sum + gap / count, 0);
  if (count < 2)
    return withNotes(estimateOf(mean, Number.NaN, level, "none", count), [fewerThan(2, "models", count)]);
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2 / (count - 1), 0));
  const reach = (studentTQuantile((1 + level) / 2, count - 1) * deviation) / Math.sqrt(count);
  return estimateOf(mean, reach, level, "t", count);
}

/** What must hold for those that stand out if it does. */
const conditions: Partial<Record<AssumptionId, string>> = {
  "no-ceiling": "If the scores have no highest possible value that they come near, better",
  "gaps-alike": "If no clean model's gap is far out by chance, better",
};

/** A sentence for the models that stand out, and one for those that do so if something holds. */
function suspectNotes(suspects: readonly ContaminationRow[]): string[] {
  const groups = groupedBy(suspects, ({ claim }) => claim.needs ?? "");
  return [...groups].map(([needs, rows], at) => {
    const means =
      at === 0
        ? " It may have seen the public questions; a harness that favours it would look the same."
        : "";
    return `${conditions[needs as AssumptionId] ?? "Better"} on the public benchmark than the other models' gaps explain: ${listed(rows.map(({ model }) => model))}.${means}`;
  });
}

function notesOf(
  models: readonly PublicPrivate[],
  known: readonly PublicPrivate[],
  rows: readonly ContaminationRow[],
  few: number,
): string[] {
  const left = models.filter((one) => !known.includes(one)).map(({ model }) => model);
  const suspects = rows.filter(({ stands_out }) => stands_out);
  const judged = rows.filter(({ p_value }) => !Number.isNaN(p_value));
  const unjudged = rows.filter((row) => !judged.includes(row)).map(({ model }) => model);
  return [
    ...(suspects.length > 0
      ? suspectNotes(suspects)
      : [
          judged.length > 0
            ? "No model stands out: these scores show no difference between the gaps, which does not prove that no model has seen the questions."
            : known.length <= LEAST_OTHERS
              ? "Too few models to tell whether one stands out: 4 with both scores are needed."
              : "No model can be judged: shares need the items or the standard errors of both scores, of 4 models or more.",
        ]),
    ...(judged.length === 0
      ? []
      : [
          judged[0].excess.unit === "×"
            ? "The excess decides: the odds of the public score over those of the private one, as a multiple of the other models'. Points are worth less near the ends of the scale."
            : "The scores are on a scale that is not known to end: the excess, in points, decides.",
        ]),
    "A gap that all models share shows how much harder the private questions are, not that any model has seen the public ones.",
    ...(few > 0
      ? [
          `${few} of ${judged.length} models have scores as rough as those of fewer than ${LEAST_ITEMS} items a side: there one whose odds are 2.7 times too good (one logit) will mostly not be found.`,
        ]
      : []),
    ...(judged.length > 0 && unjudged.length > 0
      ? [`Not judged, without the items or the standard errors of both scores: ${listed(unjudged)}.`]
      : []),
    ...(left.length > 0 ? [`Left out, without both scores: ${listed(left)}.`] : []),
  ];
}
