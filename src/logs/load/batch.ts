import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Store } from "../../store/open";
import type { IngestedFile } from "../ingest";
import type { FileOptions } from "./ingestFile";
import { goesWith, type Member, memberOf, smallFile } from "./member";
import { ingestTogether } from "./together";

const mostTogether = 500;
const fewestTogether = 8;

/** The files in order, small ones that follow each other in one batch, others alone. */
export function inBatches(files: readonly string[]): string[][] {
  const batches: string[][] = [];
  let open: string[] | undefined;
  for (const file of files) {
    if (!isSmall(file)) {
      batches.push([file]);
      open = undefined;
    } else if (open !== undefined && open.length < mostTogether) open.push(file);
    else {
      open = [file];
      batches.push(open);
    }
  }
  return batches;
}

function isSmall(file: string): boolean {
  try {
    return /\.(jsonl|ndjson|json)(\.(gz|zst))?$/i.test(file) && statSync(file).size <= smallFile;
  } catch {
    return false;
  }
}

/**
 * Reads a batch: those that are read alike as one, in order where they are of one source; all others for themselves.
 *
 * @param readAlone reads one file; told how many of the batch are done
 */
export async function readBatch(
  store: Store,
  files: readonly string[],
  options: FileOptions,
  readAlone: (file: string, at: number) => Promise<IngestedFile>,
): Promise<IngestedFile[]> {
  const results = new Map<string, IngestedFile>();
  const alone = async (file: string) => {
    results.set(file, await readAlone(file, results.size));
  };
  if (files.length < fewestTogether) {
    for (const file of files) await alone(file);
    return [...results.values()];
  }
  const folder = mkdtempSync(join(tmpdir(), "fieldnotes-"));
  const connection = await store.connect();
  const waiting = new Map<string, Member[]>();
  const flush = async (source: string) => {
    const members = waiting.get(source) ?? [];
    waiting.delete(source);
    const read = await ingestTogether(connection, members, folder);
    for (const { path } of members) {
      const one = read.get(path);
      if (one === undefined) await alone(path);
      else results.set(path, one);
    }
  };
  try {
    for (const file of files) {
      const member = await memberOf(connection, file, folder, options).catch(() => undefined);
      if (member === undefined) {
        for (const source of [...waiting.keys()]) await flush(source);
        await alone(file);
        continue;
      }
      const source = JSON.stringify(member.way);
      const others = waiting.get(source) ?? [];
      // The same content is unchanged, and a file that begins another of its name has grown: told one by one.
      if (others.length > 0 && !others.every((one) => goesWith(one, member))) await flush(source);
      waiting.set(source, [...(waiting.get(source) ?? []), member]);
    }
    for (const source of [...waiting.keys()]) await flush(source);
  } finally {
    connection.closeSync();
    rmSync(folder, { recursive: true, force: true });
  }
  return files.map((file) => results.get(file) as IngestedFile);
}
