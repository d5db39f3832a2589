import type { Estimate } from "../../stats/estimate";
import { studentTQuantile } from "../../stats/studentT";
import { type Banded, spreadOf } from "./cascadeBand";
import type { CascadeBands, From } from "./cascadeBands";
import { type CascadeSums, minus, type Picked, plus } from "./cascadeSums";
import { widened } from "./counterfactual";

/** How good the answers are where a cascade starts to accept the cheap model's at some point. */
export interface GoodPoint {
  /** Share of good answers, and how much more than with the dear model alone. */
  quality: Estimate;
  quality_difference: Estimate;
  /** The one-sided lower bound of that difference, for all thresholds together. */
  not_worse: number;
}

/** How good a cascade's answers are. */
export interface Goodness {
  points: GoodPoint[];
  /** The dear model alone on all of these tasks. */
  quality_dear: Estimate;
  /** The lower bound of how much more often answers of a higher score are good; above 0 the score tells good from bad. */
  tells: number;
  /**
   * How unlike the known results of a bin the others may be, as a factor, for the point's answers to stay within a margin of
   * the dear model's; Infinity if nothing turns it.
   */
  turnsAt(point: number, margin: number): number;
}

/** Factors up to which one is looked for that turns a threshold. */
const MOST_FACTOR = 100;
const zeroToOne = [0, 1] as const;
/** Results that are not known are like the known ones. */
const alike: Picked = { factor: 1, end: "low" };
const other = ({ factor, end }: Picked): Picked => ({ factor, end: end === "low" ? "high" : "low" });

/**
 * How good a cascade's answers are, by the point where it starts to accept the cheap model's.
 *
 * @param factor how unlike the known results of a bin the others may be, at most
 */
export function cascadeGood(sums: CascadeSums, bands: CascadeBands, factor: number): Goodness {
  const { every } = sums;
  const unseen = (cheap: readonly number[], dear: readonly number[]) =>
    Math.hypot(sums.unseen(cheap, "c_judged"), sums.unseen(dear, "d_judged"));
  const qualityAt = (picked: Picked) =>
    bands.band(
      ({ accepted, passed }) => plus(sums.good(accepted, "c", picked), sums.good(passed, "d", picked)),
      "1",
      { floor: ({ accepted, passed }: From) => unseen(accepted, passed), ends: zeroToOne },
    );
  const differenceAt = (picked: Picked) =>
    bands.band(
      ({ accepted }) => minus(sums.good(accepted, "c", picked), sums.good(accepted, "d", other(picked))),
      "1",
      { floor: ({ accepted }: From) => unseen(accepted, accepted), ends: [-1, 1] },
    );
  const dearAlone = (picked: Picked) =>
    bands.single(sums.good(every, "d", picked), "1", sums.unseen(every, "d_judged"), zeroToOne);
  const extremes = <T>(make: (picked: Picked) => T): T[] =>
    factor === 1 ? [] : [make({ factor, end: "low" }), make({ factor, end: "high" })];
  const within = (at: number, known: readonly Banded[], ends: readonly (readonly Banded[])[]) =>
    widened(
      known[at].estimate,
      ends.map((band) => band[at].estimate),
    );
  const [quality, qualities] = [qualityAt(alike), extremes(qualityAt)];
  const [difference, differences] = [differenceAt(alike), extremes(differenceAt)];
  const [least = difference] = differences;
  const { tells } = sums;
  return {
    points: bands.froms.map((_, at) => ({
      quality: within(at, quality, qualities),
      quality_difference: within(at, difference, differences),
      not_worse: least[at].below,
    })),
    quality_dear: widened(dearAlone(alike), extremes(dearAlone)),
    tells: tells[0] - studentTQuantile(0.975, Math.max(1, bands.clusters - 1)) * spreadOf(tells.subarray(1)),
    turnsAt: (point, margin) =>
      turning((tried) => differenceAt({ factor: tried, end: "low" })[point].below >= -margin),
  };
}

/** The highest factor at which something still holds, to a hundredth; Infinity if it holds at the most that is tried. */
function turning(holds: (factor: number) => boolean): number {
  if (holds(MOST_FACTOR)) return Number.POSITIVE_INFINITY;
  let [held, lost] = [1, MOST_FACTOR];
  while (lost / held > 1.01) {
    const middle = Math.sqrt(held * lost);
    if (holds(middle)) held = middle;
    else lost = middle;
  }
  return held;
}
