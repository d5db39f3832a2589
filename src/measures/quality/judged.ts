import { type Estimate, renoted, withNotesFirst } from "../../stats/estimate";
import { normalQuantile } from "../../stats/normal";
import { reserve } from "../../stats/reservation";
import { say } from "../../stats/sentences";
import { percent } from "../../stats/text";
import { quoteText } from "../../store/quote";
import { rowsOf } from "../../store/run";
import { statements } from "../../store/statements";
import { worstFirst } from "../behind";
import { defineMeasure, type Result } from "../define";
import type { GroupKey } from "../estimate/ratios";
import { hidden } from "../measure";
import type { MeasureOptions } from "../options";
import type { Keyed } from "../table";
import { type CorrectedRates, correctedRates, type JudgedCell } from "./judgedRates";
import { meanOfScore, type ScoreSums, scoreSums } from "./qualityMean";
import { type Judged, judgedOptions, selectJudged } from "./qualitySubjects";
import { scoreRatios } from "./scoreRatios";

const sql = statements(__dirname, "judged.sql");

/** One line of a table of corrected rates. */
export type JudgedRow = Keyed<{
  /** Subjects judged, and how many of them people labelled too. */
  n: number;
  labelled: number;
  /** The judge's own rate. */
  raw: Estimate;
  /** The rate corrected for the judge's errors, with labels weighted by how often the judge gives each verdict. */
  corrected: Estimate;
  /** The rate in people's labels alone, however these items were picked. */
  labels: Estimate;
  /**
   * Of the subjects that people call positive, the share that the judge calls positive too; of the rest, the share that
   * it calls negative.
   */
  sensitivity: Estimate;
  specificity: Estimate;
}>;

/**
 * A judge's rate, raw and corrected for the judge's errors, which are estimated from the subjects that people labelled
 * too.
 *
 * For a score of 0 or 1, such as "hallucination". Labels are weighted by the judge's verdict, so a queue that shows
 * people more of what the judge flags does no harm; a note says where people looked at one verdict more often. Answers
 * picked by anything else related to being wrong do bias the result. Each row needs labels of its own: a few dozen,
 * covering both verdicts. Several labels of one subject are averaged; for sensitivity and specificity their majority
 * counts. n counts judged subjects. Clusters widen the intervals by their design effect.
 *
 * @remarks Method: see `correctedRates`; its coverage is in docs/simulations/judge.md and review.md.
 * @returns a table with a row for each group of `by`; NaN and a note where no correction is possible
 * @throws RangeError for a score that the log does not have, and for an invalid column, cluster or level
 * @example
 * const store = await openDemo();
 * const { rows } = await qualityJudge(store, { score: "hallucination", by: "model" });
 * rows[0].raw.value.toFixed(2) // "0.09"
 */
export const qualityJudge = defineMeasure({
  name: "judge",
  of: "quality",
  about: "how good the judge is by people's labels, and its rate without its errors",
  fixed: { interval: "its intervals follow from the labels" },
  needs: ["scores"],
  options: hidden({
    ...judgedOptions,
    judge: { value: "<kind>", about: "the kind of rater to correct", default: "judge" },
    truth: { value: "<kind>", about: "the kind of rater that is taken to be right", default: "human" },
  }),
  open: async (asked) => ({ selection: await selectJudged("qualityJudge", { ...asked, onePopulation: {} }) }),
  async table({ selection, options }): Promise<Result<JudgedRow>> {
    const { by, clusterBy, score } = selection;
    const { judge, truth, level } = options;
    const sums = await scoreSums(selection);
    const corrected = await correctedByGroup(selection, sums, options);
    const ratios = await scoreRatios(selection, sums, { ...options, interval: "auto" });
    const settings = { level, clusterBy, ratios };
    const verdicts = sums.filter(({ rater }) => rater === judge);
    const rows = verdicts.map((verdict): JudgedRow => {
      const { labelled, rates, picked } = corrected.get(verdict.g) as Corrected;
      const people = sums.find(({ g, rater }) => g === verdict.g && rater === truth);
      return {
        ...(by.length === 0 ? {} : verdict.by),
        n: verdict.n,
        labelled,
        raw: meanOfScore(verdict, settings),
        corrected: rates.corrected,
        labels:
          people === undefined
            ? noLabels(rates.corrected, truth)
            : pickedBy(meanOfScore(people, settings), picked),
        sensitivity: rates.sensitivity,
        specificity: rates.specificity,
      };
    });
    const notes: string[] = [];
    if (rows.length === 0) notes.push(`No selected call or task has a score "${score}" by a ${judge}.`);
    else if (rows.every(({ labelled }) => labelled === 0))
      notes.push(
        `Nothing that a ${judge} judged has a score "${score}" by a ${truth}: its errors are unknown.`,
      );
    else {
      notes.push(...pickedNotes(corrected, { judge, truth }));
      const few = rows.filter((row) => row.sensitivity.n < fewKind || row.specificity.n < fewKind).length;
      if (few > 0) notes.push(fewLabels(few, rows.length, by));
    }
    return {
      rows,
      notes,
      behind: {
        from: `select g, at_row, value as amount, subject || ' ' || subject_id as unit from rated where rater = ${quoteText(judge)}`,
        amount: worstFirst(score),
        counted: "judged calls and tasks",
        n: ({ n }) => n,
        total: ({ n, raw }) => n * raw.value,
      },
    };
  },
});

