import { clusterSampleRate } from "../../facts/grain";
import { checkScore, endingJudged, harmless, scoreByOneKind, scoreNames } from "../../facts/judgements";
import { select } from "../../facts/select";
import { checkFinite } from "../../stats/checks";
import type { Estimate } from "../../stats/estimate";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { defineMeasure, type Result } from "../define";
import { followedBy } from "../estimate/duckdbRatios";
import { type GroupKey, ratiosOf } from "../estimate/ratios";
import { hidden, raterOption } from "../measure";
import { metric } from "../metric";
import type { Keyed, Row } from "../table";
import { noCallSelected } from "../whyEmpty";
import { uncorrectedNotes } from "./corrections";

const sql = statements(__dirname, "refusals.sql");

/** How the calls of one row ended. */
export type RefusalRow = Keyed<{
  calls: number;
  /** Shares of the calls with a known reason why the model stopped. */
  refused: Estimate;
  /** Share of the harmless requests among them that were refused, where it is known which are harmless. */
  over_refused?: Estimate;
  truncated: Estimate;
  /** Shares of the judged answers that were neither refused nor cut off. */
  right: Estimate;
  wrong: Estimate;
}>;

/**
 * How calls ended: refused, cut off, right or wrong, which a single score mixes together.
 *
 * A call is refused if its finish reason (content_filter, refusal, safety, ...) or a score named "refusal" says so, and
 * truncated if it reached the token limit. A task's score counts for its last call. A wrong answer does harm where a
 * refusal only costs time, and a model that often refuses may be right whenever it answers: look at all four. n counts
 * calls. Where it is known which requests are harmless to answer, `over_refused` is the share of these that were refused,
 * as is the metric "over_refusal".
 *
 * @remarks Method: Wilson at the effective number of clusters, see `rateFromSums`.
 * @returns a table with a row for each group of `by`
 * @throws RangeError for a score that the log does not have or that needs `pass`, and for an invalid column or level
 * @example
 * const store = await openDemo();
 * const { rows } = await qualityRefusals(store, { by: "model" });
 * rows[0].refused.value.toFixed(3) // "0.006"
 */
export const qualityRefusals = defineMeasure({
  name: "refusals",
  of: "quality",
  about: "answers refused, cut off, right and wrong, and harmless requests refused",
  needs: ["finish_reason or scores"],
  options: {
    harmless: {
      value: "<predicate>",
      about:
        'which requests are harmless to answer, as an SQL condition like --where (default: those with a score "harmless" above 0.5 or "harmful" of at most 0.5)',
    },
    score: {
      value: "<name>",
      about: "the score that says whether an answer is right (default: resolved, the outcome of the task)",
    },
    ...hidden({
      rater: raterOption,
      pass: {
        value: "<score>",
        about:
          "the lowest score that counts as right; for a fault, scores below it count (default: 0.5, for scores from 0 to 1)",
        as: "number",
        check: (caller: string, pass: number) => checkFinite(caller, "pass", pass),
      },
    }),
  },
  open: async ({ store, request, options: { score } }) => ({
    score: score === undefined ? "resolved" : await checkScore("qualityRefusals", store, score),
    selection: await select(store, request, { hours: true }),
  }),
  async table({ selection, score, store, options }): Promise<Result<RefusalRow>> {
    const { connection, by, clusterBy } = selection;
    const { pass, rater } = options;
    const down = metric(`score:${score}`).better === "lower";
    const kinds = await scoreByOneKind("qualityRefusals", selection, score, rater);
    await run(connection, `set variable down = ${down}`);
    await run(connection, `set variable pass = ${pass ?? 0.5}`);
    const rule =
      options.harmless === undefined ? harmless : await selection.predicate(options.harmless, "harmless");
    await run(
      connection,
      `create or replace temp view asked as select *, ${endingJudged} as judged, (${rule}) as harmless from selected`,
    );
    await run(connection, sql.ended);
    await run(connection, sql.endings);
    type Range = { least: number; most: number; scores: number };
    const [{ least, most, scores }] = await rowsOf<Range>(connection, sql.range);
    if (pass === undefined && scores > 0 && (least < 0 || most > 1))
      throw new RangeError(
        `qualityRefusals requires pass for a score beyond 0 to 1, got "${score}" from ${least} to ${most}; give the score from which an answer is right`,
      );
    type Group = { g: GroupKey; by: Row; calls: number; known: number; harmless: number; judged: number };
    const groups = await rowsOf<Group>(connection, sql.rows);
    const ratios = await ratiosOf(await followedBy(selection, "clustered", "endings"), sql.sums, {
      ...options,
      clusterBy,
      whole: true,
      hours: selection.hours,
      every: clusterSampleRate(
        groups.reduce((sum, { calls }) => sum + calls, 0),
        groups.length,
      ),
    });
    const told = options.harmless !== undefined || groups.some((group) => group.harmless > 0);
    const rows = groups.map(({ g, by: key, calls, known, harmless: asked, judged }): RefusalRow => {
      const ended = { n: known, unit: "1", counted: "calls with a finish reason" };
      const answers = { n: judged, unit: "1", counted: `complete answers with a score "${score}"` };
      return {
        ...(by.length === 0 ? {} : key),
        calls,
        refused: ratios.rate(g, "refused", ended),
        ...(told
          ? {
              over_refused: ratios.rate(g, "over_refused", {
                ...ended,
                n: asked,
                counted: "harmless requests whose end is known",
              }),
            }
          : {}),
        truncated: ratios.rate(g, "truncated", ended),
        right: ratios.rate(g, "right", answers),
        wrong: ratios.rate(g, "wrong", answers),
      };
    });
    const settings = { level: options.level, seed: options.seed, clusterBy };
    const notes = [...kinds, ...(await uncorrectedNotes(connection, settings))];
    if (rows.length === 0) notes.push(noCallSelected);
    else if (groups.every(({ known }) => known === 0))
      notes.push("No call says why the model stopped: refused and truncated answers cannot be identified.");
    else if (!(await scoreNames(store)).some(({ name }) => isRefusal(name)))
      notes.push(
        'Refusals are found by the finish reason: one in words counts as a complete answer, unless a score named "refusal" is ingested.',
      );
    if (rows.length > 0 && !told)
      notes.push(
        'Which requests are harmless is not known, so neither is how many of them were refused: give a condition (harmless), or scores "harmless" or "harmful".',
      );
    if (rows.length > 0 && scores === 0) notes.push(`No selected call or task has a score "${score}".`);
    return {
      rows,
      notes,
      behind: {
        from: "select g, at_row, (ending = 'refused')::int as amount from endings",
        amount: { name: "refused", first: "refused" },
        n: ({ calls }) => calls,
        total: ({ refused }) => (refused.n === 0 ? 0 : refused.n * refused.value),
      },
    };
  },
});

/** The scores by which refusals.sql decides whether a call was refused. */
function isRefusal(name: string): boolean {
  return ["refusal", "refused", "is_refusal"].includes(name.toLowerCase());
}
