import type { Estimate } from "./estimate";
import { rateFromSums } from "./rate";
import { clusterProducts } from "./rateInterval";

/** One answer: whether the property holds, or the part of it in which it does, its item or other cluster, and the number of requests that it represents. */
export interface Weighted {
  holds: boolean | number;
  item: string;
  weight: number;
}

/**
 * Estimates a rate of the traffic from answers to an eval set, or from what was drawn of it: each answer is weighted by
 * the requests that it represents.
 *
 * @remarks Method: the linearised ratio sum(w x) / sum(w) over items (see `rateFromSums`), Wilson at the effective n.
 * @param answers any number for an item; n counts answers, clusters are items
 * @returns an Estimate with unit "1"; its width allows for unequal weights and for items answered several times; with parts it is
 * no narrower than if each were a yes or a no
 * @example
 * weightedRate([{ holds: true, item: "a", weight: 3 }, { holds: false, item: "b", weight: 1 }]).value // 0.75
 */
export function weightedRate(
  answers: readonly Weighted[],
  {
    level = 0.95,
    clusterBy = "item_id",
    counted = "answers",
  }: { level?: number; clusterBy?: string; counted?: string } = {},
): Estimate {
  const n = answers.length;
  const total = answers.reduce((sum, { weight }) => sum + weight, 0);
  if (n === 0 || !(total > 0))
    return rateFromSums({ n: 0, events: 0 }, { level, clusterBy, counted: `${counted} with a weight` });
  const clusters = new Map<string, { m: number; e: number }>();
  for (const { holds, item, weight } of answers) {
    // Weights with mean 1, so that the design effect is that of n answers.
    const share = (weight * n) / total;
    const own = clusters.get(item) ?? { m: 0, e: 0 };
    clusters.set(item, { m: own.m + share, e: own.e + Number(holds) * share });
  }
  const held = answers.filter(({ holds, weight }) => Number(holds) === 1 || weight === 0).length;
  const sum = (i: number, j: number) =>
    [...clusters.values()].reduce((all, { m, e }) => all + e ** i * m ** j, 0);
  const none = answers.every(({ holds, weight }) => !holds || weight === 0);
  return rateFromSums(
    {
      n,
      // Sums of weights are not whole numbers, so "none" and "all" are decided by the answers.
      events: held === n ? n : none ? 0 : Math.min(n, sum(1, 0)),
      clusters: clusters.size,
      ...clusterProducts(sum),
    },
    { level, clusterBy, counted },
  );
}
