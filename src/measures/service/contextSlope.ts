import { scoreByOneKind } from "../../facts/judgements";
import { type Claim, claim } from "../../stats/claim";
import { type Estimate, noEnds } from "../../stats/estimate";
import { holm } from "../../stats/multiplicity";
import { grouped } from "../../stats/text";
import { type CurvePart, turningPoint } from "../../stats/turningPoint";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { worstFirst } from "../behind";
import { defineMeasure, type Result } from "../define";
import { cutBins } from "../estimate/bins";
import type { GroupKey } from "../estimate/ratios";
import { uncorrectedNotes } from "../quality/corrections";
import type { Keyed, Row } from "../table";
import { lengthScore } from "./contextLength";

const sql = statements(__dirname, "contextLength.sql");

/** How the quality of one row changes with the length of the input. */
export type ContextSlopeRow = Keyed<{
  /** Calls with a score. */
  calls: number;
  /** Change of the mean score per doubling of the input length, over all lengths. */
  per_doubling: Estimate;
  /** Chance of a fall this clear at some length of some row if there were none in any (Holm). */
  p_falls: number;
  /** Input tokens from which the score falls; NaN if it is not shown to fall. */
  turns_at: Estimate;
  /** The longest input with a score. */
  longest: number;
  /** In words. */
  verdict: string;
  /** That it falls at some length, and how far that stands. */
  claim: Claim;
}>;

/** Ends of a turning point that are this many times apart leave open where it is. */
const WIDE = 10;

/** Number of lengths tried as the turning point, and maximum number of clusters. */
const steps = 24;
const mostClusters = 200;

/**
 * How fast quality falls as inputs get longer, and the length at which it begins to.
 *
 * The mean score by length is fitted, in doublings of the input tokens, by a straight line and by a line that
 * is flat up to a length and straight after it, each workload at a level of its own. n counts calls with a score. A score that is not shown to
 * fall is not shown to hold steady either. Verdicts hold for all rows together; where outcomes are unknown, those at other
 * lengths are taken for reported alike. Longer inputs may be harder ones: quality that falls with length
 * need not fall because of it.
 *
 * @remarks Methods: see `turningPoint`, at 24 lengths of about equally many calls; more than 200 clusters are
 * pooled into 200. On 200 simulated logs of 60 users with 30 calls each, a score that never falls was said to
 * fall in 6 at 95 %; a score that fell from 8,192 tokens on had that length inside the interval in 199 of
 * 200.
 * @returns a table with a row for each group of `by`
 * @throws RangeError for an invalid column, cluster or level
 * @example
 * const store = await openDemo();
 * const { rows } = await qualitySlope(store, { by: "model", where: "workload = 'document-review'" });
 * rows.find((row) => row.model === "quillon-7-lite")?.per_doubling.value.toFixed(3) // "-0.042"
 */
export const qualitySlope = defineMeasure({
  name: "slope",
  of: "quality",
  beyond: "by-length",
  was: "context-length --slope",
  about: "how fast quality falls with the length of the input, and from which length on",
  needs: ["input_tokens", "tasks.resolved or scores"],
  fixed: { interval: "the turning point is drawn already, and the slope is a regression's" },
  options: lengthScore,
  async table({ selection, options }): Promise<Result<ContextSlopeRow>> {
    const { connection, by, clusterBy } = selection;
    const { score, rater, level = 0.95, seed } = options;
    await cutBins(selection, sql.lengths, { requested: steps, usual: steps });
    const kinds = await scoreByOneKind("qualitySlope", selection, score, rater);
    await run(connection, sql.scores);
    const lengths = await rowsOf<Step>(connection, sql.steps);
    const parts = await rowsOf<Part>(connection, sql.parts, { most: mostClusters });
    const groups = new Map<GroupKey, Step[]>();
    for (const step of lengths) groups.set(step.g, [...(groups.get(step.g) ?? []), step]);
    const fitted = [...groups].map(([g, curve]) => {
      const places = new Map(curve.map(({ bin }, place) => [bin, place]));
      const sums = parts
        .filter((part) => part.g === g)
        .map(
          ({ cluster, bin, workload, n, total }): CurvePart => ({
            ...{ cluster, step: places.get(bin) as number, stratum: workload, n, sum: total },
          }),
        );
      return {
        curve,
        fit: turningPoint(
          curve.map(({ x }) => x),
          sums,
          { level, seed },
        ),
      };
    });
    const p_holm = holm(fitted.map(({ fit }) => fit.p));
    const rows = fitted.map(({ curve, fit: { turn, slope } }, at): ContextSlopeRow => {
      const p = p_holm[at];
      const shown = p <= 1 - level ? turn : { ...turn, value: Number.NaN, ...noEnds };
      const turns_at = { ...shown, ...tokens(shown), unit: "tokens", clusterBy };
      const { longest } = curve[curve.length - 1];
      const scored = curve.reduce((sum, { n }) => sum + n, 0);
      const isKnown = score !== "resolved" || curve.every(({ n, calls }) => n === calls);
      const falls = claim(
        "context-length.falls",
        "trend",
        [{ estimate: { ...turns_at, low: turns_at.value }, end: "low", holds: (x) => x <= longest }],
        { needs: isKnown ? [] : ["outcomes-alike"] },
      );
      return {
        ...(by.length === 0 ? {} : curve[0].by),
        calls: scored,
        per_doubling: { ...slope, clusterBy },
        p_falls: p,
        turns_at,
        longest,
        verdict: verdictOf(turns_at, p, longest) + (falls.needs === undefined ? "" : ifAlike),
        claim: falls,
      };
    });
    const harder = "Longer inputs may be harder ones: what falls with length need not fall because of it.";
    const levels = "Each workload keeps a level of its own: a fall is one within workloads.";
    const isMixed = !by.includes("workload") && new Set(parts.map(({ workload }) => workload)).size > 1;
    return {
      rows,
      notes: [
        ...kinds,
        ...(await uncorrectedNotes(connection, { level, seed, clusterBy })),
        ...(rows.length === 0 ? [] : isMixed ? [levels, harder] : [harder]),
      ],
      none: `No call with input tokens has a score "${score}".`,
      behind: {
        from: "select g, at_row, score as amount from scored",
        amount: worstFirst(score),
        n: ({ calls }) => calls,
      },
    };
  },
});

const ifAlike = ", if outcomes are reported alike at all lengths";

interface Step {
  g: GroupKey;
  by: Row;
  bin: number;
  /** Doublings of the input tokens. */
  x: number;
  n: number;
  /** Calls of these lengths, with a score or without. */
  calls: number;
  longest: number;
}

interface Part {
  g: GroupKey;
  cluster: number;
  bin: number;
  workload: string;
  n: number;
  total: number;
}

const tokens = ({ value, low, high }: Estimate) => ({
  value: Math.round(2 ** value),
  low: Math.round(2 ** low),
  high: Math.round(2 ** high),
});

function verdictOf({ value, low, high, note }: Estimate, p: number, longest: number): string {
  if (Number.isNaN(p)) return note ?? "cannot tell";
  if (Number.isNaN(value)) return `not shown to fall up to ${grouped(longest)} tokens`;
  return high > WIDE * low
    ? `falls from somewhere between ${grouped(low)} and ${grouped(high)} tokens on`
    : `falls from about ${grouped(value)} tokens on (${grouped(low)} to ${grouped(high)})`;
}
