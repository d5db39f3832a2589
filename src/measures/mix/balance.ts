import { listed } from "../../stats/text";
import type { Keyed } from "../table";
import type { StratumSum } from "./mixCells";
import { type Column, levelsOf, type Stratum } from "./mixLevels";
import { type Four, type Standard, standardAt, weightOf } from "./mixStandard";
import type { Prepared } from "./mixTables";
import type { SharedItems } from "./sameWork";

/** One property of calls that is fixed before a model answers, and how far two sides differ in it. */
export type BalanceRow = Keyed<{
  /** "prompt", "input length of the first turn", "workload", "prompt version", "working hours", "model". */
  what: string;
  /** Mean length in tokens on sides a and b, as they are and at one mix; null for what isn't a number. */
  a: number | null;
  b: number | null;
  b_at_the_mix: number | null;
  /**
   * How far they differ: in standard deviations for a length, else as the share of calls that would have to
   * change.
   */
  apart: number;
  apart_at_the_mix: number;
  /** True if the sides are brought to one mix of it. */
  adjusted: boolean;
}>;

/** A mean or share that differs by more than this counts as not the same. */
export const FAR_APART = 0.1;

const names: Partial<Record<Column, string>> = {
  workload: "workload",
  model: "model",
  version: "prompt version",
  working: "working hours",
};
const ofLength = "input length of the first turn";
const ofItem = "prompt";
/** What a mix is made of. */
type Told = Column | typeof ofItem;

/** What the mix of prepared sides is made of: the prompts that they share, and the columns that tell the rest apart. */
export function heldFixed(
  columns: readonly Column[],
  { strata, same }: Pick<Prepared, "strata" | "same">,
): Told[] {
  const rest = strata.filter(({ g }) => !same.items.has(String(g)));
  const told: Told[] = columns.filter(
    (column) => column !== "length" || rest.some(({ length }) => length > 0),
  );
  const items: Told[] = same.items.size > 0 ? [ofItem] : [];
  return [...items, ...(rest.length > 0 ? told : [])];
}

/** How far a group's prompts are from all groups', or side b's from side a's. */
export const itemBalance = (sides: readonly SharedItems[]): BalanceRow[] =>
  sides.slice(-1).map(({ apart, covered }) => ({
    what: ofItem,
    ...{ a: null, b: null, b_at_the_mix: null },
    ...{
      apart: rounded(Math.max(0, apart)),
      apart_at_the_mix: rounded(Math.max(0, 1 - covered)),
      adjusted: true,
    },
  }));

/** Columns of a mix in words: "workload, input length of the first turn and working hours". */
export function mixInWords(columns: readonly Told[]): string {
  const words = columns.map((column) => (column === ofItem ? ofItem : (names[column] ?? ofLength)));
  return listed(words);
}

const keyOf = { workload: "workload", model: "model", version: "version", working: "working" } as const;

/**
 * How far two sides differ in what was fixed before the first answer, as they are and at one mix.
 *
 * @param strata of side a, the target, and of side b
 * @param levels the levels by which the metrics are standardised
 * @param columns to report, in addition to the length
 */
export function balanceOf(
  strata: readonly Stratum[],
  levels: readonly Column[][],
  columns: readonly Column[] = Object.keys(names) as Column[],
): BalanceRow[] {
  const sums = strata.map(
    ({ stratum, second, n, x, xx }): StratumSum => ({
      ...{ metric: "calls", g: 0, second, stratum, n, c: x, d: n, apart: n, matched: n, weight: n, ww: n },
      ...{ x, xx, s: x, xs: xx, r: n, xr: x },
    }),
  );
  const standard = standardAt(sums, levelsOf(strata, levels));
  const adjusted = new Set(levels[0]);
  const compared = (Object.keys(names) as (keyof typeof keyOf)[]).filter(
    (column) => columns.includes(column) && new Set(strata.map((one) => one[keyOf[column]])).size > 1,
  );
  return [
    ...lengths(strata, standard),
    ...compared.map((column) => shares(strata, standard, column, adjusted.has(column))),
  ];
}

function lengths(strata: readonly Stratum[], { values }: Standard): BalanceRow[] {
  if (strata.every(({ length }) => length === 0)) return [];
  const variance = (second: boolean) => {
    const own = strata.filter((one) => one.second === second);
    const total = (of: "n" | "x" | "xx") => own.reduce((sum, one) => sum + one[of], 0);
    return total("xx") / total("n") - (total("x") / total("n")) ** 2;
  };
  const spread = Math.sqrt((variance(false) + variance(true)) / 2);
  const apart = (one: number, other: number) => (one === other ? 0 : rounded((other - one) / spread));
  const { a, b, k, t }: Four = values;
  return [
    {
      what: ofLength,
      ...{ a, b, b_at_the_mix: t + a - k },
      ...{ apart: apart(a, b), apart_at_the_mix: apart(k, t), adjusted: true },
    },
  ];
}

/** Without the last digits, in which equal sides differ by the order of adding. */
const rounded = (apart: number) => Number(apart.toFixed(12));

/** The share of calls that would have to change for both sides to match in a column. */
function shares(
  strata: readonly Stratum[],
  standard: Standard,
  column: keyof typeof keyOf,
  adjusted: boolean,
): BalanceRow {
  const distance = (weight: (one: Stratum) => number) => {
    const sides = [new Map<unknown, number>(), new Map<unknown, number>()];
    for (const one of strata) {
      const side = sides[one.second ? 1 : 0];
      const value = one[keyOf[column]];
      side.set(value, (side.get(value) ?? 0) + weight(one));
    }
    const [all, others] = sides.map((side) => [...side.values()].reduce((sum, n) => sum + n, 0));
    const values = new Set(sides.flatMap((side) => [...side.keys()]));
    const gap = (value: unknown) =>
      Math.abs((sides[0].get(value) ?? 0) / all - (sides[1].get(value) ?? 0) / others);
    return rounded([...values].reduce((sum: number, value) => sum + gap(value), 0) / 2);
  };
  const atMix = (one: Stratum) => {
    const weight = weightOf(standard, one.stratum);
    if (weight === undefined) return 0;
    return one.second ? weight.v * one.n + weight.slope * (one.x - weight.centre * one.n) : one.n;
  };
  return {
    what: names[column] as string,
    ...{ a: null, b: null, b_at_the_mix: null },
    ...{ apart: distance(({ n }) => n), apart_at_the_mix: distance(atMix), adjusted },
  };
}
