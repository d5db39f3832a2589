import { isRate, metric } from "../../measures/metric";
import { isRatio, type Metric, waits } from "../../measures/metricKinds";
import { offeredMetrics } from "../../measures/metrics";
import type { MixMetric } from "../../measures/mix/mixMetric";
import { inTerms } from "../../measures/mix/mixStrata";

/** A number by which two sides are compared. */
export interface ComparedMetric extends MixMetric, Pick<Metric, "name" | "label" | "unit" | "words"> {}

/** True of a metric that a drawn part of the tasks was read for. */
export const isRead = (name: string): boolean => metric(name).source.measure === "causes";

/** Units whose metrics can be compared: of larger units there are too few on two sides. */
const comparable = ["answers", "calls", "tasks", "conversations"];

/** What a name means in a comparison; a score's mean is a rate if the score is 0 or 1. */
export function comparedMetric(name: string, rates: ReadonlySet<string> = new Set()): ComparedMetric {
  const parsed = metric(name);
  // A mean that includes timeouts is only a lower bound, so the comparison uses the time waited.
  const found = parsed.name === "duration_mean" ? metric("time_waited") : parsed;
  const { label, unit, words, source } = found;
  const base = { name: found.name, label, unit, words };
  if (source.measure === "latency" && source.quantile !== "mean")
    return { ...base, kind: "quantile", of: { metric: source.metric, p: source.quantile } };
  if (source.measure === "quality") {
    const score = inTerms(found.name);
    const rate = rates.has(score);
    return { ...base, name: score, unit: rate ? "1" : unit, kind: rate ? "rate" : "mean" };
  }
  if (source.measure === "causes") return { ...base, kind: "rate" };
  if (isRatio(found) && comparable.includes(found.source.over))
    return { ...base, kind: isRate(found) ? "rate" : "mean" };
  const known = [
    ...offeredMetrics("compare").map((one) => one.name),
    `other quantiles of ${Object.keys(waits).join(", ")}`,
    "other ratios over calls, tasks and conversations",
  ].join(", ");
  throw new RangeError(`compare requires metrics of ${known}, score:NAME and cause:NAME, got "${name}"`);
}
