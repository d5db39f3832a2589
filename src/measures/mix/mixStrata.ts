import { addTotals, noTotals, type StratumTotals, standardise } from "../../stats/standardise";

/** What a call is like before any model answers it; the mix is the share of each stratum. */
export interface Stratum {
  g: string | number;
  stratum: string | number;
  workload: string;
  model: string;
  /** Version of the prompt. */
  version: string;
  /** Eighth of its workload by the input length of the first turn, 1 the shortest; 0 if that is not known. */
  length: number;
  /** 2 in working hours, 1 outside, 0 if calls have no time. */
  working: number;
  second: boolean;
  /** Matched calls, their lengths and squares of lengths. */
  n: number;
  x: number;
  xx: number;
}

/** Sums over a stratum on one side: see the statement `stratum_sums`. */
export interface StratumSum {
  metric: string;
  g: string | number;
  second: boolean;
  stratum: string | number;
  /** Calls, tasks or scores as they are, with their numerator and denominator. */
  n: number;
  c: number;
  d: number;
  /**
   * Those in hours that both sides have, by calendar weight: their number, length, numerator and denominator.
   */
  matched: number;
  weight: number;
  /** Squares of the weights. */
  ww: number;
  x: number;
  xx: number;
  s: number;
  xs: number;
  r: number;
  xr: number;
}

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

/** Minimum units on each side for a stratum to be compared. */
const fewest = 5;
/** Minimum units on each side for a range of lengths, or its hours, to be a cell of its own. */
const enough = 16;
/** Share of comparable units that a finer level must keep. */
const keep = 0.95;
/**
 * Share of each side's calls whose values must also occur on the other side for a column to be part of the
 * mix.
 */
const shared = 0.9;

export type Column = "workload" | "model" | "version" | "length" | "working";

const columnOf: Record<Column, (one: Stratum) => string | number | boolean> = {
  workload: ({ workload }) => workload,
  model: ({ model }) => model,
  version: ({ version }) => version,
  length: ({ length }) => length,
  working: ({ working }) => working,
};

/** The columns that define the mix, including model and prompt version if both sides share them. */
export function mixLevels(
  strata: readonly Stratum[],
  wanted: readonly Column[] = ["model", "version"],
): Column[][] {
  const parts = wanted.filter((column) => {
    const of = columnOf[column];
    if (new Set(strata.map(of)).size < 2) return false;
    const values = (second: boolean) =>
      new Set(strata.filter((one) => one.second === second).map((one) => of(one)));
    return [false, true].every((second) => {
      const own = strata.filter((one) => one.second === second);
      const others = values(!second);
      const calls = own.reduce((sum, one) => sum + one.n, 0);
      return own.reduce((sum, one) => sum + (others.has(of(one)) ? one.n : 0), 0) / calls >= shared;
    });
  });
  return [["workload", ...parts, "length", "working"]];
}

/**
 * The place of a call's stratum at one level of the mix: by all columns but length and working hours, and by
 * these two.
 */
export type Level = ReadonlyMap<string, { place: string; length: number; working: number }>;

/** What the strata are at each level, finest first. */
export function levelsOf(strata: readonly Stratum[], levels: readonly Column[][]): Level[] {
  return levels.map((columns) => {
    const coarse = columns.filter((column) => column !== "length" && column !== "working");
    const placeOf = (one: Stratum) => JSON.stringify(coarse.map((column) => columnOf[column](one)));
    return new Map(
      strata.map((one) => {
        const { stratum, length, working } = one;
        return [String(stratum), { place: placeOf(one), length, working }] as const;
      }),
    );
  });
}

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

interface Side extends StratumTotals {
  /** Units as they are, with their numerator and denominator, and the matched ones. */
  all: number;
  c: number;
  d: number;
  matched: number;
  ww: number;
}
interface Sides {
  a: Side;
  b: Side;
}
interface Cut {
  keyOf: (stratum: string | number) => string;
  strata: Map<string, Sides>;
}
const none = (): Side => ({ ...noTotals(), all: 0, c: 0, d: 0, matched: 0, ww: 0 });

