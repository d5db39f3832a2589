const HALF_LOG_TWO_PI = 0.9189385332046727;

/** The error of Stirling's formula: log Gamma(x + 1) - [(x + 1/2) log x - x + log(2 pi) / 2], for x > 0. */
export function stirlingError(x: number): number {
  // Below 15 the recurrence climbs to where the asymptotic series is accurate to the last digit.
  let error = 0;
  while (x < 15) {
    error += (x + 0.5) * Math.log1p(1 / x) - 1;
    x += 1;
  }
  const s = 1 / (x * x);
  const series =
    1 / 12 -
    s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * (1 / 1188 - s * (691 / 360360 - s * (1 / 156))))));
  return error + series / x;
}

/** The deviance term x log(x / m) + m - x for x, m > 0, without cancellation when x is near m. */
export function devianceTerm(x: number, m: number): number {
  const gap = x - m;
  if (Math.abs(gap) < 0.1 * (x + m)) {
    const v = gap / (x + m);
    let sum = gap * v;
    let term = 2 * x * v;
    const square = v * v;
    for (let j = 1; j < 1000; j++) {
      term *= square;
      const next = sum + term / (2 * j + 1);
      if (next === sum) return next;
      sum = next;
    }
    return sum;
  }
  return x * Math.log(x / m) - gap;
}

/**
 * The logarithm of the gamma function for x > 0.
 *
 * @remarks Method: Stirling's series with the recurrence below 15; absolute error about 1e-15 times max(1, |result|).
 * @throws RangeError for x <= 0 or NaN
 * @example
 * logGamma(1) // 0
 * logGamma(6).toFixed(6) // "4.787492"
 */
export function logGamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`logGamma requires x > 0, got ${String(x)}`);
  if (x === 1 || x === 2) return 0;
  if (x === Number.POSITIVE_INFINITY) return x;
  if (x < 1e-8) return -Math.log(x) - 0.5772156649015329 * x;
  return (x - 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI + stirlingError(x);
}
