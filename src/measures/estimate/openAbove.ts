import { type Estimate, withNotesFirst } from "../../stats/estimate";
import { reserve } from "../../stats/reservation";
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
  const open = isWithheld(estimate) ? estimate.high : high;
  const calls = `${grouped(timeouts)}${among === undefined ? "" : ` of ${grouped(among)}`} calls`;
  const isOne = timeouts === 1 && among === undefined;
  return withNotesFirst({ ...estimate, high: open }, [
    isOne ? reserve("timeouts.one") : reserve("timeouts.some", { calls }),
  ]);
}
