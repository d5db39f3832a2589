import type { OrderStatistics } from "./orderStatistics";

/**
 * Counts of values in buckets whose edges grow by 1 % (0, negative numbers and infinities have buckets of their
 * own), so that histograms of parts add up to the histogram of the whole.
 */
export interface LogHistogram {
  /** Ascending bucket numbers, as `logBucket` gives them. */
  buckets: ArrayLike<number>;
  counts: ArrayLike<number>;
}

const LOG_GROWTH = Math.log(1.01);
const ZERO = -100_000;
const NEGATIVE = -200_000;
const LOWEST = -300_000;
const HIGHEST = 200_000;

/**
 * The number of the bucket of a value; the order of bucket numbers is the order of the values.
 *
 * @param x any number; NaN falls into the bucket of Infinity, as engines sort it last
 * @example
 * logBucket(1) // 0
 * logBucket(0) // -100000
 */
export function logBucket(x: number): number {
  if (x > 0 && x < Number.POSITIVE_INFINITY) return Math.floor(Math.log(x) / LOG_GROWTH);
  if (x === 0) return ZERO;
  if (x === Number.NEGATIVE_INFINITY) return LOWEST;
  if (x < 0) return NEGATIVE - Math.floor(Math.log(-x) / LOG_GROWTH);
  return HIGHEST;
}

/**
 * The lower and upper edge of a bucket.
 *
 * @example
 * bucketEdges(0) // [1, 1.01]
 */
export function bucketEdges(bucket: number): [number, number] {
  if (bucket === ZERO) return [0, 0];
  if (bucket >= HIGHEST) return [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  if (bucket <= LOWEST) return [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const power = bucket > ZERO ? bucket : NEGATIVE - bucket;
  const low = Math.min(Number.MAX_VALUE, 1.01 ** power);
  const high = Math.min(Number.MAX_VALUE, 1.01 ** (power + 1));
  return bucket > ZERO ? [low, high] : [-high, -low];
}

/** True if the value is a LogHistogram. */
export function isLogHistogram<S>(sample: S | LogHistogram): sample is LogHistogram {
  return typeof sample === "object" && sample !== null && "buckets" in sample && "counts" in sample;
}

function fromCounts(counts: Map<number, number>): LogHistogram {
  const entries = [...counts].filter(([, count]) => count > 0).sort((a, b) => a[0] - b[0]);
  return { buckets: entries.map(([bucket]) => bucket), counts: entries.map(([, count]) => count) };
}

/**
 * The histogram of values in buckets of 1 %.
 *
 * @example
 * logHistogram([1, 1.005, 2]).counts // [2, 1]
 */
export function logHistogram(values: ArrayLike<number>): LogHistogram {
  const counts = new Map<number, number>();
  for (let i = 0; i < values.length; i++) {
    const bucket = logBucket(values[i]!);
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  }
  return fromCounts(counts);
}

/**
 * The histogram of two samples together: exactly what counting them in one pass would give.
 *
 * @example
 * mergeHistograms(logHistogram([1]), logHistogram([1, 2])).counts // [2, 1]
 */
export function mergeHistograms(a: LogHistogram, b: LogHistogram): LogHistogram {
  const counts = new Map<number, number>();
  for (const part of [a, b])
    for (let i = 0; i < part.buckets.length; i++) {
      const bucket = part.buckets[i]!;
      counts.set(bucket, (counts.get(bucket) ?? 0) + part.counts[i]!);
    }
  return fromCounts(counts);
}

/** Order statistics of a histogram: the middle of the bucket (within 0.5 %), and its lower and upper edges. */
export function histogramOrderStatistics(
  caller: string,
  { buckets, counts }: LogHistogram,
): OrderStatistics & { atLeast: (rank: number) => number; atMost: (rank: number) => number } {
  const upTo: number[] = [];
  let n = 0;
  for (let i = 0; i < buckets.length; i++) {
    const count = counts[i]!;
    if (!(count >= 0) || (i > 0 && !(buckets[i]! > buckets[i - 1]!)))
      throw new RangeError(
        `${caller} requires ascending buckets with counts >= 0, got ${count} in bucket ${buckets[i]}`,
      );
    n += count;
    upTo.push(n);
  }
  const edges = (rank: number): [number, number] => {
    let low = 0;
    let high = upTo.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (upTo[middle]! >= rank) high = middle;
      else low = middle + 1;
    }
    return bucketEdges(buckets[low]!);
  };
  const middle = ([low, high]: [number, number]) =>
    low === high ? low : Math.sign(low) * Math.sqrt(Math.abs(low)) * Math.sqrt(Math.abs(high));
  return {
    n,
    at: (rank) => middle(edges(rank)),
    atLeast: (rank) => edges(rank)[0],
    atMost: (rank) => edges(rank)[1],
  };
}
