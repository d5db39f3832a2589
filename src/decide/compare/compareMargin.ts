import type { Margin } from "../../measures/mix/mixMargin";
import type { Four } from "../../measures/mix/mixStandard";
import { odds } from "../../stats/claim";
import type { Estimate } from "../../stats/estimate";
import { nearestToOne, oddsFactor } from "../../stats/eValue";
import { normalQuantile } from "../../stats/normal";
import type { Reservation } from "../../stats/reservation";
import { movedCase } from "../../stats/worstCase";

/**
 * How far the odds of lying below a quantile must shift to move it by a ratio, and to leave that open; nothing for what is no
 * quantile. Far from 1 a ratio hardly changes the odds, and between two modes it changes them much, so the nearer end is the
 * less of what the ratio's end and the errors of both shares leave.
 */
export function unloggedOdds(
  { k, t: second }: Pick<Four<Margin>, "k" | "t">,
  ratio: Estimate,
  { p, t }: { p: number | undefined; t: number },
): { odds?: number; odds_bound?: number } {
  const { value, below } = k;
  if (below === undefined || p === undefined) return {};
  const near = nearestToOne(ratio);
  const shift = (times: number) => oddsFactor(below(value * times), p);
  const found = shift(ratio.value);
  const reach = Math.hypot(oddsReach(k, t), oddsReach(second, t));
  const sure = Math.max(1, found / Math.exp(reach));
  return { odds: found, odds_bound: Math.min(sure, shift(ratio.value < 1 ? 1 / near : near)) };
}

/** How far the odds of lying below a quantile are known, on the log scale. */
function oddsReach({ bounds, below }: Margin, t: number): number {
  if (below === undefined) return Number.POSITIVE_INFINITY;
  const [low, high] = bounds(t).map((end) => Math.log(odds(below(end))));
  return (high! - low!) / 2;
}

/** What the measures know of a side's number, and what stays so at another mix: not how many clusters there are. */
export const knownOf = ({ reservations = [] }: Estimate): Reservation[] =>
  reservations.filter(({ id }) => !id.startsWith("clusters.") && !id.startsWith("outcomes."));

/** What unknown outcomes may make of a side's number at the mix where it is `value`. */
export function caseOf({ value: own, unit, worst_case }: Estimate, value: number): Estimate["worst_case"] {
  if (worst_case === undefined || !Number.isFinite(value - own)) return undefined;
  const isShare = unit === "1";
  return movedCase(worst_case, (x) =>
    isShare ? Math.min(1, Math.max(0, x + value - own)) : own > 0 ? (x * value) / own : x,
  );
}

/** The factor that is shown in four of five cases: as far from no change as the test reaches, plus .84 errors. */
export function seenOf({ low, high }: Estimate, t: number): number {
  const error = Math.log(high / low) / (2 * t);
  return Number.isFinite(error) ? Math.exp((t + fourOfFive) * error) : Number.NaN;
}

const fourOfFive = normalQuantile(0.8);

/** How far the number of a side is from the measures' value; 0 if either is unknown. */
export function shiftOf({ value }: Margin, stated: Estimate): number {
  const shift = stated.value - value;
  return Number.isFinite(shift) ? shift : 0;
}

export function moved(margin: Margin, by: number): Margin {
  const bounds = (t: number): [number, number] => {
    const [low, high] = margin.bounds(t);
    return [low + by, high + by];
  };
  const { below } = margin;
  const shifted = below && { below: (x: number) => below(x - by) };
  return { ...margin, value: margin.value + by, bounds, ...shifted };
}
