import { metric } from "../../measures/metric";
import type { Estimate } from "../../stats/estimate";
import { rateFromSums } from "../../stats/rate";
import { nameList } from "../../store/nameList";
import type { Floor } from "../profile/criterion";
import type { Resampled } from "./counterfactual";

/** "resolve_rate>=0.8,duration_p95<=10" as floors. */
export function parseFloors(text: string | readonly string[]): Floor[] {
  return nameList(text).map((part) => {
    const [, name, sign, limit] = /^(.+?)\s*(>=|<=)\s*(.+)$/.exec(part) ?? [];
    const value = Number(limit);
    if (name === undefined || limit === undefined || !Number.isFinite(value))
      throw new RangeError(`route requires floor to be like "resolve_rate>=0.8", got "${part}"`);
    const of = metric(name).name;
    return sign === ">=" ? { metric: of, at_least: value } : { metric: of, at_most: value };
  });
}

/** The share of settled tasks that were resolved, of one model; both ends are one-sided bounds. */
export function resolveBound(
  data: Resampled,
  g: string,
  thirds: readonly number[],
  { level, clusterBy }: { level: number; clusterBy: string },
): Estimate {
  const sums = { n: 0, events: 0, clusters: 0, sizeSquares: 0, eventSquares: 0, products: 0 };
  for (const { settled, resolved } of data.outcomes(g, thirds)) {
    sums.n += settled;
    sums.events += resolved;
    sums.clusters += 1;
    sums.sizeSquares += settled * settled;
    sums.eventSquares += resolved * resolved;
    sums.products += settled * resolved;
  }
  return rateFromSums(sums, { level: 2 * level - 1, clusterBy, counted: "tasks whose outcome is known" });
}
