/**
 * Sums over the units of one side in one stratum: how many there are, the covariate, its square, and the parts of
 * a ratio.
 */
export interface StratumTotals {
  /** Units, by weight; x is their sum of the covariate, and xx of its squares. */
  n: number;
  x: number;
  xx: number;
  /** Numerator and denominator, and their sums of products with the covariate. */
  s: number;
  xs: number;
  r: number;
  xr: number;
}

/** What a unit adds to a standardised ratio, as a linear function of its sums. */
export type Pull = Record<keyof StratumTotals, number>;

/** A ratio at the mix of a target. */
export interface Standardised {
  value: number;
  /**
   * By stratum, what the side's own units contribute, and what the target's units contribute through their n and
   * x.
   */
  own: Map<string, Pull>;
  target: Map<string, { n: number; x: number }>;
  /** By stratum, how much a unit of the side counts: v + slope (x - centre). */
  weights: Map<string, { v: number; slope: number; centre: number }>;
  /**
   * By stratum, the share of its own fitted value that a unit makes up: n + x x + xx x²; for several units, from
   * their sums.
   */
  leverage: Map<string, { n: number; x: number; xx: number }>;
}

/** Units of a stratum from which a slope on the covariate is estimated. */
const enoughForSlope = 10;

export const noTotals = (): StratumTotals => ({ n: 0, x: 0, xx: 0, s: 0, xs: 0, r: 0, xr: 0 });

/** Adds the sums of one, of `n` units, to those of another. */
export function addTotals<T extends StratumTotals>(into: T, one: StratumTotals, n = one.n): T {
  into.n += n;
  into.x += one.x;
  into.xx += one.xx;
  into.s += one.s;
  into.xs += one.xs;
  into.r += one.r;
  into.xr += one.xr;
  return into;
}

/**
 * A ratio of sums at the mix of a target: in every stratum the side's mean numerator and denominator per unit,
 * moved along their slopes on the covariate to the target's mean of it, times as many units as the target has.
 *
 * @param own sums of the side by stratum, and how many times each unit stands in them; strata of the target that it lacks
 * must already be left out
 * @param target units and sum of the covariate by stratum
 * @remarks Post-stratification with a linear regression in each stratum: the generalised regression estimator, with
 * linearised residuals as the pulls; Särndal, Swensson & Wretman (1992), Model Assisted Survey Sampling, sections 6.4, 7.6.
 * @example
 * const own = new Map([["a", { n: 20, x: 40, xx: 100, s: 60, xs: 140, r: 20, xr: 40 }]]);
 * standardise(own, new Map([["a", { n: 9, x: 27 }]])).value // 4
 */
export function standardise(
  own: ReadonlyMap<string, StratumTotals & { copies?: number }>,
  target: ReadonlyMap<string, { n: number; x: number }>,
): Standardised {
  const cells = [...target].map(([name, { n, x }]) => {
    const one = own.get(name) as StratumTotals & { copies?: number };
    const centre = one.x / one.n;
    const spread = one.xx / one.n - centre * centre;
    const hasSlope = one.n / (one.copies ?? 1) >= enoughForSlope && spread > 1e-9 * (one.xx / one.n);
    const slope = hasSlope && n > 0 ? (x / n - centre) / spread : 0;
    const along = (sum: number, products: number) =>
      hasSlope ? (products / one.n - (centre * sum) / one.n) / spread : 0;
    const [bs, br] = [along(one.s, one.xs), along(one.r, one.xr)];
    const at = (sum: number, b: number) => n * (sum / one.n - b * centre) + b * x;
    const leverage = hasSlope
      ? {
          n: (1 + (centre * centre) / spread) / one.n,
          x: (-2 * centre) / spread / one.n,
          xx: 1 / spread / one.n,
        }
      : { n: 1 / one.n, x: 0, xx: 0 };
    return { name, n, one, centre, slope, bs, br, leverage, s: at(one.s, bs), r: at(one.r, br) };
  });
  const total = (of: "s" | "r") => cells.reduce((sum, cell) => sum + cell[of], 0);
  const denominator = total("r");
  const value = total("s") / denominator;
  const found: Standardised = {
    value,
    own: new Map(),
    target: new Map(),
    weights: new Map(),
    leverage: new Map(),
  };
  for (const { name, n, one, centre, slope, bs, br, leverage } of cells) {
    const b = bs - value * br;
    const rest = (one.s - value * one.r) / one.n - b * centre;
    const v = n / one.n / denominator;
    const [level, along] = [v * (1 - slope * centre), v * slope];
    found.own.set(name, {
      n: -rest * level,
      x: -rest * along - b * level,
      xx: -b * along,
      s: level,
      xs: along,
      r: -value * level,
      xr: -value * along,
    });
    found.target.set(name, { n: rest / denominator, x: b / denominator });
    found.weights.set(name, { v: n / one.n, slope: (n / one.n) * slope, centre });
    found.leverage.set(name, leverage);
  }
  return found;
}
