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
  measure: "cost" | "reliability" | "ratio";
  over: Over;
  /** SQL over the facts of a unit: columns of the view `facts`, or of `task_facts`. */
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
  | { measure: "quality"; score: string }
  | { measure: "contextLength"; floor: number }
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
  family: "score" | "consistency" | "effective_context";
  /** How its names are written, and an example. */
  name: string;
  about: string;
}

const withOutcome = "place > 0 and task_id in (select task_id from outcomes where resolved is not null)";
const withResolved = "cost is not null and task_id in (select task_id from outcomes where resolved)";
const cheaper = ["cheaper", "dearer"] as const;

/** A sum of money over a column of costs, beside which another has the highest. */
export const money = (
  column: "cost" | "spent",
  of = (cost: string) => cost,
): Pick<RatioReading, "numerator" | "highest"> => ({ numerator: of(column), highest: of(`${column}_high`) });

/** A quantile, or the mean, of a wait. */
export const waitMetric = (
  metric: LatencyMetric,
  quantile: number | "mean",
  part: string,
  offered: Metric["offered"] = [],
): Metric => {
  const { unit, better, fact } = waits[metric];
  return {
    name: `${metric}_${part}`,
    label: `${part} ${metric.replaceAll("_", " ")}`,
    unit,
    better,
    source: { measure: "latency", metric, quantile },
    words: better === "lower" ? ["faster", "slower"] : ["slower", "faster"],
    needs: `${fact} is not null`,
    offered,
  };
};

/**
 * Every metric, in the order in which people ask for them: waiting, money, quality, failures, consistency.
 * This is their only table: `metric`, profiles, `compare`, `choose`, `plan`, `route`, the page and
 * docs/profiles.md read it.
 */
