import { checkPositive, checkProbability } from "./checks";
import { devianceTerm, stirlingError } from "./gamma";
import { normalQuantile } from "./normal";

/**
 * x^a y^b / B(a, b) with y = 1 - x, by Loader's deviance form: a difference of log gammas would lose
 * eight digits at a million observations. Loader (2000), "Fast and accurate computation of binomial probabilities".
 */
function betaPower(x: number, y: number, a: number, b: number): number {
  const n = a + b;
  const log =
    stirlingError(n) - stirlingError(a) - stirlingError(b) - devianceTerm(a, n * x) - devianceTerm(b, n * y);
  return Math.sqrt((a / n) * (b / (2 * Math.PI))) * Math.exp(log);
}

/**
 * The continued fraction of the incomplete beta function times the prefactor, for x below about the mean.
 * Didonato & Morris (1992), doi:10.1145/131766.131776, BFRAC: written in the distance from the mean, it cancels
 * nowhere.
 */
function continuedFraction(x: number, y: number, a: number, b: number): number {
  const distance = a > b ? (a + b) * y - b : a - (a + b) * x;
  const c = 1 + distance;
  const c0 = b / a;
  const c1 = 1 + 1 / a;
  let p = 1;
  let s = a + 1;
  let above = 0;
  let below = 1;
  let nextAbove = 1;
  let nextBelow = c / c1;
  let r = c1 / c;
  const last = 1000 + 50 * Math.sqrt(Math.max(a, b));
  for (let n = 1; n < last; n++) {
    let t = n / a;
    const w = n * (b - n) * x;
    let e = a / s;
    const alpha = p * (p + c0) * e * e * (w * x);
    e = (1 + t) / (c1 + t + t);
    const beta = n + w / s + e * (c + n * (1 + y));
    p = 1 + t;
    s += 2;
    t = alpha * above + beta * nextAbove;
    above = nextAbove;
    nextAbove = t;
    t = alpha * below + beta * nextBelow;
    below = nextBelow;
    nextBelow = t;
    const before = r;
    r = nextAbove / nextBelow;
    if (Math.abs(r - before) <= 2e-16 * Math.abs(r)) break;
    above /= nextBelow;
    below /= nextBelow;
    nextAbove = r;
    nextBelow = 1;
  }
  return r;
}

/** Both tails [I_x(a, b), 1 - I_x(a, b)], the smaller one to full relative accuracy; y must be 1 - x. */
export function betaTails(x: number, a: number, b: number, y = 1 - x): [number, number] {
  if (x <= 0) return [0, 1];
  if (y <= 0) return [1, 0];
  const power = betaPower(x, y, a, b);
  if (x * (a + b + 2) < a + 1) {
    const lower = Math.min(1, power === 0 ? 0 : power * continuedFraction(x, y, a, b));
    return [lower, 1 - lower];
  }
  const upper = Math.min(1, power === 0 ? 0 : power * continuedFraction(y, x, b, a));
  return [1 - upper, upper];
}

/**
 * The distribution function of the beta distribution (the regularised incomplete beta function I_x(a, b)).
 *
 * @remarks Method: continued fraction (DLMF 8.17.22) with Loader's prefactor; relative error below 3e-12 to a = 1e6.
 * @param x where to evaluate; below 0 gives 0, above 1 gives 1
 * @throws RangeError for a or b that is not a finite number > 0, or x NaN
 * @example
 * betaCdf(0.5, 2, 2).toFixed(12) // "0.500000000000"
 */
export function betaCdf(x: number, a: number, b: number): number {
  checkPositive("betaCdf", "a", a);
  checkPositive("betaCdf", "b", b);
  if (Number.isNaN(x)) throw new RangeError("betaCdf requires a number x, got NaN");
  return betaTails(x, a, b)[0];
}

function firstGuess(p: number, a: number, b: number): number {
  if (a >= 1 && b >= 1) {
    // Abramowitz & Stegun 26.5.22
    const z = -normalQuantile(p);
    const al = (z * z - 3) / 6;
    const ra = 1 / (2 * a - 1);
    const rb = 1 / (2 * b - 1);
    const h = 2 / (ra + rb);
    const root = Math.sqrt(Math.max(0, al + h));
    const w = (z * root) / h - (rb - ra) * (al + 5 / 6 - 2 / (3 * h));
    return a / (a + b * Math.exp(2 * w));
  }
  const t = Math.exp(a * Math.log(a / (a + b))) / a;
  const u = Math.exp(b * Math.log(b / (a + b))) / b;
  const w = t + u;
  return p < t / w ? (a * w * p) ** (1 / a) : 1 - (b * w * (1 - p)) ** (1 / b);
}

/**
 * The quantile x at or below 1/2 with lower tail p and upper tail q, by guarded Newton steps on the log of the smaller
 * tail.
 */
function solveLower(p: number, q: number, a: number, b: number): number {
  let low = 0;
  let high = 1;
  let x = Math.min(0.5, Math.max(1e-308, firstGuess(p, a, b)));
  for (let i = 0; i < 200; i++) {
    const [lower, upper] = betaTails(x, a, b);
    const density = betaPower(x, 1 - x, a, b) / (x * (1 - x));
    const tail = p <= q ? lower : upper;
    const miss = p <= q ? Math.log(lower / p) : -Math.log(upper / q);
    if (miss > 0) high = x;
    else low = x;
    const slope = density / tail;
    // In log x the lower tail is close to a straight line; in x the upper one is.
    let next = p <= q ? x * Math.exp(-miss / (slope * x)) : x - miss / slope;
    if (Math.abs(next - x) <= 4e-16 * x) return next;
    if (!(next > low && next < high)) {
      if (high - low <= 2e-16 * high) return x;
      next = low > 0 ? (high > 4 * low ? Math.sqrt(low * high) : (low + high) / 2) : high / 1024;
      if (next === 0) return 0;
    }
    x = next;
  }
  return x;
}

/**
 * The quantile and its complement [x, 1 - x] from both tail probabilities (q must be 1 - p), each to full relative
 * accuracy.
 */
export function betaQuantilePair(p: number, q: number, a: number, b: number): [number, number] {
  if (p <= 0) return [0, 1];
  if (q <= 0) return [1, 0];
  const [half, rest] = betaTails(0.5, a, b);
  if (p <= q ? p <= half : q >= rest) {
    const x = solveLower(p, q, a, b);
    return [x, 1 - x];
  }
  const y = solveLower(q, p, b, a);
  return [1 - y, y];
}

/**
 * The quantile function of the beta distribution: the x with I_x(a, b) = p.
 *
 * @remarks Method: Newton on the logarithm of the smaller tail; relative error below 3e-14 to a = 1e6.
 * @param p lower tail probability, 0 <= p <= 1
 * @throws RangeError for p outside [0, 1], or a or b that is not a finite number > 0
 * @example
 * betaQuantile(0.5, 3, 3).toFixed(12) // "0.500000000000"
 */
export function betaQuantile(p: number, a: number, b: number): number {
  checkProbability("betaQuantile", "p", p);
  checkPositive("betaQuantile", "a", a);
  checkPositive("betaQuantile", "b", b);
  return betaQuantilePair(p, 1 - p, a, b)[0];
}
