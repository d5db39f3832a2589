import { completePairs, type PairOptions } from "./pairs";

/**
 * Kendall's rank correlation tau-b of two sides, from -1 to 1: concordant less discordant pairs over the
 * geometric mean of the pairs untied on each side.
 *
 * In: one pair per model (or any unit); n counts the pairs. NaN for fewer than two pairs or a constant side.
 * Time O(n log n).
 *
 * @remarks Source: Kendall 1945, https://doi.org/10.1093/biomet/33.3.239; the merge sort of Knight 1966,
 * https://doi.org/10.1080/01621459.1966.10480879.
 * @throws RangeError if the sides differ in length.
 * @example
 * kendall([1, 2, 3, 4], [10, 30, 20, 40]) // 0.6666666666666666
 */
export function kendall(x: ArrayLike<number>, y: ArrayLike<number>, options: PairOptions = {}): number {
  const pairs = completePairs("kendall", x, y, options);
  if (!pairs || pairs.x.length < 2) return Number.NaN;
  const { score, untiedX, untiedY } = kendallScore(pairs.x, pairs.y);
  if (untiedX === 0 || untiedY === 0) return Number.NaN;
  return Math.max(-1, Math.min(1, score / Math.sqrt(untiedX * untiedY)));
}

/** Concordant less discordant pairs, and the pairs untied on each side. */
export function kendallScore(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
): { score: number; untiedX: number; untiedY: number } {
  const n = x.length;
  const order = Array.from({ length: n }, (_, i) => i);
  const compare = (a: number, b: number) => (a < b ? -1 : a > b ? 1 : 0);
  order.sort((a, b) => compare(x[a], x[b]) || compare(y[a], y[b]));
  const sorted = Float64Array.from(order, (i) => y[i]);
  let tiedX = 0;
  let tiedBoth = 0;
  let runX = 1;
  let runBoth = 1;
  for (let i = 1; i <= n; i++) {
    const sameX = i < n && x[order[i]] === x[order[i - 1]];
    const sameBoth = sameX && sorted[i] === sorted[i - 1];
    if (!sameBoth) {
      tiedBoth += (runBoth * (runBoth - 1)) / 2;
      runBoth = 0;
    }
    if (!sameX) {
      tiedX += (runX * (runX - 1)) / 2;
      runX = 0;
    }
    runX++;
    runBoth++;
  }
  const discordant = sortCountingExchanges(sorted);
  let tiedY = 0;
  let runY = 1;
  for (let i = 1; i <= n; i++) {
    if (i < n && sorted[i] === sorted[i - 1]) {
      runY++;
      continue;
    }
    tiedY += (runY * (runY - 1)) / 2;
    runY = 1;
  }
  const total = (n * (n - 1)) / 2;
  return {
    score: total - tiedX - tiedY + tiedBoth - 2 * discordant,
    untiedX: total - tiedX,
    untiedY: total - tiedY,
  };
}

/** Sorts in place, bottom up, and counts the pairs that were in falling order. */
function sortCountingExchanges(values: Float64Array): number {
  const n = values.length;
  let from: Float64Array = values;
  let to: Float64Array = new Float64Array(n);
  let exchanges = 0;
  for (let width = 1; width < n; width *= 2) {
    for (let start = 0; start < n; start += 2 * width) {
      const middle = Math.min(start + width, n);
      const end = Math.min(start + 2 * width, n);
      let left = start;
      let right = middle;
      for (let k = start; k < end; k++) {
        if (left < middle && (right >= end || from[left] <= from[right])) to[k] = from[left++];
        else {
          to[k] = from[right++];
          exchanges += middle - left;
        }
      }
    }
    [from, to] = [to, from];
  }
  if (from !== values) values.set(from);
  return exchanges;
}
