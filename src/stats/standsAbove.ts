import { normalCdf } from "./normal";
import { findRoot } from "./root";

/** How far one value lies above what the others lead to expect of it. */
export interface StandsAbove {
  /** The value less the others' mean: the mean of the mixture. */
  excess: number;
  /** One-sided: how often a value like the others, with this error, would lie so far above them. */
  p: number;
  /** The same where values of alike origin scatter with heavier tails, as a t law of four degrees of freedom does. */
  heavy: number;
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

/** How far what values rise by with their place may be from 0: a standard deviation, before they are seen. */
const SLOPE = 0.5;

/** A t law of four degrees of freedom as normal laws of so many times its variance: over a grid of chi-squares, on a log scale. */
const heavyTail = Array.from({ length: 57 }, (_, step) => Math.exp(step / 4 - 10)).map((square) => ({
  times: 4 / square,
  weight: (square ** 2 * Math.exp(-square / 2)) / 16,
}));

/**
 * How far one log odds ratio, or other value on that scale, lies above several others, each with its own error.
 *
 * How far the others truly differ is not known from a few of them: the answer is a mixture over spreads from 0 to 1, each
 * weighted by how well it explains the others. The one that is asked about has no part in that, so that it cannot hide
 * itself. Values may rise or fall with where each is measured: one that is measured far from all others is only known to
 * stand above them as far as that does not explain it.
 *
 * @remarks Random effects with a discrete prior on their spread, as in Roever 2020, https://doi.org/10.18637/jss.v093.i06,
 * on one covariate whose slope has a normal prior around 0; four degrees of freedom as in Lange, Little & Taylor 1989,
 * https://doi.org/10.1080/01621459.1989.10478852.
 * @param at the index of the one that is asked about
 * @param variances of the errors, all above 0
 * @param places where each is measured, on the same scale
 * @example
 * standsAbove([1.8, 0.6, 0.9, 0.7], [0.025, 0.02, 0.02, 0.02], [0, 0.1, 0, -0.1], 0).p.toFixed(3) // "0.014"
 */
export function standsAbove(
  values: readonly number[],
  variances: readonly number[],
  places: readonly number[],
  at: number,
): StandsAbove {
  const others = values.flatMap((value, other) =>
    other === at ? [] : [{ value, variance: variances[other]!, place: places[other]! }],
  );
  const fits = spreads.map(({ spread, prior }) => {
    const weighted = others.map((one) => ({ ...one, weight: 1 / (one.variance + spread ** 2) }));
    const total = (of: (one: (typeof weighted)[number]) => number) =>
      weighted.reduce((all, one) => all + one.weight * of(one), 0);
    const sum = total(() => 1);
    const mean = total(({ value }) => value) / sum;
    const middle = total(({ place }) => place) / sum;
    const wide = total(({ place }) => (place - middle) ** 2);
    const known = wide + 1 / SLOPE ** 2;
    const slope = total(({ value, place }) => (value - mean) * (place - middle)) / known;
    const left = total(({ value }) => (value - mean) ** 2) - slope ** 2 * known;
    const logs =
      weighted.reduce((all, { weight }) => all + Math.log(weight), 0) -
      Math.log(sum) -
      Math.log(known * SLOPE ** 2) -
      left;
    const away = places[at]! - middle;
    const apart = variances[at]! + 1 / sum + away ** 2 / known;
    const excess = values[at]! - mean - slope * away;
    const heavy = heavyTail.reduce(
      (p, { times, weight }) => p + weight * normalCdf(-excess / Math.sqrt(apart + times * spread ** 2)),
      0,
    );
    return { excess, error: Math.sqrt(apart + spread ** 2), heavy, logs: Math.log(prior) + logs / 2 };
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
    heavy: mixed(({ heavy }) => heavy),
    bounds: (level) =>
      [(1 - level) / 2, (1 + level) / 2].map((p) =>
        findRoot((x) => below(x) - p, excess - far, excess + far, 1e-9),
      ) as [number, number],
  };
}
