import { labelOf } from "../profile/criterion";
import type { Choice } from "./chooseTable";
import { brief, chance, listed } from "./chooseText";
import { bestOf } from "./weights";

/**
 * How sensitive a choice is to its weights, in a sentence or two.
 *
 * @example
 * const store = await openDemo();
 * const choice = await choose(store, { profile: "chat" });
 * changeText(choice).split(". ")[1] // "Of all possible weights, tamarisk-mini wins 98 % and tamarisk-large 1 %."
 */
export function changeText({ best, weights, change, criteria, rows }: Choice): string {
  const names = Object.keys(weights);
  // What keeps them from it is in the notes, a line for each.
  if (names.length === 0 && rows.some(({ passes }) => passes))
    return "No model that passes can be compared: each lacks a known value of some criterion.";
  if (names.length === 0) return "No model passes, whatever the weights.";
  const isOpen = rows.some(({ passes, p_best }) => passes && Number.isNaN(p_best));
  if (names.length === 1 && isOpen) return `Of those that pass, only ${names[0]} can be compared.`;
  if (names.length === 1) return `Only ${names[0]} passes, whatever the weights.`;
  const worths = rows
    .filter(({ name }) => names.includes(name))
    .map(({ name, worth }) => ({ model: name, worth: Object.values(worth) }));
  const first = bestOf(
    worths,
    criteria.map(({ weight }) => weight),
  );
  if (change === null)
    return `${listed(first)} ${best === null ? "is ahead as measured" : "leads"} whatever the weights.`;
  const shares = Object.entries(weights)
    .filter(([, share]) => share >= 0.01)
    .sort(([, a], [, b]) => b - a)
    .slice(0, 3)
    .map(([name, share], at) => `${name} ${at === 0 ? "wins " : ""}${chance(share)}`);
  const won = `Of all possible weights, ${listed(shares)}.`;
  if (!(change.moved > 1e-9)) return `${listed(first)} are on top together by these weights. ${won}`;
  const moves = criteria.map((one, at) => ({
    label: labelOf({ metric: one.metric }),
    by: change.weights[at] - one.weight,
  }));
  const named = (sign: number) =>
    listed(moves.filter(({ by }) => by * sign > 1e-9).map(({ label }) => `the ${label}`));
  const moved = `${brief(100 * change.moved)} % of the weight moved from ${named(-1)} to ${named(1)}`;
  return `${listed(first)} leads with these weights; ${change.model} would with ${moved}. ${won}`;
}
