import { isMissing, type Label, risingLabels } from "./kappa";

/**
 * What one item adds: its ratings, the disagreement within it, and its sums for the disagreement expected by
 * chance.
 */
export interface Item {
  ratings: number;
  within: number;
  sums: Float64Array;
}

/**
 * The ratings of each item that has at least two, in an order that does not depend on the order of rows and
 * raters.
 */
export function ratedItems(raters: readonly ArrayLike<Label>[]): Label[][] {
  const count = raters.length === 0 ? 0 : raters[0].length;
  for (const rater of raters)
    if (rater.length !== count)
      throw new RangeError(
        `alpha requires one entry per item from each rater, got ${count} and ${rater.length}; mark missing ones with null`,
      );
  const items: { ratings: Label[]; key: string }[] = [];
  for (let i = 0; i < count; i++) {
    const ratings = risingRatings(raters.map((rater) => rater[i]).filter((label) => !isMissing(label)));
    if (ratings.length > 1) items.push({ ratings, key: JSON.stringify(ratings) });
  }
  items.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return items.map((item) => item.ratings);
}

function risingRatings(ratings: Label[]): Label[] {
  const order = new Map(risingLabels(ratings).map((label, i) => [label, i]));
  return ratings.sort((a, b) => order.get(a)! - order.get(b)!);
}

export function nominalItems(rated: Label[][]): Item[] {
  const index = new Map(risingLabels(rated.flat()).map((label, i) => [label, i]));
  return rated.map((ratings) => {
    const sums = new Float64Array(index.size);
    for (const label of ratings) sums[index.get(label)!]++;
    const agreeing = sums.reduce((sum, count) => sum + count * count, 0);
    return { ratings: ratings.length, within: (ratings.length ** 2 - agreeing) / (ratings.length - 1), sums };
  });
}

/**
 * Sums and squares of the values around their mean, on the scale of the largest, since 1e300 squared would
 * overflow.
 */
export function intervalItems(rated: Label[][]): Item[] {
  const all = rated.flat() as number[];
  for (const value of all)
    if (!Number.isFinite(value))
      throw new TypeError(
        `alpha requires finite numbers for metric "interval", got ${JSON.stringify(value)}`,
      );
  const largest = all.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const mean = all.reduce((sum, value) => sum + value / largest / all.length, 0);
  const constant = all.every((value) => value === all[0]);
  return rated.map((ratings) => {
    const m = ratings.length;
    let sum = 0;
    let squares = 0;
    for (const rating of ratings as number[]) {
      const value = constant ? 0 : rating / largest - mean;
      sum += value;
      squares += value * value;
    }
    let within = 0;
    for (let i = 0; i < m; i++)
      for (let j = 0; j < i; j++)
        within += (2 * ((ratings[i] as number) / largest - (ratings[j] as number) / largest) ** 2) / (m - 1);
    return { ratings: m, within, sums: Float64Array.of(sum, squares) };
  });
}

/** 1 - observed over expected disagreement of weighted items and, if given, of one extra pair of labels. */
export function alphaOf(
  items: Item[],
  weights: Float64Array,
  metric: "nominal" | "interval",
  more?: { pair: number[]; ratings: number },
): number {
  if (items.length === 0) return Number.NaN;
  const totals = new Float64Array(items[0].sums.length);
  let ratings = 0;
  let within = 0;
  for (let i = 0; i < items.length; i++) {
    const { sums } = items[i];
    ratings += weights[i] * items[i].ratings;
    within += weights[i] * items[i].within;
    for (let k = 0; k < totals.length; k++) totals[k] += weights[i] * sums[k];
  }
  if (more) {
    for (const label of more.pair) totals[label] += more.ratings / 2;
    if (more.pair[0] !== more.pair[1]) within += more.ratings;
    ratings += more.ratings;
  }
  let expected: number;
  if (metric === "interval") expected = 2 * (ratings * totals[1] - totals[0] * totals[0]);
  else {
    let same = 0;
    for (let k = 0; k < totals.length; k++) same += totals[k] * totals[k];
    expected = ratings * ratings - same;
  }
  expected /= ratings * (ratings - 1);
  // Differences due only to rounding are not disagreement.
  if (!(expected > 1e-14 * (metric === "interval" ? totals[1] / ratings : 1))) return Number.NaN;
  return 1 - within / ratings / expected;
}
