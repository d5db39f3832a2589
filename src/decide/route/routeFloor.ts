import { metric } from "../../measures/metric";
import type { Estimate } from "../../stats/estimate";
import { differenceOf } from "../../stats/mover";
import { rateFromSums } from "../../stats/rate";
import { twoSided } from "../../stats/twoSided";
import { nameList } from "../../store/nameList";
import { atLevel } from "../check/relative";
import type { Floor } from "../profile/criterion";
import { type Counterfactual, estimateOf, paired } from "./counterfactual";
import type { Resampled, Series } from "./resampled";

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

/**
 * The share of one model's own tasks with a known outcome that it resolved: as the log's tables `state` it, or where they
 * have no such row, of one third of the lengths, without what its hours share.
 */
export function resolveBound(
  data: Resampled,
  g: string,
  thirds: readonly number[],
  { level, clusterBy }: { level: number; clusterBy: string },
  stated?: Estimate,
): Estimate {
  if (stated !== undefined) return atLevel(stated, level);
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

/** A model's tasks, in the log and as it would do all of a request type. */
export interface Side {
  g: string;
  own: Counterfactual;
  /** The share of its own tasks that it resolves, where a table has it. */
  stated?: Estimate | undefined;
}

/**
 * How much more one side resolves than the other, with one-sided bounds as its ends: those of resamples or, if lower,
 * the lower one of the two rates alone, since resamples of a few tasks that all succeeded do not differ. `measured` is the
 * difference between the tasks as they are.
 */
export function resolvesMore(
  data: Resampled,
  one: Side,
  other: Side,
  thirds: readonly number[],
  { level, clusterBy }: { level: number; clusterBy: string },
): { apart: Estimate; measured: number } {
  const sides = { level: twoSided("route", level), clusterBy };
  const rates = [one, other].map(({ g, stated }) => resolveBound(data, g, thirds, sides, stated));
  const { value: measured, low } = differenceOf(rates[0], rates[1]);
  const less = (x: Series, y: Series): Estimate => {
    const difference = paired(x, y, (a, b) => a - b);
    const drawn = estimateOf(difference, data, { ...sides, n: rates[0].n, unit: "1" });
    return { ...drawn, low: Math.min(drawn.low, drawn.value - (measured - low)) };
  };
  const apart = less(one.own.resolveRate, other.own.resolveRate);
  const [worst, otherWorst] = [one.own.resolveWorst, other.own.resolveWorst];
  const unknown = Math.max(worst.unknown, otherWorst.unknown);
  if (unknown === 0) return { apart, measured };
  const [least, most] = [less(worst.low, otherWorst.high), less(worst.high, otherWorst.low)];
  const values: [number, number] = [least.value, most.value];
  return { apart: { ...apart, worst_case: { unknown, values, low: least.low, high: most.high } }, measured };
}
