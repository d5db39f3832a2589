import { join } from "node:path";
import { carrierOf, scoreByOneKind } from "../../facts/judgements";
import type { Selection } from "../../facts/select";
import type { Estimate } from "../../stats/estimate";
import { grouped } from "../../stats/text";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { type Origin, originOf, withCallsOf } from "../behind";
import { moneyOf, unpricedCalls } from "../cost/costUnpriced";
import { defineMeasure, type Result } from "../define";
import { binsOption, cutBins, waitsOfBins } from "../estimate/bins";
import { openAbove } from "../estimate/openAbove";
import { type GroupKey, type Ratios, ratiosOf } from "../estimate/ratios";
import type { Spread } from "../estimate/spread";
import { raterOption } from "../measure";
import { correctedCell, correctedOr, rowCorrections } from "../quality/corrections";
import type { Row, Table } from "../table";

type Name = "lengths" | "scores" | "sums" | "rows" | "without" | "units" | "behind";
const sql = statements<Name>(join(__dirname, "contextLength.sql"));

/** The options that say which score is followed as inputs get longer. */
export const lengthScore = {
  score: {
    value: "<name>",
    about: "the score that says whether an answer is good; resolved is the outcome of its task",
    default: "resolved",
  },
  rater: raterOption,
} as const;

/** Calls with inputs of similar length. */
export interface ContextLengthRow extends Row {
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
}

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
 * const { rows } = await contextLength(store, { by: "model", where: "workload = 'document-review'" });
 * rows[0].quantiles["0.5"].value.toFixed(1) // "10.8"
 */
