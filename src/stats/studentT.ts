import { betaQuantilePair, betaTails } from "./beta";
import { checkProbability } from "./checks";
import { normalCdf, normalQuantile } from "./normal";

function checkDegrees(caller: string, degrees: number): void {
  if (!(degrees > 0))
    throw new RangeError(`${caller} requires degrees of freedom > 0, got ${String(degrees)}`);
}

/**
 * The distribution function of Student's t; degrees of freedom may be fractional, and Infinity is the normal.
 *
 * @throws RangeError for degrees <= 0
 * @example
 * studentTCdf(0, 5) // 0.5
 */
export function studentTCdf(t: number, degrees: number): number {
  checkDegrees("studentTCdf", degrees);
  if (degrees > 1e15) return normalCdf(t);
  if (t === 0) return 0.5;
  if (!Number.isFinite(t)) return t > 0 ? 1 : Number.isNaN(t) ? t : 0;
  const square = t * t;
  // x = degrees / (degrees + t^2); both parts are computed without subtraction.
  const x = 1 / (1 + square / degrees);
  const y = 1 / (1 + degrees / square);
  const tail = 0.5 * betaTails(x, degrees / 2, 0.5, y)[0];
  return t < 0 ? tail : 1 - tail;
}

/**
 * The quantile function of Student's t; degrees of freedom may be fractional, and Infinity is the normal.
 *
 * @throws RangeError for p outside [0, 1] or degrees <= 0
 * @example
 * studentTQuantile(0.975, 10).toFixed(6) // "2.228139"
 */
export function studentTQuantile(p: number, degrees: number): number {
  checkProbability("studentTQuantile", "p", p);
  checkDegrees("studentTQuantile", degrees);
  if (p === 0.5) return 0;
  // At 1e10 degrees t and z agree to 1e-10; Cornish-Fisher's first term covers the rest.
  if (degrees > 1e10) {
    const z = normalQuantile(p);
    return Number.isFinite(z) ? z + (z * z * z + z) / (4 * degrees) : z;
  }
  const tail = Math.min(p, 1 - p);
  if (tail === 0) return p < 0.5 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const [x, y] = betaQuantilePair(2 * tail, p < 0.5 ? 1 - 2 * p : 2 * p - 1, degrees / 2, 0.5);
  const t = Math.sqrt((degrees * y) / x);
  return p < 0.5 ? -t : t;
}
