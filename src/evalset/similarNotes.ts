import { wordsOf } from "./words";

/** Another note, by its place in the list, and how much of the words of both is in both. */
export interface SimilarNote {
  at: number;
  share: number;
}

/** Notes are similar from this share on: of two notes of five words each, all as rare, two are in both. */
const least = 0.25;
/** More than these are not looked through. */
const most = 30;

/**
 * For each note the others with similar words, most similar first, at most 30: the words in both over all words of the two,
 * of which each counts by how rare it is among the notes.
 *
 * @example
 * similarNotes(["search timed out", "the search timed out twice", "wrong policy"]).map((one) => one.length) // [1, 1, 0]
 */
export function similarNotes(notes: readonly string[]): SimilarNote[][] {
  const words = notes.map((note) => [...new Set(wordsOf(note))]);
  const having = new Map<string, number[]>();
  for (const [at, own] of words.entries())
    for (const word of own) {
      const places = having.get(word);
      if (places === undefined) having.set(word, [at]);
      else places.push(at);
    }
  const weight = (word: string) => Math.log(1 + notes.length / (having.get(word)?.length ?? 1));
  const whole = words.map((own) => own.reduce((sum, word) => sum + weight(word), 0));
  return words.map((own, at) => {
    const shared = new Map<number, number>();
    for (const word of own)
      for (const other of having.get(word) ?? [])
        if (other !== at) shared.set(other, (shared.get(other) ?? 0) + weight(word));
    return [...shared]
      .map(([other, both]) => ({ at: other, share: both / (whole[at] + whole[other] - both) }))
      .filter(({ share }) => share >= least)
      .sort((a, b) => b.share - a.share || a.at - b.at)
      .slice(0, most);
  });
}

/** The places of notes in an order in which each is followed by the most similar one that is left. */
export function nextToSimilar(similar: readonly (readonly SimilarNote[])[]): number[] {
  const left = new Set(similar.keys());
  const order: number[] = [];
  while (left.size > 0) {
    const last = order.at(-1);
    const next = last === undefined ? undefined : similar[last].find(({ at }) => left.has(at));
    const [at] = next === undefined ? left : [next.at];
    left.delete(at);
    order.push(at);
  }
  return order;
}
