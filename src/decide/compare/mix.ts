/** What a call is like, whatever answers it; the mix is the share of each. */
export interface Stratum {
  stratum: string | number;
  workload: string;
  model: string;
  /** Third of its workload by input tokens, 1 the shortest; 0 where they are not known. */
  third: number;
  /** 2 in working hours, 1 outside, 0 where calls have no time. */
  working: number;
  /** Matched calls of either side. */
  a: number;
  b: number;
}

/** Sums over a stratum on one side: see the statement `terms`. */
export interface StratumSum {
  metric: string;
  g: string | number;
  second: boolean;
  stratum: string | number;
  /** Calls, tasks or scores as they are, with their numerator and denominator. */
  n: number;
  c: number;
  d: number;
  /** Those in hours that both sides have, and by calendar weight: how many, numerator and denominator. */
  matched: number;
  weight: number;
  s: number;
  r: number;
}

/** The four numbers of a comparison: side a, side b, a's strata that b has too (k), and b at the mix of a (t). */
export type Four<T = number> = Record<"a" | "b" | "k" | "t", T>;

/** A metric at the mix of side a. */
export interface Standard {
  values: Four;
  units: Four;
  /** Share of side a that lies in strata which side b has as well. */
  covered: number;
  /** Whether there is more than one stratum, or hour of the week. */
  told: boolean;
  /** What a unit of side b counts in a stratum, for each that both sides have. */
  weights: Map<string, number>;
  /** What each of the four numbers changes by as a stratum gets another c, s, r or n. */
  coefficients: Coefficient[];
}

export interface Coefficient {
  second: boolean;
  stratum: string;
  ac: number;
  ar: number;
  bc: number;
  br: number;
  ks: number;
  kr: number;
  ts: number;
  tr: number;
  tn: number;
}

/** Units on both sides below which a stratum is not compared. */
const fewest = 5;
/** Share of what can be compared that a finer level must keep. */
const keep = 0.95;
/** Share of both sides' calls that models of the other side must have for models to be part of the mix. */
const shared = 0.9;

type Column = "workload" | "model" | "third" | "working";

/** The columns that the mix is told apart by, finest first: models only where both sides have them. */
export function mixLevels(strata: readonly Stratum[]): Column[][] {
  const share = (side: "a" | "b", other: "a" | "b") => {
    const models = new Set(strata.filter((one) => one[other] > 0).map(({ model }) => model));
    const all = strata.reduce((sum, one) => sum + one[side], 0);
    return strata.reduce((sum, one) => sum + (models.has(one.model) ? one[side] : 0), 0) / all;
  };
  const same = share("a", "b") >= shared && share("b", "a") >= shared;
  const coarse: Column[] = same ? ["workload", "model"] : ["workload"];
  return [[...coarse, "third", "working"], [...coarse, "third"], coarse];
}

/**
 * Direct standardisation: what side b would be like with the mix of side a.
 *
 * @param sums of one metric and group
 * @param levels columns of the strata, finest first; the finest is taken that keeps 95 % of what the coarsest keeps
 */
export function standardise(
  sums: readonly StratumSum[],
  strata: ReadonlyMap<string, Stratum>,
  levels: readonly Column[][],
): Standard {
  const cut = levels.map((columns) => pooled(sums, strata, columns));
  const most = coverage(cut.at(-1) as Cut);
  const chosen = cut.find((one) => coverage(one) >= keep * most) as Cut;
  return standardOf(sums, chosen);
}

const parts = ["n", "c", "d", "matched", "weight", "s", "r"] as const;
type Sums = Record<(typeof parts)[number], number>;
interface Cut {
  keyOf: (stratum: string | number) => string;
  strata: Map<string, { a: Sums; b: Sums }>;
}
const none = (): Sums => ({ n: 0, c: 0, d: 0, matched: 0, weight: 0, s: 0, r: 0 });

function pooled(sums: readonly StratumSum[], strata: ReadonlyMap<string, Stratum>, columns: Column[]): Cut {
  const keyOf = (stratum: string | number) => {
    const one = strata.get(String(stratum)) as Stratum;
    return JSON.stringify(columns.map((column) => one[column]));
  };
  const found: Cut["strata"] = new Map();
  for (const one of sums) {
    const key = keyOf(one.stratum);
    if (!found.has(key)) found.set(key, { a: none(), b: none() });
    const into = (found.get(key) as { a: Sums; b: Sums })[one.second ? "b" : "a"];
    for (const name of parts) into[name] += one[name];
  }
  return { keyOf, strata: found };
}

const isCommon = ({ a, b }: { a: Sums; b: Sums }) => a.matched >= fewest && b.matched >= fewest;

function coverage({ strata }: Cut): number {
  let [common, all] = [0, 0];
  for (const one of strata.values()) {
    all += one.a.weight;
    if (isCommon(one)) common += one.a.weight;
  }
  return all > 0 ? common / all : 0;
}

function standardOf(sums: readonly StratumSum[], cut: Cut): Standard {
  const { keyOf, strata } = cut;
  const every = [...strata.values()];
  const common = every.filter(isCommon);
  const total = (some: { a: Sums; b: Sums }[], side: "a" | "b", name: keyof Sums) =>
    some.reduce((sum, one) => sum + one[side][name], 0);
  const [ra, rb, rk] = [total(every, "a", "d"), total(every, "b", "d"), total(common, "a", "r")];
  // Side b at a's mix: every stratum's own sums a unit, times the units that side a has in it.
  const denominator = common.reduce((sum, { a, b }) => sum + (a.weight * b.r) / b.weight, 0);
  const numerator = common.reduce((sum, { a, b }) => sum + (a.weight * b.s) / b.weight, 0);
  const values = {
    a: total(every, "a", "c") / ra,
    b: total(every, "b", "c") / rb,
    k: total(common, "a", "s") / rk,
    t: numerator / denominator,
  };
  const coefficients = sums.map(({ second, stratum }): Coefficient => {
    const one = strata.get(keyOf(stratum)) as { a: Sums; b: Sums };
    const inside = isCommon(one);
    const own = inside ? (one.b.s - values.t * one.b.r) / one.b.weight : 0;
    const v = inside ? one.a.weight / one.b.weight / denominator : 0;
    const zero = { ac: 0, ar: 0, bc: 0, br: 0, ks: 0, kr: 0, ts: 0, tr: 0, tn: 0 };
    const name = String(stratum);
    if (second)
      return {
        ...zero,
        second,
        stratum: name,
        bc: 1 / rb,
        br: -values.b / rb,
        ts: v,
        tr: -v * values.t,
        tn: -v * own,
      };
    return {
      ...zero,
      second,
      stratum: name,
      ac: 1 / ra,
      ar: -values.a / ra,
      ks: inside ? 1 / rk : 0,
      kr: inside ? -values.k / rk : 0,
      tn: inside ? own / denominator : 0,
    };
  });
  const weights = new Map<string, number>();
  for (const { stratum } of sums) {
    const { a, b } = strata.get(keyOf(stratum)) as { a: Sums; b: Sums };
    if (isCommon({ a, b })) weights.set(String(stratum), a.weight / b.weight);
  }
  const units = {
    a: total(every, "a", "n"),
    b: total(every, "b", "n"),
    k: total(common, "a", "matched"),
    t: total(common, "b", "matched"),
  };
  const moved = every.some(({ a, b }) => a.weight !== a.n || b.weight !== b.n);
  return { values, units, covered: coverage(cut), told: moved || every.length > 1, weights, coefficients };
}
