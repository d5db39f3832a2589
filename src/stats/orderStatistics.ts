import { type Distribution, isDistribution, type NanPolicy, readNumbers } from "./sample";

/** Order statistics of a sample by rank: at(1) is the smallest value, at(n) the largest. */
export interface OrderStatistics {
  n: number;
  at: (rank: number) => number;
}

/**
 * Rearranges an array so that position k holds what sorting would put there, with smaller values before and larger
 * ones after.
 */
function selectOne(a: Float64Array, k: number, left: number, right: number): void {
  while (right > left) {
    if (right - left > 600) {
      // Floyd & Rivest (1975): select within a small sample first, so that the pivot falls right next to k.
      const n = right - left + 1;
      const i = k - left + 1;
      const z = Math.log(n);
      const s = 0.5 * Math.exp((2 * z) / 3);
      const sd = 0.5 * Math.sqrt((z * s * (n - s)) / n) * (i < n / 2 ? -1 : 1);
      selectOne(
        a,
        k,
        Math.max(left, Math.floor(k - (i * s) / n + sd)),
        Math.min(right, Math.floor(k + ((n - i) * s) / n + sd)),
      );
    }
    const pivot = a[k]!;
    let i = left;
    let j = right;
    while (i <= j) {
      while (a[i]! < pivot) i++;
      while (a[j]! > pivot) j--;
      if (i <= j) {
        const held = a[i]!;
        a[i] = a[j]!;
        a[j] = held;
        i++;
        j--;
      }
    }
    if (j < k) left = i;
    if (i > k) right = j;
  }
}

/** Sorts the positions from..to (0-based, inclusive) of an array into place, in O(n) plus the sort of that window. */
export function sortWindow(a: Float64Array, from: number, to: number): void {
  const last = a.length - 1;
  if (to - from > 0.2 * a.length) {
    a.sort();
    return;
  }
  selectOne(a, from, 0, last);
  if (to > from) {
    selectOne(a, to, from, last);
    a.subarray(from, to + 1).sort();
  }
}

function fromDistribution(caller: string, { values, weights }: Distribution): OrderStatistics {
  if (values.length !== weights.length)
    throw new RangeError(
      `${caller} requires one weight for each value, got ${values.length} values and ${weights.length} weights`,
    );
  const kept: number[] = [];
  const upTo: number[] = [];
  let n = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const weight = weights[i]!;
    if (!(weight >= 0) || weight === Number.POSITIVE_INFINITY)
      throw new RangeError(`${caller} requires finite weights >= 0, got ${String(weight)} at index ${i}`);
    if (Number.isNaN(value) || (i > 0 && !(value > values[i - 1]!)))
      throw new RangeError(
        `${caller} requires a distribution's values ascending and distinct, got ${String(value)} at index ${i}`,
      );
    if (weight === 0) continue;
    n += weight;
    kept.push(value);
    upTo.push(n);
  }
  const at = (rank: number): number => {
    let low = 0;
    let high = upTo.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (upTo[middle]! >= rank) high = middle;
      else low = middle + 1;
    }
    return kept[low] ?? Number.NaN;
  };
  return { n, at };
}

/**
 * The order statistics of a sample; only the ranks from..to (1-based) may be asked for. Without a range the whole
 * sample is sorted. Values are copied; the input keeps its order.
 */
export function orderStatistics(
  caller: string,
  sample: ArrayLike<number> | Distribution,
  { nan = "throw", range }: { nan?: NanPolicy; range?: (n: number) => [number, number] } = {},
): OrderStatistics & { dropped: number } {
  if (isDistribution(sample)) return { ...fromDistribution(caller, sample), dropped: sample.missing ?? 0 };
  const { values, dropped } = readNumbers(caller, sample, nan);
  const n = values.length;
  if (n > 0) {
    const [from, to] = range === undefined ? [1, n] : range(n);
    sortWindow(values, Math.max(1, from) - 1, Math.min(n, to) - 1);
  }
  return { n, at: (rank) => values[rank - 1]!, dropped };
}