export const contextLength = defineMeasure({
  name: "context-length",
  title: "context length",
  about: "latency, cost, errors and quality by the length of the input",
  needs: ["input_tokens"],
  options: { ...lengthScore, bins: binsOption("bins with about as many calls each", 6) },
  async table({ selection, options }): Promise<Result<ContextLengthRow>> {
    const { connection, by, clusterBy } = selection;
    const { bins: requested, score, rater } = options;
    await cutBins(selection, sql.lengths, { requested, usual: 6 });
    const kinds = await scoreByOneKind("contextLength", connection, score, rater);
    await run(connection, sql.scores);
    const bins = await rowsOf<Bin>(connection, sql.rows);
    const ratios = await ratiosOf(selection, sql.sums, { ...options, clusterBy });
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
        total: ({ duration }) => (duration.n === 0 ? 0 : duration.n * duration.value),
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
  if (calls === 0) return ["No call is selected."];
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
    score: plain ? ratios.rate(g, "score", rated) : ratios.ratio(g, "score", rated),
  };
}

/** The longest context of one group that still reaches a floor. */
export interface EffectiveContextRow extends Row {
  /**
   * Input tokens of the longest bin whose value reaches the floor; at `low` the floor is surely reached, at
   * `high` possibly.
   */
  effective_context: Estimate;
  /**
   * Input tokens from which the score is shown to be below the floor; NaN if it is not shown to fail at any
   * length.
   */
  fails_from: number;
  /** The two in words. */
  verdict: string;
  /** The longest input seen. */
  longest: number;
  floor: number;
  /**
   * If the model's advertised length is given: that, and the share of it that is known to reach the floor.
   */
  advertised?: number;
  share?: number;
}

const bestScore = ({ score, corrected }: ContextLengthRow) => correctedOr(score, corrected);

/**
 * The longest of a group's bins that reach a floor: by the lower bound of the score, by its value and by the
 * upper bound.
 *
 * @param bins of one group, shortest first
 */
export function heldContext(bins: readonly ContextLengthRow[], floor: number): Estimate {
  const holding = (end: "low" | "value" | "high") =>
    bins.filter((bin) => bestScore(bin)[end] >= floor).at(-1)?.to_tokens ?? 0;
  const last = bins[bins.length - 1];
  const n = bins.reduce((sum, { score }) => sum + score.n, 0);
  const about = { ...last.score, method: "bins", unit: "tokens", n };
  if (n === 0)
    return { ...about, value: Number.NaN, low: Number.NaN, high: Number.NaN, note: "no call has the score" };
  const value = holding("value");
  const most = value === last.to_tokens ? "at least this, as the calls show: " : "";
  const note = `${most}the longest bin seen ends at ${grouped(last.to_tokens)} tokens`;
  return { ...about, value, low: holding("low"), high: holding("high"), note };
}

/** The calls of all bins of a group together. */
export function contextOrigin(bins: readonly ContextLengthRow[], by: readonly string[]): Origin | undefined {
  const origin = originOf(bins[0]);
  const calls = bins.reduce((sum, bin) => sum + bin.calls, 0);
  return (
    origin && {
      ...origin,
      behind: { ...origin.behind, keys: (row) => ({ by, rows: [row] }), n: () => calls, total: undefined },
    }
  );
}

/**
 * The longest context whose quality reaches a floor, with what is sure and what is possible, and the length
 * from which it is shown to fail. A length not shown to fail is not proven to hold.
 *
 * @param table of `contextLength`
 * @param floor the lowest acceptable score
 * @param advertised context length in tokens by model name; a model without one gets NaN
 * @returns one row for each group of `by`; compared with the advertised length, it says how much of it can
 * surely be used
 * @throws RangeError for an invalid floor or advertised length
 * @example
 * const store = await openDemo();
 * const table = await contextLength(store, { by: "model", where: "workload = 'document-review'" });
 * effectiveContext(table, { floor: 0.7 }).rows[0].longest // 200000
 */
export function effectiveContext(
  table: Table<ContextLengthRow>,
  { floor, advertised }: { floor: number; advertised?: Readonly<Record<string, number>> },
): Table<EffectiveContextRow> {
  if (!Number.isFinite(floor))
    throw new RangeError(`effectiveContext requires a finite floor, got ${String(floor)}`);
  for (const [model, tokens] of Object.entries(advertised ?? {}))
    if (!(Number.isFinite(tokens) && tokens > 0))
      throw new RangeError(
        `effectiveContext requires advertised lengths > 0 tokens, got ${String(tokens)} for "${model}"`,
      );
  const by = table.by.filter((name) => name !== "from_tokens" && name !== "to_tokens");
  const groups = new Map<string, ContextLengthRow[]>();
  for (const row of table.rows) {
    const key = JSON.stringify(by.map((name) => row[name]));
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const curves = [...groups.values()];
  const rows = curves.map((bins) => {
    const held = heldContext(bins, floor);
    const holds = bins.filter((bin) => !(bestScore(bin).high < floor)).at(-1);
    const failing = holds === undefined ? bins[0] : bins[bins.indexOf(holds) + 1];
    const longest = bins[bins.length - 1].to_tokens;
    const fails_from = failing?.from_tokens ?? Number.NaN;
    const place = Object.fromEntries(by.map((name) => [name, bins[0][name]]));
    const verdict = contextVerdict(held, { fails_from, longest });
    const row = { ...place, effective_context: held, fails_from, longest, floor, verdict };
    if (advertised === undefined) return row;
    const length = advertised[String(bins[0].model)] ?? Number.NaN;
    return { ...row, advertised: length, share: held.low / length };
  });
  const notes = [
    "A length that is not shown to fail is not shown to hold either: there may be too few calls to know.",
  ];
  return withCallsOf({ measure: "effective context", by, rows, notes }, (_, place) => ({
    effective_context: contextOrigin(curves[place], by),
  }));
}

/** `effectiveContext` as a command has it. */
export const contextFloor = defineMeasure({
  name: "floor",
  caller: "contextLength",
  of: "context-length",
  about: "the longest input whose lower bound holds this score, beside the advertised length",
  needs: ["input_tokens"],
  options: {
    floor: { value: "<score>", about: "the lowest acceptable score", as: "number", required: true },
  },
  takes: "floor",
  compose: async ({ store, options: { floor, ...options } }) =>
    effectiveContext(await contextLength(store, options), { floor }),
});

function contextVerdict(
  { low, n }: Estimate,
  { fails_from, longest }: { fails_from: number; longest: number },
): string {
  if (n === 0) return "no call has the score";
  const holds = low > 0 ? `holds up to ${grouped(low)} tokens` : "not shown to hold at any length";
  return Number.isNaN(fails_from)
    ? `${holds}, not shown to fail up to ${grouped(longest)}`
    : `${holds}, fails from ${grouped(fails_from)} on`;
}
