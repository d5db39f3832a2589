import type { Series } from "./levelSeries";
import { choleskyOf } from "./symmetric";

/** Values that a level must have before its first change, so that there is a level to change from. */
export const BEFORE = 7;
/** The minimum number of values between two changes. */
const APART = 3;
/** Correlations of a step with the one before, all equally likely in the prior. */
const CARRIED = [0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9];
/** The share of a value's variance that is inversely proportional to its units. */
const SHARED = [0, 0.5, 1];
/** The size of a change expected in the prior, in standard deviations of a step. */
const CHANGE = 2;

/**
 * The regression at one correlation and one share: the fit without a further change, and with one at each step.
 */
export interface Fitted {
  /** How much each step resembles the one before. */
  carried: number;
  logP: number;
  /** By candidate step: the log odds, and the change with its standard error. */
  odds: Float64Array;
  effect: Float64Array;
  error: Float64Array;
  beta: Float64Array;
}

/**
 * Fits levels that change at `steps`, and the periodic pattern; with `isWanted` also the odds of one more change
 * at each step.
 */
function fitted(
  series: Series,
  carried: number,
  shared: number,
  steps: readonly number[],
  isWanted: boolean,
): Fitted {
  const { at, values, units, period } = series;
  const n = values.length;
  // No level is expected of the pattern, so that what is said about a change does not depend on it.
  const base = Math.max(1, period);
  const p = base + steps.length;
  const rows = new Float64Array(n * p);
  const [whole, own, y] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  const gram = Array.from({ length: p }, () => new Float64Array(p));
  const b = new Float64Array(p);
  let [squares, jacobian, before] = [0, 0, 1];
  for (let t = 0; t < n; t++) {
    const spread = Math.sqrt(1 - shared + shared / units[t]);
    const phi = t === 0 ? 0 : carried ** (at[t] - at[t - 1]);
    const left = Math.sqrt(1 - phi * phi);
    const now = 1 / (spread * left);
    const then = t === 0 ? 0 : phi / (before * left);
    const row = rows.subarray(t * p, (t + 1) * p);
    row[at[t] % base] += now;
    if (t > 0) row[at[t - 1] % base] -= then;
    for (let j = 0; j < steps.length; j++)
      row[base + j] = t > steps[j] ? now - then : t === steps[j] ? now : 0;
    whole[t] = now - then;
    own[t] = now;
    y[t] = values[t] * now - (t === 0 ? 0 : values[t - 1] * then);
    squares += y[t] * y[t];
    jacobian += Math.log(now);
    for (let i = 0; i < p; i++) {
      if (row[i] === 0) continue;
      b[i] += row[i] * y[t];
      for (let j = 0; j <= i; j++) gram[i][j] += row[i] * row[j];
    }
    before = spread;
  }
  for (let i = 0; i < base; i++) gram[i][i] += 1e-9;
  for (let j = 0; j < steps.length; j++) gram[base + j][base + j] += 1 / CHANGE ** 2;
  const lower = choleskyOf(gram);
  const half = solved(lower, b);
  const left = Math.max(squares - half.reduce((sum, one) => sum + one * one, 0), 1e-12 * squares + 1e-300);
  const determinant = lower.reduce((sum, row, i) => sum + Math.log(row[i]), 0);
  const degrees = n - base;
  const logP = jacobian - determinant - (degrees / 2) * Math.log(left);
  const none = new Float64Array(0);
  const beta = new Float64Array(p);
  for (let i = p - 1; i >= 0; i--) {
    let sum = half[i];
    for (let k = i + 1; k < p; k++) sum -= lower[k][i] * beta[k];
    beta[i] = sum / lower[i][i];
  }
  if (!isWanted) return { carried, logP, odds: none, effect: none, error: none, beta };
  const [odds, effect, error] = [
    new Float64Array(n).fill(Number.NEGATIVE_INFINITY),
    new Float64Array(n),
    new Float64Array(n),
  ];
  const [after, c] = [new Float64Array(p), new Float64Array(p)];
  let [afterSquares, afterY] = [0, 0];
  for (let k = n - 1; k >= BEFORE; k--) {
    const row = rows.subarray(k * p, (k + 1) * p);
    for (let i = 0; i < p; i++) c[i] = after[i] + row[i] * own[k];
    const z = solved(lower, c);
    let [d, e] = [1 / CHANGE ** 2 + afterSquares + own[k] ** 2, afterY + own[k] * y[k]];
    for (let i = 0; i < p; i++) {
      d -= z[i] * z[i];
      e -= z[i] * half[i];
    }
    d = Math.max(d, 1e-9);
    const rest = Math.max(left - (e * e) / d, 1e-9 * left);
    odds[k] = -0.5 * Math.log(CHANGE ** 2 * d) - (degrees / 2) * Math.log(rest / left);
    effect[k] = e / d;
    error[k] = Math.sqrt(rest / degrees / d);
    for (let i = 0; i < p; i++) after[i] += row[i] * whole[k];
    afterSquares += whole[k] ** 2;
    afterY += whole[k] * y[k];
  }
  for (const step of steps)
    for (let k = Math.max(0, step - APART + 1); k < Math.min(n, step + APART); k++)
      odds[k] = Number.NEGATIVE_INFINITY;
  return { carried, logP, odds, effect, error, beta };
}

/** The fits at all correlations and shares of the prior. */
export function allFits(series: Series, steps: readonly number[], isWanted: boolean): Fitted[] {
  return CARRIED.flatMap((carried) =>
    SHARED.map((shared) => fitted(series, carried, shared, steps, isWanted)),
  );
}

/** The levels between the changes, and the pattern, at the likeliest correlation and share. */
export function fittedLevels(
  series: Series,
  steps: readonly number[],
): { levels: Float64Array; pattern: Float64Array } {
  const { period, values } = series;
  const { beta } = allFits(series, steps, false).reduce((best, one) => (one.logP > best.logP ? one : best));
  const pattern = beta.slice(0, period);
  const there = pattern.filter((_, place) => series.at.some((step) => step % period === place));
  const mean = period === 0 ? beta[0] : there.reduce((sum, one) => sum + one, 0) / there.length;
  const base = Math.max(1, period);
  const levels = values.map((_, i) =>
    steps.reduce((sum, step, j) => sum + (i >= step ? beta[base + j] : 0), mean),
  );
  return { levels, pattern: pattern.map((one) => one - mean) };
}

/** The solution of L z = x. */
function solved(lower: readonly Float64Array[], x: ArrayLike<number>): Float64Array {
  const z = new Float64Array(lower.length);
  for (let i = 0; i < z.length; i++) {
    let sum = x[i];
    for (let k = 0; k < i; k++) sum -= lower[i][k] * z[k];
    z[i] = sum / lower[i][i];
  }
  return z;
}
