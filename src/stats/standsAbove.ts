import { normalCdf } from "./normal";
import { findRoot } from "./root";

/** How far one value lies above what the others lead to expect of it. */
export interface StandsAbove {
  /** The value less the others' mean: the mean of the mixture. */
  excess: number;
  /** One-sided: how often a value like the others, with this error, would lie so far above them. */
  p: number;
  /** The two-sided interval of `excess` at a level. */
  bounds(level: number): [low: number, high: number];
}

/**
 * How far values of alike origin may truly lie apart, and how likely each is before they are seen. With half of the prior at 0,
 * one of ten that differ by .2 to .3 stood out falsely in 11 to 12 of 100 cases, with this one in 4 to 6.
 */
const spreads = [0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.45, 0.7, 1].map((spread) => ({
  spread,
  prior: Math.sqrt(spread + 0.02),
}));

/**
 * How far one log odds ratio, or other value on that scale, lies above several others, each with its own error.
 *
 * How far the others truly differ is not known from a few of them: the answer is a mixture over spreads from 0 to 1, each
 * weighted by how well it explains the others. The one that is asked about has no part in that, so that it cannot hide
 * itself.
 *
 * @remarks Random effects with a discrete prior on their spread, as in Roever 2020, https://doi.org/10.18637/jss.v093.i06.
 * @param at the place of the one that is asked about
 * @param variances of the errors, all above 0
 * @example
 * standsAbove([1.8, 0.6, 0.9, 0.7], [0.025, 0.02, 0.02, 0.02], 0).p.toFixed(3) // "0.013"
 */
export function standsAbove(
  values: readonly number[],
  variances: readonly number[],
  at: number,
): StandsAbove {
  const others = values.flatMap((value, other) =>
    other === at ? [] : [{ value, variance: variances[other]! }],
  );
  const fits = spreads.map(({ spread, prior }) => {
    const weighted = others.map(({ value, variance }) => ({ value, weight: 1 / (variance + spread ** 2) }));
    const sum = weighted.reduce((all, { weight }) => all + weight, 0);
    const mean = weighted.reduce((all, { value, weight }) => all + (value * weight) / sum, 0);
    const logs = weighted.reduce(
      (all, { value, weight }) => all + Math.log(weight) - weight * (value - mean) ** 2,
      -Math.log(sum),
    );
    const error = Math.sqrt(variances[at]! + spread ** 2 + 1 / sum);
    return { excess: values[at]! - mean, error, logs: Math.log(prior) + logs / 2 };
  });
  const most = Math.max(...fits.map(({ logs }) => logs));
  const all = fits.reduce((sum, { logs }) => sum + Math.exp(logs - most), 0);
  const mixed = (of: (one: (typeof fits)[number]) => number) =>
    fits.reduce((sum, one) => sum + (Math.exp(one.logs - most) / all) * of(one), 0);
  const below = (x: number) => mixed(({ excess, error }) => normalCdf((x - excess) / error));
  const far = 40 * Math.max(...fits.map(({ error }) => error));
  const excess = mixed((one) => one.excess);
  return {
    excess,
    p: below(0),
    bounds: (level) =>
      [(1 - level) / 2, (1 + level) / 2].map((p) =>
        findRoot((x) => below(x) - p, excess - far, excess + far, 1e-9),
      ) as [number, number],
  };
}
