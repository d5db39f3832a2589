import { boundedMeanDraws, middle } from "./boundedMean";
import { checkChoice, checkCount, checkSameLength } from "./checks";
import { type Estimate, type Note, renoted } from "./estimate";
import { meanInterval } from "./meanInterval";
import { pearson } from "./pearson";
import { random } from "./random";
import { reserve } from "./reservation";
import type { Labels } from "./sample";

export interface PairedDifferenceOptions {
  /** One label per item: items with the same label (a repository, a source document) pass or fail together. */
  clusters?: Labels;
  /** What a cluster is, for the estimate. */
  clusterBy?: string;
  /** Confidence of the interval (default 0.95). */
  level?: number;
  /** Unit of the scores. */
  unit?: string;
  /** Resamples used to compare 0/1 scores without clusters (default 4,999). */
  resamples?: number;
  /** Seed (default 1). */
  seed?: number;
  /**
   * "auto" as below (default), or a bootstrap: items (or clusters) resampled as pairs, bias-corrected and
   * accelerated.
   */
  method?: "auto" | "bootstrap-bca";
}

export interface PairedDifference extends Estimate {
  /** Correlation of the two sides over the items: the higher it is, the more pairing gains. */
  correlation: number;
}

/**
 * The mean difference of two models on the same items, first less second.
 *
 * In: one score per item and side; an item with a NaN is left out with a note. n counts the items with both;
 * clusters counts their clusters, or the items. Scores other than 0 and 1, or clustered: Student's t over the
 * differences, with clustered variance ("t", "t-cluster"); with fewer than 2 units, or differences that are all
 * the same, no interval unless the scores are 0/1. 0/1 scores without clusters: items resampled with one item's
 * worth of doubt ("bootstrap-posterior"), so that models that agree on every item are not shown as certainly
 * equal. Method "bootstrap-bca" uses a paired bootstrap instead, wherever resamples differ.
 *
 * @remarks Source: Miller 2024, https://arxiv.org/abs/2411.00640.
 * @throws RangeError if lengths differ or an option is out of range.
 * @example
 * pairedDifference([5, 7, 6, 9], [4, 5, 6, 8]).value // 1
 */
export function pairedDifference(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  options: PairedDifferenceOptions = {},
): PairedDifference {
  const {
    clusters,
    clusterBy = clusters ? "" : "item",
    level = 0.95,
    unit,
    resamples = 4_999,
    seed = 1,
    method = "auto",
  } = options;
  checkChoice("pairedDifference", "method", method, ["auto", "bootstrap-bca"]);
  checkSameLength("pairedDifference", "first", first.length, "second", second.length);
  checkCount("pairedDifference", "resamples", resamples, 1);
  if (clusters) checkSameLength("pairedDifference", "first", first.length, "clusters", clusters.length);
  const kept: number[] = [];
  let binary = true;
  for (let i = 0; i < first.length; i++) {
    if (Number.isNaN(first[i]) || Number.isNaN(second[i])) continue;
    kept.push(i);
    binary &&= isBinary(first[i]) && isBinary(second[i]);
  }
  const differences = kept.map((i) => first[i] - second[i]);
  const lost = first.length - kept.length;
  const base = meanInterval(differences, {
    level,
    clusterBy,
    unit,
    ...(clusters ? { clusters: kept.map((i) => clusters[i]) } : {}),
    counted: "items",
    ...(method === "auto" ? {} : { method, seed }),
  });
  const missing = { n: lost, of: first.length, counted: "items", why: "a score is missing" };
  const notes: Note[] = lost > 0 ? [reserve("left-out.of", missing)] : [];
  const correlation = pearson(
    kept.map((i) => first[i]),
    kept.map((i) => second[i]),
  );
  const result: PairedDifference = { ...base, correlation };
  const allEqual = differences.every((difference) => difference === differences[0]);
  // Resamples of differences that are all the same say nothing.
  if (binary && !clusters && kept.length > 0 && (method === "auto" || allEqual || Number.isNaN(base.low))) {
    const draws = boundedMeanDraws(differences, [-1, 1], resamples, random(seed));
    [result.low, result.high] = middle(draws, level, base.value);
    result.method = "bootstrap-posterior";
    result.resamples = resamples;
    if (kept.length < 2) notes.push(reserve("few.one", { what: "item" }));
  } else if (allEqual && kept.length > 1) {
    result.low = Number.NaN;
    result.high = Number.NaN;
    notes.push(reserve("none.same-difference"));
  } else notes.push(...(base.reservations ?? []));
  return renoted(result, notes);
}

function isBinary(score: number): boolean {
  return score === 0 || score === 1;
}
