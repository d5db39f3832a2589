import { addTotals, noTotals, type StratumTotals, standardise } from "../../stats/standardise";

/** What a call is like before anything answers it; the mix is the share of each. */
export interface Stratum {
  g: string | number;
  stratum: string | number;
  workload: string;
  model: string;
  /** Version of the prompt. */
  version: string;
  /** Eighth of its workload by the input length of the first turn, 1 the shortest; 0 where that is not known. */
  length: number;
  /** 2 in working hours, 1 outside, 0 where calls have no time. */
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
  /** Those in hours that both sides have, and by calendar weight: how many, with length, numerator and denominator. */
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

/** The four numbers of a comparison: side a, side b, a's strata that b has too (k), and b at the mix of a (t). */
export type Four<T = number> = Record<"a" | "b" | "k" | "t", T>;

/** A metric at the mix of side a. */
export interface Standard {
  values: Four;
  units: Four;
  /** To how many independent units of one weight those of each amount, of a share: see `evenUnits`. */
  even: Four;
  /** Share of side a that lies in strata which side b has as well. */
  covered: number;
  /** Whether there is more than one stratum, or hour of the week, or length. */
  isStratified: boolean;
  /** What a unit of side b counts in a stratum that both sides have: v + slope (x - centre). */
  weights: Map<string, { v: number; slope: number; centre: number }>;
  /** What each of the four numbers changes by as a stratum gets other sums. */
  coefficients: Coefficient[];
}

const zero = {
  ...{ ac: 0, ar: 0, bc: 0, br: 0, ks: 0, kr: 0 },
  ...{ tn: 0, tx: 0, txx: 0, ts: 0, txs: 0, tr: 0, txr: 0 },
  ...{ mn: 0, mx: 0, ln: 0, lx: 0, lxx: 0 },
};
/** With the cell that a stratum is pooled into, what its units count at the mix (m) and how much they fit themselves (l). */
export type Coefficient = { second: boolean; stratum: string; cell: number } & typeof zero;

/** Units on both sides below which a stratum is not compared. */
const fewest = 5;
/** Units on both sides from which a part of the lengths, or of the hours in it, stands alone. */
const enough = 16;
/** Share of what can be compared that a finer level must keep. */
const keep = 0.95;
/** Share of both sides' calls that values of the other side must have for a column to be part of the mix. */
const shared = 0.9;

export type Column = "workload" | "model" | "version" | "length" | "working";

const columnOf: Record<Column, (one: Stratum) => string | number | boolean> = {
  workload: ({ workload }) => workload,
  model: ({ model }) => model,
  version: ({ version }) => version,
  length: ({ length }) => length,
  working: ({ working }) => working,
};

/** The columns that define the mix: model and prompt version, where both sides have them. */
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

/** Where a call's stratum stands at one level of the mix: its place by all columns but length and working hours, and these. */
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
 * Direct standardisation with a regression on length inside: what side b would be like with the mix of side a.
 *
 * @param sums of one metric and group
 * @param levels of the mix, finest first; the finest is taken that keeps 95 % of what the coarsest keeps. Lengths
 * are told apart as finely as both sides have units of them, and inside them working hours where both have enough
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
  /** Units as they are, with their numerator and denominator, and those that are matched. */
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

/** The part of each length: neighbours together until both sides have enough; calls of no known length, 0, stay alone. */
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
  // What is left at the long end joins its neighbours.
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

/** Units at the share of all that a cell's own are joined by. */
const borrowed = 10;

/**
 * To how many independent units of one weight units of many weights amount, for a share p of them.
 *
 * A cell in which there was no event, or nothing else, is no surer than the others: the variance of each is that of its share
 * drawn towards p, by Bayes with ten units. Where p is 0 or 1, the square of the sum of the weights over the sum of
 * squares, Kish (1965), Survey Sampling, section 11.7.
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