function pooled(sums: readonly StratumSum[], level: Level): Cut {
  type Place = { place: string; length: number; working: number };
  const [groups, cells] = [new Map<string, Map<number, Sides>>(), new Map<string, string>()];
  const known = (stratum: string | number) => level.get(String(stratum)) as Place;
  for (const one of sums) {
    const { place, length } = known(one.stratum);
    add(
      at(groups, place, () => new Map()),
      length,
      one,
    );
  }
  const parts = new Map([...groups].map(([place, lengths]) => [place, partsOf(lengths)]));
  const partOf = ({ place, length }: Place) => `${place} ${parts.get(place)?.get(length)}`;
  const halves = new Map<string, Map<number, Sides>>();
  for (const one of sums) {
    const stratum = known(one.stratum);
    add(
      at(halves, partOf(stratum), () => new Map()),
      stratum.working,
      one,
    );
  }
  const apart = new Set(
    [...halves].flatMap(([part, hours]) =>
      [...hours.values()].every((sides) => sides.a.matched === 0 || isCommon(sides, enough)) ? part : [],
    ),
  );
  const keyOf = (stratum: string | number) =>
    at(cells, String(stratum), () => {
      const one = known(stratum);
      const part = partOf(one);
      return apart.has(part) ? `${part} ${one.working}` : part;
    });
  const found: Cut["strata"] = new Map();
  for (const one of sums) add(found, keyOf(one.stratum), one);
  return { keyOf, strata: found };
}

/**
 * The range of each length: neighbours are merged until both sides have enough units; calls of unknown
 * length, 0, stay apart.
 */
function partsOf(lengths: ReadonlyMap<number, Sides>): Map<number, number> {
  const parts = new Map([[0, 0]]);
  let [part, a, b] = [1, 0, 0];
  const known = [...lengths.keys()].filter((length) => length > 0).sort((x, y) => x - y);
  for (const length of known) {
    const own = lengths.get(length) as Sides;
    parts.set(length, part);
    [a, b] = [a + own.a.matched, b + own.b.matched];
    if (a >= enough && b >= enough) [part, a, b] = [part + 1, 0, 0];
  }
  // What is left at the long end joins its neighbour.
  for (const [length, own] of parts) if (own === part && part > 1) parts.set(length, part - 1);
  return parts;
}

function at<K, V>(map: Map<K, V>, key: K, made: () => V): V {
  const found = map.get(key) ?? made();
  map.set(key, found);
  return found;
}

function add<K>(cells: Map<K, Sides>, key: K, one: StratumSum): void {
  const sides = at(cells, key, () => ({ a: none(), b: none() }));
  const into = one.second ? sides.b : sides.a;
  addTotals(into, one, one.weight);
  into.all += one.n;
  into.c += one.c;
  into.d += one.d;
  into.matched += one.matched;
  into.ww += one.ww;
}

const isCommon = ({ a, b }: Sides, least = fewest) => a.matched >= least && b.matched >= least;

function coverage({ strata }: Cut): number {
  let [common, all] = [0, 0];
  for (const one of strata.values()) {
    all += one.a.n;
    if (isCommon(one)) common += one.a.n;
  }
  return all > 0 ? common / all : 0;
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
    new Map(both.map(([key, { b }]) => [key, b])),
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
    a: total(every, "a", "all"),
    b: total(every, "b", "all"),
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
    every.some(({ a, b }) => a.n !== a.all || b.n !== b.all) ||
    [...weights.values()].some(({ slope }) => slope !== 0);
  return { values, units, even, covered: coverage(cut), isStratified, weights, coefficients };
}

/** Prior units, at the overall share, that are added to a cell's own. */
const borrowed = 10;

/**
 * The effective number of independent units, of equal weight, that units of many weights amount to for a
 * share p.
 *
 * A cell with no events, or only events, is no more certain than the others: each cell's variance is that of
 * its share, shrunk towards p by a Bayes prior of ten units. If p is 0 or 1, it is the square of the sum of
 * the weights over the sum of squares, Kish (1965), Survey Sampling, section 11.7.
 */
function evenUnits(
  parts: readonly { side: Side; v: number; slope: number; centre: number }[],
  p: number,
): number {
  const open = p > 0 && p < 1;
  let [sum, squares] = [0, 0];
  for (const { side, v, slope, centre } of parts) {
    const [first, second] = [side.x - centre * side.n, side.xx - 2 * centre * side.x + centre ** 2 * side.n];
    sum += v * side.n + slope * first;
    const own = (Math.min(side.r, Math.max(0, side.s)) + borrowed * p) / (side.r + borrowed);
    const variance = open ? (own * (1 - own)) / (p * (1 - p)) : 1;
    squares +=
      (variance * side.ww * (v * v * side.n + 2 * v * slope * first + slope * slope * second)) / side.n;
  }
  return squares > 0 ? sum ** 2 / squares : 0;
}
