import { checkPositive, checkProbability } from "./checks";
import { devianceTerm, stirlingError } from "./gamma";
import { normalQuantile } from "./normal";

/** x^a e^-x / Gamma(a + 1) by Loader's deviance form. */
function poissonPower(a: number, x: number): number {
  return Math.exp(-stirlingError(a) - devianceTerm(a, x)) / Math.sqrt(2 * Math.PI * a);
}

/** Both tails [P(a, x), Q(a, x)] of the incomplete gamma function: series below a + 1, continued fraction above. */
export function gammaTails(a: number, x: number): [number, number] {
  if (!(x > 0)) return [0, 1];
  if (x === Number.POSITIVE_INFINITY) return [1, 0];
  const power = poissonPower(a, x);
  const last = 1000 + 50 * Math.sqrt(a + x);
  if (x < a + 1) {
    let term = 1;
    let sum = 1;
    for (let i = 1; i < last; i++) {
      term *= x / (a + i);
      sum += term;
      if (term < 1e-17 * sum) break;
    }
    const lower = Math.min(1, power * sum);
    return [lower, 1 - lower];
  }
  let b = x + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < last; i++) {
    const an = -i * (i - a);
    b += 2;
    d = 1 / (an * d + b || 1e-300);
    c = b + an / c || 1e-300;
    h *= d * c;
    if (Math.abs(d * c - 1) < 2e-16) break;
  }
  const upper = Math.min(1, power * a * h);
  return [1 - upper, upper];
}

/**
 * The distribution function of chi-square with the given degrees of freedom.
 *
 * @throws RangeError for degrees that are not finite and > 0
 * @example
 * chiSquareCdf(3.841458820694124, 1).toFixed(10) // "0.9500000000"
 */
export function chiSquareCdf(x: number, degrees: number): number {
  checkPositive("chiSquareCdf", "degrees", degrees);
  return gammaTails(degrees / 2, x / 2)[0];
}

/**
 * The quantile function of chi-square with the given degrees of freedom.
 *
 * @remarks Method: guarded Newton on the logarithm of the smaller tail, from Wilson & Hilferty's approximation.
 * @throws RangeError for p outside [0, 1] or degrees that are not finite and > 0
 * @example
 * chiSquareQuantile(0.95, 5).toFixed(6) // "11.070498"
 */
export function chiSquareQuantile(p: number, degrees: number): number {
  checkProbability("chiSquareQuantile", "p", p);
  checkPositive("chiSquareQuantile", "degrees", degrees);
  if (p === 0) return 0;
  if (p === 1) return Number.POSITIVE_INFINITY;
  const a = degrees / 2;
  const cube = 1 - 1 / (9 * a) + normalQuantile(p) / (3 * Math.sqrt(a));
  // Near 0 the lower tail is x^a / Gamma(a + 1).
  const small = Math.exp(
    (Math.log(p) + Math.log(Math.sqrt(2 * Math.PI * a)) + stirlingError(a)) / a + Math.log(a) - 1,
  );
  let x = cube > 0.2 ? a * cube ** 3 : small;
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 200; i++) {
    const [lower, upper] = gammaTails(a, x);
    const useLower = p <= 0.5;
    const miss = useLower ? Math.log(lower / p) : -Math.log(upper / (1 - p));
    if (miss > 0) high = x;
    else low = x;
    const slope = (poissonPower(a, x) * a) / x / (useLower ? lower : upper);
    let next = useLower ? x * Math.exp(-miss / (slope * x)) : x - miss / slope;
    if (Math.abs(next - x) <= 4e-16 * x) return 2 * next;
    if (!(next > low && next < high))
      next = high === Number.POSITIVE_INFINITY ? 2 * x : low > 0 ? (low + high) / 2 : high / 1024;
    if (next === 0) return 0;
    x = next;
  }
  return 2 * x;
}
