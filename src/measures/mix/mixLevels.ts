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
