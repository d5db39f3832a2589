import { defined } from "../../stats/defined";
import { type Estimate, renoted } from "../../stats/estimate";
import { nearestToOne } from "../../stats/eValue";
import { reserve } from "../../stats/reservation";
import type { CompareRow, UnjudgedRow } from "./compareRow";

/** What a comparison says of a metric, besides the two sides. */
const cells = ["difference", "ratio", "within", "mix", "within_ratio", "mix_ratio", "returning"] as const;

/**
 * A row as it holds whatever the unknown costs are: the outer ends of what it is with them at 0 and with those of either side
 * at their most, and the largest p-values, since a change must be one in each.
 */
export function outerRow(plain: UnjudgedRow, extremes: readonly UnjudgedRow[]): UnjudgedRow {
  if (extremes.length === 0) return plain;
  const all = [plain, ...extremes];
  const changed = eachCell(plain.row, (name, estimate) => {
    const others = all.flatMap(({ row }) => row[name] ?? []);
    const ends = (end: "low" | "high") => others.map((one) => one[end]);
    const cases = others.flatMap(({ worst_case }) => worst_case ?? []);
    return defined({
      ...estimate,
      low: Math.min(...ends("low")),
      high: Math.max(...ends("high")),
      worst_case: estimate.worst_case && {
        ...estimate.worst_case,
        low: Math.min(...cases.map(({ low }) => low)),
        high: Math.max(...cases.map(({ high }) => high)),
      },
    });
  });
  const outer = (of: (one: UnjudgedRow) => number, sign: (row: CompareRow) => number) => {
    const signs = new Set(all.map(({ row }) => Math.sign(sign(row))));
    const most = Math.max(...all.map(of));
    return signs.size === 1 || Number.isNaN(most) ? most : 1;
  };
  const within = ({ within: { value } }: CompareRow) => value;
  return {
    ...plain,
    row: {
      ...plain.row,
      ...changed,
      seen: Math.max(...all.map(({ row }) => row.seen)),
      unlogged: nearestToOne(changed.within_ratio ?? plain.row.within_ratio),
    },
    p: outer(({ p }) => p, within),
    bothP: outer(({ bothP }) => bothP, within),
    mixP: outer(
      ({ mixP }) => mixP,
      ({ mix: { value } }) => value,
    ),
  };
}

/** A row of a cost that is not known at all on one side, or on both. */
export function unknownRow({ row }: UnjudgedRow): UnjudgedRow {
  const none = { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  const side = Number.isNaN(row.a.value) ? "a" : "b";
  const unknown = eachCell(row, (_, { worst_case: _case, ...estimate }) =>
    renoted({ ...estimate, ...none }, [reserve("costs.none-of-side", { side })]),
  );
  const [p, bothP, mixP] = [Number.NaN, Number.NaN, Number.NaN];
  return { row: { ...row, ...unknown, seen: Number.NaN, unlogged: Number.NaN }, p, bothP, mixP };
}

function eachCell(row: CompareRow, of: (name: (typeof cells)[number], estimate: Estimate) => Estimate) {
  const found = cells.flatMap((name) => {
    const estimate = row[name];
    return estimate === undefined ? [] : [[name, of(name, estimate)] as const];
  });
  return Object.fromEntries(found) as Partial<Record<(typeof cells)[number], Estimate>>;
}
