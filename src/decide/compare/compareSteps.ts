import type { Estimate } from "../../stats/estimate";
import type { CompareRow } from "./compareRow";

/**
 * A compared metric as the steps of a waterfall: how side a's number becomes side b's, through the mix, through the
 * days where a change was held against others, and at the same mix.
 *
 * @example
 * const about = (value) => ({ value, low: value, high: value, level: 0.95, method: "t", n: 9, clusters: 9, clusterBy: "" });
 * compareSteps({ a: about(2), b: about(3), mix_ratio: about(1.2), within_ratio: about(1.25) }).steps[1].factor.value // 1.25
 */
export function compareSteps({
  a,
  b,
  mix_ratio,
  within_ratio,
  days_factor = 1,
  against,
}: Pick<CompareRow, "a" | "b" | "mix_ratio" | "within_ratio" | "days_factor" | "against">): {
  from: { name: string; estimate: Estimate };
  to: { name: string; estimate: Estimate };
  steps: { name: string; factor: Estimate }[];
} {
  const { value: _value, reservations: _held, note: _note, worst_case: _case, ...about } = within_ratio;
  const days = { ...about, value: days_factor, low: days_factor, high: days_factor };
  return {
    from: { name: "a", estimate: a },
    to: { name: "b", estimate: b },
    steps: [
      { name: "another mix", factor: mix_ratio },
      ...(against === undefined || against === "days-ar1" ? [] : [{ name: "other days", factor: days }]),
      { name: "at the same mix", factor: within_ratio },
    ],
  };
}
