import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import type { Estimate } from "../stats/estimate";
import { rateInterval } from "../stats/rateInterval";
import type { Item } from "./item";
import { promptText } from "./promptText";
import { runHashes, wordsOf } from "./words";

/** How much of an eval set appears in public text. */
export interface Overlap {
  /** Length in words of a run that counts as the same text. */
  words: number;
  files: { path: string; words: number }[];
  items: number;
  /** Examples with no run of that many words, which cannot be checked. */
  too_short: number;
  /** Share of the other examples with at least one run in a file. */
  share: Estimate;
  /** The examples with an overlap, most runs first, and where the first run was found; none of their text. */
  which: { item_id: string; runs: number; of: number; file: string; line: number }[];
}

/**
 * Looks for the prompts and expected answers of an eval set in public text, such as the files of a benchmark: text that
 * a model may have memorised measures its memory.
 *
 * Words are compared in lower case, without whatever is between them. The files are read line by line, whatever their
 * size; from JSON lines only the texts are read; .gz is unpacked.
 *
 * @remarks Method: n-gram overlap, Brown et al. (2020), doi:10.48550/arXiv.2005.14165, appendix C.
 * @param options `words`, the length of a run: 13 (default, Brown et al. 2020), or 8, which finds more, with more false
 * hits
 * @returns the share of examples with an overlap (n counts examples long enough), and which
 * @throws RangeError for an invalid number of words
 * @example
 * const store = await openDemo();
 * await writeOut(store, "select prompt from texts order by call_id limit 1000", "public.jsonl");
 * const { items } = await build(store, { size: 50 });
 * (await overlap(items, ["public.jsonl"], { words: 8 })).which.length // 42
 */
export async function overlap(
  items: readonly Item[],
  files: readonly string[],
  { words = 13, level = 0.95 }: { words?: number; level?: number } = {},
): Promise<Overlap> {
  if (!(Number.isSafeInteger(words) && words >= 3 && words <= 100))
    throw new RangeError(`overlap requires a whole number of words from 3 to 100, got ${String(words)}`);
  const texts = items.map(({ prompt, expected }) => [promptText(prompt), expected].map(wordsOf));
  // A run is identified by two 32-bit hashes: a single one would match by chance in a large file.
  const wanted = new Map<string, number[]>();
  const runs = texts.map((parts, at) => {
    const own = new Set(parts.flatMap((part) => (part.length < words ? [] : keysOf(part, words))));
    for (const key of own) wanted.set(key, [...(wanted.get(key) ?? []), at]);
    return own.size;
  });
  const found = items.map(() => ({ runs: new Set<string>(), file: "", line: 0 }));
  const read: Overlap["files"] = [];
  for (const path of files) {
    let [count, number] = [0, 0];
    let rest: string[] = [];
    for await (const line of linesOf(path)) {
      number++;
      const own = wordsOf(textOf(line));
      count += own.length;
      // A run may start on one line and end on the next.
      const whole = rest.concat(own);
      for (const key of whole.length < words ? [] : keysOf(whole, words))
        for (const at of wanted.get(key) ?? []) {
          if (found[at].runs.size === 0) Object.assign(found[at], { file: path, line: number });
          found[at].runs.add(key);
        }
      rest = whole.slice(Math.max(0, whole.length - words + 1));
    }
    read.push({ path, words: count });
  }
  const long = runs.flatMap((count, at) => (count > 0 ? [at] : []));
  const which = long
    .filter((at) => found[at].runs.size > 0)
    .map((at) => ({
      item_id: items[at].item_id,
      runs: found[at].runs.size,
      of: runs[at],
      file: found[at].file,
      line: found[at].line,
    }))
    .sort((a, b) => b.runs / b.of - a.runs / a.of || (a.item_id < b.item_id ? -1 : 1));
  return {
    words,
    files: read,
    items: items.length,
    too_short: items.length - long.length,
    share: rateInterval(
      long.map((at) => found[at].runs.size > 0),
      { level, counted: `examples of at least ${words} words` },
    ),
    which,
  };
}

function keysOf(words: readonly string[], size: number): string[] {
  const [first, second] = [
    runHashes(words, size),
    runHashes(
      words.map((word) => `${word}.`),
      size,
    ),
  ];
  return Array.from(first, (hash, at) => `${hash} ${second[at]}`);
}

/** Yields the lines of a file as they are read; an error in the file or its compression ends the reading. */
async function* linesOf(path: string): AsyncGenerator<string> {
  const file = createReadStream(path);
  const input = /\.gz$/i.test(path) ? pipeline(file, createGunzip(), () => {}) : file;
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of input) {
    const text = decoder.decode(chunk as Buffer, { stream: true });
    rest += text;
    if (!text.includes("\n")) continue;
    const lines = rest.split("\n");
    rest = lines.pop() as string;
    yield* lines;
  }
  if (rest !== "") yield rest;
}

/** The texts of a JSON line, or the line itself. */
function textOf(line: string): string {
  if (!/^\s*[{[]/.test(line)) return line;
  try {
    const texts: string[] = [];
    const gather = (value: unknown): void => {
      if (typeof value === "string") texts.push(value);
      else if (value !== null && typeof value === "object")
        for (const one of Object.values(value)) gather(one);
    };
    gather(JSON.parse(line));
    return texts.join("\n");
  } catch {
    return line;
  }
}
