import { derived } from "../facts/request";
import { metric } from "../measures/metric";
import { oneMix } from "../measures/mix/oneMix";
import type { MeasureRequest } from "../measures/options";
import { keysOf, rowKey } from "../measures/rowKey";
import { isEstimate, type Row, type Table } from "../measures/table";
import type { Estimate } from "../stats/estimate";
import { rankedValue } from "../stats/worstCase";
import type { Store } from "../store/open";

/** Metrics at one mix of the work. */
export interface TableAtMix extends Table {
  /** The same if tokens were counted alike, where that may be otherwise and inputs look longer. */
  alike?: readonly Row[];
}

/**
 * A table of metrics with the numbers of `names` at one mix of the work of its workload; undefined where no model had other work
 * than the rest. A number that cannot be brought to that mix has no value: it says nothing about the model itself.
 */
export async function tableAtMix(
  store: Store,
  metrics: Table,
  names: readonly string[],
  measured: MeasureRequest,
): Promise<TableAtMix | undefined> {
  const { by, rows } = metrics;
  if (names.length === 0 || rows.length < 2 || !by.includes("model")) return undefined;
  const each = by.filter((name) => name !== "model");
  const mix = await oneMix(store, names, derived(measured, { by }), { each, doubting: true });
  const { doubted } = mix;
  const inEach = (cell: (own: Row, name: string, estimate: Estimate) => Estimate) =>
    rows.map((row) => {
      const cells = Object.entries(row).map(([name, value]) => [
        name,
        isEstimate(value) && names.includes(name) ? cell(keysOf(by, row), name, value) : value,
      ]);
      return Object.fromEntries(cells) as Row;
    });
  const alike = doubted?.uneven ? inEach(doubted.move) : undefined;
  const isDoubtful = alike && names.some((name) => hasDoubts(rows, alike, { name, each }));
  if (!mix.uneven && !isDoubtful && mix.ownDays.length === 0) return undefined;
  const apart = new Set(mix.apart.map((one) => rowKey(by, one.by)));
  const moved = inEach((own, name, estimate) =>
    apart.has(rowKey(by, own)) || (mix.uneven && !mix.byChance && !mix.tells(name))
      ? { ...estimate, ...none }
      : mix.move(own, name, estimate),
  );
  const notes =
    mix.byChance || !mix.uneven
      ? []
      : [`Models had different work: one is said to be the best only if it also is at one mix of ${mix.of}.`];
  if (isDoubtful)
    notes.push(
      "Models count tokens each in their own way, so inputs that look longer may be: nobody is said to be the best by what would differ if they were.",
    );
  return { ...metrics, rows: moved, notes, ...(isDoubtful ? { alike } : {}) };
}

const none = { value: Number.NaN, low: Number.NaN, high: Number.NaN };
const isLess = (name: string) => !name.includes(" within ") && metric(name).better === "lower";
/** True if a number is ahead of another, with intervals apart. */
const isAhead = (name: string, here: Estimate, there: Estimate) =>
  isLess(name) ? here.high < there.low : here.low > there.high;

/** True if a row is ahead of another of its workload in a column, but would not be if tokens were alike. */
function hasDoubts(
  rows: readonly Row[],
  alike: readonly Row[],
  { name, each }: { name: string; each: readonly string[] },
): boolean {
  const sides = rows.flatMap((row, at) => {
    const [estimate, ifAlike] = [row[name], alike[at][name]];
    return isEstimate(estimate) && isEstimate(ifAlike) && Number.isFinite(estimate.value)
      ? [{ row, estimate, ifAlike }]
      : [];
  });
  return sides.some((one) =>
    sides.some(
      (other) =>
        rowKey(each, one.row) === rowKey(each, other.row) &&
        isAhead(name, one.estimate, other.estimate) &&
        !isAhead(name, one.ifAlike, other.ifAlike),
    ),
  );
}

/**
 * Estimates of a column in another table of the same rows; where that has none, those given. One that is apart from the best of
 * those given, but would not be if tokens were alike, has no value.
 */
export function estimatesIn(
  table: TableAtMix | undefined,
  column: string,
  sides: readonly { row: Row; estimate: Estimate }[],
): Estimate[] | undefined {
  if (table === undefined) return undefined;
  const inRows = (rows: readonly Row[], { row, estimate }: (typeof sides)[number]): Estimate => {
    const cell = rows.find((one) => rowKey(table.by, one) === rowKey(table.by, row))?.[column];
    return isEstimate(cell) ? cell : estimate;
  };
  const { alike } = table;
  const sign = isLess(column) ? 1 : -1;
  const [best] = [...sides].sort((a, b) => sign * (rankedValue(a.estimate) - rankedValue(b.estimate)));
  return sides.map((side) => {
    const isOwnTokens =
      alike !== undefined &&
      isAhead(column, best.estimate, side.estimate) &&
      !isAhead(column, inRows(alike, best), inRows(alike, side));
    const found = inRows(table.rows, side);
    return isOwnTokens ? { ...found, ...none } : found;
  });
}
