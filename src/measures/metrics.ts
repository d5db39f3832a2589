import { endingJudged, harmless } from "../facts/judgements";
import {
  isRatio,
  type LatencyMetric,
  type Metric,
  type MetricFamily,
  type Over,
  type RatioMetric,
  type RatioReading,
  waits,
} from "./metricKinds";

const withOutcome = "place > 0 and task_id in (select task_id from outcomes where resolved is not null)";
const withResolved = "cost is not null and task_id in (select task_id from outcomes where resolved)";
const inConversation = "conversation_id is not null";
const endOf = (resolved: string) =>
  `${inConversation} and (task_id in (select task_id from outcomes where ${resolved}) or conversation_id in (select conversation_id from outcomes where ${resolved}))`;
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

/** 1 for a call that was refused, 0 for another whose end is known. */
const refused = `((${endingJudged}) = 'refused')::int`;

/** The tokens of calls that went well. */
const tokensPerCall = (
  side: "input" | "output",
  words: Metric["words"],
  offered: Metric["offered"],
): Metric => ({
  name: `${side}_tokens`,
  label: `${side} tokens per call`,
  unit: "tokens/call",
  better: "lower",
  source: { measure: "ratio", over: "answers", numerator: `case when went_well then ${side}_tokens end` },
  words,
  needs: `${side}_tokens is not null`,
  offered,
});

const resolvedCost: Omit<RatioReading, "measure" | "over"> = {
  ...money("cost", (cost) => `case when resolved is not null then ${cost} end`),
  denominator: "resolved",
};

/** What one unit costs. */
const costPer = (
  unit: string,
  over: Over,
  sums: Omit<RatioReading, "measure" | "over">,
  needs: string | undefined,
  offered: Metric["offered"],
): Metric => ({
  name: `cost_per_${unit === "resolved task" ? "resolved" : unit.replace(" ", "_")}`,
  label: `cost per ${unit}`,
  unit: `USD/${unit}`,
  better: "lower",
  source: { measure: over === "conversations" ? over : "cost", over, ...sums },
  words: cheaper,
  needs,
  offered,
});

/** A sum over what conversations hold: answers, seconds. */
const perConversation = (
  name: string,
  label: string,
  unit: string,
  numerator: string,
  words: Metric["words"],
  needs = inConversation,
): Metric => ({
  name,
  label,
  unit,
  better: "lower",
  source: { measure: "conversations", over: "conversations", numerator },
  words,
  needs,
  offered: [],
});

/** A share of the answering calls of which the numerator is known. */
const shareOfAnswers = (
  name: string,
  label: string,
  numerator: string,
  words: Metric["words"],
  offered: Metric["offered"] = [],
): Metric => ({
  name,
  label,
  unit: "1",
  better: "lower",
  source: { measure: "ratio", over: "answers", numerator },
  words,
  needs: `(${numerator}) is not null`,
  offered,
});

