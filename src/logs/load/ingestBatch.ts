import { dirname, resolve } from "node:path";
import { isBusy, TimeLimitError } from "../../store/limit";
import { withinMemory } from "../../store/memory";
import type { Store } from "../../store/open";
import { messageOf } from "../../store/reason";
import { scratch } from "../../store/scratch";
import { parquetFault } from "../files/parquet";
import { isStream, statOf } from "../files/stream";
import { loadFiles } from "./loadFiles";
import { failed, type IngestedFile, type ReadOptions } from "./options";
import { goesWith, type Prepared, parquetColumnsOf, prepare, smallFile } from "./prepare";

const mostTogether = 500;

/** The files in order: consecutive small ones in one batch, a large one in a batch of its own. */
export function inBatches(files: readonly string[]): string[][] {
  const batches: string[][] = [];
  let open: string[] | undefined;
  for (const file of files) {
    const isJoined = isSmall(file) && open !== undefined && open.length < mostTogether;
    if (isJoined) open?.push(file);
    else batches.push([file]);
    if (!isJoined) open = isSmall(file) ? batches.at(-1) : undefined;
  }
  return batches;
}

function isSmall(file: string): boolean {
  const stat = statOf(file);
  return stat !== undefined && stat.size <= smallFile && /\.(jsonl|ndjson|json)(\.(gz|zst))?$/i.test(file);
}

/**
 * Reads a batch into the store: files that are read alike are read as one, in order if they have the same source.
 */
export async function ingestBatch(
  store: Store,
  files: readonly string[],
  options: ReadOptions,
  onFile: (file: string, at: number) => void,
): Promise<IngestedFile[]> {
  const results = new Map<string, IngestedFile>();
  const fail = (path: string, format: string | null, error: unknown) =>
    results.set(path, failed(path, format, messageOf(error)));
  // What comes through a pipe may be larger than the folder for temporary files holds.
  const isBeside = store.path !== ":memory:" && files.some(isStream);
  const { path: folder, remove } = scratch(isBeside ? dirname(resolve(store.path)) : undefined);
  let connection = await store.connect();
  const load = async (group: readonly Prepared[]): Promise<void> => {
    if (isBusy(connection)) connection = await store.connect();
    try {
      const work = () => loadFiles(connection, group, folder, options);
      // A cap does not make the data of an in-memory store any smaller.
      const loaded = await (store.path === ":memory:" ? work() : withinMemory(connection, work));
      for (const one of loaded ?? []) results.set(one.path, one);
      if (loaded !== undefined) return;
    } catch (error) {
      // The mapping takes too long, and it is the same for all of them.
      if (group.length === 1 || error instanceof TimeLimitError) {
        for (const { path, config, ready, reading, attributes } of group) {
          const columns = parquetColumnsOf(ready, reading, attributes);
          const why = await parquetFault(connection, ready.file, columns, error);
          fail(path, config.format, why);
        }
        return;
      }
    }
    // One damaged file among many costs only as many extra readings as it takes to halve the batch down to it.
    const half = group.length >> 1;
    await load(group.slice(0, half));
    await load(group.slice(half));
  };
  try {
    const waiting = new Map<string, Prepared[]>();
    for (const [at, file] of files.entries()) {
      onFile(file, at);
      const one = await prepare(connection, file, folder, options).catch((error) => {
        fail(file, options.format ?? null, error);
      });
      if (one === undefined) continue;
      if ("status" in one) {
        results.set(file, one);
        continue;
      }
      const source = JSON.stringify(one.config);
      const others = waiting.get(source) ?? [];
      const isJoined = others.every((other) => goesWith(other, one));
      // Identical content is unchanged, and a file that continues another of its name has grown: each must come
      // after the other.
      if (!isJoined) await load(others);
      waiting.set(source, isJoined ? [...others, one] : [one]);
    }
    for (const group of waiting.values()) await load(group);
  } finally {
    connection.closeSync();
    remove();
  }
  return files.map((file) => results.get(file) as IngestedFile);
}
