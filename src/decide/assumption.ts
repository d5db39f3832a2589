import type { Keyed } from "../measures/table";
import type { AssumptionId } from "../stats/claim";
import { defined } from "../stats/defined";
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

/**
 * How strong an unlogged cause would have to be to explain a claim away: of rates and means by E-values, of quantiles by the
 * odds of lying below them.
 */
export type Strength = Keyed<{
  metric: string;
  /** The ratio that is claimed, and the end of its interval nearer to 1 as a factor of 1 or more. */
  ratio: number;
  bound: number;
  /**
   * The factor by which the cause would have to differ between the two, and move the metric as well, to explain the ratio
   * away; and to leave it open. NaN without a ratio, and of a quantile.
   */
  e_value: number;
  e_value_bound: number;
  /** Of a quantile: the factor by which the cause would have to shift the odds of lying below it, and to leave it open. */
  odds?: number;
  odds_bound?: number;
}>;

/** That conversations are resolved as a declared rule says, where a number rests on one. */
export const ruleAssumed = (isNeeded: boolean, flips: boolean): Assumption[] =>
  isNeeded
    ? [
        {
          id: "outcome-rule",
          assumes: "Conversations are resolved as the declared rule says.",
          state: "declared",
          found:
            "No log shows whether the rule is right; labels by people of a sample do: quality --score resolved --grain conversation corrects it by them.",
          flips,
        },
      ]
    : [];

/**
 * The strength that explains a ratio away, from the ratio and the nearer end of its interval.
 *
 * @param shifts of a ratio of quantiles: what the odds would have to shift by, for either
 */
export const strengthOf = (
  metric: string,
  ratio: number,
  bound: number,
  { odds, odds_bound }: Pick<Strength, "odds" | "odds_bound"> = {},
): Strength => ({
  metric,
  ratio,
  bound,
  e_value: odds === undefined ? eValue(ratio) : Number.NaN,
  e_value_bound: odds === undefined ? eValue(bound) : Number.NaN,
  ...defined({ odds, odds_bound }),
});

/** The weakest claim's strength in a sentence; undefined if nothing is claimed or the claim has no ratio. */
export function strengthText(
  assumptions: readonly Assumption[],
  { sides, claim }: { sides: string; claim: string },
): string | undefined {
  const [weakest] = assumptions
    .flatMap(({ strength = [] }) => strength)
    .map((one) => ({ ...one, all: one.odds ?? one.e_value, least: one.odds_bound ?? one.bound }))
    .filter(({ all, least }) => Number.isFinite(all) && least > 1)
    .sort((x, y) => x.least - y.least);
  if (weakest === undefined) return undefined;
  const { metric, all, least, odds, e_value_bound } = weakest;
  const [times, name] = [`${brief(all)} times`, labelOf({ metric })];
  return odds === undefined
    ? `An unlogged cause would have to differ between the ${sides} by ${times}, and move ${name} by ${times}, to explain the ${claim} away; ${brief(e_value_bound)} times each would leave it open.`
    : `An unlogged cause would have to shift the odds of lying below the ${name} by ${times} between the ${sides}, to explain the ${claim} away; ${brief(least)} times would leave it open.`;
}
