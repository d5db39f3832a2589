import { modelName, ownName } from "../../logs/models/modelName";

/** Words that distinguish a tuned model from its base: names that differ in them are never the same model. */
const tuned = /(?<![a-z])(chat|instruct|it|base|sft|dpo|rlhf|thinking|reasoning)(?![a-z])/g;

/** How to match names. */
export interface NameOptions {
  /** Match spellings only, without reading what they mean. Default false. */
  exact?: boolean;
  /** Accept another release of the model if it is the only one with that name. Default false. */
  anyRelease?: boolean;
}

/** A name normalised for comparison: lower case, without extra spaces. */
export function plainName(name: string): string {
  return name.trim().replace(/\s+/g, " ").toLowerCase();
}

/**
 * Renames the models of one table by `same`: { "gpt-4": "gpt-4-0613" }. A table that has both names distinguishes them,
 * so both are kept.
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
 * For each name, the known name of the same model: matched by spelling or, if exactly one name on each side reads as
 * that model, by meaning; undefined if there is none.
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
  // If either side has several releases, each is a model of its own, matched or not.
  return options.anyRelease === true ? matchBy(kindOf, names, matched, names, known) : matched;
}

/** Matches the names not found yet whose key belongs to exactly one name on each side. */
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

/** The meaning of a name, as a key: the model it reads as, and whether it is a base or a tuned model. */
export function meaningOf(name: string): string {
  return readingOf(name).meaning;
}

/** The same without the release. */
function kindOf(name: string): string {
  return readingOf(name).kind;
}

/** A cache of parsed names: the same few models are compared with every benchmark and metric. */
const read = new Map<string, { meaning: string; kind: string }>();
const MOST_READ = 10_000;

function readingOf(name: string): { meaning: string; kind: string } {
  const plain = plainName(name);
  const known = read.get(plain);
  if (known !== undefined) return known;
  const parsed = modelName(plain);
  // Variants that the parsed name already has, and spellings defined by the user's table, need no extra words.
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
