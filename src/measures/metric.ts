import { didYouMean } from "../store/nearest";
import { type LatencyMetric, metricOf } from "./latency/latency";

/** One number that production can be judged by, as profiles and agreement tables name it. */
export interface Metric {
  /** The name in full: "time_to_first_token_p95", "cost_per_resolved", "score:helpful", ... */
  name: string;
  /** What a person reads: "p95 time to first token". */
  label: string;
  unit: string;
  better: "higher" | "lower";
  /** The measure that gives it, and what of that measure. */
  source:
    | { measure: "latency"; metric: LatencyMetric; quantile: number | "mean" }
    | { measure: "cost"; column: string }
    | { measure: "reliability"; column: string }
    | { measure: "consistency"; column: string; k?: number; score?: string }
    | { measure: "quality"; score: string }
    | { measure: "contextLength"; floor: number };
}

const quantiles: Record<string, number> = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999 };

const plain: Record<string, Omit<Metric, "name">> = {
  cost_per_call: costOf("cost per call", "USD/call", "cost_per_call"),
  cost_per_task: costOf("cost per task", "USD/task", "cost_per_task"),
  cost_per_resolved: costOf("cost per resolved task", "USD/resolved task", "cost_per_resolved"),
  cost_per_conversation: costOf("cost per conversation", "USD/conversation", "cost_per_conversation"),
  cost_per_user: costOf("cost per user", "USD/user", "cost_per_user"),
  attempts_per_task: costOf("attempts per task", "calls/task", "attempts_per_task"),
  resolve_rate: { ...costOf("resolve rate", "1", "resolve_rate"), better: "higher" },
  error_rate: rateOf("error rate", "error_rate"),
  timeout_rate: rateOf("timeout rate", "timeout_rate"),
  rate_limited_rate: rateOf("rate-limited rate", "rate_limited_rate"),
  retry_rate: rateOf("retry rate", "retry_rate"),
  fallback_rate: rateOf("fallback rate", "fallback_rate"),
};

/** What of a consistency table has a name of its own. */
const steady: Record<string, Omit<Metric, "name">> = {
  same_output: steadyOf("share of repeats with the same output", "1", "same_output"),
  json_valid: steadyOf("share of repeats with valid JSON", "1", "json_valid"),
  worst: steadyOf("worst score of the repeats of a prompt", "", "worst"),
  low_quantile: steadyOf("low quantile of the score", "", "low_quantile"),
};

/** Scores that tell of a request and not of its answer: no model is better or worse by them. */
export const ofRequests: readonly string[] = ["evidence_position", "messy"];

// Scores are judged the better the higher, but for those whose name is that of a fault.
const fault =
  /hallucinat|toxic|refus|error|fail|violat|harm|unsafe|contradict|irrelevan|leak|latency|cost|perplexity|(^|_)(loss|wer|bias)($|_)/i;

function costOf(label: string, unit: string, column: string): Omit<Metric, "name"> {
  return { label, unit, better: "lower", source: { measure: "cost", column } };
}

function rateOf(label: string, column: string): Omit<Metric, "name"> {
  return { label, unit: "1", better: "lower", source: { measure: "reliability", column } };
}

function steadyOf(label: string, unit: string, column: string): Omit<Metric, "name"> {
  return { label, unit, better: "higher", source: { measure: "consistency", column } };
}

/**
 * What a metric's name stands for: its unit, which way is better, and the measure that gives it.
 *
 * Names are a latency metric with a quantile or `mean` ("time_to_first_token_p95", "duration_mean"), a column of the
 * tables of cost and reliability ("cost_per_resolved", "error_rate"), "score:NAME" for the mean of a score
 * ("hallucination" for short), "consistency:NAME" ("consistency:same_output", "consistency:pass_hat_4"; where there are
 * several scores "consistency:worst:SCORE"), and "effective_context", of which "effective_context:0.7" names the floor
 * (default 0.5). Scores are the better the
 * higher, but for those named after a fault (hallucination, toxicity, refusal, error, ...).
 *
 * @throws RangeError for a name that is none
 * @example
 * metric("ttft_p95").name // "time_to_first_token_p95"
 */
export function metric(name: string): Metric {
  const [head, ...rest] = name.split(":");
  const tail = rest.join(":");
  const own = Object.hasOwn(plain, name) ? plain[name] : undefined;
  if (own !== undefined) return { name, ...own };
  if (name === "hallucination") return { ...scoreMetric(name), name };
  if (head === "score" && tail !== "") return scoreMetric(tail);
  if (head === "consistency") return consistencyMetric(name, rest[0] ?? "", rest.slice(1).join(":"));
  if (head === "effective_context") return contextMetric(name, tail === "" ? 0.5 : Number(tail));
  return latencyMetric(name);
}

function scoreMetric(score: string): Metric {
  const name = `score:${score}`;
  const better = fault.test(score) ? "lower" : "higher";
  return { name, label: score.replaceAll("_", " "), unit: "", better, source: { measure: "quality", score } };
}

function consistencyMetric(name: string, column: string, score: string): Metric {
  const scored = score === "" ? {} : { score };
  const hat = /^pass_hat_([1-9]\d{0,2})$/.exec(column);
  if (hat !== null) {
    const label = `chance that all of ${hat[1]} repeats pass${score === "" ? "" : ` by ${score.replaceAll("_", " ")}`}`;
    const source = { measure: "consistency", column: "pass_hat", k: Number(hat[1]), ...scored } as const;
    return { name, label, unit: "1", better: "higher", source };
  }
  const own = Object.hasOwn(steady, column) ? steady[column] : undefined;
  if (own?.source.measure !== "consistency") throw unknown(name);
  const down = score !== "" && ["worst", "low_quantile"].includes(column) && fault.test(score);
  return { name, ...own, better: down ? "lower" : "higher", source: { ...own.source, ...scored } };
}

function contextMetric(name: string, floor: number): Metric {
  if (!Number.isFinite(floor))
    throw new RangeError(`metric requires effective_context:FLOOR with a number as its floor, got "${name}"`);
  const label = floor === 0.5 ? "effective context" : `effective context at a floor of ${floor}`;
  return { name, label, unit: "tokens", better: "higher", source: { measure: "contextLength", floor } };
}

function latencyMetric(name: string): Metric {
  const [, what, part] = /^(.+)_(mean|p\d+)$/.exec(name) ?? [];
  const quantile = part === "mean" ? part : quantiles[part];
  if (what === undefined || quantile === undefined) throw unknown(name);
  let of: LatencyMetric;
  try {
    of = metricOf(what);
  } catch {
    throw unknown(name);
  }
  const speed = of === "output_tokens_per_second";
  return {
    name: `${of}_${part}`,
    label: `${part} ${of.replaceAll("_", " ")}`,
    unit: speed ? "tokens/s" : "s",
    better: speed ? "higher" : "lower",
    source: { measure: "latency", metric: of, quantile },
  };
}

function unknown(name: string): RangeError {
  const known = [
    ...[
      "duration",
      "time_to_first_token",
      "ttft",
      "time_per_output_token",
      "output_tokens_per_second",
    ].flatMap((of) => ["mean", ...Object.keys(quantiles)].map((part) => `${of}_${part}`)),
    ...Object.keys(plain),
    "hallucination",
    ...Object.keys(steady).map((one) => `consistency:${one}`),
    "effective_context",
  ];
  const rule =
    "metric requires a name such as duration_p95, cost_per_resolved, error_rate, score:NAME or consistency:same_output";
  return new RangeError(`${rule}, got "${name}"${didYouMean(name, known)}`);
}
