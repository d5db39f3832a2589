import type { Estimate } from "../../stats/estimate";
import type { CostPairRow } from "./costPairs";

/**
 * Turns a pair into the steps of a waterfall: how one model's cost per resolved task becomes the other's. Factors that are
 * not known are left out.
 *
 * @example
 * const about = (value) => ({ value, low: value, high: value, level: 0.95, method: "t", n: 9, clusters: 9, clusterBy: "" });
 * const factors = { price_per_token: about(2), tokens_per_attempt: about(1), attempts_per_task: about(1), resolve_rate: about(1) };
 * const steps = costSteps({ model: "alder", against: "birch", from: about(2), to: about(4), ...factors });
 * steps.steps.length // 4
 */
export function costSteps(pair: CostPairRow): {
  from: { name: string; estimate: Estimate };
  to: { name: string; estimate: Estimate };
  steps: { name: string; factor: Estimate }[];
} {
  const { value, low, high } = pair.resolve_rate;
  // The rate divides: resolved twice as often is half the cost.
  const inverse = { ...pair.resolve_rate, value: 1 / value, low: 1 / high, high: 1 / low };
  return {
    from: { name: pair.model, estimate: pair.from },
    to: { name: pair.against, estimate: pair.to },
    steps: [
      { name: "price per token", factor: pair.price_per_token },
      { name: "tokens per attempt", factor: pair.tokens_per_attempt },
      { name: "attempts per task", factor: pair.attempts_per_task },
      { name: "1 / resolve rate", factor: inverse },
    ].filter(({ factor }) => !Number.isNaN(factor.value)),
  };
}
