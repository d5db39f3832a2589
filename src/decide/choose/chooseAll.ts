import type { Store } from "../../store/open";
import type { Profile } from "../profile/profile";
import { type ChooseOptions, choose } from "./choose";
import type { Choice, ChoiceRow } from "./chooseTable";
import { listed } from "./chooseText";
import { RIVAL } from "./chooseVerdict";

/** What a choice takes, for several profiles. */
export interface ChooseAllOptions extends Omit<ChooseOptions, "profile"> {
  /** Names of built-in profiles, files, or profiles. */
  profiles: readonly (string | Profile)[];
}

/** What several teams should take, from the same logs. */
export interface Choices {
  choices: Choice[];
  /** Which profiles share a model and which do not, in words. */
  verdict: string;
}

/**
 * The choice of several profiles on one store, and whether they share a model.
 *
 * @throws RangeError as `choose`
 * @example
 * const store = await openDemo();
 * const fast = { name: "fast", criteria: [{ metric: "duration_p50", weight: 1, good: 1, bad: 20 }] };
 * (await chooseAll(store, { profiles: [fast] })).verdict // "fast takes orrery-swift."
 */
export async function chooseAll(store: Store, { profiles, ...options }: ChooseAllOptions): Promise<Choices> {
  if (profiles.length === 0) throw new RangeError("chooseAll requires at least one profile, got none");
  const choices: Choice[] = [];
  for (const profile of profiles) choices.push(await choose(store, { ...options, profile }));
  return { choices, verdict: sharedVerdict(choices) };
}

/**
 * Which of several choices share their best, in words.
 *
 * @example
 * sharedVerdict([]) // "No profile is answered."
 */
export function sharedVerdict(choices: readonly Choice[]): string {
  const shared = new Map<string, string[]>();
  const open: string[] = [];
  for (const { profile, best, rows } of choices) {
    if (best === null) open.push(`${profile}${rivals(rows)}`);
    else shared.set(best, [...(shared.get(best) ?? []), profile]);
  }
  const said = [...shared].map(([model, profiles]) =>
    profiles.length === 1 ? `${profiles[0]} takes ${model}` : `${listed(profiles)} share ${model}`,
  );
  const unsure = open.length === 0 ? "" : `cannot tell for ${listed(open)}`;
  if (choices.length === 0) return "No profile is answered.";
  if (said.length === 0) return `No profile has a settled best: ${unsure}.`;
  const text = `${[...said, ...(unsure ? [unsure] : [])].join("; ")}.`;
  const settled = choices.length - open.length;
  if (settled > 1 && shared.size === settled)
    return `${settled} profiles, ${shared.size} different models: ${text}`;
  return text;
}

/** Who may be the best, the likeliest first, in brackets; nothing where that is no short list. */
function rivals(rows: readonly ChoiceRow[]): string {
  const likely = rows.filter(({ p_best }) => p_best >= RIVAL).sort((a, b) => b.p_best - a.p_best);
  return likely.length === 0 || likely.length > 3 ? "" : ` (${likely.map(({ name }) => name).join(" or ")})`;
}
