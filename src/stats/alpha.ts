import { alphaOf, type Item, intervalItems, nominalItems, ratedItems } from "./alphaItems";
import { middle } from "./boundedMean";
import { checkChoice, checkCount, checkLevel } from "./checks";
import { fewerThan } from "./clusterError";
import { defined } from "./defined";
import { type Estimate, type Note, noEnds, noted } from "./estimate";
import type { Label } from "./kappa";
import { random } from "./random";
import { reserve } from "./reservation";
import { studentTQuantile } from "./studentT";

export interface AlphaOptions {
  /**
   * "nominal" (default): labels agree or they don't; "interval": numbers, where a disagreement counts by its
   * square.
   */
  metric?: "nominal" | "interval";
  /** Confidence of the interval (default 0.95). */
  level?: number;
  /** Reweightings of the items (default 4,999). */
  resamples?: number;
  /** Seed (default 1). */
  seed?: number;
}

/**
 * Agreement of two or more raters beyond chance, Krippendorff's alpha: 1 if they always agree, 0 if they agree
 * as often as chance would, negative below that.
 *
 * In: one array per rater, with the i-th entries about the same item; null, undefined and NaN are missing, and
 * an item with fewer than two ratings does not count. n counts the ratings that do, clusters their items. NaN if
 * no item has two ratings or all ratings are the same, as there is then nothing to agree on. The interval
 * reweights the items at random (Bayesian bootstrap): for labels with one extra item whose two labels are picked
 * blindly, so that perfect agreement on a few items is not shown as certainty; for numbers as a standard error
 * with Student's t.
 *
 * @remarks Methods: "bootstrap-posterior", "bootstrap-t". Source: Krippendorff 2011,
 * https://repository.upenn.edu/handle/20.500.14332/2089.
 * @throws RangeError if the raters differ in length or an option is out of range; TypeError if "interval" is
 * used on labels that are not finite numbers.
 * @example
 * alpha([[1, 2, 3, 3], [1, 2, 3, 4]]).value // 0.6956521739130435
 */
export function alpha(raters: readonly ArrayLike<Label>[], options: AlphaOptions = {}): Estimate {
  const { metric = "nominal", level = 0.95, resamples = 4_999, seed = 1 } = options;
  checkChoice("alpha", "metric", metric, ["nominal", "interval"]);
  checkLevel("alpha", level);
  checkCount("alpha", "resamples", resamples, 1);
  const rated = ratedItems(raters);
  const items = metric === "nominal" ? nominalItems(rated) : intervalItems(rated);
  const n = items.reduce((sum, item) => sum + item.ratings, 0);
  const ones = new Float64Array(items.length).fill(1);
  const value = alphaOf(items, ones, metric);
  const drawing = { level, resamples, seed };
  let { low, high } = noEnds;
  let note: Note;
  if (items.length === 0) note = reserve("none.counted", { counted: "item with two ratings" });
  else if (Number.isNaN(value))
    note = reserve("none.same", { what: "all ratings", so: "nothing to agree on" });
  else if (metric === "nominal") [low, high] = nominalBounds(items, value, drawing);
  else if (value === 1) note = reserve("none.apart", { what: "item on which raters differ" });
  else if (items.length < 3) note = fewerThan(3, "items", items.length);
  else [low, high] = intervalBounds(items, value, drawing);
  return defined({
    value,
    low,
    high,
    level,
    method: metric === "nominal" ? "bootstrap-posterior" : "bootstrap-t",
    n,
    clusters: items.length,
    clusterBy: "item",
    resamples,
    unit: "1",
    ...noted([note]),
  });
}

type Drawing = Required<Pick<AlphaOptions, "level" | "resamples" | "seed">>;

/**
 * The middle of alpha over random weights of the items, with one extra item whose two labels are picked blindly.
 */
function nominalBounds(items: Item[], value: number, { level, resamples, seed }: Drawing): [number, number] {
  const generator = random(seed);
  const draws = new Float64Array(resamples);
  const labels = items[0].sums.length;
  const ratings = items.reduce((sum, item) => sum + item.ratings, 0) / items.length;
  // Items with the same ratings are handled together: the weights of k of them add up to one gamma.
  const distinct = items.filter((item, i) => i === 0 || !isSame(item, items[i - 1]));
  const starts = distinct.map((item) => items.indexOf(item));
  const counts = starts.map((start, i) => (starts[i + 1] ?? items.length) - start);
  const weights = new Float64Array(distinct.length);
  for (let b = 0; b < resamples; b++) {
    for (let i = 0; i < weights.length; i++) weights[i] = generator.gamma(counts[i]);
    const pair = [generator.integer(labels), generator.integer(labels)];
    draws[b] = alphaOf(distinct, weights, "nominal", { pair, ratings: ratings * generator.exponential() });
  }
  return middle(draws, level, value);
}

function isSame(a: Item, b: Item): boolean {
  return a.ratings === b.ratings && a.sums.every((count, label) => count === b.sums[label]);
}

/**
 * Student's t around alpha on the log scale of its variance ratio. The standard error is the larger of two: over
 * random weights, and leaving out one item at a time.
 */
function intervalBounds(items: Item[], value: number, { level, resamples, seed }: Drawing): [number, number] {
  const n = items.length;
  const runs = items.reduce((sum, item) => sum + item.ratings, 0) / n;
  const toLog = (a: number) => Math.log(Math.max(1e-12, 1 + (runs - 1) * a) / (1 - a));
  const fromLog = (z: number) => (Math.exp(z) - 1) / (Math.exp(z) + runs - 1);
  const spread = (values: number[]) => {
    const finite = values.filter(Number.isFinite);
    const mean = finite.reduce((sum, z) => sum + z / finite.length, 0);
    return finite.reduce((sum, z) => sum + (z - mean) ** 2 / finite.length, 0);
  };
  const weights = new Float64Array(n).fill(1);
  const leftOut = items.map((_, i) => {
    weights[i] = 0;
    const z = toLog(alphaOf(items, weights, "interval"));
    weights[i] = 1;
    return z;
  });
  const generator = random(seed);
  const drawn = Array.from({ length: resamples }, () => {
    for (let i = 0; i < n; i++) weights[i] = generator.exponential();
    return toLog(alphaOf(items, weights, "interval"));
  });
  const error = Math.sqrt(Math.max(spread(leftOut) * (n - 1), (spread(drawn) * (n + 1)) / (n - 1)));
  const reach = studentTQuantile((1 + level) / 2, n - 1) * error;
  return [fromLog(toLog(value) - reach), fromLog(toLog(value) + reach)];
}
