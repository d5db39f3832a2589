import { standardise } from "../../stats/standardise";
import { evenUnits } from "./evenUnits";
import {
  type Cut,
  copiesOf,
  coverage,
  cutAt,
  isCommon,
  type Side,
  type Sides,
  type StratumSum,
  sidesOf,
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
  /** The cell that each stratum is pooled into. */
  cellOf: Cut;
  /** The weight of a unit of side b in a cell that both sides have: v + slope (x - centre). */
  weights: ReadonlyMap<string, Weight>;
  /** How each of the four numbers changes with the sums of a cell. */
  coefficients: Coefficient[];
}

interface Weight {
  v: number;
  slope: number;
  centre: number;
}

/** What a unit adds to each of the four numbers, the weight of a cell's units at the mix (m) and their leverage (l). */
export interface Coefficient extends Record<(typeof numbers)[number], number> {
  second: boolean;
  cell: string;
}

const numbers = [
  ...(["ac", "ar", "bc", "br", "ks", "kr"] as const),
  ...(["tn", "tx", "txx", "ts", "txs", "tr", "txr"] as const),
  ...(["mn", "mx", "ln", "lx", "lxx"] as const),
] as const;

/** Every coefficient with its fields in one order, those that are not given 0: so they are fast to make and to write. */
function coefficient(second: boolean, cell: string, given: Partial<Coefficient>): Coefficient {
  const found = { second, cell } as Coefficient;
  for (const name of numbers) found[name] = given[name] ?? 0;
  return found;
}

/**
 * Direct standardisation, with a regression on length within strata: what side b would be like with the mix
 * of side a.
 *
 * @param sums of one metric and group
 * @param levels of the mix, finest first. Lengths are divided as finely as the units on both sides allow, and working hours
 * within them if both sides have enough
 */
export const standardAt = (sums: readonly StratumSum[], levels: readonly Level[]): Standard =>
  standardOf(sums, cutAt(sums, levels));

/** The weight of a stratum's units of side b at the mix; undefined if only one side has its cell. */
export const weightOf = ({ cellOf, weights }: Standard, stratum: string | number): Weight | undefined =>
  weights.get(cellOf.get(String(stratum)) ?? "");

/** The same with the cells given. */
export function standardOf(sums: readonly StratumSum[], cellOf: Cut): Standard {
  const strata = sidesOf(sums, cellOf);
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
  const coefficients = [...strata.keys()].flatMap((cell): Coefficient[] => {
    const [own, target] = [standard.own.get(cell), standard.target.get(cell)];
    const [weight, leverage] = [standard.weights.get(cell), standard.leverage.get(cell)];
    const t = own &&
      weight &&
      leverage && {
        ...{ tn: own.n, tx: own.x, txx: own.xx, ts: own.s, txs: own.xs, tr: own.r, txr: own.xr },
        ...{ mn: weight.v - weight.slope * weight.centre, mx: weight.slope },
        ...{ ln: leverage.n, lx: leverage.x, lxx: leverage.xx },
      };
    const k = target && { ks: 1 / rk, kr: -values.k / rk, tn: target.n, tx: target.x };
    return [
      coefficient(true, cell, { ...t, bc: 1 / rb, br: -values.b / rb }),
      coefficient(false, cell, { ...k, ac: 1 / ra, ar: -values.a / ra }),
    ];
  });
  const { weights } = standard;
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
  return { values, units, even, covered: coverage(strata), isStratified, cellOf, weights, coefficients };
}
