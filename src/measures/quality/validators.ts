import { judgementsView } from "../../facts/judgements";
import type { Estimate } from "../../stats/estimate";
import { didYouMean } from "../../store/nearest";
import type { Store } from "../../store/open";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { worstFirst } from "../behind";
import { defineMeasure, type Result } from "../define";
import { type GroupKey, ratiosOf } from "../estimate/ratios";
import { hidden } from "../measure";
import { metric } from "../metric";
import type { Keyed, Row } from "../table";
import { type Judged, judgedOptions, selectJudged } from "./qualitySubjects";

const sql = statements(__dirname, "validators.sql");

/** What a check does to the answers of one row. */
export type ValidatorRow = Keyed<{
  /** Judged subjects that were checked. */
  n: number;
  /** The kind of rater taken as the truth. */
  truth: string;
  /** The share of answers that the check flags. */
  flagged: Estimate;
  /** The share of wrong answers among all, and among those that the check lets pass. */
  error_before: Estimate;
  residual_error: Estimate;
  /** The share of wrong answers that it flags, and the share of right ones. */
  caught: Estimate;
  false_alarms: Estimate;
}>;

/**
 * What an output check is worth: how many wrong answers it catches, how many right ones it stops, and how many wrong
 * ones it lets pass.
 *
 * The check is a score given by a rule, which flags an answer if the score is below one half (above it, if the score is
 * named after a fault), or a stage of the pipeline, which flags if its span has a status other than ok. The truth is
 * what people, or else a judge, said about the same calls or tasks. n counts subjects that have both.
 *
 * @remarks Method: Wilson at the effective number of clusters, see `rateFromSums`.
 * @returns a table with a row for each group of `by`
 * @throws RangeError for a score or check that the log does not have, and for an invalid column, cluster or level
 * @example
 * const store = await openDemo();
 * const { rows } = await qualityValidator(store, { score: "hallucination", validator: "stage:validation", by: "workload" });
 * rows[0].caught.value.toFixed(2) // "0.44"
 */
export const qualityValidator = defineMeasure({
  name: "validator",
  of: "quality",
  about: "what a check is worth: a score given by a rule, or stage:NAME",
  needs: ["scores"],
  takes: "validator",
  options: {
    validator: {
      value: "<name>",
      about:
        "the check: a score given by a rule, or stage:NAME for spans of a stage (default: the score itself)",
    },
    ...hidden({
      ...judgedOptions,
      truth: {
        value: "<kind>",
        about: "the rater whose scores are the truth (default: human; if no human judged, judge)",
      },
    }),
  },
  open: async (asked) => ({ selection: await selectJudged("qualityValidator", asked) }),
  async table({ selection, store, options }): Promise<Result<ValidatorRow>> {
    const { connection, by, clusterBy, score } = selection;
    const validator = await checkValidator(store, options.validator ?? score);
    const staged = validator.startsWith("stage:");
    const isFault = (name: string) => metric(`score:${name}`).better === "lower";
    if (staged) await run(connection, sql.staged, { validator: validator.slice("stage:".length) });
    else await run(connection, sql.scored, { validator, down: isFault(validator) });
    const truth = options.truth ?? (await truthOf(selection));
    await run(connection, sql.checked, { bad: isFault(score), truth });
    const ratios = await ratiosOf(selection, sql.sums, { ...options, clusterBy, whole: true });
    type Group = { g: GroupKey; by: Row; n: number; flagged: number; wrong: number };
    const groups = await rowsOf<Group>(connection, sql.rows);
    const rows = groups.map(({ g, by: key, n, flagged, wrong }): ValidatorRow => {
      const rate = (kind: string, of: number, counted: string) =>
        ratios.rate(g, kind, { n: of, unit: "1", counted });
      return {
        ...(by.length === 0 ? {} : key),
        n,
        truth,
        flagged: rate("flagged", n, "answers that were checked and judged"),
        error_before: rate("before", n, "answers that were checked and judged"),
        residual_error: rate("residual", n - flagged, "answers that the check lets pass"),
        caught: rate("caught", wrong, "wrong answers"),
        false_alarms: rate("false_alarms", n - wrong, "right answers"),
      };
    });
    const none = `Nothing that a ${truth} gave the score "${score}" was checked by "${validator}".`;
    return {
      rows,
      notes: rows.length === 0 ? [none] : [],
      behind: {
        from: "select g, at_row, value as amount, subject_id as unit from checked",
        amount: worstFirst(score),
        counted: "answers that were checked and judged",
        n: ({ n }) => n,
      },
    };
  },
});

async function truthOf({ connection }: Judged): Promise<string> {
  const kinds = (await rowsOf<{ rater: string }>(connection, sql.truths)).map(({ rater }) => rater);
  return ["human", "judge"].find((kind) => kinds.includes(kind)) ?? kinds[0] ?? "human";
}

async function checkValidator({ connection }: Store, validator: string): Promise<string> {
  await judgementsView(connection);
  const known = (await rowsOf<{ name: string }>(connection, sql.known)).map(({ name }) => name);
  if (known.includes(validator)) return validator;
  const exist =
    known.length === 0
      ? "; the log has neither rules nor stages"
      : `, one of ${known.slice(0, 20).join(", ")}`;
  throw new RangeError(
    `qualityValidator requires a score given by a rule or "stage:NAME"${exist}, got "${validator}"${didYouMean(validator, known)}`,
  );
}
