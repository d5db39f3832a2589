import { type Bound, exactly } from "./claim";
import type { Estimate } from "./estimate";
import { differenceOf } from "./mover";
import { reserve } from "./reservation";

/** By how much one number leads another, as a bound that must be above 0. */
export function leadOver(leader: Estimate, other: Estimate, better: "lower" | "higher"): Bound {
  const estimate = better === "lower" ? differenceOf(other, leader) : differenceOf(leader, other);
  const isShare = leader.unit === "1" && better === "higher";
  return {
    ...{ estimate, end: "low", holds: (x) => x > 0 },
    lead: isShare ? { rate: leader.value, by: estimate.low } : undefined,
  };
}

/** A lead over what has no number: it cannot be decided. */
export const leadOverUnknown = (what: string): Bound => ({
  ...{
    estimate: exactly(Number.NaN, 0.95, [reserve("none.known", { what })]),
    end: "low",
    holds: () => false,
  },
});
