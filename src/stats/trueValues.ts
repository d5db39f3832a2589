import type { Random } from "./random";

/** Points of the spread's posterior; their spacing grows with the spread, to resolve small ones. */
const GRID = 32;

/**
 * Draws the true values behind noisy measurements y, given a regressor x of the true values: y_i ~ N(a + b x_i,
 * spread^2 + error_i^2), with a flat prior on a and b, and a prior on the spread from 0 to sqrt(6 var y): "flat",
 * with which intervals cover, or "shrinking", proportional to 1 / sqrt(mean error^2 + spread^2), with which mean
 * losses and probabilities of being best are right on average. a and b are integrated out of the spread's
 * posterior, then drawn.
 */
export interface TrueValues {
  /** Fits to a regressor; call it again only when the regressor changes. */
  condition(x: Float64Array): void;
  /** One joint draw of the true values into `out`. */
  draw(random: Random, out: Float64Array): void;
}

export type SpreadPrior = "flat" | "shrinking";

export function trueValues(y: Float64Array, errors: Float64Array, prior: SpreadPrior = "flat"): TrueValues {
  const n = y.length;
  const mean = y.reduce((sum, value) => sum + value, 0) / n;
  const variance = y.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const largest = Math.sqrt(6 * variance);
  const noise = errors.reduce((sum, error) => sum + error * error, 0) / n;
  // Everything that depends on the measurements alone is computed once, for each spread of the grid.
  const weights = new Float64Array(GRID * n);
  const kept = new Float64Array(GRID * n);
  const deviation = new Float64Array(GRID * n);
  const centred = y.map((value) => value - mean);
  const sumW = new Float64Array(GRID);
  const sumWy = new Float64Array(GRID);
  /** What the values vary by around their weighted mean. */
  const around = new Float64Array(GRID);
  const logPrior = new Float64Array(GRID);
  for (let k = 0; k < GRID; k++) {
    const u = (k + 0.5) / GRID;
    const spread = largest * u * u;
    logPrior[k] = Math.log(u);
    if (prior === "shrinking" && noise > 0) logPrior[k] -= Math.log(noise + spread * spread) / 2;
    for (let i = 0; i < n; i++) {
      const total = spread * spread + errors[i] * errors[i];
      const w = 1 / total;
      weights[k * n + i] = w;
      kept[k * n + i] = (spread * spread) / total;
      deviation[k * n + i] = (spread * errors[i]) / Math.sqrt(total);
      sumW[k] += w;
      sumWy[k] += w * centred[i];
      around[k] += w * centred[i] ** 2;
      logPrior[k] += Math.log(w) / 2;
    }
    logPrior[k] -= Math.log(sumW[k]) / 2;
    around[k] -= (sumWy[k] * sumWy[k]) / sumW[k];
  }
  let regressor: Float64Array = y;
  const cumulative = new Float64Array(GRID);
  const sumWx = new Float64Array(GRID);
  const squares = new Float64Array(GRID);
  const products = new Float64Array(GRID);

  function condition(x: Float64Array): void {
    regressor = x;
    let best = -Infinity;
    for (let k = 0; k < GRID; k++) {
      let wx = 0;
      let wxx = 0;
      let wxy = 0;
      for (let i = 0, at = k * n; i < n; i++, at++) {
        const product = weights[at] * x[i];
        wx += product;
        wxx += product * x[i];
        wxy += product * centred[i];
      }
      const share = wx / sumW[k];
      const sxx = wxx - share * wx;
      const sxy = wxy - share * sumWy[k];
      sumWx[k] = wx;
      squares[k] = sxx;
      products[k] = sxy;
      const residual = around[k] - (sxy * sxy) / sxx;
      cumulative[k] = logPrior[k] - residual / 2;
      if (cumulative[k] > best) best = cumulative[k];
    }
    let sum = 0;
    for (let k = 0; k < GRID; k++) {
      sum += Math.exp(cumulative[k] - best) / Math.sqrt(squares[k]);
      cumulative[k] = sum;
    }
  }

  function draw(random: Random, out: Float64Array): void {
    const target = random.uniform() * cumulative[GRID - 1];
    let k = 0;
    while (cumulative[k] < target) k++;
    const a = mean + sumWy[k] / sumW[k] + random.normal() / Math.sqrt(sumW[k]);
    const b = products[k] / squares[k] + random.normal() / Math.sqrt(squares[k]);
    const centre = sumWx[k] / sumW[k];
    for (let i = 0, at = k * n; i < n; i++, at++) {
      const expected = a + b * (regressor[i] - centre);
      out[i] = expected + kept[at] * (y[i] - expected) + deviation[at] * random.normal();
    }
  }
  return { condition, draw };
}
