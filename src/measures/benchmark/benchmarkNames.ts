import { modelName, ownName } from "../../logs/models/modelName";

/** Words that tell a tuned model from its base: two names that differ in them are never taken for one model. */
const tuned = /(?<![a-z])(chat|instruct|it|base|sft|dpo|rlhf|thinking|reasoning)(?![a-z])/g;

/** How names are matched. */
export interface NameOptions {
  /** Match spellings only, without reading what they mean. Default false. */
  exact?: boolean;
  /** Take another release for the model where it is the only one there is of that name. Default false. */
  anyRelease?: boolean;
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
  const free = known.filter((one) => !taken.has(one));
  const asking = names.filter((_, at) => found[at] === undefined);
  const matched = matchBy(meaningOf, names, found, asking, free);
  // Where either side has several releases each is a model of its own, matched or not.
  return options.anyRelease === true ? matchBy(kindOf, names, matched, names, known) : matched;
}

/** What is not found yet, where exactly one of either side's names has its key. */
function matchBy(
  keyOf: (name: string) => string,
  names: readonly string[],
  found: readonly (string | undefined)[],
  asking: readonly string[],
  known: readonly string[],
): (string | undefined)[] {
  const own = gathered(keyOf, asking);
  const candidates = gathered(keyOf, known);
  return names.map((name, at) => {
    if (found[at] !== undefined) return found[at];
    const key = keyOf(name);
    const [one] = candidates.get(key) ?? [];
    return own.get(key)?.size === 1 && candidates.get(key)?.size === 1 ? one : undefined;
  });
}

function gathered(keyOf: (name: string) => string, names: readonly string[]): Map<string, Set<string>> {
  const all = new Map<string, Set<string>>();
  for (const name of names) {
    const key = keyOf(name);
    all.set(key, (all.get(key) ?? new Set()).add(name));
  }
  return all;
}

/** What a name means, as a key: the model it reads as, and whether it is a base or a tuned one. */
export function meaningOf(name: string): string {
  return readingOf(name).meaning;
}

/** The same without the release. */
function kindOf(name: string): string {
  return readingOf(name).kind;
}

/** Names that were read: a handful of models is compared with every benchmark, metric by metric. */
const read = new Map<string, { meaning: string; kind: string }>();
const MOST_READ = 10_000;

function readingOf(name: string): { meaning: string; kind: string } {
  const plain = plainName(name);
  const known = read.get(plain);
  if (known !== undefined) return known;
  const parsed = modelName(plain);
  // What a table says a spelling means needs no words to set it apart.
  const unset = plain.replace(/@[a-z_]+=\S+/g, "").match(tuned) ?? [];
  const apart = [...new Set(unset)].filter((word) => !parsed.variants.some((one) => one.includes(word)));
  const words = ownName(plain) !== plain ? "" : apart.sort().join(" ");
  const reading = {
    meaning: `${parsed.model.toLowerCase()} ${words}`,
    kind: `${parsed.name.toLowerCase()} ${words}`,
  };
  if (read.size >= MOST_READ) read.clear();
  read.set(plain, reading);
  return reading;
}
