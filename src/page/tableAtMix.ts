import { derived } from "../facts/request";
import { metric } from "../measures/metric";
import { type OneMix, oneMix } from "../measures/mix/oneMix";
import type { MeasureRequest } from "../measures/options";
import { keysOf, rowKey } from "../measures/rowKey";
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
  measured: MeasureRequest,
): Promise<Table | undefined> {
  const { by, rows } = metrics;
  if (names.length === 0 || rows.length < 2 || !by.includes("model")) return undefined;
  const each = by.filter((name) => name !== "model");
  const mix = await oneMix(store, names, derived(measured, { by }), { each, doubting: true });
  const doubtful = new Set(names.filter((name) => isDoubtful(mix, metrics, name, each)));
  if (!mix.uneven && doubtful.size === 0 && mix.ownDays.length === 0) return undefined;
  const apart = new Set(mix.apart.map((one) => rowKey(by, one.by)));
  const none = { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  const moved = rows.map((row) => {
    const own = keysOf(by, row);
    const at = (name: string, estimate: Estimate) =>
      doubtful.has(name) || apart.has(rowKey(by, row)) || (mix.uneven && !mix.byChance && !mix.tells(name))
        ? { ...estimate, ...none }
        : mix.move(own, name, estimate);
    const cells = Object.entries(row).map(([name, cell]) => [
      name,
      isEstimate(cell) && names.includes(name) ? at(name, cell) : cell,
    ]);
    return Object.fromEntries(cells);
  });
  const notes =
    mix.byChance || !mix.uneven
      ? []
      : [`Models had different work: one is said to be the best only if it also is at one mix of ${mix.of}.`];
  if (doubtful.size > 0)
    notes.push(
      "Models count tokens each in their own way, so inputs that look longer may be: nobody is said to be the best by what would differ if they were.",
    );
  return { ...metrics, rows: moved, notes };
}

/** True if a model is ahead of another in a column, but would not be if tokens were alike, so that the other had longer inputs. */
function isDoubtful(mix: OneMix, { by, rows }: Table, name: string, each: readonly string[]): boolean {
  const { doubted } = mix;
  if (!doubted?.uneven) return false;
  const sign = name.includes(" within ") || metric(name).better === "higher" ? -1 : 1;
  const wholes = new Map<string, Estimate[][]>();
  for (const row of rows) {
    const cell = row[name];
    if (!isEstimate(cell) || !Number.isFinite(cell.value)) continue;
    const own = keysOf(by, row);
    const key = rowKey(each, row);
    wholes.set(key, [...(wholes.get(key) ?? []), [cell, doubted.move(own, name, cell)]]);
  }
  const isApart = (here: Estimate, there: Estimate) =>
    sign > 0 ? here.high < there.low : here.low > there.high;
  return [...wholes.values()].some((models) => {
    const sorted = [...models].sort(([x], [y]) => sign * (x.value - y.value));
    // Only a difference that is there as measured can be doubted.
    return sorted.some(([ahead, aheadIfAlike], i) =>
      sorted
        .slice(i + 1)
        .some(([behind, behindIfAlike]) => isApart(ahead, behind) && !isApart(aheadIfAlike, behindIfAlike)),
    );
  });
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
