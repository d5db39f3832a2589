import type { Estimate } from "../../stats/estimate";
import { grouped } from "../../stats/text";
import { isWithheld } from "./withheld";

/**
 * A number that timeouts can only raise, since they would have lasted longer: a lower bound. Calls too few for any
 * interval leave its upper end open too, unless they are of too few clusters.
 *
 * @param among the calls that it is of, if the note should say so
 */
export function openAbove(
  estimate: Estimate,
  timeouts: number,
  { high = Number.POSITIVE_INFINITY, among }: { high?: number; among?: number } = {},
): Estimate {
  if (timeouts === 0 || Number.isNaN(estimate.value)) return estimate;
  const of = among === undefined ? "" : ` of ${grouped(among)}`;
  const are = timeouts === 1 && among === undefined ? "call is a timeout" : "calls are timeouts";
  const note = `at least this: ${grouped(timeouts)}${of} ${are}`;
  const open = isWithheld(estimate) ? estimate.high : high;
  return { ...estimate, high: open, note: estimate.note ? `${note}; ${estimate.note}` : note };
}
