import { type Estimate, withNotes } from "../../stats/estimate";
import { reserve } from "../../stats/reservation";
import type { StudyOptions } from "./design";
import type { ClusterSlots } from "./users";

/** The least and the most that was found in docs/simulations/plan.md where a few users make most of the calls, by looks. */
const foundIfUneven = { once: "61 to 83", everyWeek: "40 to 88" };

/** Effective clusters, as a share of all, below which the spread between clusters depends on a few busy ones. */
const even = 0.4;

/** How many clusters of equal size say as much as a group's; all of them are more. */
function effectiveOf({ clusters, sizes, slots }: ClusterSlots): number {
  const all = sizes.filter((_, at) => at % (slots + 1) === slots);
  const [sum, squares] = all.reduce(([n, n2], m) => [n + m, n2 + m * m], [0, 0]);
  return (sum * sum * clusters) / (squares * all.length);
}

const isUneven = (traffic: ClusterSlots): boolean => effectiveOf(traffic) < even * traffic.clusters;

/** A power as it is stated, and how much less may be found where a few clusters make most of the calls. */
export const powerOfTraffic = (
  power: Estimate,
  traffic: ClusterSlots,
  { anytime }: StudyOptions,
): Estimate =>
  isUneven(traffic)
    ? withNotes(power, [reserve("plan.uneven", { found: foundIfUneven[anytime ? "everyWeek" : "once"] })])
    : power;

/** The note of traffic of which a few clusters make most. */
export function uneven(traffic: readonly ClusterSlots[], clusterBy: string): string[] {
  const few = traffic.filter(isUneven);
  if (few.length === 0) return [];
  const worst = few.reduce((a, b) => (effectiveOf(a) < effectiveOf(b) ? a : b));
  return [
    `A few clusters make most of the calls: the ${Math.round(worst.clusters)} clusters by ${clusterBy} tell as much as ${Math.round(effectiveOf(worst))} of equal size, and their spread is rough. In simulations with such users, studies planned for 80 % found the difference in ${foundIfUneven.once} %, and in ${foundIfUneven.everyWeek} % with looks every week: plan from a longer log, or for more power.`,
  ];
}
