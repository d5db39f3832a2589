import { metric } from "../../measures/metric";
import type { Estimate } from "../../stats/estimate";
import { differenceOf } from "../../stats/mover";
import { rateFromSums } from "../../stats/rate";
import { twoSided } from "../../stats/twoSided";
import { nameList } from "../../store/nameList";
import type { Floor } from "../profile/criterion";
import { estimateOf, type Resampled, type Series } from "./counterfactual";

/** Parses "resolve_rate>=0.8,duration_p95<=10" as floors. */
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

/** The share of one model's own tasks with a known outcome that it resolved. */
export function resolveBound(
  data: Resampled,
  g: string,
  thirds: readonly number[],
  { level, clusterBy }: { level: number; clusterBy: string },
): Estimate {
  const sums = { n: 0, events: 0, clusters: 0, sizeSquares: 0, eventSquares: 0, products: 0 };
  for (const { with_outcome, resolved } of data.outcomes(g, thirds)) {
    sums.n += with_outcome;
    sums.events += resolved;
    sums.clusters += 1;
    sums.sizeSquares += with_outcome * with_outcome;
    sums.eventSquares += resolved * resolved;
    sums.products += with_outcome * resolved;
  }
  return rateFromSums(sums, { level, clusterBy, counted: "tasks whose outcome is known" });
}

/**
 * The one-sided lower bound of a difference of resolve rates: that of resamples or, if lower, that of the two
 * rates alone, since resamples of a few tasks that all succeeded do not differ.
 */
export function notWorse(
  data: Resampled,
  difference: Series,
  groups: readonly [string, string],
  thirds: readonly number[],
  { level, clusterBy }: { level: number; clusterBy: string },
): number {
  const sides = { level: twoSided("route", level), clusterBy };
  const resampled = estimateOf(difference, data, { ...sides, n: 0, unit: "1" }).low;
  const [own, top] = groups.map((g) => resolveBound(data, g, thirds, sides));
  const { value, low } = differenceOf(own, top);
  return Math.min(resampled, difference[0] - (value - low));
}
