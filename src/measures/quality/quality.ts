import { type Estimate, noEnds, renoted } from "../../stats/estimate";
import type { Reservation } from "../../stats/reservation";
import { rateAtWorst } from "../../stats/worstCase";
import { rowsOf } from "../../store/run";
import { statements } from "../../store/statements";
import { type Behind, worstFirst } from "../behind";
import { defineMeasure, type Result } from "../define";
import { raterOption } from "../measure";
import type { Keyed, Row } from "../table";
import { chosenRater } from "./chosenRater";
import { type ScoreSums, scoreSums, standardError } from "./qualityMean";
import { type Judged, judgedOptions, selectJudged } from "./qualitySubjects";
import { scoreCells } from "./scoreCells";

const sql = statements(__dirname, "quality.sql");

const { score, ...which } = judgedOptions;

/** The options of the mean of a score. */
export const qualityOptions = {
  score,
  rater: raterOption,
  ...which,
  guarantee: { about: "rates with an interval that covers at least as often as it says" },
} as const;

/** One line of a quality table. */
export type QualityRow = Keyed<{
  /** Judged calls and tasks. */
  n: number;
  /** The kind of rater who made these judgements. */
  rater: string;
  /** The mean of the score: a rate if it is 0 or 1. For outcomes, includes `worst_case` if over 5 % are unknown. */
  mean: Estimate;
  /** Standard error of the mean over clusters, as leaderboards print it; NaN with fewer than two clusters. */
  standard_error: number;
  /** If people labelled some of what a judge judged: the rate corrected for the judge's errors (see `qualityJudge`). */
  corrected?: Estimate;
}>;

/**
 * The mean of a score over judged calls and tasks: of production where any of it was judged, else of evaluation runs.
 *
 * Naming the environment shows both (`by: "environment,model"`) or one (`where: "environment = 'evaluation'"`).
 * A score of 0 or 1 is a rate. n counts judged calls and tasks; several judgements of one call or task by the same kind
 * of rater are averaged. Kinds of rater are never mixed: a row shows the kind that judged most in the log, unless
 * `rater` names one. A task belongs to the row of its first answering call. Clusters are prompts in an evaluation; in
 * production what clusters its calls in other measures, users and the hours that they share; scores that aren't numbers are left out. The rate describes only what was
 * judged: if one workload is judged more often than another, use `by: "workload"`. If more than 5 % of outcomes are
 * unknown, the worst-case bounds are given as well as the interval.
 *
 * @remarks Method: rates by Wilson at the effective number of clusters (see `rateFromSums`), other scores by t over
 * clusters (see `meanFromSums`); `guarantee` by Korn & Graubard (1998), Survey Methodology 24, 193.
 * @returns a table with a row for each group of `by` that has the score
 * @throws RangeError for a score or rater that the log does not have, and for an invalid column, cluster or level
 * @example
 * const store = await openDemo();
 * const { rows } = await quality(store, { score: "hallucination", by: "model" });
 * rows[0].mean.value.toFixed(2) // "0.09"
 */
export const quality = defineMeasure({
  name: "quality",
  about: "how good answers are by a score of the log: its mean or rate",
  needs: ["scores or tasks.resolved"],
  options: {
    ...qualityOptions,
    alike: { about: "rows of one kind of rater alone, to compare them; others are unknown", hidden: true },
  },
  open: async (asked) => {
    const onePopulation = { rater: asked.options.rater };
    return { selection: await selectJudged("quality", { ...asked, onePopulation }) };
  },
  async table({ selection, store, options }): Promise<Result<QualityRow>> {
    const { by, clusterBy, score } = selection;
    const sums = await scoreSums(selection);
    const chosen = await chosenRater("quality", store, sums, { ...options, score });
    const cellsOf = await scoreCells(selection, sums, options);
    const tasks = await tasksOf(selection, chosen.rows);
    const rows = chosen.rows.map((group) => {
      const { mean: known, corrected, ...own } = cellsOf(group);
      const mean = withUnknown(known, group, tasks.get(String(group.g)));
      const other = chosen.other.get(group);
      return {
        ...(by.length === 0 ? {} : group.by),
        ...own,
        mean: other === undefined ? mean : otherKind(mean, other),
        standard_error: other === undefined ? standardError(group, clusterBy) : Number.NaN,
        ...(corrected === undefined || other !== undefined ? {} : { corrected }),
      };
    });
    return {
      rows,
      notes: [...chosen.notes, ...mixed(chosen.rows), ...unscored(sums, score)],
      behind: behindScores(score, by),
    };
  },
});

/** For rows on the outcome of tasks: how many tasks each has, including those with an unknown outcome. */
async function tasksOf({ connection }: Judged, rows: readonly ScoreSums[]): Promise<Map<string, number>> {
  if (!rows.some(({ rater }) => rater === outcome)) return new Map();
  const owned = await rowsOf<{ g: ScoreSums["g"]; tasks: number }>(connection, sql.owned);
  return new Map(owned.map(({ g, tasks }) => [String(g), tasks]));
}

/** The name used as the kind of rater for a task's own outcome. */
const outcome = "outcome";

const withUnknown = (mean: Estimate, { rater, n }: ScoreSums, all: number | undefined): Estimate =>
  rater === outcome && all !== undefined && all > n ? rateAtWorst(mean, { known: n, all }) : mean;

/** A score by another kind of rater than those that it would be compared with. */
const otherKind = ({ worst_case: _case, ...mean }: Estimate, why: Reservation): Estimate =>
  renoted({ ...mean, value: Number.NaN, ...noEnds }, [why]);

/** The subjects behind a row, the worst first. */
export function behindScores<R extends Row & { n: number; rater: string; mean: Estimate }>(
  score: string,
  by: readonly string[],
): Behind<R> {
  return {
    from: "select g, at_row, value as amount, subject || ' ' || subject_id as unit, rater from rated",
    amount: worstFirst(score),
    counted: "judged calls and tasks",
    keys: (row) => ({ by: [...by, "rater"], rows: [row] }),
    n: ({ n }) => n,
    total: ({ n, mean }) => n * mean.value,
  };
}

function mixed(rows: ScoreSums[]): string[] {
  const part = rows.filter(({ evaluation, n }) => evaluation > 0 && evaluation < n);
  if (part.length === 0) return [];
  return [
    "Some rows mix evaluation runs and production; separate them with where: \"environment = 'evaluation'\".",
  ];
}

function unscored(sums: ScoreSums[], score: string): string[] {
  return sums.length === 0
    ? [`No selected call, task or conversation has a score "${score}" that is a number.`]
    : [];
}
