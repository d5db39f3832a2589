/** The words of a text in lower case: runs of letters and digits, whatever is between them. */
export function wordsOf(text: string): string[] {
  return (
    text
      .normalize("NFKC")
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  );
}

/** Hashes of all runs of `size` words, in order; a shorter text is one run of all its words. */
export function runHashes(words: readonly string[], size: number): Uint32Array {
  if (words.length === 0) return new Uint32Array(0);
  const runs = new Uint32Array(Math.max(1, words.length - size + 1));
  for (let at = 0; at < runs.length; at++) runs[at] = hash(words, at, Math.min(size, words.length));
  return runs;
}

/** FNV-1a over the words of one run, mixed at the end so that the hashes sort in random order. */
function hash(words: readonly string[], from: number, size: number): number {
  let h = 0x811c9dc5;
  for (let at = from; at < from + size; at++) {
    const word = words[at];
    for (let i = 0; i < word.length; i++) h = Math.imul(h ^ word.charCodeAt(i), 0x01000193);
    h = Math.imul(h ^ 0x20, 0x01000193);
  }
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
