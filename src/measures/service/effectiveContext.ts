import { type Claim, claim } from "../../stats/claim";
import { type Estimate, noEnds, renoted } from "../../stats/estimate";
import { atLevel, levelOfEach } from "../../stats/picked";
import { reserve } from "../../stats/reservation";
import { grouped } from "../../stats/text";
import { endsAtWorst } from "../../stats/worstCase";
import { type Origin, originOf, withCallsOf } from "../behind";
import { defineMeasure } from "../define";
import { hidden } from "../measure";
import { areCorrected, scoreOf } from "../quality/corrections";
import { groupedBy, keysOf, rowKey } from "../rowKey";
import type { Keyed, Table } from "../table";
import { type ContextLengthRow, lengthOptions, qualityByLength } from "./contextLength";

/** The longest context of one group that still reaches a floor. */
export type EffectiveContextRow = Keyed<{
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
  /** That the floor is held at some length, and how far that stands. */
  claim: Claim;
  /** The longest input seen. */
  longest: number;
  floor: number;
  /**
   * If the model's advertised length is given: that, and the share of it that is known to reach the floor.
   */
  advertised?: number;
  share?: number;
}>;

/** True if the bins of a table are compared by the score corrected for the judge's errors. */
export const binsCorrected = (bins: readonly ContextLengthRow[]): boolean =>
  areCorrected(bins.map(({ score, corrected }) => ({ given: score, corrected })));

const comparedScore = ({ score, corrected }: ContextLengthRow, isCorrected: boolean) =>
  scoreOf({ given: score, corrected }, isCorrected);

/** A rate whose ends hold whatever the unknown outcomes are, at its own level. */
function whateverUnknown(score: Estimate): Estimate {
  const { unknown = 0 } = score.worst_case ?? {};
  return unknown === 0 ? score : { ...score, ...endsAtWorst(score, unknown) };
}

/**
 * The longest of a group's bins that reach a floor: by the lower bound of the score, by its value and by the
 * upper bound. Any of the bins beyond what holds might be the one that reaches it by chance, so that lower bounds hold for
 * all bins together.
 *
 * @param bins of one group, shortest first
 * @param isCorrected whether the bins of all groups have a corrected score
 */
