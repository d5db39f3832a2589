import { checkCount } from "./checks";

/**
 * The chance that two different runs of one prompt give the same output, from 0 to 1, without bias:
 * the sum of c (c - 1) over the distinct outputs, divided by n (n - 1).
 *
 * In: how often each distinct output occurred; n is their sum. NaN with fewer than two runs.
 *
 * @remarks Source: Simpson 1949, https://doi.org/10.1038/163688a0.
 * @throws RangeError if a count is negative or not whole.
 * @example
 * sameOutput([3, 3, 4]) // 0.26666666666666666
 */
export function sameOutput(counts: ArrayLike<number>): number {
  const n = totalCount("sameOutput", counts);
  if (n < 2) return Number.NaN;
  let same = 0;
  for (let i = 0; i < counts.length; i++) same += counts[i] * (counts[i] - 1);
  return same / (n * (n - 1));
}

/**
 * The share of runs that gave the most frequent output, from 0 to 1; at least 1 / n, so biased up for few runs.
 *
 * In: how often each distinct output occurred; n is their sum. NaN with no run.
 *
 * @throws RangeError if a count is negative or not whole.
 * @example
 * modalShare([3, 3, 4]) // 0.4
 */
export function modalShare(counts: ArrayLike<number>): number {
  const n = totalCount("modalShare", counts);
  let most = 0;
  for (let i = 0; i < counts.length; i++) most = Math.max(most, counts[i]);
  return n === 0 ? Number.NaN : most / n;
}

export interface EntropyOptions {
  /**
   * "none" (default) is biased down if many outputs occurred only once; "miller-madow" adds (distinct - 1) / (2
   * n), Miller 1955.
   */
  correction?: "none" | "miller-madow";
  /** Divides by log n: 0 if all runs agree, 1 if all differ (default false). */
  normalized?: boolean;
}

/**
 * The entropy of the outputs of one prompt, in nats (times 1.4427 for bits); 0 if all runs agree.
 *
 * In: how often each distinct output occurred; n is their sum. NaN with no run, or with fewer than two if
 * normalized.
 *
 * @throws RangeError if a count is negative or not whole.
 * @example
 * entropy([7, 2, 1]) // 0.8018185525433373
 */
export function entropy(counts: ArrayLike<number>, options: EntropyOptions = {}): number {
  const { correction = "none", normalized = false } = options;
  const n = totalCount("entropy", counts);
  if (n === 0 || (normalized && n < 2)) return Number.NaN;
  let sum = 0;
  let distinct = 0;
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] === 0) continue;
    distinct++;
    sum += (counts[i] / n) * Math.log(n / counts[i]);
  }
  if (correction === "miller-madow") sum += (distinct - 1) / (2 * n);
  return normalized ? sum / Math.log(n) : sum;
}

function totalCount(caller: string, counts: ArrayLike<number>): number {
  let n = 0;
  for (let i = 0; i < counts.length; i++) {
    checkCount(caller, "count", counts[i]);
    n += counts[i];
  }
  return n;
}
