import { middle } from "./boundedMean";
import { checkChoice, checkCount, checkLevel, checkSameLength } from "./checks";
import { defined } from "./defined";
import { type Estimate, noEnds, noted } from "./estimate";
import { random } from "./random";
import { type Reservation, reserve } from "./reservation";

/** A rater's answer; null, undefined and NaN are missing. */
export type Label = string | number | boolean | null | undefined;

export interface KappaOptions {
  /**
   * "none" (default): labels agree or they don't; "linear" and "quadratic": labels in rising order, where a
   * disagreement counts by its distance or its square.
   */
  weights?: "none" | "linear" | "quadratic";
  /** Confidence of the interval (default 0.95). */
  level?: number;
  /** Draws of the table of labels (default 4,999). */
  resamples?: number;
  /** Seed (default 1). */
  seed?: number;
}

/**
 * Agreement of two raters beyond chance, Cohen's kappa: 1 if they always agree, 0 if they agree as often as
 * their own shares of labels would by chance, negative below that.
 *
 * In: two labels per item, in the same order; an item with a missing label is left out with a note. n and
 * clusters count the items with both. NaN with no item, or if both raters always give the same single label,
 * since chance would then explain everything. The interval resamples the table of labels with one item's worth
 * of doubt spread over all pairs of labels (Bayesian bootstrap), so that perfect agreement on a few items is not
 * shown as certainty.
 *
 * @remarks Method: "bootstrap-posterior". Sources: Cohen 1960, https://doi.org/10.1177/001316446002000104, and 1968,
 * https://doi.org/10.1037/h0026256.
 * @throws RangeError if the raters differ in length or an option is out of range.
 * @example
 * kappa(["a", "a", "b", "b"], ["a", "b", "b", "b"]).value // 0.5
 */
export function kappa(
  first: ArrayLike<Label>,
  second: ArrayLike<Label>,
  options: KappaOptions = {},
): Estimate {
  const { weights = "none", level = 0.95, resamples = 4_999, seed = 1 } = options;
  checkSameLength("kappa", "first", first.length, "second", second.length);
  checkChoice("kappa", "weights", weights, ["none", "linear", "quadratic"]);
  checkLevel("kappa", level);
  checkCount("kappa", "resamples", resamples, 1);
  const pairs: [Label, Label][] = [];
  for (let i = 0; i < first.length; i++)
    if (!isMissing(first[i]) && !isMissing(second[i])) pairs.push([first[i], second[i]]);
  const labels = risingLabels(pairs.flat());
  const index = new Map(labels.map((label, i) => [label, i]));
  const k = labels.length;
  const n = pairs.length;
  const table = new Float64Array(k * k);
  for (const [a, b] of pairs) table[index.get(a)! * k + index.get(b)!]++;
  const weight = weightTable(k, weights);
  const value = k > 1 ? weightedKappa(table, weight, k) : Number.NaN;
  const notes: Reservation[] = [];
  const missing = first.length - n;
  if (missing > 0)
    notes.push(
      reserve("left-out.of", { n: missing, of: first.length, counted: "items", why: "a label is missing" }),
    );
  let { low, high } = noEnds;
  if (Number.isNaN(value)) {
    notes.push(
      n === 0 ? reserve("none.counted", { counted: "item with both labels" }) : reserve("none.chance"),
    );
  } else {
    const draws = kappaDraws(table, weight, k, resamples, seed);
    [low, high] = middle(draws, level, value);
    const rare = rarest(table, k, n);
    if (rare < 10) notes.push(reserve("few.labels", { rare: Math.round(rare), n }));
  }
  return defined({
    value,
    low,
    high,
    level,
    method: "bootstrap-posterior",
    n,
    clusters: n,
    clusterBy: "item",
    resamples,
    unit: "1",
    ...noted(notes),
  });
}

export function isMissing(label: Label): label is null | undefined {
  return label === null || label === undefined || Number.isNaN(label);
}

/** The distinct labels: numbers in numeric order, texts by code unit. */
export function risingLabels(labels: Label[]): Label[] {
  return [...new Set(labels)].sort((a, b) => {
    if (typeof a === "number" && typeof b === "number") return a - b;
    return String(a) < String(b) ? -1 : 1;
  });
}

/** The weight of each pair of labels: 1 on the diagonal. */
function weightTable(k: number, weights: "none" | "linear" | "quadratic"): Float64Array {
  return Float64Array.from({ length: k * k }, (_, cell) => {
    const distance = Math.abs(Math.floor(cell / k) - (cell % k));
    if (weights === "none" || k < 2) return distance === 0 ? 1 : 0;
    return 1 - (weights === "linear" ? distance / (k - 1) : (distance / (k - 1)) ** 2);
  });
}

/** Kappa of a table of counts or shares; NaN if chance explains all. */
function weightedKappa(table: Float64Array, weight: Float64Array, k: number): number {
  const rows = new Float64Array(k);
  const columns = new Float64Array(k);
  let total = 0;
  let disagreement = 0;
  for (let i = 0; i < k; i++)
    for (let j = 0; j < k; j++) {
      const cell = i * k + j;
      rows[i] += table[cell];
      columns[j] += table[cell];
      total += table[cell];
      disagreement += (1 - weight[cell]) * table[cell];
    }
  let chance = 0;
  for (let i = 0; i < k; i++)
    for (let j = 0; j < k; j++) chance += (1 - weight[i * k + j]) * rows[i] * columns[j];
  return chance > 0 ? 1 - (disagreement * total) / chance : Number.NaN;
}

/** Items that either rater gave a label other than the most frequent one. */
function rarest(table: Float64Array, k: number, n: number): number {
  let most = 0;
  for (let i = 0; i < k; i++) most = Math.max(most, table[i * k + i]);
  return n - most;
}

/** Kappa in tables drawn from a Dirichlet distribution around the counts (one item spread over all cells). */
function kappaDraws(
  counts: Float64Array,
  weight: Float64Array,
  k: number,
  resamples: number,
  seed: number,
): Float64Array {
  const generator = random(seed);
  const doubt = 1 / (k * k);
  const filled: number[] = [];
  const empty: number[] = [];
  counts.forEach((count, cell) => {
    (count > 0 ? filled : empty).push(cell);
  });
  const table = new Float64Array(k * k);
  const draws = new Float64Array(resamples);
  for (let b = 0; b < resamples; b++) {
    for (const cell of filled) table[cell] = generator.gamma(counts[cell] + doubt);
    // So little doubt is spread over so many empty cells that in each draw nearly all of it falls on one of them.
    let chosen = -1;
    if (empty.length > 0) {
      chosen = empty[generator.integer(empty.length)];
      table[chosen] = generator.gamma(doubt * empty.length);
    }
    draws[b] = weightedKappa(table, weight, k);
    if (chosen >= 0) table[chosen] = 0;
  }
  return draws;
}