export function heldContext(
  bins: readonly ContextLengthRow[],
  floor: number,
  isCorrected: boolean,
): Estimate {
  const scores = bins.map((bin) => comparedScore(bin, isCorrected));
  // Where a bin has no upper end, nothing rules out that it holds.
  const holds = (x: number, end: "low" | "value" | "high") =>
    x >= floor || (end === "high" && Number.isNaN(x));
  const holding = (end: "low" | "value" | "high", of: (score: Estimate) => Estimate = (score) => score) =>
    bins
      .filter((_, at) => {
        const score = scores[at];
        const judged = end === "low" ? atLevel(score, levelOfEach(score.level, bins.length)) : score;
        return holds(of(judged)[end], end);
      })
      .at(-1)?.to_tokens ?? 0;
  const last = bins[bins.length - 1];
  const n = bins.reduce((sum, { score }) => sum + score.n, 0);
  const { worst_case: _, ...own } = last.score;
  const about = { ...own, method: "bins", unit: "tokens", n };
  if (n === 0)
    return renoted({ ...about, value: Number.NaN, ...noEnds }, [
      reserve("none.has", { unit: "call", what: "the score" }),
    ]);
  const value = holding("value");
  const tokens = last.to_tokens;
  const unknown = Math.max(0, ...scores.map(({ worst_case }) => worst_case?.unknown ?? 0));
  const [low, high] = [holding("low", whateverUnknown), holding("high", whateverUnknown)];
  const held = renoted({ ...about, value, low: holding("low"), high: holding("high") }, [
    reserve(value === tokens ? "method.as-long" : "method.longest", { tokens }),
  ]);
  return unknown === 0 ? held : { ...held, worst_case: { unknown, values: [low, high], low, high } };
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
 * from which it is shown to fail. A length not shown to fail is not proven to hold. "Holds" is at one level for all bins:
 * where five of six lie 2 points below the floor, it is false in 2 of 100 logs.
 *
 * @param table of `qualityByLength`
 * @param floor the lowest acceptable score
 * @param advertised context length in tokens by model name; a model without one gets NaN
 * @returns one row for each group of `by`; compared with the advertised length, it says how much of it can
 * surely be used
 * @throws RangeError for an invalid floor or advertised length
 * @example
 * const store = await openDemo();
 * const table = await qualityByLength(store, { by: "model", where: "workload = 'document-review'" });
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
  const curves = [...groupedBy(table.rows, (row) => rowKey(by, row)).values()];
  const isCorrected = binsCorrected(table.rows);
  const rows = curves.map((bins) => {
    const held = heldContext(bins, floor, isCorrected);
    const mayHold = (bin: ContextLengthRow) =>
      !(whateverUnknown(comparedScore(bin, isCorrected)).high < floor);
    const holds = bins.filter(mayHold).at(-1);
    const failing = holds === undefined ? bins[0] : bins[bins.indexOf(holds) + 1];
    const longest = bins[bins.length - 1].to_tokens;
    const fails_from = failing?.from_tokens ?? Number.NaN;
    const place = keysOf(by, bins[0]);
    const verdict = contextVerdict(held, { fails_from, longest });
    const holding = claim("context-length.holds", "passes", [
      { estimate: held, end: "low", holds: (x) => x > 0 },
    ]);
    const row = { ...place, effective_context: held, fails_from, longest, floor, verdict, claim: holding };
    if (advertised === undefined) return row;
    const length = advertised[String(bins[0].model)] ?? Number.NaN;
    return { ...row, advertised: length, share: held.low / length };
  });
  const notes = [
    "A length that is not shown to fail is not shown to hold either: there may be too few calls to know.",
  ];
  return withCallsOf({ measure: "quality floor", by, rows, notes }, (_, place) => ({
    effective_context: contextOrigin(curves[place], by),
  }));
}

/**
 * The longest context whose quality reaches a floor: `effectiveContext` of the `qualityByLength` of a store, in one step.
 * n counts calls with the score.
 *
 * @returns a table with a row for each group of `by`
 * @throws RangeError for an invalid floor, and as `qualityByLength`
 * @example
 * const store = await openDemo();
 * const options = { by: "model", where: "workload = 'document-review'", floor: 0.7 };
 * (await qualityFloor(store, options)).rows[0].longest // 200000
 */
export const qualityFloor = defineMeasure({
  name: "floor",
  of: "quality",
  beyond: "by-length",
  was: "context-length --floor",
  about: "the longest input whose lower bound holds this score, beside the advertised length",
  needs: ["input_tokens"],
  options: {
    floor: { value: "<score>", about: "the lowest acceptable score", as: "number", required: true },
    ...hidden(lengthOptions),
  },
  takes: "floor",
  async compose({ store, options: { floor, ...options } }) {
    const table = await qualityByLength(store, options);
    const found = effectiveContext(table, { floor });
    found.notes.unshift(...table.notes);
    return found;
  },
});

function contextVerdict(
  { low, n, worst_case }: Estimate,
  { fails_from, longest }: { fails_from: number; longest: number },
): string {
  if (n === 0) return "no call has the score";
  const sure = worst_case?.low ?? low;
  const whatever = sure > 0 ? `, up to ${grouped(sure)} whatever they are` : "";
  const alike = sure < low ? ` if outcomes are reported alike${whatever}` : "";
  const holds = low > 0 ? `holds up to ${grouped(low)} tokens${alike}` : "not shown to hold at any length";
  return Number.isNaN(fails_from)
    ? `${holds}, not shown to fail up to ${grouped(longest)}`
    : `${holds}, fails from ${grouped(fails_from)} on`;
}
