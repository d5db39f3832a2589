import { metric } from "../../measures/metric";
import { defined } from "../../stats/defined";
import type { Floor } from "../profile/criterion";
import { checkFloor, objectOf, wrong } from "../profile/profileCheck";
import { readJsonFile } from "../profile/readProfile";

/** A limit on a number: a bound for its value, or for its ratio to the baseline's value. */
export interface Limit {
  /** A metric's name; with `within`, "time_to_first_token" or "duration": the share of calls within that many seconds. */
  metric: string;
  within?: number;
  at_least?: number;
  at_most?: number;
  /** Multiple of the baseline's value: 1.05 for a rise of 5 %. */
  at_least_times?: number;
  at_most_times?: number;
  /** The calls it is for: a predicate over the columns of calls, in SQL. Default: all. */
  where?: string;
}

/** Limits that are checked together. */
export interface Limits {
  name: string;
  /** The calls they are for, in SQL. Default: all. */
  where?: string;
  /**
   * Columns for whose every value the limits must hold: "workload", "model". Default: one number for all calls.
   */
  by?: string | readonly string[];
  limits: readonly Limit[];
}

const keys = {
  limits: ["$schema", "name", "where", "by", "limits"],
  limit: ["metric", "within", "at_least", "at_most", "at_least_times", "at_most_times", "where"],
};
const places = {
  limits: 'beside "limits", for all limits of the file',
  limit: 'in an entry of the list "limits"',
};
const ends = ["at_least", "at_most", "at_least_times", "at_most_times"] as const;

/**
 * Limits from a JSON file, or limits given directly, checked.
 *
 * @throws RangeError for anything that is not a set of limits: an unknown key or metric, no bound or two, a bound
 * that is not a number
 * @example
 * readLimits({ name: "nightly", limits: [{ metric: "duration_p95", at_most: 8 }] }).limits.length // 1
 */
export function readLimits(fileOrLimits: string | Limits): Limits {
  const [value, from] =
    typeof fileOrLimits === "string"
      ? [readJsonFile(fileOrLimits, "limits"), fileOrLimits]
      : [fileOrLimits, "limits"];
  const { name, where, by, limits } = objectOf(value, from, {
    keys,
    kind: "limits",
    places,
  }) as unknown as Limits;
  if (typeof name !== "string" || name === "") throw wrong(from, "a text for name", name);
  if (where !== undefined && typeof where !== "string")
    throw wrong(from, "a predicate in SQL for where", where);
  if (!Array.isArray(limits) || limits.length === 0)
    throw wrong(from, 'limits as a list such as [{"metric": "duration_p95", "at_most": 8}]', limits);
  for (const [at, limit] of limits.entries()) checkLimit(limit, `${from}: limits[${at}]`);
  return defined({ name, limits, where, by });
}

function checkLimit(value: unknown, place: string): void {
  const limit = objectOf(value, place, { keys, kind: "limit", places }) as unknown as Limit;
  const given = ends.filter((end) => limit[end] !== undefined);
  if (given.length !== 1) throw wrong(place, `one of ${ends.join(", ")}`, given.join(", ") || "none");
  if (limit.where !== undefined && typeof limit.where !== "string")
    throw wrong(place, "a predicate in SQL for where", limit.where);
  const [end] = given;
  if (end === "at_least" || end === "at_most") {
    checkFloor(limit as Floor, place);
    return;
  }
  const times = limit[end];
  if (typeof times !== "number" || !(times > 0 && Number.isFinite(times)))
    throw wrong(place, `a number above 0 for ${end}, such as 1.05 for 5 % more`, times);
  if (limit.within !== undefined) throw wrong(place, `no within beside ${end}`, limit.within);
  metric(limit.metric);
}

/** True for a limit on the ratio to the baseline's value. */
export const isRelative = ({ at_least_times, at_most_times }: Limit): boolean =>
  at_least_times !== undefined || at_most_times !== undefined;
