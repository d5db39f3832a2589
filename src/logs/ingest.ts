import { didYouMean } from "../store/nearest";
import { checkWritable, type Store } from "../store/open";
import { noteRead } from "../store/sources";
import { inTurn } from "../store/turn";
import { type Completed, complete, isUncompleted } from "./complete/complete";
import { storeOutcomeOrder } from "./complete/outcomeOrder";
import { unitQuestions } from "./complete/units";
import { filesOf, leftOut, rootsOf } from "./files/files";
import { formats } from "./formats";
import { inBatches, ingestBatch } from "./load/ingestBatch";
import type { IngestedFile, IngestOptions, ReadOptions } from "./load/options";
import { contestedNotes } from "./models/benchmarkSources";
import { checkConstants } from "./records/constants";
import { checkMapping, type Mapping, readMapping } from "./records/mapping";
import { readSchemas, registerSchemas } from "./records/schemaValid";

export type { IngestedFile, IngestOptions } from "./load/options";

/** What came of an ingest. */
export interface IngestResult extends Completed {
  files: IngestedFile[];
  calls: number;
  rejected: number;
}

/**
 * Reads exported logs, scores, benchmarks and prices into the store.
 *
 * Each file is stored with all its rows or not at all. A file whose content was read the same way before is
 * "unchanged"; one that was read in another way, or has grown since, replaces its earlier rows. A record that
 * cannot be read or cast goes to `rejects` and stops nothing.
 *
 * @param paths files, pipes, folders or globs, "-" for the standard input; JSONL, JSON, CSV, Parquet or Arrow, also .gz and
 *   .zst
 * @throws if a path, a format or an option does not exist; a file that cannot be read is a "failed" in the result
 * @example
 * const read = await ingest(await open(":memory:"), "data/demo/prices.csv");
 * read.files[0].status // "ingested"
 * read.files[0].others // 6
 */
export async function ingest(
  store: Store,
  paths: string | readonly string[],
  options: IngestOptions = {},
): Promise<IngestResult> {
  checkWritable("ingest", store);
  if (options.format !== undefined && !formats.some(({ name }) => name === options.format)) {
    const names = formats.map(({ name }) => name);
    throw new RangeError(
      `unknown format: ${options.format}${didYouMean(options.format, names)}; known: ${names.join(", ")}`,
    );
  }
  const mapping = mappingOf(options.mapping);
  const schemas =
    options.schemas === undefined || Object.keys(options.schemas).length === 0
      ? undefined
      : readSchemas(options.schemas);
  const others = [options.mapping, ...Object.values(options.schemas ?? {})].filter(
    (one) => typeof one === "string",
  );
  const given = typeof paths === "string" ? [paths] : paths;
  const files = filesOf(given, others, options.links);
  noteRead([...files, ...others]);
  const named = new Set(given);
  const roots = options.links ? undefined : rootsOf(given);
  const result = await inTurn(store, () =>
    ingestFiles(store, files, { ...options, mapping, schemas, named, roots }),
  );
  return { ...result, notes: [...leftOut(given, options.links), ...result.notes] };
}

async function ingestFiles(
  store: Store,
  files: readonly string[],
  options: ReadOptions,
): Promise<IngestResult> {
  await checkConstants(store.connection, options.set ?? {});
  if (options.schemas !== undefined) await registerSchemas(store.connection, options.schemas);
  const results: IngestedFile[] = [];
  for (const batch of inBatches(files)) {
    const done = results.length;
    const onFile = (file: string, at: number) =>
      options.onProgress?.({ file, done: done + at, of: files.length });
    results.push(...(await ingestBatch(store, batch, options, onFile)));
  }
  // For new calls, and for new prices of earlier files' calls; also if an earlier run was ended before this step.
  const { outcomesFrom } = options;
  const misnamed =
    outcomesFrom === undefined ? undefined : await storeOutcomeOrder(store.connection, outcomesFrom);
  const isDue =
    outcomesFrom !== undefined ||
    results.some(({ status }) => status !== "failed") ||
    (await isUncompleted(store.connection));
  const completed = isDue ? await complete(store.connection) : { loggedTwice: 0, beyond: 0, notes: [] };
  const read = results.filter(({ status }) => status === "ingested");
  const units = await unitQuestions(
    store.connection,
    read.filter(({ calls }) => calls > 0).map(({ path }) => path),
  );
  const contested = read.some(({ tables }) => tables.benchmarks)
    ? await contestedNotes(store.connection)
    : [];
  options.onProgress?.({ file: "", done: files.length, of: files.length });
  if (misnamed !== undefined) throw misnamed;
  return {
    files: results,
    calls: results.reduce((sum, one) => sum + one.calls, 0),
    rejected: results.reduce((sum, one) => sum + one.rejected, 0),
    ...completed,
    notes: [...completed.notes, ...units, ...contested],
  };
}

function mappingOf(given: IngestOptions["mapping"]): Mapping[] | undefined {
  if (given === undefined) return undefined;
  return typeof given === "string" ? readMapping(given) : checkMapping(given, "given");
}

/**
 * Completes a store whose last ingest was ended after storing its files but before deriving what they mean
 * together.
 *
 * @returns whether there was something to complete
 */
export async function completeStore(store: Store): Promise<boolean> {
  return inTurn(store, async () => {
    if (!(await isUncompleted(store.connection))) return false;
    await complete(store.connection);
    return true;
  });
}
