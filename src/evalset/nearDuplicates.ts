import { promptText } from "./promptText";
import { runHashes, wordsOf } from "./words";

/** How alike is too alike: what a manifest records. */
export const nearDuplicateRule =
  "runs of 3 words of what a chat says, without the JSON around it (mail addresses, long numbers and ids, which are words with digits that hold a letter or are of 5 characters or more, count as one word), those that more than a third of the candidates share left out (a template tells nothing); " +
  "Jaccard index over all runs up to 512, over the 512 smallest hashes beyond (bottom-k MinHash); " +
  "of a text of more than 8,000 words its first and last 4,000";

const shingle = 3;
const mostWords = 8000;
const sketch = 512;

/** From where on texts are nearly the same. */
export interface DuplicateOptions {
  /** Jaccard index from which two texts are nearly the same, in (0, 1]. */
  threshold: number;
  /** Texts to keep; what comes after the last kept is not looked at. Default: all. */
  most?: number;
}

/**
 * For each text, the first earlier one that was kept and that it is nearly the same as, or -1 where it is kept itself.
 *
 * @remarks Method: Broder (1997), doi:10.1109/SEQUEN.1997.666900, on word shingles.
 * @example
 * nearDuplicates(["a b c d", "A b, c d!", "x y z"], { threshold: 0.8 }) // [-1, 0, -1]
 */
export function nearDuplicates(
  texts: readonly string[],
  { threshold, most = Number.POSITIVE_INFINITY }: DuplicateOptions,
): number[] {
  const drawn = sketches(texts);
  const kept: number[] = [];
  const likes: number[] = [];
  for (const [at, own] of drawn.entries()) {
    if (kept.length >= most) break;
    const like = kept.find((other) => isSimilar(own, drawn[other], threshold));
    likes.push(like ?? -1);
    if (like === undefined) kept.push(at);
  }
  return likes;
}

/** What is compared of each text: the smallest hashes of its runs of words that are no template of these texts. */
export function sketches(texts: readonly string[]): Uint32Array[] {
  const all = texts.map((text) => [...new Set(runHashes(wordsCompared(text), shingle))]);
  const common = commonRuns(all);
  return all.map((runs) => {
    const own = runs.filter((run) => !common.has(run));
    // A text that is all template is compared as a whole.
    return Uint32Array.from(own.length > 0 ? own : runs)
      .sort()
      .subarray(0, sketch);
  });
}

/** Two questions about two orders, or by two people, are one: what looks like an id or an address is the same word. */
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

/** Whether two texts are nearly the same: whether the share of the union's smallest hashes that both have reaches the threshold. */
export function isSimilar(a: Uint32Array, b: Uint32Array, threshold: number): boolean {
  if (a.length === 0 || b.length === 0) return a.length === b.length;
  const limit = a.length === sketch || b.length === sketch ? sketch : Number.POSITIVE_INFINITY;
  let [i, j, both, union] = [0, 0, 0, 0];
  // No more than this many may be in one alone.
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
