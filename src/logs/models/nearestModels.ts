import { edits, nearest } from "../../store/nearest";

/**
 * The names of models nearest to one: those of its family first, and among these, one with a typo, then the ones
 * with most words in common (mini, sonnet), then the nearest version, then the fewest edits. Names without a
 * common family come last, and only if they differ by few letters.
 */
export function nearestNames(given: string, names: readonly string[], most: number): string[] {
  const own = partsOf(given);
  const close = new Set(nearest(given, names, most));
  const letters = lettersOf(given);
  return names
    .map((name) => {
      const other = partsOf(name);
      const begins = letters.length >= 4 && lettersOf(name).startsWith(letters);
      const family = begins || isSimilar(own.words[0], other.words[0]) ? 0 : 1;
      const apart = unlike(own.words, other.words) + unlike(other.words, own.words);
      const version = distance(own.versions, other.versions);
      const changed = edits(given, name);
      const isSlip = changed <= 1 && version === 0;
      return { name, rank: [family, isSlip ? 0 : 1, apart, version, changed] };
    })
    .filter(({ name, rank }) => rank[0] === 0 || close.has(name))
    .sort((a, b) => compared(a.rank, b.rank) || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map(({ name }) => name);
}

const lettersOf = (name: string) => name.toLowerCase().replace(/[^a-z0-9.]/g, "");

function partsOf(name: string): { words: string[]; versions: number[] } {
  const parts = name.toLowerCase().match(/[a-z]+|\d+(\.\d+)?/g) ?? [];
  return {
    words: parts.filter((part) => /^[a-z]/.test(part)),
    versions: parts.filter((part) => /^\d/.test(part)).map(Number),
  };
}

/** The same word, or one with a typo in it. */
const isSimilar = (a?: string, b?: string) =>
  a !== undefined && b !== undefined && (a === b || (a.length > 3 && edits(a, b) <= a.length / 4));

const unlike = (some: readonly string[], others: readonly string[]) =>
  some.filter((word) => !others.some((other) => isSimilar(word, other))).length;

/** The first version counts more than all later numbers, which are sizes and dates. */
function distance(a: readonly number[], b: readonly number[]): number {
  if (a.length === 0 || b.length === 0) return a.length === b.length ? 0 : 1e3;
  const later = a.slice(1).filter((one) => !b.slice(1).includes(one)).length;
  return Math.abs(a[0] - b[0]) + later / 100;
}

function compared(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((one, place) => one !== b[place]);
  return at < 0 ? 0 : a[at] - b[at];
}
