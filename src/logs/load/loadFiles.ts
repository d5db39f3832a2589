import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { didYouMean } from "../../store/nearest";
import type { FilledTable } from "../../store/schema";
import { transaction } from "../../store/transaction";
import { markUncompleted } from "../complete/complete";
import { fingerprint } from "../files/fingerprint";
import { withPartition } from "../files/partition";
import { scratchFile } from "../files/pieces";
import { type Filled, fillStage } from "./fill";
import { type Earlier, earlierIngests, enter, forget, nextId, rowsLeft } from "./ledger";
import { type Bad, keepFiles, numberRecords, type RecordCounts, recordCounts } from "./number";
import { countedAs, failed, type IngestedFile, noRows } from "./options";
import type { Prepared } from "./prepare";
import { firstReason, keepRejects } from "./reject";
import { filesWithRows, moveRows } from "./rows";

/** A file with what it is known by. */
interface Identified extends Prepared {
  sha256: string;
  /** The earlier ingest of which it is the same content, read with the same options. */
  unchanged?: number;
  /** Earlier ingests that it contains: what they brought is brought again, with the rest. */
  contained: number[];
}

/**
 * Loads files that are read alike, as if one after the other: each is in with all its rows or not at all. Queries cost
 * more than reading a small file, so many are read as one.
 *
 * @returns what came of each, in order; undefined where some record does not fit, and each file has to be read by itself
 */
export async function loadFiles(
  connection: DuckDBConnection,
  files: readonly Prepared[],
  folder: string,
  strict = false,
): Promise<IngestedFile[] | undefined> {
  const earlier = await earlierIngests(
    connection,
    files[0].config,
    files.map(({ path, seen: { size }, small }) => ({ path, size, sha256: small?.sha256 })),
  );
  const identified = Promise.all(files.map((file) => identify(file, earlier.alike)));
  // Only a file that may have been read before has to wait for its hash; else the engine reads it meanwhile.
  const mayBeKnown = earlier.alike.some(({ size }) => files.some(({ seen }) => seen.size === size));
  const known = mayBeKnown ? (await identified).filter(({ unchanged }) => unchanged !== undefined) : [];
  const knownPaths = new Set(known.map(({ path }) => path));
  const results = new Map((await unchangedResults(connection, known)).map((one) => [one.path, one]));
  const news = files.filter(({ path }) => !knownPaths.has(path));
  if (news.length > 0) {
    const { ready, seen, starts } = news.length === 1 ? { ...news[0], starts: [0] } : joined(news, folder);
    const stage = fillStage(connection, news[0].reading, ready, seen, folder, news.length > 1);
    const [all, filled] = await Promise.all([identified, stage]);
    if (filled === undefined) return undefined;
    const fresh = all.filter(({ path }) => !knownPaths.has(path));
    const header = ready.sample.container === "csv" ? 1 : 0;
    const bad = await numberRecords(connection, fresh[0].reading, filled, starts, header);
    const loaded = await loadStage(connection, fresh, earlier.count, filled, bad, strict);
    for (const one of loaded) results.set(one.path, one);
  }
  return files.map(({ path }) => results.get(path) as IngestedFile);
}

async function identify(file: Prepared, alike: readonly Earlier[]): Promise<Identified> {
  const { path, ready, seen, partition, options, small } = file;
  const shorter = alike.filter((one) => one.size <= seen.size && basename(one.path) === basename(path));
  const { sha256: content, prefixes } =
    small !== undefined && shorter.length === 0
      ? { sha256: small.sha256, prefixes: new Map<number, string>() }
      : await fingerprint(
          ready.file,
          shorter.map(({ size }) => size),
        );
  const sha256 = withPartition(content, partition);
  const same = alike.find((one) => one.sha256 === sha256);
  const contained = shorter
    .filter((one) => withPartition(prefixes.get(one.size) ?? "", partition) === one.sha256)
    .map(({ id }) => id);
  // One that is read with other options now takes its own place.
  if (same !== undefined && !contained.includes(same.id)) contained.push(same.id);
  return { ...file, sha256, contained, ...(same?.options === options ? { unchanged: same?.id } : {}) };
}

async function unchangedResults(
  connection: DuckDBConnection,
  known: readonly Identified[],
): Promise<IngestedFile[]> {
  const counts = await rowsLeft(
    connection,
    known.flatMap(({ unchanged }) => unchanged ?? []),
  );
  return known.map(({ path, reading: { format }, unchanged }) => {
    const rows = counts.get(unchanged as number) ?? { ...noRows(), rejected: 0 };
    return { path, format, status: "unchanged", ...rows, replaced: 0 };
  });
}

