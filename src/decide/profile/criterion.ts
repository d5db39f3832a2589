import { metric } from "../../measures/metric";

/** One number that a profile weighs. */
export interface Criterion {
  /** The name of a metric, as `metric` takes it. */
  metric: string;
  /** Its share of the whole; the weights of a profile add up to 1. */
  weight: number;
  /** The metric's value, in its own unit, that is good enough: worth 1. */
  good: number;
  /** The value that is useless: worth 0. */
  bad: number;
  /** If true, left out with a note if the logs have it for no model. Default false: that is an error. */
  optional?: boolean;
  /** The criterion to use instead if the logs have the metric for no model. */
  instead?: { metric: string; good: number; bad: number };
}

/** A limit that a model must be shown to keep, by the one-sided bound of the metric. */
export interface Floor {
  /** A metric's name; with `within`, "time_to_first_token" or "duration". */
  metric: string;
  /** Seconds: the floor is then on the share of calls that take no longer. */
  within?: number;
  at_least?: number;
  at_most?: number;
}

/**
 * The worth of a metric's value: 1 at `good` and beyond, 0 at `bad` and beyond, linear between.
 *
 * @param value in the metric's own unit; infinite values are the good or the bad end, NaN is NaN
 * @example
 * criterionValue(1.2, { good: 0.4, bad: 2 }) // 0.5
 */
export function criterionValue(value: number, { good, bad }: { good: number; bad: number }): number {
  return Math.max(0, Math.min(1, (value - bad) / (good - bad)));
}

/** True if high values are good. */
export function higherIsGood({ good, bad }: { good: number; bad: number }): boolean {
  return good > bad;
}

/** True if a value keeps the floor. */
export function keeps(value: number, { at_least, at_most }: Floor): boolean {
  return (at_least === undefined || value >= at_least) && (at_most === undefined || value <= at_most);
}

/** The column of a floor's metric: "duration within 2" for the share of calls within two seconds. */
export function floorName({ metric: name, within }: Floor): string {
  return within === undefined ? metric(name).name : `${name} within ${within}`;
}

/** The readable name of a criterion or floor. */
export function labelOf({ metric: name, within }: { metric: string; within?: number }): string {
  if (within === undefined) return metric(name).label;
  const what = name === "duration" ? "answered" : "with a first token";
  return `share of calls ${what} within ${within} s`;
}
