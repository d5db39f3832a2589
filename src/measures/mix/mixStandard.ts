import { standardise } from "../../stats/standardise";
import { evenUnits } from "./evenUnits";
import {
  type Cut,
  copiesOf,
  coverage,
  isCommon,
  pooled,
  type Side,
  type Sides,
  type StratumSum,
} from "./mixCells";
import type { Level } from "./mixLevels";

/**
 * The four numbers of a comparison: side a, side b, side a in the strata that b has too (k), and side b at
 * the mix of a (t).
 */
export type Four<T = number> = Record<"a" | "b" | "k" | "t", T>;

/** A metric at the mix of side a. */
export interface Standard {
  values: Four;
  units: Four;
  /** For a share, the effective number of independent units behind each number: see `evenUnits`. */
  even: Four;
  /** Share of side a that lies in strata that side b has as well. */
  covered: number;
  /** True if there is more than one stratum, hour of the week, or length. */
  isStratified: boolean;
  /** The weight of a unit of side b in a stratum that both sides have: v + slope (x - centre). */
  weights: Map<string, { v: number; slope: number; centre: number }>;
  /** How each of the four numbers changes with the sums of a stratum. */
  coefficients: Coefficient[];
}

const zero = {
  ...{ ac: 0, ar: 0, bc: 0, br: 0, ks: 0, kr: 0 },
  ...{ tn: 0, tx: 0, txx: 0, ts: 0, txs: 0, tr: 0, txr: 0 },
  ...{ mn: 0, mx: 0, ln: 0, lx: 0, lxx: 0 },
};
/**
 * Includes the cell that a stratum is pooled into, the weight of its units at the mix (m) and their leverage
 * (l).
 */
export type Coefficient = { second: boolean; stratum: string; cell: number } & typeof zero;

/** Share of comparable units that a finer level must keep. */
const keep = 0.95;
/**
 * Direct standardisation, with a regression on length within strata: what side b would be like with the mix
 * of side a.
 *
 * @param sums of one metric and group
 * @param levels of the mix, finest first; the finest level that keeps 95 % of what the coarsest keeps is
 * used. Lengths are divided as finely as the units on both sides allow, and working hours within them if both
 * sides have enough
 */
export function standardAt(sums: readonly StratumSum[], levels: readonly Level[]): Standard {
  const coarsest = pooled(sums, levels.at(-1) as Level);
  const most = coverage(coarsest);
  for (const level of levels.slice(0, -1)) {
    const cut = pooled(sums, level);
    if (coverage(cut) >= keep * most) return standardOf(sums, cut);
  }
  return standardOf(sums, coarsest);
}

function standardOf(sums: readonly StratumSum[], cut: Cut): Standard {
  const { keyOf, strata } = cut;
  const every = [...strata.values()];
  const both = [...strata].filter(([, one]) => isCommon(one));
  const common = both.map(([, one]) => one);
  const total = (some: Sides[], side: "a" | "b", name: keyof Side) =>
    some.reduce((sum, one) => sum + one[side][name], 0);
  const [ra, rb, rk] = [total(every, "a", "d"), total(every, "b", "d"), total(common, "a", "r")];
  const standard = standardise(
    new Map(both.map(([key, { b }]) => [key, { ...b, copies: copiesOf(b) }])),
    new Map(both.map(([key, { a }]) => [key, a])),
  );
  const values = {
    a: total(every, "a", "c") / ra,
    b: total(every, "b", "c") / rb,
    k: total(common, "a", "s") / rk,
    t: standard.value,
  };
  const cells = new Map([...strata.keys()].map((key, at) => [key, at]));
  const coefficients = sums.map(({ second, stratum }): Coefficient => {
    const key = keyOf(stratum);
    const [own, target] = [standard.own.get(key), standard.target.get(key)];
    const place = { ...zero, second, stratum: String(stratum), cell: cells.get(key) as number };
    if (second) {
      const [weight, leverage] = [standard.weights.get(key), standard.leverage.get(key)];
      const t = own &&
        weight &&
        leverage && {
          ...{ tn: own.n, tx: own.x, txx: own.xx, ts: own.s, txs: own.xs, tr: own.r, txr: own.xr },
          ...{ mn: weight.v - weight.slope * weight.centre, mx: weight.slope },
          ...{ ln: leverage.n, lx: leverage.x, lxx: leverage.xx },
        };
      return { ...place, ...t, bc: 1 / rb, br: -values.b / rb };
    }
    const k = target && { ks: 1 / rk, kr: -values.k / rk, tn: target.n, tx: target.x };
    return { ...place, ...k, ac: 1 / ra, ar: -values.a / ra };
  });
  const weights = new Map(
    sums.flatMap(({ stratum }) => {
      const weight = standard.weights.get(keyOf(stratum));
      return weight === undefined ? [] : [[String(stratum), weight] as const];
    }),
  );
  const units = {
    a: total(every, "a", "apart"),
    b: total(every, "b", "apart"),
    k: total(common, "a", "matched"),
    t: total(common, "b", "matched"),
  };
  const even = {
    ...units,
    k: evenUnits(
      common.map(({ a }) => ({ side: a, v: 1, slope: 0, centre: 0 })),
      values.k,
    ),
    t: evenUnits(
      both.flatMap(([key, { b }]) => {
        const weight = standard.weights.get(key);
        return weight === undefined ? [] : [{ side: b, ...weight }];
      }),
      values.t,
    ),
  };
  const isStratified =
    every.length > 1 ||
    every.some(({ a, b }) => a.n !== a.all || b.n !== b.all || Math.abs(b.ww - b.all) > 1e-9 * b.all) ||
    [...weights.values()].some(({ slope }) => slope !== 0);
  return { values, units, even, covered: coverage(cut), isStratified, weights, coefficients };
}
