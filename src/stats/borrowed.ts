// What the rates of some groups tell about the clusters of others.

import { ownDesignEffect, type RateSums, USUAL_CORRELATION } from "./rate";

/** Events of other groups that carry as much weight as the typical correlation. */
const USUAL_WORTH = 4;

/** How alike two trials of one cluster are, and how many events show it; what groups contribute adds up. */
export interface Lent {
  events: number;
  /** The sum over events of the correlation that they show. */
  sum: number;
}

/** What a group's own events contribute to others; nothing if there are fewer than two. */
export function lentBy(sums: RateSums): Lent {
  const { n, events, sizeSquares = n } = sums;
  const [informative, most] = [Math.min(events, n - events) - 1, sizeSquares / n - 1];
  const effect = informative > 0 && most > 1e-9 ? ownDesignEffect(sums) : undefined;
  return effect === undefined
    ? { events: 0, sum: 0 }
    : { events: informative, sum: (informative * (effect - 1)) / most };
}

/**
 * How alike two trials of one cluster are by what groups contributed, with the typical correlation mixed in;
 * undefined if there is nothing.
 *
 * @example
 * borrowedCorrelation({ events: 100, sum: 10 })?.toFixed(3) // "0.098"
 */
export function borrowedCorrelation({ events, sum }: Lent): number | undefined {
  if (!(events > 0.5)) return undefined;
  const usual = USUAL_WORTH * USUAL_CORRELATION;
  return Math.min(1, Math.max(0, (sum + usual) / (events + USUAL_WORTH)));
}
