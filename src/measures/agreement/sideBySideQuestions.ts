import type { Metric } from "../metricKinds";

/** Common questions, and the metrics that answer them, the best first. */
const questions: readonly (readonly [string, readonly string[]])[] = [
  [
    "Which model makes people wait least?",
    ["time_to_first_token_p95", "duration_p95", "time_to_first_token_p50", "duration_p50"],
  ],
  ["Which model costs least for the work done?", ["cost_per_resolved", "cost_per_task", "cost_per_call"]],
  ["Which model gets most done?", ["resolve_rate"]],
  ["Which model makes things up least?", ["hallucination"]],
  ["Which model fails least?", ["error_rate"]],
];

/** The measurable metrics that answer common questions, and all scores. */
export function questionsOf(measurable: readonly string[]): string[] {
  const requested = questions.flatMap(([, names]) => names.filter((name) => measurable.includes(name)));
  return [...requested, ...measurable.filter((name) => name.startsWith("score:"))];
}

/** The question that a metric answers, in everyday words. */
export function questionOf(metric: Metric): string {
  const found = questions.find(([, names]) => names.includes(metric.name));
  return found?.[0] ?? `Which model is best by ${metric.label}?`;
}
