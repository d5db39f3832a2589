import type { Days, SwitchWorld } from "./switchWorlds";

/** The standard error of the effect for one who knows every variance of a world, with the same days and the same control. */
export function oracleError(world: SwitchWorld): number {
  const { before, after, section, days, noise, own } = world;
  if (section === "weeks") return contrastError(world, Math.min(4, after / 7));
  if (section === "parallel") {
    // What days share tells on neither; each model's own days stay.
    const spread = own === undefined ? 0 : meanVariance(own, before);
    return Math.sqrt(2 * (noise ** 2 / before + spread));
  }
  const count = before + after;
  const hasControl = section !== "alone";
  // The control takes off what days share, and brings its own days and noise.
  const each = own === undefined ? [] : [own];
  const parts = hasControl ? [...each, ...each] : [days, ...each];
  const covariance = Array.from({ length: count }, (_, i) =>
    Array.from(
      { length: count },
      (_, j) => covariances(parts, i - j) + (i === j ? (hasControl ? 2 : 1) * noise ** 2 : 0),
    ),
  );
  const ones = covariance.map(() => 1);
  const step = covariance.map((_, day) => (day >= before ? 1 : 0));
  const [x, y] = [solved(covariance, ones), solved(covariance, step)];
  const [a, b, c] = [dot(ones, x), dot(ones, y), dot(step, y)];
  return Math.sqrt(a / (a * c - b * b));
}

function contrastError({ before, days, noise }: SwitchWorld, weeks: number): number {
  const width = 7 * weeks;
  const weights = Array.from({ length: 2 * width }, (_, day) => (day < width ? -1 : 1) / width);
  let variance = 2 * width * (noise / width) ** 2;
  for (const [i, x] of weights.entries())
    for (const [j, y] of weights.entries()) variance += x * y * covariances([days], i - j);
  return before > 0 ? Math.sqrt(variance) : Number.NaN;
}

/** The variance of the mean of so many days. */
function meanVariance(days: Days, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) for (let j = 0; j < count; j++) sum += covariances([days], i - j);
  return sum / count ** 2;
}

const covariances = (parts: readonly Days[], lag: number) =>
  parts.reduce(
    (sum, { rho, sd, apart = 0 }) => sum + sd ** 2 * rho ** Math.abs(lag) + (lag === 0 ? apart ** 2 : 0),
    0,
  );

const dot = (x: readonly number[], y: readonly number[]) => x.reduce((sum, one, i) => sum + one * y[i], 0);

/** The solution of a positive definite system, by Gaussian elimination. */
function solved(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]]);
  const n = rows.length;
  for (let at = 0; at < n; at++)
    for (let i = at + 1; i < n; i++) {
      const factor = rows[i][at] / rows[at][at];
      for (let j = at; j <= n; j++) rows[i][j] -= factor * rows[at][j];
    }
  const found = Array.from({ length: n }, () => 0);
  for (let i = n - 1; i >= 0; i--) {
    const rest = rows[i].slice(i + 1, n).reduce((sum, one, j) => sum + one * found[i + 1 + j], 0);
    found[i] = (rows[i][n] - rest) / rows[i][i];
  }
  return found;
}
