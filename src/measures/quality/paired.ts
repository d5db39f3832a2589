import type { Estimate } from "../../stats/estimate";
import { mcnemar } from "../../stats/mcnemar";
import { holm } from "../../stats/multiplicity";
import { pairedDifference } from "../../stats/pairedDifference";
import { studentTCdf } from "../../stats/studentT";
import { defineMeasure, type Result } from "../define";
import type { MeasureOptions } from "../options";
import type { Keyed } from "../table";
import { behindPairs, pairedOptions, pairedSides, type Side, selectPaired } from "./pairedItems";

/** Two models on the same items. */
export type PairedRow = Keyed<{
  a: string;
  b: string;
  /** Items on which both have a score. */
  items: number;
  /** The mean score of each on those items. */
  mean_a: number;
  mean_b: number;
  /** The mean difference, a minus b. */
  difference: Estimate;
  /** Items that only one side gets right; for a score that isn't 0 or 1, items on which it is better. */
  only_a: number;
  only_b: number;
  /** Two-sided p-value for no difference, and the same adjusted for all pairs in the table. */
  p: number;
  p_holm: number;
}>;

/**
 * Compares every two models on the same items: the difference item by item rather than two separate error bars.
 *
 * The item is the prompt_id; runs of an item are averaged first. n counts items that both sides have. For a score of 0
 * or 1, the majority of an item's runs decides whether it is right. `compare: "prompt_version"` compares wordings of
 * the same items (clean and messy, say), `compare: "release"` compares releases.
 *
 * @remarks Method: see `pairedDifference` (`interval: "bootstrap"` resamples the items as pairs); p by McNemar's
 * exact test where every item is right or wrong on both sides, else by Student's t over items; Holm (1979) over the
 * pairs.
 * @returns a table with a row for each pair within the other columns of `by`
 * @throws RangeError for a score, rater or side that the log does not have, a `compare` that is not in `by`, and for an
 * invalid column or level
 * @example
 * const store = await openDemo();
 * const { rows } = await qualityPairs(store, { score: "correct" });
 * rows[0].difference.value.toFixed(2) // "0.22"
 */
export const qualityPairs = defineMeasure({
  name: "pairs",
  of: "quality",
  about: "pairs of models on the items that both were asked",
  fixed: { cluster: "its intervals are over the items" },
  needs: ["scores or tasks.resolved", "prompt_id"],
  options: pairedOptions,
  open: async (asked) => ({ selection: await selectPaired("qualityPairs", asked) }),
  async table({ selection, options }): Promise<Result<PairedRow>> {
    const sides = await pairedSides("qualityPairs", selection, options);
    const { scopes, scope, down, notes } = sides;
    const pairs = scopes.flatMap(({ by, pairs }) =>
      pairs.map(([a, b]) => ({
        ...by,
        ...{ a: a.name, b: b.name, ...comparedOn(sharedItems(a, b), down, options) },
      })),
    );
    const shared = pairs.filter(({ items }) => items > 0);
    const adjusted = holm(shared.map(({ p }) => p));
    return {
      by: [...scope, "a", "b"],
      rows: shared.map((pair, index): PairedRow => ({ ...pair, p_holm: adjusted[index] })),
      notes: [...notes, ...pairNotes(shared.length, pairs.length, down ? options.score : undefined)],
      behind: behindPairs(sides),
    };
  },
});

/** What the numbers of some pairs, of all, take into account; and that lower is better, for such a score. */
function pairNotes(pairs: number, all: number, lower: string | undefined): string[] {
  if (pairs === 0) return ["No two sides have a score on the same prompt_id: nothing can be paired."];
  const adjusted =
    pairs === 1
      ? "There is one pair, so p_holm is p"
      : `p_holm takes all ${pairs} pairs of the table into account`;
  return [
    `${adjusted}; differences are a minus b.`,
    ...(lower === undefined ? [] : [`Lower is better for "${lower}".`]),
    ...(all > pairs ? [`${all - pairs} pairs share no item and are left out.`] : []),
  ];
}

/** The items that both sides have, sorted by item. */
export function sharedItems(a: Side, b: Side): { item: string; a: number; b: number; runs: number }[] {
  return [...a.items]
    .flatMap(([item, { mean, runs }]) => {
      const other = b.items.get(item);
      return other === undefined ? [] : [{ item, a: mean, b: other.mean, runs: runs + other.runs }];
    })
    .sort((first, second) => (first.item < second.item ? -1 : 1));
}

/** 1 if only a is right, -1 if only b is, else 0; for scores that aren't 0 or 1, whichever is better. */
export function flip(a: number, b: number, plain: boolean, down: boolean): number {
  const right = (mean: number) => (mean === 0.5 ? 0.5 : Number(mean > 0.5));
  const difference = plain ? right(a) - right(b) : a - b;
  if (plain && Math.abs(difference) < 1) return 0;
  return (down ? -1 : 1) * Math.sign(difference) + 0;
}

/** True if all scores lie between 0 and 1 and at least one is exactly 0 or 1. */
export function isPlain(items: readonly { a: number; b: number }[]): boolean {
  const all = items.flatMap(({ a, b }) => [a, b]);
  return all.every((mean) => mean >= 0 && mean <= 1) && all.some((mean) => mean === 0 || mean === 1);
}

/**
 * Compares two sides on the same items: the mean difference, a minus b, and the items that only one of them gets right.
 */
export function comparedOn(
  items: readonly { a: number; b: number }[],
  down: boolean,
  { level = 0.95, seed = 1, interval }: Pick<MeasureOptions, "level" | "seed" | "interval">,
) {
  const [first, second] = [items.map((item) => item.a), items.map((item) => item.b)];
  const { correlation: _correlation, ...difference } = pairedDifference(first, second, {
    level,
    seed,
    method: interval === "bootstrap" ? "bootstrap-bca" : "auto",
  });
  const plain = isPlain(items);
  const flips = items.map((item) => flip(item.a, item.b, plain, down));
  const [onlyA, onlyB] = [1, -1].map((side) => flips.filter((one) => one === side).length);
  const binary = [...first, ...second].every((mean) => mean === 0 || mean === 1);
  const mean = (values: number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
  return {
    items: items.length,
    mean_a: mean(first),
    mean_b: mean(second),
    difference: { ...difference, clusterBy: "prompt_id" },
    only_a: onlyA,
    only_b: onlyB,
    p: binary ? mcnemar(onlyA, onlyB) : pOfMean(first.map((x, at) => x - second[at])),
  };
}

/** Two-sided p-value by Student's t for a mean of 0; NaN if the differences cannot say. */
function pOfMean(differences: number[]): number {
  const n = differences.length;
  const mean = differences.reduce((sum, x) => sum + x, 0) / n;
  const variance = differences.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (n - 1);
  if (n < 2) return Number.NaN;
  if (variance === 0) return mean === 0 ? 1 : Number.NaN;
  return 2 * studentTCdf(-Math.abs(mean) / Math.sqrt(variance / n), n - 1);
}
