import type { Estimate } from "../../stats/estimate";
import { differenceOf } from "../../stats/mover";
import { originOf, withCallsOf } from "../behind";
import type { Keyed, Row, Table } from "../table";

/** A row that has quantiles: of `latency` or of `latencyDistribution`. */
type QuantileRow = Keyed<{
  quantiles: Record<string, Estimate>;
}>;

/** Two distributions at one quantile. */
export type ShiftRow = Keyed<{
  /** "p10", "p90", ... */
  quantile: string;
  a: Estimate;
  b: Estimate;
  /** b - a: above 0 if b is slower. */
  difference: Estimate;
}>;

/**
 * The shift function: how much slower one row of a latency table is than another, at every quantile of the
 * table.
 *
 * A mean may hide that one model is quicker in the body and slower in the tail. The two rows are taken as
 * independent; if they share users, the true interval is narrower.
 *
 * @remarks Method: MOVER, Zou & Donner (2008), doi:10.1002/sim.3095. Source: Doksum (1974),
 * doi:10.1214/aos/1176342662.
 * @param table of `latency` or `distribution`, with the quantiles wanted: `q: [0.1, 0.2, ..., 0.9]`
 * @param a the baseline row, by its columns: `{ model: "alder" }`; b the row to compare
 * @throws RangeError if `a` or `b` matches no row, or several
 * @example
 * const store = await openDemo();
 * const table = await latency(store, { by: "model", q: [0.5] });
 * const sides = { a: { model: "quillon-7" }, b: { model: "orrery-apex" } };
 * shift(table, sides).rows[0].difference.value.toFixed(1) // "7.2"
 */
export function shift(
  table: Table<QuantileRow>,
  { a, b }: { a: Record<string, unknown>; b: Record<string, unknown> },
): Table<ShiftRow> {
  const [first, second] = [named(table, "a", a), named(table, "b", b)];
  const rows = Object.keys(first.quantiles)
    .sort((p, q) => Number(p) - Number(q))
    .map((p) => ({
      quantile: `p${Number((100 * Number(p)).toPrecision(12))}`,
      a: first.quantiles[p],
      b: second.quantiles[p],
      difference: { ...differenceOf(second.quantiles[p], first.quantiles[p]), unit: first.quantiles[p].unit },
    }));
  const name = (columns: Record<string, unknown>) => Object.values(columns).join(" · ");
  const shifts = {
    measure: "shift",
    by: ["quantile"],
    rows,
    notes: [`a is ${name(a)}, b is ${name(b)}; the difference is b minus a.`],
  };
  return withCallsOf(shifts, () => ({ b: originOf(second), a: originOf(first) }));
}

function named(table: Table<QuantileRow>, side: string, columns: Record<string, unknown>): QuantileRow {
  const found = table.rows.filter((row: Row) =>
    Object.entries(columns).every(([name, value]) => row[name] === value),
  );
  if (found.length !== 1) throw new RangeError(`shift requires ${side} to name one row, got ${found.length}`);
  return found[0];
}
