import { normalQuantile } from "../../stats/normal";

/** Where to look for an amount. */
interface Search {
  /** A first guess. */
  start: number;
  /** The least and the most allowed, both above 0. */
  range: readonly [number, number];
  /** How much the test statistic grows with the logarithm of the amount: 0.5 for data, 1 for a difference. */
  growth: number;
  /** How near the amount returned is to the least that is enough, as a ratio; 1.005 by default. */
  near?: number;
}

/**
 * The least amount with which a growing chance reaches a target; Infinity if the most allowed does not reach it.
 * A chance is a simulation, so few amounts are tried.
 *
 * @remarks Method: false position, log amount against the normal quantile of the chance, in which the power of a test
 * is nearly a line; every fourth guess halves the bracket.
 * @example
 * leastEnough((days) => 1 - 0.5 ** days, 0.8, { start: 1, range: [0.1, 100], growth: 0.5 }).toFixed(1) // "2.3"
 */
export function leastEnough(
  chance: (amount: number) => number,
  target: number,
  { start, range, growth, near = 1.005 }: Search,
): number {
  const wanted = normalQuantile(target);
  // A chance that is not defined is not enough.
  const gap = (at: number) =>
    normalQuantile(Math.min(1 - 1e-9, Math.max(1e-9, chance(Math.exp(at)) || 0))) - wanted;
  const [from, to] = [Math.log(range[0]), Math.log(range[1])];
  // A guess goes this far beyond where the chance should be reached, so that both sides close in.
  const beyond = Math.log(near) / 2.5;
  // On a grid, so that sums that differ in the last digit, as those of two engines do, give the same amount.
  const snapped = (one: number) => Math.round(one / (beyond / 8)) * (beyond / 8);
  let low: Tried | undefined;
  let high: Tried | undefined;
  let at = Math.min(to, Math.max(from, Math.log(start)));
  for (let inside = 0; ; ) {
    const tried = { at, gap: gap(at) };
    if (tried.gap >= 0) high = tried;
    else low = tried;
    if (low === undefined || high === undefined) {
      if (tried.gap >= 0 ? at <= from : at >= to) break;
      at = Math.min(to, Math.max(from, snapped(at + outward(tried.gap, wanted, growth))));
      continue;
    }
    const left = high.at - low.at;
    if (left <= Math.log(near)) break;
    const line = low.at - (left * low.gap) / (high.gap - low.gap) + (tried === low ? beyond : -beyond);
    at = snapped(
      ++inside % 4 === 0
        ? (low.at + high.at) / 2
        : Math.min(high.at - beyond / 2, Math.max(low.at + beyond / 2, line)),
    );
  }
  return high === undefined ? Number.POSITIVE_INFINITY : Math.exp(high.at);
}

/** An amount's logarithm, and by how much its chance exceeds the target on the normal scale. */
interface Tried {
  at: number;
  gap: number;
}

/** The step, in logarithms, to the other side, as the power of a test of level 0.95 grows. */
function outward(gap: number, wanted: number, growth: number): number {
  const [now, then] = [gap + wanted + 1.96, wanted + 1.96];
  const step = now > 0.3 && then > 0.3 ? Math.abs(Math.log(then / now)) / growth : 4;
  // A little further than it should take, and never so far that the line would mislead.
  return (gap >= 0 ? -1 : 1) * Math.min(Math.log(64), Math.max(0.01, step * 1.15));
}
