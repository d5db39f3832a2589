import { claim, isSettled } from "../../stats/claim";
import { leadOver, leadOverUnknown } from "../../stats/leads";
import { rankSets } from "../../stats/rankSets";
import type { Metric } from "../metricKinds";
import type { Measured, Pair } from "./agreementSides";

/** Who is the best in production, as far as the models' numbers show it, whatever is not known of them. */
export function firstInProduction(
  { models, production, productionError }: Pair,
  values: readonly Measured[],
  { better }: Pick<Metric, "better">,
  options: { level: number; seed: number },
) {
  const errors = productionError ?? models.map(() => 0);
  const ranks = rankSets({ scores: production, errors }, options);
  const order = models
    .map((_, at) => at)
    .sort((a, b) => production[b] - production[a] || (models[a] < models[b] ? -1 : 1));
  const top = order.filter((at) => ranks[at].low === 1).map((at) => models[at]);
  // If production has no order, there is nothing to agree or disagree with.
  const isKnown = top.length < models.length;
  const own = (model: string) => (values.find((one) => one.model === model) ?? values[0]).estimate;
  const left = values.map(({ model }) => model).filter((model) => !models.includes(model));
  const [best, ...others] = order.map((at) => models[at]);
  const over = (other: string) => leadOver(own(best), own(other), better);
  const bounds = [...others.map(over), ...left.map(leadOverUnknown)];
  const ofBest = claim("agreement.first", "best", bounds, { shown: top.length === 1 });
  /** Whether another model is behind, whatever is not known. */
  const isBehind = (model: string) =>
    !top.includes(model) && isSettled(claim("agreement.not-first", "differs", [over(model)]));
  return {
    ...{ top, isKnown, left, best, own, claim: ofBest },
    isFirst(model: string): "yes" | "no" | "cannot tell" {
      if (!isKnown || left.includes(model)) return "cannot tell";
      if (model === best && isSettled(ofBest)) return "yes";
      return isBehind(model) ? "no" : "cannot tell";
    },
  };
}
