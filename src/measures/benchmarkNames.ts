import { modelName } from "../logs/models/modelName";

/** Words that tell a tuned model from its base: two names that differ in them are never taken for one model. */
const tuned = /(?<![a-z])(chat|instruct|it|base|sft|dpo|rlhf|thinking|reasoning)(?![a-z])/g;

/** How names are matched. */
export interface NameOptions {
  /** Match spellings only, without reading what they mean. Default false. */
  exact?: boolean;
}

/** A name as it is compared: without case and outer blanks. */
export function plainName(name: string): string {
  return name.trim().replace(/\s+/g, " ").toLowerCase();
}

/**
 * The names of one table after those that are told to mean another model: { "gpt-4": "gpt-4-0613" }. A table that has
 * both names tells them apart, and keeps them.
 */
export function renamed(names: readonly string[], same: Readonly<Record<string, string>> = {}): string[] {
  const own = new Set(names.map(plainName));
  const meant = new Map(Object.entries(same).map(([from, to]) => [plainName(from), to]));
  return names.map((name) => {
    const to = meant.get(plainName(name));
    return to === undefined || own.has(plainName(to)) ? name : to;
  });
}

/**
 * For each name the known one that means the same model, by its spelling or, where exactly one name on either side
 * reads as that model, by what the spelling means; undefined where there is none.
 */
export function matchNames(
  names: readonly string[],
  known: readonly string[],
  options: NameOptions = {},
): (string | undefined)[] {
  const bySpelling = new Map<string, string>();
  for (const one of known) {
    const plain = plainName(one);
    if (!bySpelling.has(plain)) bySpelling.set(plain, one);
  }
  const found = names.map((name) => bySpelling.get(plainName(name)));
  if (options.exact === true) return found;
  const taken = new Set(found);
  const free = gathered(known.filter((one) => !taken.has(one)));
  const asking = gathered(names.filter((_, at) => found[at] === undefined));
  return names.map((name, at) => {
    if (found[at] !== undefined) return found[at];
    const meaning = meaningOf(name);
    const own = new Set(asking.get(meaning));
    const candidates = new Set(free.get(meaning));
    return own.size === 1 && candidates.size === 1 ? [...candidates][0] : undefined;
  });
}

function gathered(names: readonly string[]): Map<string, string[]> {
  const all = new Map<string, string[]>();
  for (const name of names) {
    const meaning = meaningOf(name);
    all.set(meaning, [...(all.get(meaning) ?? []), name]);
  }
  return all;
}

/** What a name means, as a key: the model it reads as, and whether it is a base or a tuned one. */
export function meaningOf(name: string): string {
  const plain = plainName(name);
  const words = [...new Set(plain.match(tuned) ?? [])].sort().join(" ");
  return `${modelName(plain).model.toLowerCase()} ${words}`;
}
