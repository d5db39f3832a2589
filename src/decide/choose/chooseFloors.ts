import { metric } from "../../measures/metric";
import { reached } from "../../stats/claim";
import type { Estimate } from "../../stats/estimate";
import { disowning, reservationText } from "../../stats/reservation";
import { type Floor, floorName, labelOf } from "../profile/criterion";
import { brief, withUnit } from "./chooseText";

/**
 * The floors that are not shown to hold, in words: "hallucination: upper bound 9 %, above 5 %".
 *
 * @param bounds estimates whose two ends are the one-sided bounds
 */
export function failsOf(bounds: Readonly<Record<string, Estimate>>, floors: readonly Floor[]): string[] {
  return floors.flatMap((floor) => {
    const { at_least, at_most } = floor;
    const estimate = bounds[floorName(floor)];
    const { low = Number.NaN, high = Number.NaN, n = 0, ...found } = estimate ?? {};
    // A share within a limit has no metric of its own.
    const unit = found.unit || (floor.within === undefined ? metric(floor.metric).unit : "1");
    const [bound, limit] = at_most === undefined ? [low, at_least as number] : [high, at_most];
    const [which, side] = at_most === undefined ? ["lower", "below"] : ["upper", "above"];
    const holds = (x: number) => (at_most === undefined ? x >= limit : x <= limit);
    const [what, end] = [labelOf(floor), withUnit(limit, unit, 15)];
    if (holds(bound)) {
      const short = estimate && fallingShort(estimate, at_most === undefined ? "low" : "high", holds);
      return short === undefined ? [] : [`${what}: its bound decides nothing: ${reservationText(short)}`];
    }
    if (!Number.isFinite(bound))
      return [`${what}: no ${which} bound from ${brief(n)} observations, the limit is ${end}`];
    return [`${what}: ${which} bound ${withUnit(bound, unit, apart(bound, limit))}, ${side} ${end}`];
  });
}

/** What leaves an end unable to carry a limit, even as far out as it may carry a decision; undefined if nothing does. */
const fallingShort = (estimate: Estimate, end: "low" | "high", holds: (x: number) => boolean) =>
  disowning(estimate.reservations, end).find((one) => !holds(reached(estimate, end, one)));

/** How many digits a bound needs to be seen to differ from its limit. */
function apart(bound: number, limit: number): number {
  let digits = 2;
  while (digits < 15 && Number(bound.toPrecision(digits)) === limit) digits++;
  return digits;
}
