import type { AssumptionId } from "../../stats/claim";
import { checked, readJsonFile } from "../../store/checked";
import { checkFloor } from "../profile/profileCheck";

const schema = require("../../../data/limits.schema.json");

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
  /** Assumptions that the log cannot check, declared to hold: "outcomes-alike". */
  assume?: readonly AssumptionId[];
  limits: readonly Limit[];
}

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
  const { $schema, ...checkedLimits } = checked<Limits & { $schema?: string }>(value, schema, from);
  for (const [at, limit] of checkedLimits.limits.entries()) checkFloor(limit, `${from}: limits[${at}]`);
  return checkedLimits;
}

/** True for a limit on the ratio to the baseline's value. */
export const isRelative = ({ at_least_times, at_most_times }: Limit): boolean =>
  at_least_times !== undefined || at_most_times !== undefined;
