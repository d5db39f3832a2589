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
  /** Share of side a that lies in strata which side b has as well. */
  covered: number;
  /** Whether there is more than one stratum, or hour of the week, or length. */
  isStratified: boolean;
  /** What a unit of side b counts in a stratum that both sides have: v + slope (x - centre). */
  weights: Map<string, { v: number; slope: number; centre: number }>;
  /** What each of the four numbers changes by as a stratum gets other sums. */
  coefficients: Coefficient[];
}

const zero = { ac: 0, ar: 0, bc: 0, br: 0, ks: 0, kr: 0, tn: 0, tx: 0, txx: 0, ts: 0, txs: 0, tr: 0, txr: 0 };
export type Coefficient = { second: boolean; stratum: string } & typeof zero;

/** Units on both sides below which a stratum is not compared. */
const fewest = 5;
/** Share of what can be compared that a finer level must keep. */
const keep = 0.95;
/** Share of both sides' calls that values of the other side must have for a column to be part of the mix. */
const shared = 0.9;

export type Column = "workload" | "model" | "version" | "eighth" | "half" | "known" | "working";

const columnOf: Record<Column, (one: Stratum) => string | number | boolean> = {
  workload: ({ workload }) => workload,
  model: ({ model }) => model,
  version: ({ version }) => version,
  eighth: ({ length }) => length,
  half: ({ length }) => Math.ceil(length / 4),
  known: ({ length }) => length > 0,
  working: ({ working }) => working,
};

/** The columns that the mix is told apart by, finest first: models and versions of prompts where both sides have them. */
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
  const coarse: Column[] = ["workload", ...parts];
  return [
    [...coarse, "eighth", "working"],
    [...coarse, "eighth"],
    [...coarse, "half"],
    [...coarse, "known"],
  ];
}

/** The strata of one level of the mix: which a call's stratum belongs to. */
export type Level = ReadonlyMap<string, string>;

/** What the strata are called at each level, finest first. */
export function levelsOf(strata: readonly Stratum[], levels: readonly Column[][]): Level[] {
  const nameOf = (one: Stratum, columns: Column[]) =>
    JSON.stringify(columns.map((column) => columnOf[column](one)));
  return levels.map(
    (columns) => new Map(strata.map((one) => [String(one.stratum), nameOf(one, columns)] as const)),
  );
}

/**
 * Direct standardisation with a regression on length inside: what side b would be like with the mix of side a.
 *
 * @param sums of one metric and group
 * @param levels of the mix, finest first; the finest is taken that keeps 95 % of what the coarsest keeps
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
}
interface Cut {
  level: Level;
  strata: Map<string, { a: Side; b: Side }>;
}
const none = (): Side => ({ ...noTotals(), all: 0, c: 0, d: 0, matched: 0 });
const keyOf = (level: Level, stratum: string | number) => level.get(String(stratum)) as string;

function pooled(sums: readonly StratumSum[], level: Level): Cut {
  const strata: Cut["strata"] = new Map();
  for (const one of sums) {
    const key = keyOf(level, one.stratum);
    let found = strata.get(key);
    if (found === undefined) strata.set(key, (found = { a: none(), b: none() }));
    const into = one.second ? found.b : found.a;
    addTotals(into, one, one.weight);
    into.all += one.n;
    into.c += one.c;
    into.d += one.d;
    into.matched += one.matched;
  }
  return { level, strata };
}

const isCommon = ({ a, b }: { a: Side; b: Side }) => a.matched >= fewest && b.matched >= fewest;

function coverage({ strata }: Cut): number {
  let [common, all] = [0, 0];
  for (const one of strata.values()) {
    all += one.a.n;
    if (isCommon(one)) common += one.a.n;
  }
  return all > 0 ? common / all : 0;
}

function standardOf(sums: readonly StratumSum[], cut: Cut): Standard {
  const { level, strata } = cut;
  const every = [...strata.values()];
  const both = [...strata].filter(([, one]) => isCommon(one));
  const common = both.map(([, one]) => one);
  const total = (some: { a: Side; b: Side }[], side: "a" | "b", name: keyof Side) =>
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
  const coefficients = sums.map(({ second, stratum }): Coefficient => {
    const key = keyOf(level, stratum);
    const [own, target] = [standard.own.get(key), standard.target.get(key)];
    const place = { ...zero, second, stratum: String(stratum) };
    if (second) {
      // A level and a slope are told from the stratum's own units, whose residuals are that much too small.
      const units = strata.get(key)?.b.matched ?? 0;
      const f = Math.sqrt(units / Math.max(1, units - 2));
      const t = own && {
        tn: f * own.n,
        tx: f * own.x,
        txx: f * own.xx,
        ts: f * own.s,
        txs: f * own.xs,
        tr: f * own.r,
        txr: f * own.xr,
      };
      return { ...place, ...t, bc: 1 / rb, br: -values.b / rb };
    }
    const k = target && { ks: 1 / rk, kr: -values.k / rk, tn: target.n, tx: target.x };
    return { ...place, ...k, ac: 1 / ra, ar: -values.a / ra };
  });
  const weights = new Map(
    sums.flatMap(({ stratum }) => {
      const weight = standard.weights.get(keyOf(level, stratum));
      return weight === undefined ? [] : [[String(stratum), weight] as const];
    }),
  );
  const units = {
    a: total(every, "a", "all"),
    b: total(every, "b", "all"),
    k: total(common, "a", "matched"),
    t: total(common, "b", "matched"),
  };
  const isStratified =
    every.length > 1 ||
    every.some(({ a, b }) => a.n !== a.all || b.n !== b.all) ||
    [...weights.values()].some(({ slope }) => slope !== 0);
  return { values, units, covered: coverage(cut), isStratified, weights, coefficients };
}
