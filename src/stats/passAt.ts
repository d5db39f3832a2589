import { binomialProbability } from "./binomial";
import { checkCount, checkProbability } from "./checks";

function checkRuns(caller: string, n: number, c: number, k: number): void {
  checkCount(caller, "n", n, 1);
  checkCount(caller, "c", c);
  checkCount(caller, "k", k, 1);
  if (c > n) throw new RangeError(`${caller} requires c <= n, got ${c} passes of ${n} runs`);
  if (k > n)
    throw new RangeError(
      `${caller} requires k <= n, got k = ${k} of ${n} runs; run the prompt at least ${k} times`,
    );
}

/**
 * pass@k of one prompt, from 0 to 1: the chance that at least one of k runs passes, estimated without bias
 * from c passes in n runs as 1 - C(n-c, k) / C(n, k).
 *
 * n counts the runs of the prompt.
 *
 * @remarks Source: Chen et al. 2021, https://arxiv.org/abs/2107.03374.
 * @throws RangeError if k > n, c > n or one of them is not a whole number: (c/n)^k would be biased.
 * @example
 * passAt(10, 3, 5).toFixed(4) // "0.9167"
 */
export function passAt(n: number, c: number, k: number): number {
  checkRuns("passAt", n, c, k);
  let logFail = 0;
  for (let i = n - c + 1; i <= n; i++) logFail += Math.log1p(-k / i);
  return n - c < k ? 1 : -Math.expm1(logFail) || 0;
}

/**
 * pass^k of one prompt, from 0 to 1: the chance that all of k runs pass, estimated without bias from c passes
 * in n runs as C(c, k) / C(n, k).
 *
 * n counts the runs of the prompt.
 *
 * @remarks Source: Yao et al. 2024 (tau-bench), https://arxiv.org/abs/2406.12045.
 * @throws RangeError if k > n, c > n or one of them is not a whole number.
 * @example
 * passHat(10, 9, 5) // 0.5
 */
export function passHat(n: number, c: number, k: number): number {
  checkRuns("passHat", n, c, k);
  if (c < k) return 0;
  // C(c, k) / C(n, k), multiplied over the failures or over the k drawn, whichever are fewer.
  let product = 1;
  if (n - c < k) for (let i = 0; i < n - c; i++) product *= (n - k - i) / (n - i);
  else for (let i = 0; i < k; i++) product *= (c - i) / (n - i);
  return product;
}

/**
 * G-Pass@k of one prompt, from 0 to 1: the chance that at least the share tau of k runs pass, estimated without
 * bias from c passes in n runs (upper tail of the hypergeometric distribution). tau = 1 is pass^k.
 *
 * n counts the runs of the prompt.
 *
 * @remarks Source: Liu et al. 2024, https://arxiv.org/abs/2412.13147.
 * @throws RangeError if k > n, c > n, one of them is not a whole number, or tau is outside [0, 1].
 * @example
 * gPassAt(10, 3, 5, 0.25).toFixed(3) // "0.500"
 */
export function gPassAt(n: number, c: number, k: number, tau: number): number {
  checkRuns("gPassAt", n, c, k);
  checkProbability("gPassAt", "tau", tau);
  // 0.55 * 100 is 55.00000000000001, which must not demand 56 passes.
  const least = Math.ceil(tau * k - 1e-9);
  if (least <= k - (n - c)) return 1;
  if (k === n) return 0;
  const p = k / n;
  let sum = 0;
  for (let j = least; j <= Math.min(c, k); j++)
    sum += binomialProbability(j, c, p) * binomialProbability(k - j, n - c, p);
  return Math.min(1, sum / binomialProbability(k, n, p));
}

/**
 * mG-Pass@k of one prompt, from 0 to 1: G-Pass@k averaged over the thresholds above one half, as 2 / k times its
 * sum over tau = i / k for i from ceil(k / 2) + 1 to k. 0 for k = 1, which has no such threshold.
 *
 * n counts the runs of the prompt.
 *
 * @remarks Source: Liu et al. 2024, https://arxiv.org/abs/2412.13147.
 * @throws RangeError as `gPassAt`.
 * @example
 * meanGPassAt(5, 5, 3).toFixed(4) // "0.6667"
 */
export function meanGPassAt(n: number, c: number, k: number): number {
  checkRuns("meanGPassAt", n, c, k);
  let sum = 0;
  for (let i = Math.ceil(k / 2) + 1; i <= k; i++) sum += gPassAt(n, c, k, i / k);
  return (2 / k) * sum;
}
