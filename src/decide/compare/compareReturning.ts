import type { AtMix } from "../../measures/mix/mixTables";
import { type Estimate, renoted } from "../../stats/estimate";
import { ratioOf } from "../../stats/mover";
import { reserve } from "../../stats/reservation";
import { changeOf, once } from "./compareChange";
import { heldApart, heldOver } from "./compareHeld";
import type { ComparedMetric } from "./compareMetrics";
import type { Switched } from "./controlAt";

/** The change among users who are on both sides; NaN if they are too few. */
export function returningOf(
  metric: ComparedMetric,
  at: AtMix | undefined,
  { level, switched }: { level: number; switched?: Switched },
): { ratio: Estimate; p: number } {
  const none = { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  const about = { level, method: "none", n: 0, clusters: 0, clusterBy: "", unit: "×" };
  if (at === undefined)
    return { ratio: renoted({ ...none, ...about }, [reserve("compare.no-user")]), p: Number.NaN };
  const { margins, spread, standard } = at;
  const change = changeOf(margins, spread, "t", "k");
  const side = (name: "k" | "t", second: 0 | 1): Estimate => {
    const [low, high] = Number.isNaN(change.p)
      ? [Number.NaN, Number.NaN]
      : margins[name].bounds(spread.t(level));
    const { clusters, clusterBy } = spread;
    const { value, method } = margins[name];
    const n = standard.units[name];
    return { value, low, high, level, method, n, clusters: clusters[second], clusterBy, unit: metric.unit };
  };
  const [first, second] = [side("k", 0), side("t", 1)];
  const ratio = once({ ...ratioOf(second, first, { correlation: change.correlation }), unit: "×" });
  const held = Number.isNaN(change.p) ? undefined : heldOver(at, switched, metric, level);
  return held === undefined
    ? { ratio, p: change.p }
    : { ratio: heldApart(held, first.value, [ratio, ratio])[1], p: held.p };
}
