import { labelOfBy } from "../../facts/names";
import { metricTable } from "../../measures/metricTable";
import type { MeasureRequest } from "../../measures/options";
import { keysOf, rowKey } from "../../measures/rowKey";
import { isEstimate, type Keyed } from "../../measures/table";
import { type Claim, claim } from "../../stats/claim";
import { defined } from "../../stats/defined";
import { type Estimate, renoted, toldBy } from "../../stats/estimate";
import { differenceOf } from "../../stats/mover";
import { normalQuantile } from "../../stats/normal";
import { reserve } from "../../stats/reservation";
import { studentTQuantile } from "../../stats/studentT";
import { percent } from "../../stats/text";
import { pricedAt } from "../../stats/worstCase";
import type { Store } from "../../store/open";
import { lookBound, lookReach } from "./looks";
import { parseSplit } from "./planSplit";

/** The two arms of a running split in one metric. */
export type RunningRow = Keyed<{
  metric: string;
  first: Estimate;
  second: Estimate;
  /** Second less first, valid at any time. */
  difference: Estimate;
  /** That the arms differ, at all looks together, and how far that stands. */
  claim: Claim;
}>;

/** What a running study should find. */
export interface Sought {
  /** The difference to find, from the first arm's current value. */
  difference: (first: Estimate) => number;
  power: number;
}

/**
 * The two arms of a running split as they are now, with intervals that hold at all looks together until the study
 * reaches the standard error that the difference needs.
 *
 * @remarks Method: see `lookReach`, on the standard errors of the two arms' own intervals.
 */
export async function running(
  store: Store,
  split: string,
  names: readonly string[],
  request: MeasureRequest,
  sought: Sought,
): Promise<RunningRow[]> {
  const { column, shares } = parseSplit(split);
  if (shares.length !== 2)
    throw new RangeError(`plan requires a split of two arms for anytime, got ${shares.length}`);
  const scope = [request.by ?? []].flat() as string[];
  const by = [...scope.filter((name) => name !== column), column];
  const labels = by.slice(0, -1).map(labelOfBy);
  const table = await metricTable(store, { ...request, by, metrics: names });
  const values = shares.some(([value]) => value === undefined)
    ? [...new Set(table.rows.map((row) => row[column]))].filter((one) => one !== null).sort()
    : shares.map(([value]) => value);
  const groups = new Map<string, (typeof table.rows)[number][]>();
  for (const row of table.rows) {
    const key = rowKey(labels, row);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].flatMap((rows) => {
    const [a, b] = values.map((value) => rows.find((row) => row[column] === value));
    if (a === undefined || b === undefined) return [];
    const keys = keysOf(labels, a);
    return names.flatMap((name): RunningRow[] => {
      const [first, second] = [a[name], b[name]];
      if (!isEstimate(first) || !isEstimate(second) || first.n === 0 || second.n === 0) return [];
      return [
        {
          ...keys,
          ...{ metric: name, first, second },
          ...looked(first, second, sought, request.level),
        },
      ];
    });
  });
}

/** The difference at any time, and whether it shows that the arms differ. */
function looked(
  first: Estimate,
  second: Estimate,
  sought: Sought,
  level?: number,
): Pick<RunningRow, "difference" | "claim"> {
  const difference = anytime(first, second, sought, level);
  // The arms' notes say what the difference knows of itself; the claim hears all of it.
  const estimate = {
    ...difference,
    reservations: [...toldBy(differenceOf(second, first)), ...toldBy(difference)],
  };
  const rises = difference.value > 0;
  const end = rises ? "low" : "high";
  const lead =
    first.unit === "1"
      ? { rate: Math.max(first.value, second.value), by: Math.abs(difference[end]) }
      : undefined;
  const holds = (x: number) => (rises ? x > 0 : x < 0);
  return { difference, claim: claim("plan.differs", "differs", [{ estimate, end, holds, lead }]) };
}

function anytime(first: Estimate, second: Estimate, { difference, power }: Sought, level = 0.95): Estimate {
  const plain = differenceOf(second, first);
  // What unknown costs may add is in the ends, and no error of sampling.
  const error = Math.hypot(errorOf(pricedAt(first, "low")), errorOf(pricedAt(second, "low")));
  const end = Math.abs(difference(first)) / (lookBound(level) + normalQuantile(power));
  const known = error > 0 && end > 0;
  const reach = known ? lookReach(error, end, level) : Number.NaN;
  const note = !known
    ? reserve("none.needs", { what: "values with a known standard error" })
    : error <= end
      ? reserve("plan.ended")
      : reserve("plan.part", { share: percent((end / error) ** 2) });
  // Whatever the unknown costs and outcomes of either arm are.
  const least = pricedAt(second, "low").value - pricedAt(first, "high").value;
  const most = pricedAt(second, "high").value - pricedAt(first, "low").value;
  const ends = { low: least - reach, high: most + reach, level, method: "obrien-fleming" };
  const worst_case = plain.worst_case && {
    ...plain.worst_case,
    low: plain.worst_case.values[0] - reach,
    high: plain.worst_case.values[1] + reach,
  };
  return renoted(defined({ ...plain, ...ends, worst_case, unit: first.unit }), [note]);
}

function errorOf({ low, high, level, clusters }: Estimate): number {
  const error = (high - low) / (2 * studentTQuantile((1 + level) / 2, Math.max(1, clusters - 1)));
  return Number.isFinite(error) ? error : Number.NaN;
}
