import { quickselect } from "simple-statistics";
import { type Distribution, isDistribution, type NanPolicy, readNumbers } from "./sample";

/** Order statistics of a sample by rank: at(1) is the smallest value, at(n) the largest. */
export interface OrderStatistics {
  n: number;
  at: (rank: number) => number;
}

/** Sorts the positions from..to (0-based, inclusive) of an array into place, in O(n) plus the sort of that window. */
export function sortWindow(a: Float64Array, from: number, to: number): void {
  const last = a.length - 1;
  if (to - from > 0.2 * a.length) {
    a.sort();
    return;
  }
  // It works on any array, whatever its types say.
  const select = quickselect as unknown as (a: Float64Array, k: number, left: number, right: number) => void;
  select(a, from, 0, last);
  if (to > from) {
    select(a, to, from, last);
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