export const metrics: (Metric | MetricFamily)[] = [
  waitMetric("duration", 0.5, "p50", ["list", "compare"]),
  waitMetric("duration", 0.95, "p95", ["list", "compare", "plan"]),
  waitMetric("duration", 0.99, "p99", ["list", "compare"]),
  {
    // Timeouts have an unknown length in a mean duration, but the time waited is known for each.
    name: "time_waited",
    label: "mean time waited",
    unit: "s",
    better: "lower",
    source: { measure: "ratio", over: "answers", numerator: "wait" },
    words: ["faster", "slower"],
    needs: "wait is not null",
    offered: ["compare"],
  },
  waitMetric("time_to_first_token", 0.5, "p50", ["list", "compare"]),
  waitMetric("time_to_first_token", 0.95, "p95", ["list", "compare"]),
  waitMetric("output_tokens_per_second", 0.5, "p50", ["list"]),
  {
    name: "input_tokens",
    label: "input tokens per call",
    unit: "tokens/call",
    better: "lower",
    source: { measure: "ratio", over: "answers", numerator: "case when went_well then input_tokens end" },
    words: ["shorter requests", "longer requests"],
    needs: "input_tokens is not null",
    offered: [],
  },
  {
    name: "output_tokens",
    label: "output tokens per call",
    unit: "tokens/call",
    better: "lower",
    source: { measure: "ratio", over: "answers", numerator: "case when went_well then output_tokens end" },
    words: ["shorter answers", "longer answers"],
    needs: "output_tokens is not null",
    offered: ["compare"],
  },
  {
    name: "cost_per_call",
    label: "cost per call",
    unit: "USD/call",
    better: "lower",
    source: { measure: "cost", over: "calls", ...money("spent", (cost) => `coalesce(${cost}, 0)`) },
    words: cheaper,
    needs: "cost is not null",
    offered: ["list", "compare"],
  },
  {
    name: "cost_per_task",
    label: "cost per task",
    unit: "USD/task",
    better: "lower",
    source: { measure: "cost", over: "tasks", ...money("cost") },
    words: cheaper,
    needs: "cost is not null and task_id is not null",
    offered: ["list", "compare", "plan"],
  },
  {
    name: "cost_per_resolved",
    label: "cost per resolved task",
    unit: "USD/resolved task",
    better: "lower",
    source: {
      measure: "cost",
      over: "tasks",
      ...money("cost", (cost) => `case when resolved is not null then ${cost} end`),
      denominator: "resolved",
    },
    words: cheaper,
    needs: withResolved,
    offered: ["list", "compare"],
  },
  {
    name: "cost_per_conversation",
    label: "cost per conversation",
    unit: "USD/conversation",
    better: "lower",
    source: { measure: "cost", over: "conversations", ...money("cost") },
    words: cheaper,
    needs: "cost is not null and conversation_id is not null",
    offered: ["list"],
  },
  {
    name: "cost_per_user",
    label: "cost per user",
    unit: "USD/user",
    better: "lower",
    source: { measure: "cost", over: "users", ...money("cost") },
    words: cheaper,
    offered: [],
  },
  {
    name: "attempts_per_task",
    label: "attempts per task",
    unit: "calls/task",
    better: "lower",
    source: { measure: "cost", over: "tasks", numerator: "attempts" },
    words: ["fewer attempts", "more attempts"],
    needs: "place > 0",
    offered: ["compare"],
  },
  {
    name: "resolve_rate",
    label: "resolve rate",
    unit: "1",
    better: "higher",
    source: { measure: "cost", over: "tasks", numerator: "resolved" },
    words: ["resolves less", "resolves more"],
    needs: withOutcome,
    offered: ["list", "compare", "plan"],
  },
  {
    family: "score",
    name: "score:NAME",
    about:
      "the mean of a score (`hallucination` is short for its own); `score:NAME:lower` where lower is better and the name does not say so",
  },
  {
    name: "preferred",
    label: "share of comparisons won",
    unit: "1",
    better: "higher",
    source: { measure: "preferences" },
    words: ["preferred less", "preferred more"],
    offered: [],
  },
  {
    name: "error_rate",
    label: "error rate",
    unit: "1",
    better: "lower",
    source: { measure: "reliability", over: "answers", numerator: "status not in ('ok', 'cancelled')" },
    words: ["fewer errors", "more errors"],
    needs: "status is not null",
    offered: ["list", "compare", "plan"],
  },
  {
    name: "timeout_rate",
    label: "timeout rate",
    unit: "1",
    better: "lower",
    source: { measure: "reliability", over: "answers", numerator: "status = 'timeout'" },
    words: ["fewer timeouts", "more timeouts"],
    needs: "status is not null",
    offered: ["list"],
  },
  {
    name: "rate_limited_rate",
    label: "rate-limited rate",
    unit: "1",
    better: "lower",
    source: { measure: "reliability", over: "answers", numerator: "status = 'rate_limited'" },
    words: ["less often limited", "more often limited"],
    needs: "status is not null",
    offered: [],
  },
  {
    name: "cancelled_rate",
    label: "cancelled rate",
    unit: "1",
    better: "lower",
    source: { measure: "reliability", over: "answers", numerator: "status = 'cancelled'" },
    words: ["less often cancelled", "more often cancelled"],
    needs: "status is not null",
    offered: [],
  },
  {
    name: "retry_rate",
    label: "retry rate",
    unit: "1",
    better: "lower",
    source: { measure: "reliability", over: "answers", numerator: "coalesce(attempt, 1) > 1" },
    words: ["fewer retries", "more retries"],
    needs: "attempt is not null",
    offered: [],
  },
  {
    name: "fallback_rate",
    label: "fallback rate",
    unit: "1",
    better: "lower",
    source: { measure: "reliability", over: "answers", numerator: "fallback_from is not null" },
    words: ["fewer fallbacks", "more fallbacks"],
    needs: "attempt is not null or fallback_from is not null",
    offered: [],
  },
  {
    family: "consistency",
    name: "consistency:NAME",
    about:
      "what repeats of a prompt share: `same_output`, `json_valid`, `worst`, `low_quantile`, `pass_hat_4`, with `:SCORE` where there are several scores (`consistency:pass_hat_4:schema_valid`: all of four outputs fit their schema)",
  },
  {
    family: "effective_context",
    name: "effective_context",
    about:
      "the longest input whose answers hold a floor of the score, `effective_context:0.7`; 0.5 unless named",
  },
];

/** The metrics with a name of their own; a family has one for each score or part. */
export const namedMetrics = (): Metric[] => metrics.filter((one): one is Metric => !("family" in one));

/** The metrics offered by default in a place. */
export const offeredMetrics = (where: Metric["offered"][number]): Metric[] =>
  namedMetrics().filter(({ offered }) => offered.includes(where));

/** True if a metric says how good answers are: fast, cheap or reliable answers may still be wrong. */
export const tellsOfQuality = ({ name, source }: Metric): boolean =>
  source.measure === "quality" ||
  source.measure === "preferences" ||
  name === "resolve_rate" ||
  name === "cost_per_resolved";

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

/** The ratios that are columns of a table. */
export const ratiosIn = (measure: RatioReading["measure"]): RatioMetric[] =>
  namedMetrics().filter((one): one is RatioMetric => isRatio(one) && one.source.measure === measure);
