/** A longer text is not a misspelt name, and comparing it letter by letter would take minutes. */
const longestName = 500;

/** The names nearest to a given one by edit distance, nearest first, none further than half its length. */
export function nearest(given: string, names: readonly string[], most = 3): string[] {
  if (given.length > longestName) return [];
  const lower = given.toLowerCase();
  // A name of one or two letters would have nothing left.
  const limit = Math.min(given.length - 1, Math.max(2, Math.floor(given.length / 2)));
  return names
    .filter((name) => Math.abs(name.length - given.length) <= limit)
    .map((name) => ({ name, edits: edits(lower, name.toLowerCase()) }))
    .filter(({ edits }) => edits <= limit)
    .sort((a, b) => a.edits - b.edits || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map(({ name }) => name);
}

/** `; did you mean "model"?` or an empty text. */
export function didYouMean(given: string, names: readonly string[]): string {
  const [name] = nearest(given, names, 1);
  return name === undefined ? "" : `; did you mean "${name}"?`;
}

/** Levenshtein distance, one row of the table at a time. */
export function edits(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row.push(Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    above = row;
  }
  return above[b.length];
}