/** The records of several small files as one file, and how many lines stand before each. */
function joined(files: readonly Prepared[], folder: string) {
  const file = scratchFile(folder, "joined");
  const pieces: Buffer[] = [];
  const starts: number[] = [];
  const skipped: number[] = [];
  let lines = 0;
  for (const { ready, seen } of files) {
    const bytes = readFileSync(ready.file);
    pieces.push(bytes);
    if (bytes.at(-1) !== 10) pieces.push(Buffer.from("\n"));
    starts.push(lines);
    for (const line of seen.skipped) skipped.push(lines + line);
    lines += seen.lines;
  }
  writeFileSync(file, Buffer.concat(pieces));
  const longest = Math.max(...files.map(({ seen }) => seen.longest));
  return {
    ready: { ...files[0].ready, file, split: false },
    seen: { ...files[0].seen, longest, skipped },
    starts,
  };
}

/** Moves what was read into the tables, or says what is wrong with it. Only of a single file are there bad records. */
async function loadStage(
  connection: DuckDBConnection,
  files: readonly Identified[],
  earlier: number,
  filled: Filled,
  bad: readonly Bad[],
  strict: boolean,
): Promise<IngestedFile[]> {
  const [{ reading, config, ready }] = files;
  const { format } = reading;
  const first = bad.length === 0 ? undefined : await firstReason(filled, bad);
  if (strict && bad.length > 0) {
    const what = `${bad.length} ${bad.length === 1 ? "record" : "records"} cannot be read`;
    return [failed(files[0].path, format, `${what}, so strict rejects the whole file; ${first}`)];
  }
  const withRows = await filesWithRows(connection, reading, filled.clean, files.length);
  const taken = files.filter((_, at) => withRows.has(at));
  const isAll = taken.length === files.length;
  const counts = isAll && !reading.note ? [] : await recordCounts(connection, reading, filled.clean);
  const countsOf = (file: Identified) =>
    counts.find((one) => one.file === files.indexOf(file)) ?? { records: 0, rows: 0 };
  const results = files
    .filter((file) => !taken.includes(file))
    .map((file) => failed(file.path, format, nothingCame(reading, countsOf(file), bad, first)));
  if (taken.length === 0) return results;
  if (!isAll) await keepFiles(connection, [...withRows]);
  return transaction(connection, async () => {
    await markUncompleted(connection);
    const firstId = await nextId(connection);
    const rows = taken.map(() => ({ ...noRows(), replaced: 0 }));
    for (const [at, { contained }] of taken.entries())
      for (const old of contained) rows[at].replaced += await forget(connection, old);
    const gone = new Set(taken.flatMap(({ contained }) => contained));
    const source = earlier > gone.size ? config : undefined;
    for (const one of await moveRows(connection, reading, filled.clean, firstId, taken.length, source)) {
      rows[one.file][countedAs(one.table)] += one.rows;
      rows[one.file].replaced += one.replaced;
    }
    await keepRejects(connection, filled, bad, firstId);
    const rejected = bad.length;
    const entries = [];
    for (const [at, file] of taken.entries()) {
      const { path, sha256, options, seen, unused } = file;
      const { calls, tasks, scores, others, replaced } = rows[at];
      const sum = calls + tasks + scores + others;
      const about = { ...config, id: firstId + at, path, sha256, options, size: seen.size };
      entries.push({ ...about, rows: sum, replaced, rejected });
      const notes = [
        first === undefined ? "" : `${rejected} rejected; ${first}`,
        missingNote(reading, [...(ready.shape.fields?.keys() ?? [])]),
        unusedNote(reading, unused),
        reading.note?.(countsOf(file).records, sum) ?? "",
      ];
      const reason = notes.filter(Boolean).join("; ");
      const read = { path, format, status: "ingested" as const, ...rows[at], rejected };
      const result = file.mapping === undefined ? read : { ...read, mapping: file.mapping };
      results.push(reason === "" ? result : { ...result, reason });
    }
    await enter(connection, entries);
    return results;
  });
}

type Read = Prepared["reading"];

const rowOf: Record<FilledTable, string> = {
  calls: "a call to a model",
  tasks: "a task",
  scores: "a score",
  spans: "a span",
  texts: "a text",
  items: "an item",
  benchmarks: "a model's score",
  prices: "a price",
};

function nothingCame(
  reading: Read,
  { records, rows }: Pick<RecordCounts, "records" | "rows">,
  bad: readonly Bad[],
  first?: string,
): string {
  if (records === 0) return "the file contains no records";
  if (reading.targets.length === 0)
    return "it contains only texts, which are stored only on request: --text keep";
  if (first === undefined || bad.length < records)
    return reading.nothing?.(rows) ?? `none of its ${rows} records is ${rowOf[reading.targets[0].table]}`;
  return `none of its ${records} records could be read: ${first}`;
}

function missingNote({ missing = [] }: Read, known: readonly string[]): string {
  const names = missing.map((name) => name + didYouMean(name, known)).join(", ");
  return missing.length === 0 ? "" : `field not found: ${names}`;
}

function unusedNote({ targets }: Read, unused: readonly string[]): string {
  const tables = [...new Set(targets.map(({ table }) => table))].join(", ");
  return unused.length === 0 ? "" : `--set ${unused.join(", ")}: no such column in ${tables}`;
}
