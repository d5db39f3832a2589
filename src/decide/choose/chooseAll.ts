import { say } from "../../stats/sentences";
import type { Store } from "../../store/open";
import type { Profile } from "../profile/profile";
import { type ChooseOptions, choose } from "./choose";
import type { Choice } from "./chooseTable";
import { listed } from "./chooseText";
import { mayBeBest } from "./mayBeBest";

/** The choices of several profiles. */
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
 * Chooses for several profiles on one store, and says whether they share a model.
 *
 * @throws RangeError as `choose`
 * @example
 * const store = await openDemo();
 * const { choices, verdict } = await chooseAll(store, { profiles: ["chat", "review"] });
 * verdict // "Take tamarisk-mini for chat and tamarisk-large for review."
 * choices[0].rows[0].p_best.toFixed(2) // "0.98"
 */
export async function chooseAll(store: Store, { profiles, ...options }: ChooseAllOptions): Promise<Choices> {
  if (profiles.length === 0) throw new RangeError("chooseAll requires at least one profile, got none");
  const choices: Choice[] = [];
  for (const profile of profiles) choices.push(await choose(store, { ...options, profile }));
  return { choices, verdict: sharedVerdict(choices) };
}

/**
 * Which of several choices share their best model, in words.
 *
 * @example
 * const store = await openDemo();
 * const choice = await choose(store, { profile: "chat" });
 * sharedVerdict([choice, { ...choice, profile: "support" }]) // "Take tamarisk-mini for chat and support."
 */
export function sharedVerdict(choices: readonly Choice[]): string {
  if (choices.length === 0) return say("choose.noProfile", {});
  const shared = new Map<string, string[]>();
  const open: string[] = [];
  for (const choice of choices) {
    const { profile, best } = choice;
    if (best === null) open.push(openText(choice));
    else shared.set(best, [...(shared.get(best) ?? []), profile]);
  }
  if (shared.size === 0) return say("choose.noneTaken", { open: open.join("; ") });
  const taken = [...shared].map(([model, profiles]) => `${model} for ${listed(profiles)}`);
  // A second "and" would be misread in a list of names that contain one themselves.
  const simple = [...shared.values()].every(({ length }) => length === 1);
  return say("choose.take", { models: [simple ? listed(taken) : taken.join(", "), ...open].join("; ") });
}

/** The models that a choice is open between; a long list is only counted. */
function openText({ profile, rows }: Choice): string {
  const names = mayBeBest(rows);
  if (!rows.some(({ passes }) => passes)) return `no model is shown to meet the floors of ${profile}`;
  if (names.length < 2) return `${profile} is open${names.length === 0 ? "" : `, ${names[0]} leads`}`;
  return `${profile} is open between ${names.length > 3 ? `${names.length} models` : listed(names)}`;
}
