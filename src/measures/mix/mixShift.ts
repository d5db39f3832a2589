import { type Estimate, withNotes } from "../../stats/estimate";
import { reserve } from "../../stats/reservation";
import { percent, threeDigits } from "../../stats/text";
import { movedCase } from "../../stats/worstCase";
import { isRate, metric } from "../metric";
import { isRatio } from "../metricKinds";
import type { MixMetric } from "./mixMetric";
import { inTerms } from "./mixStrata";
import type { AtMix } from "./mixTables";

/** True if a metric can be estimated at a mix other than the log's. */
export const hasMix = (name: string): boolean => mixMetric(name, new Set()) !== undefined;

/**
 * How a metric is computed from sums over calls, tasks, conversations and scores; undefined if it can't be.
 */
export function mixMetric(name: string, rates: ReadonlySet<string>): MixMetric | undefined {
  if (name.includes(" within ")) return { name, kind: "rate" };
  const one = metric(name);
  const { source } = one;
  if (source.measure === "latency")
    return source.quantile === "mean"
      ? undefined
      : { name, kind: "quantile", of: { metric: source.metric, p: source.quantile } };
  if (source.measure === "quality")
    return { name: inTerms(name), kind: rates.has(inTerms(name)) ? "rate" : "mean" };
  if (isRatio(one) && one.source.over !== "users") return { name, kind: isRate(one) ? "rate" : "mean" };
  return undefined;
}

/** An estimate moved from a group's own number to the number at one mix; no narrower than it was. */
export function moved(estimate: Estimate, { standard, margins }: AtMix): Estimate {
  const { value, low, high, unit, worst_case: worst, unpriced } = estimate;
  const [own, there] = [margins.b, margins.t];
  const wider = Math.max(1, there.error / own.error);
  const factor = Number.isFinite(wider) ? wider : 1;
  if (!Number.isFinite(there.value - own.value) || Number.isNaN(value)) return estimate;
  const shift = shiftText(own.value, there.value);
  const { covered } = standard;
  const noticed = withNotes(estimate, [
    covered < 0.995
      ? reserve("method.part-of-mix", { shift, covered: percent(covered) })
      : reserve("method.mix", { shift }),
  ]);
  const isRatio = low > 0 && unit !== "1" && own.value > 0 && there.value > 0;
  const within = (x: number) => (unit === "1" ? Math.min(1, Math.max(0, x)) : x);
  const at = (x: number) => (isRatio ? (x * there.value) / own.value : within(x + there.value - own.value));
  // What unknown outcomes could make of the number moves with it.
  const raised = unpriced === undefined ? {} : { unpriced: { ...unpriced, at_most: at(unpriced.at_most) } };
  const cases = worst === undefined ? raised : { ...raised, worst_case: movedCase(worst, at) };
  if (isRatio) {
    const ends = { low: at(value) * (low / value) ** factor, high: at(value) * (high / value) ** factor };
    return { ...noticed, ...cases, value: at(value), ...ends };
  }
  const middle = value + there.value - own.value;
  return {
    ...noticed,
    ...cases,
    value: at(value),
    low: within(middle - factor * (value - low)),
    high: within(middle + factor * (high - value)),
  };
}

const shiftText = (own: number, there: number) =>
  own > 0 && there > 0 ? `${threeDigits(there / own)} times its own` : "moved from its own";
