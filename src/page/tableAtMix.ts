import { oneMix } from "../measures/mix/oneMix";
import type { MeasureOptions } from "../measures/options";
import { rowKey } from "../measures/rowKey";
import { isEstimate, type Row, type Table } from "../measures/table";
import type { Estimate } from "../stats/estimate";
import type { Store } from "../store/open";

/**
 * A table of metrics with the numbers of `names` at one mix of the work of its workload; undefined where no model had other work
 * than the rest. A number that cannot be brought to that mix has no value: it says nothing about the model itself.
 */
export async function tableAtMix(
  store: Store,
  metrics: Table,
  names: readonly string[],
  measured: MeasureOptions,
): Promise<Table | undefined> {
  const { by, rows } = metrics;
  if (names.length === 0 || rows.length < 2 || !by.includes("model")) return undefined;
  const each = by.filter((name) => name !== "model");
  const mix = await oneMix(store, names, { ...measured, by, each });
  if (!mix.uneven) return undefined;
  const apart = new Set(mix.apart.map((one) => rowKey(by, one.by)));
  const none = { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  const moved = rows.map((row) => {
    const own = Object.fromEntries(by.map((name) => [name, row[name]]));
    const at = (name: string, estimate: Estimate) =>
      apart.has(rowKey(by, row)) || !(mix.byChance || mix.tells(name))
        ? { ...estimate, ...none }
        : mix.move(own, name, estimate);
    const cells = Object.entries(row).map(([name, cell]) => [
      name,
      isEstimate(cell) && names.includes(name) ? at(name, cell) : cell,
    ]);
    return Object.fromEntries(cells);
  });
  const notes = mix.byChance
    ? []
    : [`Models had different work: one is said to be the best only if it also is at one mix of ${mix.of}.`];
  return { ...metrics, rows: moved, notes };
}

/** Estimates of a column in another table of the same rows; where that has none, those given. */
export const estimatesIn = (
  table: Table | undefined,
  column: string,
  sides: readonly { row: Row; estimate: Estimate }[],
): Estimate[] | undefined =>
  table &&
  sides.map(({ row, estimate }) => {
    const found = sameRow(table, row)?.[column];
    return isEstimate(found) ? found : estimate;
  });

/** The row of a table with the same place in `by` as another's. */
function sameRow(table: Table | undefined, row: Table["rows"][number]): Table["rows"][number] | undefined {
  return table?.rows.find((one) => rowKey(table.by, one) === rowKey(table.by, row));
}
