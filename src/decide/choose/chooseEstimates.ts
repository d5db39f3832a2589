import { type Origin, originOf } from "../../measures/behind";
import { latencyAttainment } from "../../measures/latency/attainment";
import { metric } from "../../measures/metric";
import type { MetricTableOptions } from "../../measures/metricReaders";
import { metricTable } from "../../measures/metricTable";
import type { MeasureRequest } from "../../measures/options";
import { keysOf, rowKey } from "../../measures/rowKey";
import type { Row } from "../../measures/table";
import type { Estimate } from "../../stats/estimate";
import { marginalOf } from "../../stats/marginal";
import type { Store } from "../../store/open";
import { type Criterion, type Floor, floorName, higherIsGood } from "../profile/criterion";

/** Joint draws of more candidates than this would take too long, and nobody chooses among so many. */
const mostCandidates = 150;

/** The groups compared, each with its estimates by metric and floor. */
export interface Measured {
  by: string[];
  rows: { by: Row; estimates: Record<string, Estimate>; origins?: Record<string, Origin | undefined> }[];
  notes: string[];
}

/** Measures what criteria and floors need. */
export async function measured(
  store: Store,
  names: readonly string[],
  floors: readonly Floor[],
  request: MeasureRequest,
  corrections?: MetricTableOptions["corrections"],
): Promise<Measured> {
  const rows = new Map<string, Measured["rows"][number]>();
  const notes: string[] = [];
  let by: string[] = [];
  const put = (
    own: Row,
    estimates: Record<string, Estimate>,
    origins: Record<string, Origin | undefined>,
  ) => {
    const key = rowKey(by, own);
    const row = rows.get(key) ?? {
      by: keysOf(by, own),
      estimates: {},
      origins: {},
    };
    Object.assign(row.estimates, estimates);
    Object.assign(row.origins ?? {}, origins);
    rows.set(key, row);
  };
  if (names.length > 0) {
    const table = await metricTable(store, { ...request, metrics: names, corrections });
    by = table.by;
    notes.push(...table.notes);
    for (const row of table.rows)
      put(
        row,
        Object.fromEntries(names.map((name) => [name, row[name] as Estimate])),
        Object.fromEntries(names.map((name) => [name, originOf(row, name)])),
      );
  }
  for (const floor of floors) {
    const { metric: of, within } = floor;
    if (within === undefined) continue;
    const table = await latencyAttainment(store, {
      ...request,
      [of === "duration" ? "duration" : "firstToken"]: [within],
    });
    by = table.by;
    notes.push(...table.notes);
    for (const row of table.rows)
      put(row, { [floorName(floor)]: Object.values(row.within)[0] }, { [floorName(floor)]: originOf(row) });
  }
  const order = (row: { by: Row }) => JSON.stringify(by.map((name) => String(row.by[name] ?? "")));
  const sorted = [...rows.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1));
  return { by, rows: sorted, notes: [...new Set(notes)] };
}

/** Criteria that the logs have for some model, each by its metric's full name. */
export interface Usable {
  criteria: Criterion[];
  measured: Measured;
  notes: string[];
}

/**
 * Measures a profile's criteria; one that the logs have for no model is replaced by its `instead`, or left out if
 * it is optional.
 *
 * @throws RangeError for one that is neither
 */
export async function usable(
  store: Store,
  given: { name: string; criteria: readonly Criterion[]; floors: readonly Floor[] },
  request: MeasureRequest,
): Promise<Usable> {
  const named = given.criteria.map((criterion) => ({ ...criterion, metric: metric(criterion.metric).name }));
  const floorMetrics = given.floors.filter(({ within }) => within === undefined).map(floorName);
  const first = [...new Set([...named.map((one) => one.metric), ...floorMetrics])];
  let found = await measured(store, first, given.floors, request);
  if (found.rows.length === 0) return { criteria: named, measured: found, notes: [] };
  if (found.rows.length > mostCandidates)
    throw new RangeError(
      `choose requires at most ${mostCandidates} candidates, got ${found.rows.length}; group by model, or narrow with where`,
    );
  const isMeasured = (one: { metric: string; good: number; bad: number }) =>
    hasKnown(found, one.metric, higherIsGood(one));
  const replaced = named.map((one) => {
    if (isMeasured(one) || one.instead === undefined) return one;
    const { weight, optional, instead } = one;
    return { ...instead, metric: metric(instead.metric).name, weight, ...(optional ? { optional } : {}) };
  });
  const more = replaced.map((one) => one.metric).filter((name) => !first.includes(name));
  if (more.length > 0) {
    const names = [...new Set([...replaced.map((one) => one.metric), ...floorMetrics])];
    found = await measured(store, names, given.floors, request);
  }
  const notes = replaced.flatMap((one, i) =>
    one.metric === named[i].metric
      ? []
      : [`The logs have no data for ${label(named[i].metric)}: ${label(one.metric)} counts instead.`],
  );
  const criteria = replaced.filter((one) => {
    if (isMeasured(one)) return true;
    if (!one.optional) throw notMeasured(given.name, one.metric, found);
    notes.push(
      `The logs have no data for ${label(one.metric)}: it is left out, and its weight is shared among the others.`,
    );
    return false;
  });
  if (criteria.length === 0) throw notMeasured(given.name, replaced[0].metric, found);
  for (const floor of given.floors)
    if (!hasKnown(found, floorName(floor), floor.at_least !== undefined))
      throw notMeasured(given.name, floorName(floor), found);
  const sum = criteria.reduce((all, { weight }) => all + weight, 0);
  if (!(sum > 0)) throw notMeasured(given.name, replaced.find((one) => one.weight > 0)?.metric ?? "", found);
  return {
    criteria: criteria.map((one) => ({ ...one, weight: one.weight / sum })),
    measured: found,
    notes,
  };
}

const label = (name: string) => metric(name).label;

function hasKnown({ rows }: Measured, name: string, higherGood: boolean): boolean {
  return rows.some(({ estimates: { [name]: one } }) => {
    if (one === undefined) return false;
    return marginalOf(one, higherGood) !== undefined || isUnsure(one);
  });
}

/** True for a number with too few independent units for an interval: it is shown but decides nothing. */
export const isUnsure = ({ value, low, high }: Estimate): boolean =>
  Number.isFinite(value) && Number.isNaN(low) && Number.isNaN(high);

/** The error for a profile that needs what no log contains. */
export function notMeasured(profile: string, name: string, { rows }: Measured): RangeError {
  const why = rows.map(({ estimates }) => estimates[name]?.note).find((note) => note !== undefined);
  return new RangeError(
    `choose requires logs with ${name}, which the profile "${profile}" needs, got none${why ? ` (${why})` : ""}; ingest it, or remove it from a copy of the profile: fieldnotes profile new`,
  );
}
