import { kendall } from "./kendall";
import { spearman } from "./spearman";

/** Above this many models, sorting and counting pair by pair would be slower than the general functions. */
const FEW = 64;

/** Spearman's correlation for many draws over the same number of models, without allocating for each. */
export function drawnSpearman(models: number): (x: ArrayLike<number>, y: ArrayLike<number>) => number {
  if (models > FEW) return spearman;
  const order = Int32Array.from({ length: models }, (_, i) => i);
  const sorted = new Float64Array(models);
  const first = new Float64Array(models);
  const second = new Float64Array(models);
  return (x, y) => {
    ranksOfFew(x, order, sorted, first);
    ranksOfFew(y, order, sorted, second);
    let products = 0;
    let ofFirst = 0;
    let ofSecond = 0;
    for (let i = 0; i < models; i++) {
      products += first[i] * second[i];
      ofFirst += first[i] * first[i];
      ofSecond += second[i] * second[i];
    }
    return products / Math.sqrt(ofFirst * ofSecond);
  };
}

/** Doubled midranks less their mean, by insertion sort: whole numbers. */
function ranksOfFew(
  values: ArrayLike<number>,
  order: Int32Array,
  sorted: Float64Array,
  out: Float64Array,
): void {
  const n = order.length;
  for (let i = 0; i < n; i++) {
    const value = values[i];
    let at = i - 1;
    while (at >= 0 && sorted[at] > value) {
      sorted[at + 1] = sorted[at];
      order[at + 1] = order[at];
      at--;
    }
    sorted[at + 1] = value;
    order[at + 1] = i;
  }
  for (let start = 0; start < n; ) {
    let end = start + 1;
    while (end < n && sorted[end] === sorted[start]) end++;
    for (let i = start; i < end; i++) out[order[i]] = start + end - n;
    start = end;
  }
}

/** Kendall's tau-b for many draws over the same number of models, without allocating for each. */
export function drawnKendall(models: number): (x: ArrayLike<number>, y: ArrayLike<number>) => number {
  if (models > FEW) return kendall;
  return (x, y) => {
    let score = 0;
    let untiedX = 0;
    let untiedY = 0;
    for (let i = 1; i < models; i++) {
      const xi = x[i];
      const yi = y[i];
      for (let j = 0; j < i; j++) {
        const signX = +(xi > x[j]) - +(xi < x[j]);
        const signY = +(yi > y[j]) - +(yi < y[j]);
        score += signX * signY;
        untiedX += signX * signX;
        untiedY += signY * signY;
      }
    }
    return score / Math.sqrt(untiedX * untiedY);
  };
}
