import type { Item } from "./item";

/** A stratum of the traffic, and the set's calls in it. */
export interface Stratum {
  workload: string;
  length_bin: string;
  requests: number;
  call_ids: string[];
}

/**
 * Post-stratifies: rescales the weights in each stratum of workload and length so that they sum to its requests. A
 * stratum without an example gives its requests to the others of its workload, a workload without one to all.
 *
 * @remarks Method: Holt & Smith (1979), doi:10.2307/2344652.
 * @returns the items with new weights; items outside all strata keep theirs
 * @example
 * const strata = [{ workload: "chat", length_bin: "short", requests: 80, call_ids: ["a", "b"] }];
 * reweigh([{ call_id: "a", weight: 1 }, { call_id: "b", weight: 3 }], strata).map(({ weight }) => weight) // [20, 60]
 */
export function reweigh<I extends Pick<Item, "call_id" | "weight">>(
  items: readonly I[],
  strata: readonly Stratum[],
): I[] {
  const stratumOf = new Map(strata.flatMap((one) => one.call_ids.map((call) => [call, one] as const)));
  const sums = new Map<Stratum, number>();
  for (const { call_id, weight } of items) {
    const own = call_id === null ? undefined : stratumOf.get(call_id);
    if (own !== undefined) sums.set(own, (sums.get(own) ?? 0) + weight);
  }
  const held = strata.filter((one) => (sums.get(one) ?? 0) > 0);
  const masses = new Map(held.map((one) => [one, one.requests]));
  for (const empty of strata.filter((one) => !masses.has(one))) {
    const near = held.filter(({ workload }) => workload === empty.workload);
    const heirs = near.length > 0 ? near : held;
    const total = heirs.reduce((sum, { requests }) => sum + requests, 0);
    for (const heir of heirs) masses.set(heir, masses.get(heir)! + (empty.requests * heir.requests) / total);
  }
  return items.map((item) => {
    const own = item.call_id === null ? undefined : stratumOf.get(item.call_id);
    const mass = own === undefined ? undefined : masses.get(own);
    return mass === undefined ? item : { ...item, weight: (item.weight * mass) / sums.get(own!)! };
  });
}
