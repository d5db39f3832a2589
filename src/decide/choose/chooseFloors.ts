import type { Estimate } from "../../stats/estimate";
import { type Floor, floorName, labelOf } from "../profile/criterion";
import { brief } from "./chooseText";

/**
 * The floors that are not shown to hold, in words: "hallucination: upper bound 0.09 above 0.05".
 *
 * @param bounds estimates whose two ends are the one-sided bounds
 */
export function failsOf(bounds: Readonly<Record<string, Estimate>>, floors: readonly Floor[]): string[] {
  return floors.flatMap((floor) => {
    const { at_least, at_most } = floor;
    const { low = Number.NaN, high = Number.NaN, unit = "", n = 0 } = bounds[floorName(floor)] ?? {};
    const [bound, limit] = at_most === undefined ? [low, at_least as number] : [high, at_most];
    const [which, side] = at_most === undefined ? ["lower", "below"] : ["upper", "above"];
    if (at_most === undefined ? bound >= limit : bound <= limit) return [];
    const of = unit === "" || unit === "1" ? "" : ` ${unit}`;
    const what = labelOf(floor);
    if (!Number.isFinite(bound))
      return [`${what}: no ${which} bound from ${brief(n)} observations, the limit is ${limit}${of}`];
    return [`${what}: ${which} bound ${apart(bound, limit)}${of} ${side} ${limit}${of}`];
  });
}

/** A bound with as many digits as it takes to differ from its limit. */
function apart(bound: number, limit: number): string {
  for (let digits = 2; digits < 8; digits++)
    if (Number(bound.toPrecision(digits)) !== limit) return brief(bound, digits);
  return String(bound);
}
