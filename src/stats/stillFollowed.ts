import type { Estimate } from "./estimate";
import { normalQuantile } from "./normal";
import { wilsonBounds } from "./rate";

/**
 * The share that goes on, late on a curve where others have been censored before, with what the few still followed can show.
 *
 * The variance over clusters says nothing once all of these few, or none, stop. So the interval holds at least Wilson's at
 * the number of units that would leave as many followed had none been censored.
 *
 * @param share going on after a step that `followed` of the units came to; `before`, the share that went on up to it
 * @remarks Method: Peto et al. (1977), doi:10.1038/bjc.1977.1, for the number of units.
 * @example
 * const share = { value: 0, low: 0, high: 0.02, level: 0.95, method: "wilson", n: 200, clusters: 200, clusterBy: "" };
 * stillFollowed(share, { followed: 6, before: 0.1 }).high.toFixed(2) // "0.06"
 */
export function stillFollowed(
  share: Estimate,
  { followed, before }: { followed: number; before: number },
): Estimate {
  if (Number.isNaN(share.low)) return share;
  const z = normalQuantile((1 + share.level) / 2);
  const [low, high] = wilsonBounds(share.value, followed / before, z);
  return { ...share, low: Math.min(share.low, low), high: Math.max(share.high, high) };
}
