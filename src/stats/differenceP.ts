import type { Estimate } from "./estimate";
import { marginalOf } from "./marginal";
import { differenceOf } from "./mover";
import { normalQuantile } from "./normal";
import { studentTCdf, studentTQuantile } from "./studentT";

/** How many times the margins of an interval are widened at most: the p-value is then below any that is asked for. */
const WIDEST = 20;

/**
 * The probability of so large a difference between two equals: the intervals of both are widened until that of the
 * difference holds 0. 1 where an interval is unknown. Student's t with the fewer clusters says how likely that is.
 */
export function differenceP(
  a: Estimate,
  b: Estimate,
  { correlation = 0 }: { correlation?: number } = {},
): number {
  const degrees = Math.min(a.clusters, b.clusters) - 1;
  const [one, two] = [scalable(a), scalable(b)];
  if (one === undefined || two === undefined || !(degrees >= 1)) return 1;
  const holdsNone = (times: number) => {
    const { low, high } = differenceOf(one(times), two(times), { correlation });
    return low > 0 || high < 0;
  };
  if (!holdsNone(0)) return 1;
  let [low, high] = [0, WIDEST];
  for (let i = 0; i < 30; i++) {
    const middle = (low + high) / 2;
    if (holdsNone(middle)) low = middle;
    else high = middle;
  }
  return Math.min(1, 2 * studentTCdf(-low * studentTQuantile(0.5 + a.level / 2, degrees), degrees));
}

/** An estimate as a function of how many times as far its interval reaches, as skewed as it is. */
function scalable(estimate: Estimate): ((times: number) => Estimate) | undefined {
  const at = marginalOf(estimate, true) ?? marginalOf(estimate, false);
  if (at === undefined) return undefined;
  const z = normalQuantile(0.5 + estimate.level / 2);
  return (times) => ({ ...estimate, low: at(-times * z), high: at(times * z) });
}
