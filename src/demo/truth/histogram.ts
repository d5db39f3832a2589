/** Counts of positive numbers in buckets a tenth of a percent wide, which summarise a long run. */
export interface Histogram {
  counts: Float64Array;
  n: number;
  sum: number;
  /** The first bucket that may be filled, and the one after the last. */
  from: number;
  to: number;
}

const width = Math.log(1.001);
// Up to 1e13 microseconds, four months.
const buckets = Math.ceil(Math.log(1e13) / width) + 1;

export function createHistogram(): Histogram {
  return { counts: new Float64Array(buckets), n: 0, sum: 0, from: buckets, to: 0 };
}

/** Adds a number >= 1. */
export function count(histogram: Histogram, value: number): void {
  const bucket = Math.min(buckets - 1, Math.floor(Math.log(value) / width));
  histogram.counts[bucket]++;
  if (bucket < histogram.from) histogram.from = bucket;
  if (bucket >= histogram.to) histogram.to = bucket + 1;
  histogram.n++;
  histogram.sum += value;
}

export function merge(into: Histogram, from: Histogram): void {
  for (let bucket = from.from; bucket < from.to; bucket++) into.counts[bucket] += from.counts[bucket];
  into.from = Math.min(into.from, from.from);
  into.to = Math.max(into.to, from.to);
  into.n += from.n;
  into.sum += from.sum;
}

export function clear(histogram: Histogram): void {
  if (histogram.from < histogram.to) histogram.counts.fill(0, histogram.from, histogram.to);
  histogram.from = buckets;
  histogram.to = 0;
  histogram.n = 0;
  histogram.sum = 0;
}

/** The quantile at p, interpolated inside its bucket; NaN if empty. */
export function quantileOf(histogram: Histogram, p: number): number {
  if (histogram.n === 0) return Number.NaN;
  const rank = p * histogram.n;
  let before = 0;
  let bucket = histogram.from;
  while (bucket < buckets - 1 && before + histogram.counts[bucket] < rank)
    before += histogram.counts[bucket++];
  const inside = histogram.counts[bucket] > 0 ? (rank - before) / histogram.counts[bucket] : 0;
  return Math.exp(width * (bucket + inside));
}
