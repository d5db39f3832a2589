import { carrierOf, scoreByOneKind } from "../../facts/judgements";
import type { Selection } from "../../facts/select";
import type { Estimate } from "../../stats/estimate";
import { grouped } from "../../stats/text";
import { rateAtWorst } from "../../stats/worstCase";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { sumOf } from "../behind";
import { moneyOf, unpricedCalls } from "../cost/costUnpriced";
import { defineMeasure, type Result } from "../define";
import { binsOption, cutBins, ratiosOfBins, waitsOfBins } from "../estimate/bins";
import { openAbove } from "../estimate/openAbove";
import type { GroupKey, Ratios } from "../estimate/ratios";
import type { Spread } from "../estimate/spread";
import { raterOption } from "../measure";
import { correctedCell, rowCorrections } from "../quality/corrections";
import type { Keyed, Row } from "../table";
import { noCallSelected } from "../whyEmpty";

const sql = statements(__dirname, "contextLength.sql");

/** The options that say which score is followed as inputs get longer. */
export const lengthScore = {
  score: {
    value: "<name>",
    about: "the score that says whether an answer is good; resolved is the outcome of its task",
    default: "resolved",
  },
  rater: raterOption,
} as const;

/** The options of the table by length. */
export const lengthOptions = {
  ...lengthScore,
  bins: binsOption("bins with about as many calls each", 6),
} as const;

/** Calls with inputs of similar length. */
export type ContextLengthRow = Keyed<{
  from_tokens: number;
  to_tokens: number;
  calls: number;
  duration: Estimate;
  /** Quantiles of duration, by probability: 0.5 and 0.95. */
  quantiles: Record<string, Estimate>;
  cost_per_call: Estimate;
  error_rate: Estimate;
  /** The mean of the score: a rate if it is 0 or 1. */
  score: Estimate;
  /** If people labelled some of what a judge judged: the score corrected for the judge's errors, as in `quality`. */
  corrected?: Estimate;
}>;

/**
 * Latency, cost, errors and quality by the length of the input: a context window is a capacity, not a promise.
 *
 * Each row's input tokens (cached ones included) are cut into bins with about as many calls each. A call has
 * its own score, or else its task's, so a task with several attempts counts each time. n counts calls;
 * clusters are those of the calls. Longer inputs may be harder ones: quality that falls with length need not
 * fall because of it.
 *
 * @returns a table with a row for each group of `by` and bin, shortest first
 * @throws RangeError for invalid bins, and for an invalid column, cluster or level
 * @example
 * const store = await openDemo();
 * const { rows } = await qualityByLength(store, { by: "model", where: "workload = 'document-review'" });
 * rows[0].quantiles["0.5"].value.toFixed(1) // "10.8"
 */
export const qualityByLength = defineMeasure({
  name: "by-length",
  of: "quality",
  was: "context-length",
  about: "latency, cost, errors and quality by the length of the input",
  needs: ["input_tokens"],
  options: lengthOptions,
  selects: { hours: true },
  async table({ selection, options }): Promise<Result<ContextLengthRow>> {
    const { connection, by, clusterBy } = selection;
    const { bins: requested, score, rater } = options;
    await cutBins(selection, sql.lengths, { requested, usual: 6 });
    const kinds = await scoreByOneKind("qualityByLength", selection, score, rater);
    await run(connection, sql.scores);
    const bins = await rowsOf<Bin>(connection, sql.rows);
    const ratios = await ratiosOfBins(selection, sql.sums, bins, { ...options, clusterBy });
    const correction = await rowCorrections(connection, sql.units, { ...options, clusterBy });
    const times = await waitsOfBins(selection, [0.5, 0.95], options);
    const rows = bins.map((bin) => ({
      ...(by.length === 0 ? {} : bin.by),
      ...rowOf(bin, { ratios, times, score }),
      ...correctedCell(correction?.corrected, bin.g),
    }));
    return {
      rows,
      by: [...by, "from_tokens", "to_tokens"],
      notes: [...kinds, ...(correction?.notes ?? []), ...(await notesOf(connection, bins, score))],
      behind: {
        from: sql.behind,
        amount: { name: "duration", sum: "all waiting", first: "slowest" },
        n: ({ calls }) => calls,
        total: ({ duration }) => sumOf(duration),
      },
    };
  },
});

async function notesOf(
  connection: Selection["connection"],
  bins: readonly Bin[],
  score: string,
): Promise<string[]> {
  const [{ calls, missing }] = await rowsOf<{ calls: number; missing: number }>(connection, sql.without);
  if (calls === 0) return [noCallSelected];
  const notes: string[] = [];
  if (missing > 0)
    notes.push(`${grouped(missing)} of ${grouped(calls)} calls have no input tokens and are left out.`);
  const sum = (name: "calls" | "unpriced" | "billed") => bins.reduce((total, bin) => total + bin[name], 0);
  if (sum("billed") > 0 && sum("unpriced") > 0)
    notes.push(`${unpricedCalls(sum("unpriced"), sum("calls"))}.`);
  if (bins.length > 0 && bins.every(({ scored }) => scored === 0))
    notes.push(
      score === "resolved"
        ? "No task is known to be resolved or not: quality is unknown."
        : (await carrierOf(connection, score)).none,
    );
  return [...notes, "Longer inputs may be harder ones: what falls with length need not fall because of it."];
}

interface Bin {
  g: GroupKey;
  by: Row;
  from_tokens: number;
  to_tokens: number;
  calls: number;
  timed: number;
  /** Of the timed calls, those that timed out. */
  timeouts: number;
  /** Calls without a known cost, and those with one that were billed. */
  unpriced: number;
  billed: number;
  known: number;
  scored: number;
  /** All scores are 0 or 1. */
  plain: boolean;
}

function rowOf(
  bin: Bin,
  { ratios, times, score }: { ratios: Ratios; times: Map<GroupKey, Spread["quantiles"]>; score: string },
): ContextLengthRow {
  const { g, from_tokens, to_tokens, calls, timed, timeouts, unpriced, known, scored, plain } = bin;
  const whateverUnknown = (rate: Estimate) =>
    score === "resolved" ? rateAtWorst(rate, { known: scored, all: calls }) : rate;
  const rated = { n: scored, unit: plain ? "1" : "", counted: `calls with a score "${score}"` };
  return {
    from_tokens,
    to_tokens,
    calls,
    duration: openAbove(
      ratios.ratio(g, "duration", { n: timed, unit: "s", counted: "calls with a duration" }),
      timeouts,
      { among: timed },
    ),
    quantiles: times.get(g) ?? {},
    cost_per_call: moneyOf(ratios, g, "cost", {
      n: calls,
      unit: "USD/call",
      counted: "calls",
      priced: { calls, unpriced, unknown: bin.billed === 0 },
    }),
    error_rate: ratios.rate(g, "error", { n: known, unit: "1", counted: "calls with a status" }),
    score: plain ? whateverUnknown(ratios.rate(g, "score", rated)) : ratios.ratio(g, "score", rated),
  };
}
