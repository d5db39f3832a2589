import { join } from "node:path";
import type { Estimate } from "../../stats/estimate";
import type { Store } from "../../store/open";
import { rowsOf } from "../../store/query";
import { statements } from "../../store/statements";
import type { GroupKey } from "../estimate/ratios";
import { checkOptions, type MeasureOptions } from "../options";
import type { Row, Table } from "../table";
import { type CorrectedRates, correctedRates, effectsOf, type JudgedCell } from "./judgedRates";
import { meanOfScore, type ScoreSums, scoreSums } from "./qualityMean";
import { checkScore, type Judged, selectJudged } from "./qualitySubjects";

const sql = statements<"cells" | "effects">(join(__dirname, "judged.sql"));

/** Whose verdicts are corrected by whose labels. */
export interface JudgedOptions extends MeasureOptions {
  /** The score that both gave. */
  score: string;
  /** The kind of rater that judged much. Default "judge". */
  judge?: string;
  /** The kind of rater that is taken to be right. Default "human". */
  truth?: string;
}

/** One line of a table of corrected rates. */
export interface JudgedRow extends Row {
  /** Subjects that the judge judged, and how many of them people labelled too. */
  n: number;
  labelled: number;
  /** The judge's own rate. */
  raw: Estimate;
  /** The rate corrected by the judge's sensitivity and specificity. */
  corrected: Estimate;
  /** The rate as the judge's plus its mean error where people looked. */
  prediction_powered: Estimate;
  /** People's labels alone. */
  labels: Estimate;
  /** Of what people call positive the share that the judge does too, and of the rest the share that it lets pass. */
  sensitivity: Estimate;
  specificity: Estimate;
}

/**
 * A judge's rate beside what it becomes once the judge's errors are taken out, by a part that people labelled too.
 *
 * Of a score of 0 and 1, such as "hallucination". Both corrections take the labelled subjects for a random part of
 * those judged; they hold whatever the judge's errors are, but each row needs labels of its own: some dozens, with both
 * kinds among them. Subjects that several people labelled count by their average, or their majority for sensitivity and
 * specificity. n counts judged subjects. Clusters widen the intervals by their design effect.
 *
 * @returns a table with a row for each group of `by`; NaN and a note where a correction cannot be had
 * @throws RangeError for a score that the log does not have, and for a column, cluster or level that is none
 * Method: see `roganGladen` and `predictionPowered` (the judge's mean over all, plus the mean error where labelled); how
 * often both hold the truth over 200 made-up companies is in docs/simulations/judge.md.
 * @example
 * await judged(await open(":memory:"), { score: "hallucination" }).catch((error) => error.name) // "RangeError"
 */
export async function judged(store: Store, options: JudgedOptions): Promise<Table<JudgedRow>> {
  checkOptions("judged", options);
  const { judge = "judge", truth = "human" } = options;
  const score = await checkScore("judged", store, options.score);
  const selection = await selectJudged("judged", store, score, options);
  try {
    const sums = await scoreSums(selection);
    const found = await correctedByGroup(selection, sums, options);
    const settings = { level: options.level, clusterBy: selection.clusterBy };
    const verdicts = sums.filter(({ rater }) => rater === judge);
    const rows = verdicts.map((one): JudgedRow => {
      const { labelled, rates } = found.get(one.g) as Corrected;
      const people = sums.find(({ g, rater }) => g === one.g && rater === truth);
      return {
        ...(selection.by.length === 0 ? {} : one.by),
        n: one.n,
        labelled,
        raw: meanOfScore(one, settings),
        corrected: rates.corrected,
        prediction_powered: rates.prediction_powered,
        labels:
          people === undefined ? noLabels(rates.prediction_powered, truth) : meanOfScore(people, settings),
        sensitivity: rates.sensitivity,
        specificity: rates.specificity,
      };
    });
    const notes = [...selection.notes];
    if (rows.length === 0)
      notes.push(`No call or task that is selected has a score "${score}" by a ${judge}.`);
    else if (rows.every(({ labelled }) => labelled === 0))
      notes.push(
        `Nothing that a ${judge} judged has a score "${score}" by a ${truth}: its errors cannot be told.`,
      );
    else {
      notes.push(`What a ${truth} labelled is taken for a random part of what the ${judge} judged.`);
      const few = rows.filter((row) => row.sensitivity.n < fewKind || row.specificity.n < fewKind).length;
      if (few > 0) notes.push(fewLabels(few, rows.length, selection.by));
    }
    return { measure: "judged", by: selection.by, rows, notes };
  } finally {
    selection.close();
  }
}

/** Labelled subjects of a kind, positive or negative, below which the judge's errors are hardly known. */
const fewKind = 10;

function fewLabels(few: number, of: number, by: readonly string[]): string {
  const pool =
    by.length > 1 ? ", or tell fewer rows apart (--by), which takes the judge to err alike in them" : "";
  return `${few} of ${of} rows have fewer than ${fewKind} labels of a kind, positive or negative: their judge is hardly known. Label more of them (evalset review)${pool}.`;
}

/** What is corrected of one group. */
export interface Corrected {
  labelled: number;
  rates: CorrectedRates;
}

/** The corrected rates of every group in which the judge judged; the table `rated` must stand. */
export async function correctedByGroup(
  { connection, clusterBy }: Judged,
  sums: readonly ScoreSums[],
  options: Pick<JudgedOptions, "judge" | "truth" | "level" | "seed">,
): Promise<Map<GroupKey, Corrected>> {
  const { judge = "judge", truth = "human", level = 0.95, seed = 1 } = options;
  const cells = new Map<GroupKey, JudgedCell[]>();
  for (const { g, ...cell } of await rowsOf<JudgedCell & { g: GroupKey }>(connection, sql.cells, {
    judge,
    truth,
  }))
    cells.set(g, [...(cells.get(g) ?? []), cell]);
  type Effects = { g: GroupKey; n: number; size_squares: number; powered: number | null };
  const effects = new Map(
    (await rowsOf<Effects>(connection, sql.effects, { judge, truth })).map((one) => [one.g, one]),
  );
  const found = new Map<GroupKey, Corrected>();
  for (const one of sums) {
    if (one.rater !== judge) continue;
    const own = effects.get(one.g) ?? { n: 0, size_squares: 0, powered: null };
    const raw = meanOfScore(one, { level, clusterBy });
    const designEffects = {
      ...effectsOf(raw.designEffect, one, own),
      powered: Math.max(1, own.powered ?? 1),
    };
    const { clusters, n, size_squares } = one;
    const rates = correctedRates(cells.get(one.g) ?? [], {
      level,
      seed,
      clusterBy,
      clusters,
      effective: n ** 2 / size_squares,
      designEffects,
    });
    found.set(one.g, { labelled: own.n, rates });
  }
  return found;
}

function noLabels(like: Estimate, truth: string): Estimate {
  const none = { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  return { ...like, ...none, method: "none", n: 0, clusters: 0, note: `no ${truth} gave this score` };
}
