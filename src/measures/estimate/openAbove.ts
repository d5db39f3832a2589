import { type Estimate, withNotesFirst } from "../../stats/estimate";
import { reserve } from "../../stats/reservation";
import { isWithheld } from "./withheld";

/**
 * A number that timeouts can only raise, since they would have lasted longer: a lower bound. Calls too few for any
 * interval leave its upper end open too, unless they are of too few clusters.
 *
 * @param options `among`, the calls that it is of, if the note should say so; `counted`, what these are
 */
export function openAbove(
  estimate: Estimate,
  timeouts: number,
  {
    high = Number.POSITIVE_INFINITY,
    among,
    counted = "calls",
  }: { high?: number; among?: number; counted?: string } = {},
): Estimate {
  if (timeouts === 0 || Number.isNaN(estimate.value)) return estimate;
  const open = isWithheld(estimate) ? estimate.high : high;
  const some = timeouts === 1 ? reserve("timeouts.one") : reserve("timeouts.some", { n: timeouts, counted });
  return withNotesFirst({ ...estimate, high: open }, [
    among === undefined
      ? some
      : // What cuts off the wait of a whole conversation is that it ends without what was wanted.
        reserve(counted === "conversations" ? "unresolved.among" : "timeouts.among", {
          ...{ n: timeouts, of: among, counted },
        }),
  ]);
}
