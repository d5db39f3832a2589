import type { Keyed } from "../measures/table";
import type { AssumptionId } from "../stats/claim";
import { eValue } from "../stats/eValue";
import { brief } from "../stats/text";
import { labelOf } from "./profile/criterion";

/** Something that an answer takes for granted, and whether the answer would differ without it. */
export interface Assumption {
  id: AssumptionId;
  assumes: string;
  /** What the log shows of it; "declared" by whoever asked, where it does not show it to hold. */
  state: "held" | "broken" | "not checkable" | "declared";
  /** What the log says of it. */
  found: string;
  /** Whether the answer would differ if it failed to hold by as much as the log allows. */
  flips: boolean;
  /** For "nothing-unlogged": how strong an unlogged cause of each claim would have to be; empty if nothing is claimed. */
  strength?: Strength[];
}

/** How strong an unlogged cause would have to be to explain a claim away, by E-values. */
export type Strength = Keyed<{
  metric: string;
  /** The ratio that is claimed, and the end of its interval nearer to 1 as a factor of 1 or more. */
  ratio: number;
  bound: number;
  /**
   * The factor by which the cause would have to differ between the two, and move the metric as well, to explain the ratio
   * away; and to leave it open. NaN without a ratio.
   */
  e_value: number;
  e_value_bound: number;
}>;

/** The strength that explains a ratio away, from the ratio and the nearer end of its interval. */
export const strengthOf = (metric: string, ratio: number, bound: number): Strength => ({
  metric,
  ratio,
  bound,
  e_value: eValue(ratio),
  e_value_bound: eValue(bound),
});

/** The weakest claim's strength in a sentence; undefined if nothing is claimed or the claim has no ratio. */
export function strengthText(
  assumptions: readonly Assumption[],
  { sides, claim }: { sides: string; claim: string },
): string | undefined {
  const [weakest] = assumptions
    .flatMap(({ strength = [] }) => strength)
    .filter(({ e_value, e_value_bound }) => Number.isFinite(e_value) && e_value_bound > 1)
    .sort((x, y) => x.e_value_bound - y.e_value_bound);
  if (weakest === undefined) return undefined;
  const { metric, e_value, e_value_bound } = weakest;
  const times = `${brief(e_value)} times`;
  return `An unlogged cause would have to differ between the ${sides} by ${times}, and move ${labelOf({ metric })} by ${times}, to explain the ${claim} away; ${brief(e_value_bound)} times each would leave it open.`;
}
