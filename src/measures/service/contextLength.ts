import { join } from "node:path";
import { select } from "../../facts/select";
import type { Estimate } from "../../stats/estimate";
import { grouped } from "../../stats/text";
import type { Store } from "../../store/open";
import { rowsOf, run } from "../../store/query";
import { quoteText } from "../../store/quote";
import { statements } from "../../store/statements";
import { checkBins, cutBins, waitsOfBins } from "../estimate/bins";
import { type GroupKey, type Ratios, ratiosOf } from "../estimate/ratios";
import type { Spread } from "../estimate/spread";
import { checkOptions, type MeasureOptions } from "../options";
import type { Row, Table } from "../table";

type Name = "lengths" | "scores" | "sums" | "rows" | "without";
const sql = statements<Name>(join(__dirname, "contextLength.sql"));

/** How the length of the input is looked at. */
export interface ContextLengthOptions extends MeasureOptions {
  /** Bins of about equally many calls. Default 6. */
  bins?: number;
  /** The score that says whether an answer is good. Default "resolved", the outcome of its task. */
  score?: string;
}

/** Calls whose input is about as long. */
export interface ContextLengthRow extends Row {
  from_tokens: number;
  to_tokens: number;
  calls: number;
  duration: Estimate;
  /** Quantiles of duration, by probability: 0.5 and 0.95. */
  quantiles: Record<string, Estimate>;
  cost_per_call: Estimate;
  error_rate: Estimate;
  /** The mean of the score: a rate where it is 0 or 1. */
  score: Estimate;
}

/**
 * Latency, cost, errors and quality by the length of the input: a context window is a capacity, not a promise.
 *
 * Each row's input tokens (cached ones included) are cut into bins of about equally many calls. A call has the score of
 * its own or else of its task, so a task asked for several times counts each time. n counts calls; clusters are those
 * of the calls. Longer inputs may be harder ones: what falls with length need not fall because of it.
 *
 * @returns a table with a row for each group of `by` and bin, shortest first
 * @throws RangeError for invalid bins, and for an invalid column, cluster or level
 * @example
 * const store = await openDemo();
 * const { rows } = await contextLength(store, { by: "model", where: "workload = 'document-review'" });
 * rows[0].quantiles["0.5"].value.toFixed(1) // "10.8"
 */
export async function contextLength(
  store: Store,
  options: ContextLengthOptions = {},
): Promise<Table<ContextLengthRow>> {
  checkOptions("contextLength", options);
  const { bins = 6, score = "resolved" } = options;
  checkBins("contextLength", bins);
  const selection = await select(store, options);
  try {
    const { connection, by, clusterBy } = selection;
    await cutBins(selection, sql.lengths, bins);
    await run(connection, `set variable score = ${quoteText(score)}`);
    await run(connection, sql.scores);
    const found = await rowsOf<Found>(connection, sql.rows);
    const ratios = await ratiosOf(selection, sql.sums, { ...options, clusterBy });
    const [{ calls, missing }] = await rowsOf<{ calls: number; missing: number }>(connection, sql.without);
    const notes = [...selection.notes];
    if (calls === 0) notes.push("No call is selected.");
    else if (missing > 0)
      notes.push(`${grouped(missing)} of ${grouped(calls)} calls have no input tokens and are left out.`);
    if (found.length > 0 && found.every(({ scored }) => scored === 0))
      notes.push(
        score === "resolved"
          ? "No task is known to be resolved or not: quality is unknown."
          : `No call or task has a score "${score}".`,
      );
    notes.push("Longer inputs may be harder ones: what falls with length need not fall because of it.");
    const times = await waitsOfBins(selection, [0.5, 0.95], options);
    const rows = found.map((one) => ({
      ...(by.length === 0 ? {} : one.by),
      ...rowOf(one, { ratios, times, score }),
    }));
    return { measure: "context-length", by: [...by, "from_tokens", "to_tokens"], rows, notes };
  } finally {
    selection.close();
  }
}

interface Found {
  g: GroupKey;
  by: Row;
  from_tokens: number;
  to_tokens: number;
  calls: number;
  timed: number;
  priced: number;
  known: number;
  scored: number;
  /** All scores are 0 or 1. */
  plain: boolean;
}

function rowOf(
  found: Found,
  { ratios, times, score }: { ratios: Ratios; times: Map<GroupKey, Spread["quantiles"]>; score: string },
): ContextLengthRow {
  const { g, from_tokens, to_tokens, calls, timed, priced, known, scored, plain } = found;
  const rated = { n: scored, unit: plain ? "1" : "", counted: `calls with a score "${score}"` };
  return {
    from_tokens,
    to_tokens,
    calls,
    duration: ratios.ratio(g, "duration", { n: timed, unit: "s", counted: "calls with a duration" }),
    quantiles: times.get(g) ?? {},
    cost_per_call: ratios.ratio(g, "cost", { n: priced, unit: "USD/call", counted: "calls with a cost" }),
    error_rate: ratios.rate(g, "error", { n: known, unit: "1", counted: "calls with a status" }),
    score: plain ? ratios.rate(g, "score", rated) : ratios.ratio(g, "score", rated),
  };
}

/** The longest context that still holds a floor, of one group. */
export interface EffectiveContextRow extends Row {
  /** Input tokens of the longest bin whose lower bound of the score holds the floor; NaN where none does. */
  effective_context: number;
  /** The longest input seen. */
  longest: number;
  floor: number;
  /** Where the model's advertised length is given: that, and the part of it that is known to hold the floor. */
  advertised?: number;
  share?: number;
}

/**
 * The longest context whose quality is still known to hold a floor: the longest bin in which the lower bound of the
 * score is no lower than it.
 *
 * @param table of `contextLength`
 * @param floor the least score that will do
 * @param advertised tokens that each model is said to take, by its name; a model without one has NaN there
 * @returns one row for each group of `by`; set beside the advertised length, it says how much of it can be used
 * @throws RangeError for a floor that is no number, and for an advertised length that is none
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
  const rows = [...groups.values()].map((bins) => {
    const held = bins.filter(({ score }) => score.low >= floor).at(-1)?.to_tokens ?? Number.NaN;
    const own = Object.fromEntries(by.map((name) => [name, bins[0][name]]));
    const found = { ...own, effective_context: held, longest: bins[bins.length - 1].to_tokens, floor };
    if (advertised === undefined) return found;
    const said = advertised[String(bins[0].model)] ?? Number.NaN;
    return { ...found, advertised: said, share: held / said };
  });
  const notes = [
    "Where nothing meets the floor, there may be too few calls to know rather than too little quality.",
  ];
  return { measure: "effective context", by, rows, notes };
}
