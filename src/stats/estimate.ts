/**
 * One number with how sure it is: what every measure and every statistic returns.
 *
 * `value` lies between `low` and `high` at confidence `level`. An end that the data do not bound is
 * `Infinity` or `-Infinity`; an end that cannot be had at all is `NaN`, and `note` says why and what is needed.
 */
export interface Estimate {
  value: number;
  low: number;
  high: number;
  /** Confidence of the interval, 0.95 for 95 %. */
  level: number;
  /** How the interval was made: "fractional-order-statistic", "wilson", "t-cluster", "bootstrap-bca", ... */
  method: string;
  /** Observations behind the value. */
  n: number;
  /** Independent units behind the interval: the clusters, or n where every observation is its own. */
  clusters: number;
  /** What one cluster is: "user_id", "task_id", "call_id", ...; empty where the caller gave none. */
  clusterBy: string;
  /** Variance with clusters over variance without: how much the clustering costs. */
  designEffect?: number;
  /** Resamples drawn, or "exact" where the bootstrap law itself was used. */
  resamples?: number | "exact";
  /** "s", "USD", "USD/task", "1" for a share, "tokens/s", ... */
  unit?: string;
  /** Where many outcomes are unknown: the number if none or all of them were events. */
  worst_case?: WorstCase;
  /** What the reader must know: why an end is missing, what would be needed, what was left out. */
  note?: string;
}

/** What an estimate would be if all of the outcomes that are not known were of one kind, or of the other. */
export interface WorstCase {
  /** Share of the units whose outcome is not known. */
  unknown: number;
  /** The value at either end, and the ends of the intervals there. */
  values: [low: number, high: number];
  low: number;
  high: number;
}
