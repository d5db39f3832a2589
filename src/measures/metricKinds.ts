/** A wait or a speed: a number for each call, whose quantiles and mean `latency` reports. */
export const waits = {
  duration: {
    /** The fact that holds it, and the fact that says it was cut off and would have been longer. */
    fact: "wait",
    cut: "wait_cut",
    unit: "s",
    better: "lower",
    names: ["duration"],
    what: "duration",
  },
  time_to_first_token: {
    fact: "first_wait",
    cut: "first_wait_cut",
    unit: "s",
    better: "lower",
    names: ["time_to_first_token", "ttft"],
    what: "time to first token",
  },
  time_per_output_token: {
    fact: "token_wait",
    cut: "false",
    unit: "s",
    better: "lower",
    names: ["time_per_output_token", "tpot"],
    what: "time per output token",
  },
  output_tokens_per_second: {
    fact: "token_speed",
    cut: "false",
    unit: "tokens/s",
    better: "higher",
    names: ["output_tokens_per_second", "tps"],
    what: "number of output tokens with a duration",
  },
} as const;

/** What `latency` can measure. */
export type LatencyMetric = keyof typeof waits;

/**
 * The units that a ratio is over. A task, conversation or user counts with all its calls; only "answers" leaves out
 * judges.
 */
export type Over = "answers" | "calls" | "tasks" | "conversations" | "users";

/** One sum over units divided by another: units without a numerator do not count. */
export interface RatioReading {
  /** The table that reports it; "ratio" for a metric that isn't a column of any table. */
  measure: "cost" | "conversations" | "reliability" | "ratio";
  over: Over;
  /** SQL over the facts of a unit: columns of the view `facts`, of `task_facts` or of `conversation_facts`. */
  numerator: string;
  /** Of money: the same with every call without a known cost at the most that it may have been. */
  highest?: string;
  /** Default 1: the units whose numerator is known. */
  denominator?: string;
}

/** How a metric is read from the log. */
export type Reading =
  | { measure: "latency"; metric: LatencyMetric; quantile: number | "mean" }
  | RatioReading
  | { measure: "consistency"; column: string; k?: number; score?: string }
  | { measure: "quality"; score: string; grain?: "conversation" }
  | { measure: "causes"; cause: string }
  | { measure: "qualityByLength"; floor: number }
  | { measure: "preferences" };

/** One number by which to judge production. */
export interface Metric {
  /** The full name: "time_to_first_token_p95", "cost_per_resolved", "score:helpful", ... */
  name: string;
  /** The name for readers: "p95 time to first token". */
  label: string;
  /** "s", "USD/task", "1" for a share, ...; empty if it has none. */
  unit: string;
  better: "higher" | "lower";
  /** What its direction alone does not say. */
  about?: string;
  source: Reading;
  /** The words for a model that is clearly lower than another, and for one that is clearly higher. */
  words: readonly [lower: string, higher: string];
  /** What the log must have for it, as SQL over the facts of a call and the view `outcomes`. Default: nothing. */
  needs?: string;
  /** Where it is offered by default: among the metrics of a log, in `compare`, in `plan`. */
  offered: readonly ("list" | "compare" | "plan")[];
}

/** A pattern for names: "score:NAME". */
export interface MetricFamily {
  family: "score" | "cause" | "consistency" | "effective_context";
  /** How its names are written, and an example. */
  name: string;
  about: string;
}

/** True if a metric says how good answers are: fast, cheap or reliable answers may still be wrong. */
export const tellsOfQuality = ({ name, source }: Metric): boolean =>
  source.measure === "quality" ||
  source.measure === "preferences" ||
  [
    "resolve_rate",
    "cost_per_resolved",
    "conversation_resolve_rate",
    "cost_per_resolved_conversation",
  ].includes(name);

/** A metric read as a ratio of sums over units. */
export type RatioMetric = Metric & { source: RatioReading };

export const isRatio = (one: Metric): one is RatioMetric => "over" in one.source;

/** True of a quantile of waits or speeds. */
export const isQuantile = ({ source }: Metric): boolean =>
  source.measure === "latency" && source.quantile !== "mean";

/** The same cost with every call without a known one at the most that it may have been. */
export const atHighest = ({ name, source, ...rest }: RatioMetric): RatioMetric => ({
  ...rest,
  name: `${name}_high`,
  source: { ...source, numerator: source.highest ?? source.numerator },
});
