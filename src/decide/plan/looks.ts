import { findRoot } from "../../stats/root";

/**
 * Standard errors beyond which a study that may be checked at any time shows a difference at its planned end; an
 * earlier look needs more, in proportion to its larger standard error.
 *
 * @remarks O'Brien & Fleming (1979), doi:10.2307/2530245, for continuous looks: the probability that Brownian
 * motion on [0, 1] ever leaves a band. What is fixed is the information at the end, not the calls (Mehta & Tsiatis
 * 2001, doi:10.1177/009286150103500407), so that it does not matter how users arrive.
 */
export function lookBound(level: number): number {
  const known = bounds.get(level);
  if (known !== undefined) return known;
  const stays = (bound: number) => {
    let sum = 0;
    for (let k = 0; k < 50; k++)
      sum +=
        ((k % 2 === 0 ? 1 : -1) / (2 * k + 1)) *
        Math.exp((-((2 * k + 1) ** 2) * Math.PI ** 2) / (8 * bound ** 2));
    return (4 / Math.PI) * sum;
  };
  const bound = findRoot((one) => stays(one) - level, 0.3, 10);
  bounds.set(level, bound);
  return bound;
}

const bounds = new Map<number, number>();

/**
 * Half the width of a difference's interval that holds at all looks together, until the study ends.
 *
 * @param error the standard error at this look
 * @param end the standard error at which the study ends
 */
export function lookReach(error: number, end: number, level: number): number {
  return lookBound(level) * error * Math.max(1, error / end);
}
