import { checkPredicate } from "../../facts/select";
import type { MeasureOptions } from "../../measures/options";
import { rowKey } from "../../measures/rowKey";
import type { Row } from "../../measures/table";
import type { Estimate } from "../../stats/estimate";
import type { Store } from "../../store/open";
import { measured } from "../choose/chooseEstimates";
import { compare } from "../compare/compare";
import { comparedMetric } from "../compare/compareMetrics";
import { floorName } from "../profile/criterion";
import { isRelative, type Limit, type Limits } from "./limits";

/** A limit with the number that is held against it. */
export interface Checked {
  /** Its place in the list. */
  at: number;
  limit: Limit;
  by: Row;
  estimate: Estimate;
}

/** Every limit of every group. */
export interface Found {
  by: string[];
  rows: Checked[];
  notes: string[];
}

/** The key of one limit of one group. */
export const lineKey = ({ at, by }: Checked): string => `${at} ${rowKey(Object.keys(by).sort(), by)}`;

/**
 * Measures the numbers of the limits with one-sided bounds at `level` as the ends of each estimate.
 *
 * @param keys of the lines wanted; default: all
 */
export async function measureLimits(
  store: Store,
  { where, limits }: Limits,
  { against, ...options }: MeasureOptions & { against?: string },
  level: number,
  keys?: ReadonlySet<string>,
): Promise<Found> {
  const measures = { ...options, level: 2 * level - 1 };
  const rows: Checked[] = [];
  const notes: string[] = [];
  let by: string[] = [];
  for (const [own, some] of byCalls(limits)) {
    const chosen = all([options.where, where, own]);
    const wanted = ({ at }: { at: number }) =>
      keys === undefined || [...keys].some((key) => key.startsWith(`${at} `));
    const absolute = some.filter((one) => wanted(one) && !isRelative(one.limit));
    if (absolute.length > 0) {
      const names = absolute.flatMap(({ limit }) => (limit.within === undefined ? [floorName(limit)] : []));
      const floors = absolute.map(({ limit }) => limit);
      const found = await measured(store, [...new Set(names)], floors, { ...measures, where: chosen });
      by = found.by;
      notes.push(...found.notes);
      for (const { at, limit } of absolute)
        for (const row of found.rows)
          rows.push({ at, limit, by: row.by, estimate: row.estimates[floorName(limit)] });
    }
    const relative = some.filter((one) => wanted(one) && isRelative(one.limit));
    if (relative.length === 0) continue;
    if (against === undefined)
      throw new RangeError(
        `check requires against, the baseline's calls, for limits relative to its values (${relative[0].limit.metric}); such as --against "release = '1.4'"`,
      );
    await checkPredicate(store, "against", against, options);
    const sides = {
      a: all([against, where, own]) as string,
      b: all([`(${against}) is not true`, chosen]) as string,
    };
    const { interval, ...select } = measures;
    const metrics = [...new Set(relative.map(({ limit }) => comparedMetric(limit.metric).name))];
    const found = await compare(store, { ...select, where: undefined, ...sides, metrics });
    by = found.by.slice(0, -1);
    notes.push(...found.notes);
    for (const { at, limit } of relative)
      for (const row of found.rows)
        if (row.metric === comparedMetric(limit.metric).name)
          rows.push({
            at,
            limit,
            by: Object.fromEntries(by.map((name) => [name, row[name]])),
            estimate: row.within_ratio,
          });
  }
  rows.sort((a, b) => a.at - b.at);
  return {
    by,
    rows: rows.filter((one) => keys === undefined || keys.has(lineKey(one))),
    notes: [...new Set(notes)],
  };
}

/** Limits grouped by the calls they are for, each with its index in the list. */
function byCalls(limits: readonly Limit[]): Map<string | undefined, { at: number; limit: Limit }[]> {
  const found = new Map<string | undefined, { at: number; limit: Limit }[]>();
  for (const [at, limit] of limits.entries())
    found.set(limit.where, [...(found.get(limit.where) ?? []), { at, limit }]);
  return found;
}

const all = (predicates: (string | undefined)[]) =>
  predicates
    .filter((one) => one !== undefined)
    .map((one) => `(${one})`)
    .join(" and ") || undefined;
