import type { Estimate } from "../../stats/estimate";
import { type Reservation, reserve } from "../../stats/reservation";

/** Models count at most so many times the tokens of another for the same text, as far as is known. */
const MOST = 1.35;

/** True if a metric is per token, or a number of tokens: "output_tokens_per_second_p50". */
export const countsTokens = (name: string): boolean =>
  /tokens_per_second|per_output_token|^(in|out)put_tokens/.test(name);

/**
 * What to say of a number that counts tokens where models that count each in their own way are compared: an end carries a
 * decision only if it does with 1.35 times the tokens, or one 1.35th.
 *
 * @param base what the number is a difference from, if it is one
 */
export function ownTokens({ value, low, high }: Estimate, base = 0): Reservation[] {
  const ends = { low: (base + low) / MOST - base, high: (base + high) * MOST - base };
  return (["low", "high"] as const).flatMap((side) => {
    const margin = (side === "low" ? low : high) - value;
    const reach = (ends[side] - value) / margin;
    return Number.isFinite(reach) ? [{ ...reserve("tokens.own", { most: MOST }), side, reach }] : [];
  });
}
