import type { Margin } from "../../measures/mix/mixMargin";
import type { Spread } from "../../measures/mix/mixSpread";
import type { Four } from "../../measures/mix/mixStandard";
import { correctedMethod } from "../../measures/quality/judgedRates";
import type { DayEffect } from "../../stats/dayMixture";
import type { Estimate } from "../../stats/estimate";
import { normalQuantile } from "../../stats/normal";

/** What people's labels leave open of a rate corrected by them, as a variance: more than as many labelled units would leave. */
function labelError({ low, high, level, value, n, method }: Estimate): number {
  if (method !== correctedMethod) return 0;
  const error = (high - low) / (2 * normalQuantile((1 + level) / 2));
  return Math.max(0, error ** 2 - (value * (1 - value)) / n);
}

/**
 * The four numbers and their spread with what people's labels leave open of either side, which the spread of a judge's own
 * verdicts, or a rule's, does not show.
 */
export function withLabelError(
  margins: Four<Margin>,
  spread: Spread,
  { a, b }: Record<"a" | "b", Estimate>,
): { margins: Four<Margin>; spread: Spread } {
  const [first, second] = [labelError(a), labelError(b)];
  if (!(first + second > 0)) return { margins, spread };
  const added = ({ a = 0, b = 0, k = 0, t = 0 }: Partial<Four>) =>
    first * (a + k) ** 2 + second * (b + t) ** 2;
  return {
    margins: {
      a: wider(margins.a, first),
      b: wider(margins.b, second),
      k: wider(margins.k, first),
      t: wider(margins.t, second),
    },
    spread: {
      ...spread,
      variance: (factors) => spread.variance(factors) + added(factors),
      days: (factors) => scaled(spread.days(factors), Math.sqrt(added(factors))),
    },
  };
}

function wider(margin: Margin, variance: number): Margin {
  const { value, error, bounds } = margin;
  return {
    ...margin,
    error: Math.hypot(error, Math.sqrt(variance)),
    bounds(t) {
      const [low, high] = bounds(t);
      const by = t * Math.sqrt(variance);
      return [value - Math.hypot(value - low, by), value + Math.hypot(high - value, by)];
    },
  };
}

/** What days allow, stretched so that an error beside theirs fits in. */
function scaled(effect: DayEffect | undefined, error: number): DayEffect | undefined {
  if (effect === undefined || error === 0) return effect;
  const [low, high] = effect.bounds(0.95);
  const own = (high - low) / 2;
  const times = Math.hypot(own, normalQuantile(0.975) * error) / own;
  return {
    ...effect,
    below: (x) => effect.below(x / times),
    bounds(level) {
      const [least, most] = effect.bounds(level);
      return [least * times, most * times];
    },
  };
}
