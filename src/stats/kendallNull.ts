import { normalCdf } from "./normal";

/**
 * Above this many models the normal approximation of Kendall's score is exact enough: 300 models have 44,850
 * pairs.
 */
const LARGEST_EXACT = 300;

/** P(number of inversions = k) over all orders of n without ties, k from 0 to n (n - 1) / 2. */
export function inversionLaw(n: number): Float64Array {
  let law = Float64Array.of(1);
  for (let size = 2; size <= n; size++) {
    const next = new Float64Array((size * (size - 1)) / 2 + 1);
    let window = 0;
    for (let k = 0; k < next.length; k++) {
      if (k < law.length) window += law[k];
      if (k >= size && k - size < law.length) window -= law[k - size];
      next[k] = window / size;
    }
    // The distribution is symmetric; computing the upper half by difference would lose the small probabilities.
    for (let k = 0; k < next.length >> 1; k++) next[next.length - 1 - k] = next[k];
    law = next;
  }
  return law;
}

/** Two-sided P(|concordant - discordant pairs| >= score) under independence, without ties. */
export function inversionTail(n: number, score: number): number {
  if (score === 0) return 1;
  const total = (n * (n - 1)) / 2;
  if (n > LARGEST_EXACT) {
    const deviation = Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18);
    return Math.min(1, 2 * normalCdf(-(score - 1) / deviation));
  }
  const law = inversionLaw(n);
  let tail = 0;
  for (let k = 0; k <= (total - score) / 2; k++) tail += law[k];
  return Math.min(1, 2 * tail);
}
