import { promptText } from "./promptText";
import { runHashes, wordsOf } from "./words";

/** The definition of near-duplicates that a manifest records. */
export const nearDuplicateRule =
  "runs of 3 words of what a chat says, without the JSON around it (mail addresses, long numbers and ids, which are words with digits that hold a letter or are of 5 characters or more, count as one word), those that more than a third of the candidates share left out (a template tells nothing); " +
  "Jaccard index over all runs up to 512, over the 512 smallest hashes beyond (bottom-k MinHash); " +
  "of a text of more than 8,000 words its first and last 4,000";

const shingle = 3;
const mostWords = 8000;
const sketch = 512;

/** Options of finding near-duplicates. */
export interface DuplicateOptions {
  /** Jaccard index at or above which two texts are near-duplicates, in (0, 1]. */
  threshold: number;
  /** Number of texts to keep; those after the last one kept are not examined. Default: all. */
  limit?: number;
}

/**
 * Returns, for each text, the index of the first kept text that it nearly duplicates, or -1 if it is kept itself.
 *
 * @remarks Method: Broder (1997), doi:10.1109/SEQUEN.1997.666900, on word shingles.
 * @example
 * nearDuplicates(["a b c d", "A b, c d!", "x y z"], { threshold: 0.8 }) // [-1, 0, -1]
 */
export function nearDuplicates(
  texts: readonly string[],
  { threshold, limit = Number.POSITIVE_INFINITY }: DuplicateOptions,
): number[] {
  const drawn = sketches(texts);
  const kept: number[] = [];
  const likes: number[] = [];
  for (const [at, own] of drawn.entries()) {
    if (kept.length >= limit) break;
    const like = kept.find((other) => isSimilar(own, drawn[other], threshold));
    likes.push(like ?? -1);
    if (like === undefined) kept.push(at);
  }
  return likes;
}

/**
 * What is compared for each text: the smallest hashes of its word runs, except runs that many of these texts share as a
 * template.
 */
export function sketches(texts: readonly string[]): Uint32Array[] {
  const all = texts.map((text) => [...new Set(runHashes(wordsCompared(text), shingle))]);
  const common = commonRuns(all);
  return all.map((runs) => {
    const own = runs.filter((run) => !common.has(run));
    // A text that is all template is compared in full.
    return Uint32Array.from(own.length > 0 ? own : runs)
      .sort()
      .subarray(0, sketch);
  });
}

/**
 * Questions that differ only in the order or the person are one: all that looks like an id or an address becomes the
 * same word.
 */
function wordsCompared(prompt: string): string[] {
  const text = promptText(prompt)
    .replace(/[\p{L}\p{N}._%+'-]{1,64}@[\p{L}\p{N}.-]{1,255}/gu, " 0id ")
    .replace(/\d[\d ()./-]{5,40}\d/g, " 0id ");
  return shortened(wordsOf(text)).map((word) =>
    /\d/.test(word) && (word.length >= 5 || /\p{L}/u.test(word)) ? "#" : word,
  );
}

function shortened(words: string[]): string[] {
  if (words.length <= mostWords) return words;
  return [...words.slice(0, mostWords / 2), ...words.slice(-mostWords / 2)];
}

function commonRuns(all: readonly number[][]): Set<number> {
  const counts = new Map<number, number>();
  for (const runs of all) for (const run of runs) counts.set(run, (counts.get(run) ?? 0) + 1);
  const many = Math.max(10, all.length / 3);
  return new Set([...counts].filter(([, count]) => count > many).map(([run]) => run));
}

/**
 * Whether two texts are near-duplicates: the share of the union's smallest hashes that both have reaches the threshold.
 */
export function isSimilar(a: Uint32Array, b: Uint32Array, threshold: number): boolean {
  if (a.length === 0 || b.length === 0) return a.length === b.length;
  const limit = a.length === sketch || b.length === sketch ? sketch : Number.POSITIVE_INFINITY;
  let [i, j, both, union] = [0, 0, 0, 0];
  // At most this many may be in only one of them.
  const mostAlone = (1 - threshold) * Math.min(limit, a.length + b.length);
  while (i < a.length && j < b.length && union < limit) {
    if (a[i] === b[j]) {
      both++;
      i++;
      j++;
    } else if (a[i] < b[j]) i++;
    else j++;
    union++;
    if (union - both > mostAlone) return false;
  }
  union = Math.min(limit, union + (a.length - i) + (b.length - j));
  return both >= threshold * union;
}
