import { betaTails } from "./beta";
import { checkCount, checkProbability } from "./checks";
import { devianceTerm, stirlingError } from "./gamma";

/**
 * The probability of exactly k successes in n trials with success probability p.
 *
 * @remarks Method: Loader (2000), accurate to about 1e-14 at any n.
 * @throws RangeError for n not whole and >= 0 or p outside [0, 1]
 * @example
 * binomialProbability(1, 2, 0.5).toFixed(12) // "0.500000000000"
 */
export function binomialProbability(k: number, n: number, p: number): number {
  checkCount("binomialProbability", "n", n);
  checkProbability("binomialProbability", "p", p);
  if (!(k >= 0 && k <= n) || !Number.isInteger(k)) return 0;
  if (p === 0) return k === 0 ? 1 : 0;
  if (p === 1) return k === n ? 1 : 0;
  if (k === 0) return Math.exp(n * Math.log1p(-p));
  if (k === n) return p ** n;
  const log =
    stirlingError(n) -
    stirlingError(k) -
    stirlingError(n - k) -
    devianceTerm(k, n * p) -
    devianceTerm(n - k, n * (1 - p));
  return Math.exp(log) * Math.sqrt(n / (2 * Math.PI * k * (n - k)));
}

/** Both tails [P(X <= k), P(X > k)] of a binomial. */
export function binomialTails(k: number, n: number, p: number): [number, number] {
  checkCount("binomialTails", "n", n);
  checkProbability("binomialTails", "p", p);
  const whole = Math.floor(k);
  if (whole < 0) return [0, 1];
  if (whole >= n) return [1, 0];
  const [lower, upper] = betaTails(p, whole + 1, n - whole);
  return [upper, lower];
}

/**
 * The probability of at most k successes in n trials with success probability p.
 *
 * @throws RangeError for n not whole and >= 0 or p outside [0, 1]
 * @example
 * binomialCdf(5, 10, 0.5).toFixed(6) // "0.623047"
 */
export function binomialCdf(k: number, n: number, p: number): number {
  return binomialTails(k, n, p)[0];
}

/**
 * The smallest k with P(X <= k) >= u for a binomial of n trials with success probability p.
 *
 * @throws RangeError for u or p outside [0, 1] or n not whole and >= 0
 * @example
 * binomialQuantile(0.5, 10, 0.5) // 5
 */
export function binomialQuantile(u: number, n: number, p: number): number {
  checkProbability("binomialQuantile", "u", u);
  if (u === 0) return 0;
  if (u === 1) return p === 0 ? 0 : n;
  let low = -1;
  let high = n;
  const reached = (k: number) => {
    const [lower, upper] = binomialTails(k, n, p);
    return u <= 0.5 ? lower >= u : upper <= 1 - u;
  };
  // Gallop from near the mean, then bisect.
  const sd = Math.sqrt(n * p * (1 - p)) + 1;
  let at = Math.min(n, Math.max(0, Math.floor(n * p)));
  for (let step = sd; ; step *= 2) {
    if (reached(at)) {
      high = at;
      if (low >= 0 || at === 0) break;
      at = Math.max(0, Math.floor(at - step));
    } else {
      low = at;
      if (high < n || at === n) break;
      at = Math.min(n, Math.ceil(at + step));
    }
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (reached(middle)) high = middle;
    else low = middle;
  }
  return high;
}
