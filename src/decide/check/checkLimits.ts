import { allOf, inBrackets } from "../../facts/allOf";
import { derived, within } from "../../facts/request";
import { metric } from "../../measures/metric";
import type { MeasureRequest } from "../../measures/options";
import { reason } from "../../measures/reason";
import { rowKey } from "../../measures/rowKey";
import type { Row } from "../../measures/table";
import { defined } from "../../stats/defined";
import type { Estimate } from "../../stats/estimate";
import { noted } from "../../stats/estimate";
import { reserve } from "../../stats/reservation";
import { twoSided } from "../../stats/twoSided";
import type { Store } from "../../store/open";
import { measured } from "../choose/chooseEstimates";
import { floorName } from "../profile/criterion";
import type { Chosen, SavedNumbers } from "../savedReport";
import { isRelative, type Limit, type Limits } from "./limits";
import { ratiosInLog, ratioToSaved, withoutBaseline } from "./relative";
import { checkSaved, savedNumber } from "./savedNumber";
import { type ShortLog, shortLogs } from "./shortLog";

/** A limit with the number that is held against it. */
export interface Checked {
  /** Its place in the list. */
  at: number;
  limit: Limit;
  by: Row;
  /** What the limit is on: the number, or its ratio to the baseline's. */
  estimate: Estimate;
  /** With a baseline: the number itself, and whether the baseline was saved, so that more traffic leaves its error. */
  own?: Estimate;
  saved?: boolean;
  /** What its calls' days do not show, where these are few. */
  short?: ShortLog;
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
 * Measures the numbers of the limits with one-sided bounds at the request's level as the ends of each estimate.
 *
 * @param baseline the calls of the baseline in SQL, or the numbers of an earlier report or check
 * @param options `keys` of the lines wanted (default: all); `anytime`, whether the log is looked at again as it grows
 */
export async function measureLimits(
  store: Store,
  { where, limits }: Limits,
  request: MeasureRequest,
  baseline: string | SavedNumbers | undefined,
  { keys, anytime = false }: { keys?: ReadonlySet<string> | undefined; anytime?: boolean } = {},
): Promise<Found> {
  const level = twoSided("check", request.level ?? 0.95);
  const bounds = derived(request, { level });
  const saved = typeof baseline === "object" ? baseline : undefined;
  const rows: Checked[] = [];
  const notes: string[] = [];
  let by: string[] = [];
  for (const [own, some] of byCalls(limits)) {
    const chosen = within(bounds, where, own);
    const wanted = some.filter(
      ({ at }) => keys === undefined || [...keys].some((key) => key.startsWith(`${at} `)),
    );
    const inLog = wanted.filter(({ limit }) => isRelative(limit) && saved === undefined);
    const direct = wanted.filter((one) => !inLog.includes(one));
    if (direct.length > 0) {
      const names = direct.flatMap(({ limit }) => (limit.within === undefined ? [floorName(limit)] : []));
      const floors = direct.map(({ limit }) => limit);
      // Each limit is on its own number, and not compared with another row.
      const found = await measured(store, [...new Set(names)], floors, chosen, "each");
      by = found.by;
      if (found.rows.length === 0) {
        // A limit on what nobody measured must not be passed over.
        const why = reason({ measure: "check", ...found, rows: [] }).replace(/\.$/, "");
        const note = `${why.charAt(0).toLowerCase()}${why.slice(1)}`;
        rows.push(...direct.map((one) => withoutNumber(one, {}, note, level)));
      } else notes.push(...found.notes);
      const relative = direct.filter(({ limit }) => isRelative(limit));
      const calls = allOf([where, own]);
      const shortOf = await shortLogs(store, chosen, floors, anytime);
      if (saved !== undefined && found.rows.length > 0)
        checkSaved(
          saved,
          { by, chosen: chosenOf(request) },
          relative.map(({ limit }) => ({ limit, where: calls })),
        );
      for (const { at, limit } of direct)
        for (const row of found.rows) {
          const number = row.estimates[floorName(limit)];
          const short = shortOf(limit, row.by);
          if (saved === undefined || !isRelative(limit)) {
            rows.push(defined({ at, limit, by: row.by, estimate: number, short }));
            continue;
          }
          const before = savedNumber(saved, { limit, where: calls, by: row.by }, level);
          const estimate = ratioToSaved(number, before);
          rows.push(defined({ at, limit, by: row.by, estimate, own: number, saved: true, short }));
        }
    }
    if (inLog.length === 0) continue;
    if (typeof baseline !== "string")
      throw new RangeError(
        `check requires against, the baseline's calls or an earlier report's JSON, for limits relative to its values (${inLog[0].limit.metric}); such as --against "release = '1.4'" or --against report.json`,
      );
    const a = allOf([baseline, where, own]) as string;
    const b = allOf([`${inBrackets(baseline)} is not true`, chosen.where]) as string;
    const found = await ratiosInLog(
      store,
      inLog.map(({ limit }) => limit),
      { against: baseline, a, b },
      bounds,
    );
    by = found.by;
    for (const one of inLog) {
      const ratios = found.rows.filter(({ limit }) => limit === one.limit);
      for (const { by: group, ratio, own: number } of ratios)
        rows.push({ ...one, by: group, estimate: ratio, own: number });
      const lacking = await withoutBaseline(store, ratios, { against: baseline, a, b }, bounds);
      rows.push(...lacking.map(({ by: group, note }) => withoutNumber(one, group, note, level)));
    }
    if (found.rows.length > 0) notes.push(...found.notes);
  }
  rows.sort((a, b) => a.at - b.at);
  return {
    by,
    rows: rows.filter((one) => keys === undefined || keys.has(lineKey(one))),
    notes: [...new Set(notes)],
  };
}

/** A limit whose number no call gives: nothing decides it. */
function withoutNumber(
  { at, limit }: Pick<Checked, "at" | "limit">,
  by: Row,
  why: string,
  level: number,
): Checked {
  const unit = isRelative(limit) || limit.within !== undefined ? "1" : metric(limit.metric).unit;
  const none = { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  return {
    at,
    limit,
    by,
    estimate: {
      ...none,
      level,
      method: "none",
      n: 0,
      clusters: 0,
      clusterBy: "",
      unit,
      ...noted([reserve("none.number", { why })]),
    },
  };
}

/** How the calls of a check are chosen. */
export const chosenOf = ({ where, timezone = "UTC", candidate }: MeasureRequest): Chosen =>
  defined({ where, timezone, candidate });

/** Limits grouped by the calls they are for, each with its index in the list. */
function byCalls(limits: readonly Limit[]): Map<string | undefined, { at: number; limit: Limit }[]> {
  const found = new Map<string | undefined, { at: number; limit: Limit }[]>();
  for (const [at, limit] of limits.entries())
    found.set(limit.where, [...(found.get(limit.where) ?? []), { at, limit }]);
  return found;
}
