/** Daily values, in order, whose days may carry over into each other. */
export interface DailyColumns {
  days: ArrayLike<number>;
  /** The variance of each value's own noise, up to a factor that all have in common. */
  own: ArrayLike<number>;
  /** The values, and the columns that they are regressed on. */
  columns: readonly ArrayLike<number>[];
}

/**
 * Sums of products of columns, each weighted by the inverse of the covariance of days that have noise of their own and share
 * an AR(1) process besides: what least squares and its likelihood need, in time linear in the days.
 *
 * @remarks Method: the Kalman filter (1960), doi:10.1115/1.3662552, run over every column alike.
 * @param kappa the variance of the process, in units of `own`
 * @param rho its correlation from one day to the next
 * @returns `products[i][j]` for columns i and j <= i, and `logs`, the logarithm of the covariance's determinant
 * @example
 * arSums({ days: [0, 1], own: [1, 1], columns: [[1, 3]] }, 0, 0).products[0][0] // 10
 */
export function arSums(
  { days, own, columns }: DailyColumns,
  kappa: number,
  rho: number,
): { products: number[][]; logs: number } {
  const count = columns.length;
  const states = new Float64Array(count);
  const surprises = new Float64Array(count);
  const products = columns.map((_, i) => new Array<number>(i + 1).fill(0));
  let spread = kappa;
  let [logs, scale] = [0, 1];
  for (let day = 0; day < days.length; day++) {
    const carried = day === 0 ? 0 : rho ** (days[day] - days[day - 1]);
    spread = carried ** 2 * spread + kappa * (1 - carried ** 2);
    const total = spread + own[day];
    const gain = spread / total;
    for (let i = 0; i < count; i++) {
      const state = carried * states[i];
      const surprise = columns[i][day] - state;
      surprises[i] = surprise;
      states[i] = state + gain * surprise;
      for (let j = 0; j <= i; j++) products[i][j] += (surprise * surprises[j]) / total;
    }
    spread *= 1 - gain;
    // A logarithm for each day would take most of the time.
    scale *= total;
    if (!(scale > 1e-100 && scale < 1e100)) {
      logs += Math.log(scale);
      scale = 1;
    }
  }
  return { products, logs: logs + Math.log(scale) };
}