/** A share of answering calls. */
const rate = (
  of: string,
  numerator: string,
  words: Metric["words"],
  offered: Metric["offered"] = [],
  needs = "status is not null",
): Metric => ({
  name: `${of.replace("-", "_")}_rate`,
  label: `${of} rate`,
  unit: "1",
  better: "lower",
  source: { measure: "reliability", over: "answers", numerator },
  words,
  needs,
  offered,
});

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
  tokensPerCall("input", ["shorter requests", "longer requests"], []),
  {
    // Of the calls whose log says how much of the input came from a cache, none included.
    name: "cached_input_share",
    label: "share of input read from a cache",
    unit: "1",
    better: "higher",
    source: {
      measure: "ratio",
      over: "answers",
      numerator:
        "case when input_tokens > 0 and cache_read_input_tokens is not null then least(cache_read_input_tokens, input_tokens) end",
      denominator: "input_tokens",
    },
    words: ["less of the input cached", "more of the input cached"],
    needs: "cache_read_input_tokens is not null and input_tokens > 0",
    offered: ["list"],
  },
  tokensPerCall("output", ["shorter answers", "longer answers"], ["compare"]),
  costPer(
    "call",
    "calls",
    money("spent", (cost) => `coalesce(${cost}, 0)`),
    "cost is not null",
    ["list", "compare"],
  ),
  costPer("task", "tasks", money("cost"), "cost is not null and task_id is not null", [
    "list",
    "compare",
    "plan",
  ]),
  costPer("resolved task", "tasks", resolvedCost, withResolved, ["list", "compare"]),
  costPer("conversation", "conversations", money("cost"), `cost is not null and ${inConversation}`, ["list"]),
  costPer(
    "resolved conversation",
    "conversations",
    {
      ...money("cost", (cost) => `case when ended is not null then ${cost} end`),
      denominator: "coalesce(resolved, false)",
    },
    `cost is not null and ${endOf("resolved")}`,
    [],
  ),
  perConversation("turns_per_conversation", "turns per conversation", "turns/conversation", "turns", [
    "fewer turns",
    "more turns",
  ]),
  perConversation(
    "time_per_conversation",
    "time waited per conversation",
    "s",
    "seconds",
    ["faster", "slower"],
    `wait is not null and ${inConversation}`,
  ),
  {
    name: "conversation_resolve_rate",
    label: "share of conversations resolved",
    unit: "1",
    better: "higher",
    source: { measure: "conversations", over: "conversations", numerator: "resolved" },
    words: ["resolves fewer conversations", "resolves more conversations"],
    needs: endOf("resolved is not null"),
    offered: [],
  },
  {
    name: "conversation_error_rate",
    label: "share of conversations with an error",
    unit: "1",
    better: "lower",
    source: {
      measure: "ratio",
      over: "conversations",
      numerator: "case when errors > 0 then 1 when unstated = 0 then 0 end",
    },
    words: ["fewer errors", "more errors"],
    needs: `status is not null and ${inConversation}`,
    offered: [],
  },
  costPer("user", "users", money("cost"), undefined, []),
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
      "the mean of a score (`hallucination` is short for its own); `score:NAME:lower` where lower is better and the name does not say so; `conversation_score:NAME` for those of whole conversations",
  },
  {
    family: "cause",
    name: "cause:NAME",
    about: "the share of tasks with a cause, by a person's reading of a part of them: see `causes`",
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
  rate(
    "error",
    "status not in ('ok', 'cancelled')",
    ["fewer errors", "more errors"],
    ["list", "compare", "plan"],
  ),
  rate("timeout", "status = 'timeout'", ["fewer timeouts", "more timeouts"], ["list"]),
  rate("rate-limited", "status = 'rate_limited'", ["less often limited", "more often limited"]),
  rate("cancelled", "status = 'cancelled'", ["less often cancelled", "more often cancelled"]),
  rate("retry", "coalesce(attempt, 1) > 1", ["fewer retries", "more retries"], [], "attempt is not null"),
  rate(
    "fallback",
    "fallback_from is not null",
    ["fewer fallbacks", "more fallbacks"],
    [],
    "attempt is not null or fallback_from is not null",
  ),
  {
    ...shareOfAnswers("refusal_rate", "refusal rate", refused, ["refuses less", "refuses more"]),
    about: "to refuse what is harmful is right: a lower rate is better of requests that are harmless",
  },
  // A model that refuses what is harmless to answer is useless there, however safe: of requests that a score calls so.
  shareOfAnswers(
    "over_refusal",
    "over-refusal rate",
    `case when ${harmless} then ${refused} end`,
    ["refuses harmless requests less", "refuses harmless requests more"],
    ["list", "compare"],
  ),
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

/** The ratios that are columns of a table. */
export const ratiosIn = (measure: RatioReading["measure"]): RatioMetric[] =>
  namedMetrics().filter((one): one is RatioMetric => isRatio(one) && one.source.measure === measure);
