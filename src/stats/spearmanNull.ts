import { random } from "./random";

/** Up to this many models all orders are counted. */
const LARGEST_COUNTED = 9;
const PERMUTATIONS = 99_999;

/**
 * P(half the sum of squared rank differences = k) under independence, without ties, k from 0 to n (n^2 - 1) / 6:
 * counted up to 9 models, above that estimated from seeded permutations plus one perfect order, so that nothing
 * observed has probability 0.
 */
export function permutationLaw(n: number): Float64Array {
  const law = new Float64Array((n * (n * n - 1)) / 6 + 1);
  if (n <= LARGEST_COUNTED) {
    let orders = 0;
    const visit = (place: number, used: number, sum: number): void => {
      if (place === n) {
        law[sum / 2]++;
        orders++;
        return;
      }
      for (let value = 0; value < n; value++)
        if (!(used & (1 << value))) visit(place + 1, used | (1 << value), sum + (value - place) ** 2);
    };
    visit(0, 0, 0);
    return law.map((count) => count / orders);
  }
  const generator = random(1);
  const order = Int32Array.from({ length: n }, (_, i) => i);
  law[0] = 1;
  for (let b = 0; b < PERMUTATIONS; b++) {
    let sum = 0;
    for (let i = n - 1; i >= 0; i--) {
      const j = generator.integer(i + 1);
      const kept = order[i];
      order[i] = order[j];
      order[j] = kept;
      sum += (order[i] - i) ** 2;
    }
    law[sum / 2]++;
  }
  // Both directions are equally likely, so averaging them halves the noise.
  for (let k = 0, last = law.length - 1; k <= last >> 1; k++)
    law[k] = law[last - k] = (law[k] + law[last - k]) / 2;
  return law.map((count) => count / (PERMUTATIONS + 1));
}
