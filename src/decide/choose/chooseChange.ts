import { labelOf } from "../profile/criterion";
import type { Choice } from "./chooseTable";
import { brief, listed } from "./chooseText";

/**
 * How far a choice hangs on its weights, in a sentence or two.
 *
 * @example
 * changeText({ profile: "p", workload: "", by: ["model"], criteria: [], rows: [], best: null, verdict: "", weights: { alder: 1 }, change: null, p_none: 0, traffic: { calls: 0, days: 0 }, notes: [] }) // "alder is the best of those that pass under 100 % of all weightings. No weights put another on top."
 */
export function changeText({ weights, change, criteria }: Choice): string {
  const [first] = Object.entries(weights).sort(([, a], [, b]) => b - a);
  if (first === undefined) return "None passes, whatever the weights.";
  const [name, share] = first;
  const won = `${name} is the best of those that pass under ${brief(100 * share, 3)} % of all weightings.`;
  if (change === null) return `${won} No weights put another on top.`;
  const moves = criteria.map((one, at) => ({
    label: labelOf({ metric: one.metric }),
    by: change.weights[at] - one.weight,
  }));
  const named = (sign: number) =>
    listed(moves.filter(({ by }) => by * sign > 1e-9).map(({ label }) => `the ${label}`));
  if (!(change.moved > 1e-9)) return `${won} ${change.model} is as good by the profile's own weights.`;
  const to = `${brief(100 * change.moved)} % of the weight from ${named(-1)} to ${named(1)}`;
  return `${won} ${change.model} would be on top after moving ${to}.`;
}
