import { metric } from "../../measures/metric";

/** A number that two sides are compared by. */
export interface ComparedMetric {
  name: string;
  label: string;
  unit: string;
  kind: "quantile" | "rate" | "mean";
  /** Of a quantile: which, and of what. */
  of?: { metric: "duration" | "time_to_first_token"; p: number };
  /** What it is called when b is clearly lower than a, and when it is clearly higher. */
  words: [lower: string, higher: string];
}

/** What is compared unless asked otherwise, as far as the log has it; every score comes after. */
export const comparedByDefault = [
  "duration_p50",
  "duration_p95",
  "duration_p99",
  "time_to_first_token_p50",
  "time_to_first_token_p95",
  "error_rate",
  "output_tokens",
  "cost_per_call",
  "cost_per_task",
  "cost_per_resolved",
  "attempts_per_task",
  "resolve_rate",
] as const;

const words: Record<string, [string, string]> = {
  error_rate: ["fewer errors", "more errors"],
  output_tokens: ["shorter answers", "longer answers"],
  cost_per_call: ["cheaper", "dearer"],
  cost_per_task: ["cheaper", "dearer"],
  cost_per_resolved: ["cheaper", "dearer"],
  attempts_per_task: ["fewer attempts", "more attempts"],
  resolve_rate: ["resolves less", "resolves more"],
};

/** What a name stands for in a comparison; a score's mean is a rate where the score is 0 or 1. */
export function comparedMetric(name: string, rates: ReadonlySet<string> = new Set()): ComparedMetric {
  if (name === "output_tokens") {
    const about = { label: "output tokens per call", unit: "tokens/call" };
    return { name, ...about, kind: "mean", words: words[name] };
  }
  const found = metric(name);
  const { label, unit, source } = found;
  const base = { name: found.name, label, unit };
  if (source.measure === "latency") {
    const { metric: of, quantile: p } = source;
    if (p !== "mean" && (of === "duration" || of === "time_to_first_token"))
      return { ...base, kind: "quantile", of: { metric: of, p }, words: ["faster", "slower"] };
  } else if (source.measure === "quality") {
    const score = `score:${source.score}`;
    const rate = rates.has(score);
    const about = { ...base, name: score, unit: rate ? "1" : unit };
    return { ...about, kind: rate ? "rate" : "mean", words: ["lower", "higher"] };
  } else if (Object.hasOwn(words, found.name)) {
    return { ...base, kind: unit === "1" ? "rate" : "mean", words: words[found.name] };
  }
  const known = `${comparedByDefault.join(", ")}, other quantiles of duration and time_to_first_token, and score:NAME`;
  throw new RangeError(`compare requires metrics of ${known}, got "${name}"`);
}