/** With fewer labelled subjects of a kind (positive or negative) than this, the judge's errors are hardly known. */
const fewKind = 10;

function fewLabels(few: number, of: number, by: readonly string[]): string {
  const pool = by.length > 1 ? ", or group by less (--by), which assumes the judge errs alike in them" : "";
  return `${few} of ${of} rows have fewer than ${fewKind} labels of a kind, positive or negative: the judge's error rates there are barely known. Label more of them (evalset review)${pool}.`;
}

/** The share of subjects that the judge flags, among labelled subjects and among all. */
interface Picked {
  labelled: number;
  all: number;
}

/** The corrected rates of one group. */
export interface Corrected {
  labelled: number;
  rates: CorrectedRates;
  /** Set if people looked at one verdict more often than chance explains. */
  picked?: Picked;
}

/** The chance that a table is flagged although its labels are a random sample. */
const falseAlarm = 0.05;

const pickedText = ({ labelled, all }: Picked) =>
  `${percent(labelled)} of the labelled items were flagged by the judge, ${percent(all)} of all items`;

function pickedBy(labels: Estimate, picked: Picked | undefined): Estimate {
  if (picked === undefined) return labels;
  const [labelled, all] = [percent(picked.labelled), percent(picked.all)];
  return withNotesFirst(labels, [reserve("method.picked", { labelled, all })]);
}

/** Notes whether the labels look like a random sample, judging by the verdicts, and how `corrected` allows for it. */
function pickedNotes(
  found: ReadonlyMap<GroupKey, Corrected>,
  { judge, truth }: { judge: string; truth: string },
): string[] {
  const rows = [...found.values()].filter(({ labelled }) => labelled > 0);
  const off = rows.flatMap(({ picked }) => picked ?? []);
  const most = off.reduce<Picked | undefined>(
    (a, b) => (a !== undefined && Math.abs(a.labelled - a.all) >= Math.abs(b.labelled - b.all) ? a : b),
    undefined,
  );
  const where = rows.length === 1 ? "" : ` in ${off.length} of ${rows.length} rows`;
  return [
    ...(most === undefined
      ? []
      : [
          say("judged.picked", {
            truth,
            where,
            shares: `${rows.length === 1 ? "" : "in one, "}${pickedText(most)}`,
          }),
        ]),
    `\`corrected\` weights labels by the ${judge}'s verdict. It is biased if items were picked for labelling by anything else related to being wrong, such as a complaint.`,
  ];
}

/** What a correction needs to know of a group's verdicts. */
export type VerdictCounts = Pick<ScoreSums, "g" | "rater" | "n" | "clusters" | "size_squares">;

/** The corrected rates of every group with verdicts by the judge. Reads the table `rated`. */
export async function correctedByGroup(
  { connection, clusterBy }: Pick<Judged, "connection" | "clusterBy">,
  sums: readonly VerdictCounts[],
  options: Pick<MeasureOptions, "level" | "seed"> & { judge?: string; truth?: string },
): Promise<Map<GroupKey, Corrected>> {
  const { judge = "judge", truth = "human", level = 0.95, seed = 1 } = options;
  const cells = new Map<GroupKey, JudgedCell[]>();
  for (const { g, ...cell } of await rowsOf<JudgedCell & { g: GroupKey }>(connection, sql.cells, {
    judge,
    truth,
  }))
    cells.set(g, [...(cells.get(g) ?? []), cell]);
  type Effects = {
    g: GroupKey;
    n: number;
    size_squares: number;
    effect: number | null;
    picked: number | null;
    flagged_share: number;
    flagged_labelled: number;
  };
  const effects = new Map(
    (await rowsOf<Effects>(connection, sql.effects, { judge, truth })).map((effect) => [effect.g, effect]),
  );
  const tested = [...effects.values()].filter(({ picked }) => picked !== null).length;
  const beyond = normalQuantile(1 - falseAlarm / 2 / Math.max(1, tested));
  const corrected = new Map<GroupKey, Corrected>();
  for (const verdicts of sums) {
    const labels = effects.get(verdicts.g);
    if (verdicts.rater !== judge || labels === undefined) continue;
    const rates = correctedRates(cells.get(verdicts.g) ?? [], {
      level,
      seed,
      clusterBy,
      clusters: verdicts.clusters,
      effective: Math.min(
        verdicts.n ** 2 / verdicts.size_squares,
        labels.n ** 2 / Math.max(1, labels.size_squares),
      ),
      designEffect: Math.max(1, labels.effect ?? 1),
    });
    const picked = { labelled: labels.flagged_labelled, all: labels.flagged_share };
    const off = Math.abs(labels.picked ?? 0) > beyond;
    corrected.set(verdicts.g, { labelled: labels.n, rates, ...(off ? { picked } : {}) });
  }
  return corrected;
}

function noLabels(like: Estimate, truth: string): Estimate {
  const none = { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  return renoted({ ...like, ...none, method: "none", n: 0, clusters: 0 }, [
    reserve("none.rated", { rater: truth }),
  ]);
}
