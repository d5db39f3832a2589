import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { grouped } from "../../stats/text";
import { didYouMean } from "../../store/nearest";
import { rowsOf } from "../../store/run";
import type { FilledTable } from "../../store/schema";
import { onThreadsFor } from "../../store/threads";
import { transaction } from "../../store/transaction";
import { markUncompleted } from "../complete/complete";
import { fingerprint } from "../files/fingerprint";
import { withPartition } from "../files/partition";
import { scratchFile } from "../files/pieces";
import { mayFail, together, withAttributes } from "../records/attributes";
import { attributesKept, maskAttributes } from "./attributes";
import { earlierFates, fatesOf, keepFates } from "./fates";
import { type Filled, fillStage } from "./fill";
import {
  type Earlier,
  earlierIngests,
  enter,
  mayBeRotated,
  nextId,
  rowsLeft,
  type Source,
  sourceOf,
  takeOut,
} from "./ledger";
import { type Bad, keepFiles, numberRecords, type RecordCounts, recordCounts } from "./number";
import { countedAs, failed, type IngestedFile, noRows } from "./options";
import { keepOrder, keptOrder } from "./order";
import { keepsTexts, type Prepared } from "./prepare";
import { firstReason, keepRejects } from "./reject";
import { filesWithRows, moveRows } from "./rows";

/** A file with what it is known by. */
interface Identified extends Prepared {
  sha256: string;
  /** The earlier ingest of which it is the same content, read with the same options. */
  unchanged?: number;
  /** Earlier ingests of the same content, or of its beginning: what they brought is brought again, with the rest. */
  contained: Earlier[];
  /** Of these, the ones that stay beside it. */
  beside: Earlier[];
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
  { strict = false, also = false }: { strict?: boolean; also?: boolean },
): Promise<IngestedFile[] | undefined> {
  const earlier = await earlierIngests(
    connection,
    files[0].config,
    files.map(({ path, seen: { size }, small }) => ({ path, size, sha256: small?.sha256 })),
  );
  const identified = Promise.all(files.map((file) => identify(file, earlier.known, also)));
  // Only a file that may have been read before has to wait for its hash; else the engine reads it meanwhile.
  const mayBeKnown = earlier.known.some(({ size }) => files.some(({ seen }) => seen.size === size));
  const known = mayBeKnown ? (await identified).filter(({ unchanged }) => unchanged !== undefined) : [];
  const knownPaths = new Set(known.map(({ path }) => path));
  const results = new Map((await unchangedResults(connection, known)).map((one) => [one.path, one]));
  const news = files.filter(({ path }) => !knownPaths.has(path));
  if (news.length > 0) {
    const { ready, seen, starts } = news.length === 1 ? { ...news[0], starts: [0] } : joined(news, folder);
    const stage = fillStage(connection, readingsOf(news), ready, seen, folder, news.length > 1);
    const [all, filled] = await Promise.all([identified, stage]);
    if (filled === undefined) return undefined;
    const fresh = all.filter(({ path }) => !knownPaths.has(path));
    const header = ready.sample.container === "csv" ? 1 : 0;
    const [{ rows }] = await rowsOf<{ rows: number }>(connection, "select count(*) as rows from stage");
    const loaded = await onThreadsFor(connection, rows, async () => {
      await maskAttributes(connection, filled.reading);
      const bad = await numberRecords(connection, fresh[0].reading, filled, starts, header);
      const gone = new Set(fresh.flatMap(({ contained }) => contained));
      const paths = fresh.map(({ path }) => path);
      const source = earlier.count > gone.size ? sourceOf(fresh[0].config, paths, also) : undefined;
      return loadStage(connection, fresh, source, filled, bad, strict);
    });
    for (const one of loaded) results.set(one.path, one);
  }
  return files.map(({ path }) => results.get(path) as IngestedFile);
}

/** With the attributes of all of them as what they are; and, for where one turns out to be something else, as texts. */
function readingsOf(files: readonly Prepared[]): Prepared["reading"][] {
  const [{ reading, options }] = files;
  const attributes = together(files.map((file) => file.attributes));
  const keep = keepsTexts(options);
  const as = (asText: boolean) => withAttributes(reading, attributes, asText, keep);
  return attributes.some(mayFail) ? [as(false), as(true)] : [as(true)];
}

async function identify(file: Prepared, known: readonly Earlier[], also: boolean): Promise<Identified> {
  const { ready, seen, partition, options, small } = file;
  const shorter = known.filter((one) => one.size <= seen.size && mayBeBegun(file, one));
  const { sha256: content, prefixes } =
    small !== undefined && shorter.length === 0
      ? { sha256: small.sha256, prefixes: new Map<number, string>() }
      : await fingerprint(
          ready.file,
          shorter.map(({ size }) => size),
        );
  const sha256 = withPartition(content, partition);
  const same = known.filter((one) => one.sha256 === sha256);
  const unchanged = same.find((one) => one.sameConfig && one.options === options);
  if (unchanged !== undefined) return { ...file, sha256, contained: [], beside: [], unchanged: unchanged.id };
  const begun = shorter.filter(
    (one) => withPartition(prefixes.get(one.size) ?? "", partition) === one.sha256,
  );
  const all = [...new Set([...begun, ...same])].sort((a, b) => a.id - b.id);
  const stays = (one: Earlier) => also && !one.sameConfig;
  return {
    ...file,
    sha256,
    contained: all.filter((one) => !stays(one)),
    beside: all.filter(stays),
  };
}

/** Whether a file may be an earlier state of another: the same log by its name, before or after it was rotated. */
function mayBeBegun({ path, ready, small }: Prepared, earlier: Earlier): boolean {
  if (basename(earlier.path) === basename(path)) return true;
  if (!mayBeRotated(earlier.path, path)) return false;
  // Of many small files with numbers behind their names hardly one ends where a line of another does.
  return small === undefined || endsLine(ready.file, earlier.size);
}

async function unchangedResults(
  connection: DuckDBConnection,
  known: readonly Identified[],
): Promise<IngestedFile[]> {
  const ids = known.flatMap(({ unchanged }) => unchanged ?? []);
  const counts = await rowsLeft(connection, ids);
  const fates = await earlierFates(connection, ids);
  return known.map(({ path, reading: { format }, unchanged }) => {
    const rows = counts.get(unchanged as number) ?? { ...noRows(), rejected: 0 };
    const records = fates.get(unchanged as number);
    const result = { path, format, status: "unchanged" as const, ...rows, replaced: 0 };
    return records === undefined ? result : { ...result, records };
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
  source: Source | undefined,
  filled: Filled,
  bad: readonly Bad[],
  strict: boolean,
): Promise<IngestedFile[]> {
  const [{ reading, ready }] = files;
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
  const kept = await attributesKept(connection, filled.reading);
  return transaction(connection, async () => {
    // What is read again keeps its number, and with it its place in the order of the logs.
    const next = await nextId(connection);
    const ids = taken.map(({ contained: [first] }, at) => first?.id ?? next + at);
    const rows = taken.map(() => ({ ...noRows(), replaced: 0 }));
    const gone = taken.flatMap(({ contained }) => contained.map(({ id }) => id));
    if (gone.length > 0) await keepOrder(connection, gone);
    const again: number[] = [];
    for (const [at, { contained }] of taken.entries()) {
      again[at] = 0;
      for (const { id } of contained) again[at] += await takeOut(connection, id);
      rows[at].replaced += again[at];
    }
    const order = gone.length > 0 ? keptOrder : undefined;
    const { moved, superseded } = await moveRows(connection, kept, filled, ids, { source, order });
    const fates = await fatesOf(connection, reading, filled.clean, taken.length, superseded);
    for (const one of moved) {
      rows[one.file][countedAs(one.table)] += one.rows;
      rows[one.file].replaced += one.replaced;
    }
    await markUncompleted(connection, { takenOut: rows.some(({ replaced }) => replaced > 0) });
    await keepRejects(connection, filled, bad, ids[0]);
    const rejected = bad.length;
    const entries = [];
    for (const [at, file] of taken.entries()) {
      const { path, sha256, options, seen, unused, config } = file;
      const { calls, tasks, scores, others, replaced } = rows[at];
      const sum = calls + tasks + scores + others;
      const about = { ...config, id: ids[at], path, sha256, options, size: seen.size };
      entries.push({ ...about, rows: sum, replaced: replaced - again[at], rejected });
      const notes = [
        againNote(file, again[at]),
        first === undefined ? "" : `${rejected} rejected; ${first}`,
        missingNote(reading, [...(ready.shape.fields?.keys() ?? [])]),
        unusedNote(reading, unused),
        reading.note?.(countsOf(file).records, sum) ?? "",
      ];
      const reason = notes.filter(Boolean).join("; ");
      const read = { path, format, status: "ingested" as const, ...rows[at], rejected, records: fates[at] };
      const result = file.mapping === undefined ? read : { ...read, mapping: file.mapping };
      results.push(reason === "" ? result : { ...result, reason });
    }
    await enter(connection, entries);
    await keepFates(
      connection,
      entries.map(({ id }, at) => ({ id, fates: fates[at] })),
    );
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
  preferences: "a comparison of two models",
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

/** What of the same file was there before, and what became of it. */
function againNote({ path, sha256, contained, beside }: Identified, rows: number): string {
  const named = (some: readonly Earlier[]) =>
    some
      .map((one) => `ingest ${one.id} (${one.path === path ? "" : `${one.path}, `}read as ${one.format})`)
      .join(", ");
  if (beside.length > 0)
    return `${named(beside)} has the same records and stays, as --also asks: where both fill a table, they count twice`;
  const what = `${grouped(rows)} ${rows === 1 ? "row" : "rows"}`;
  if (contained.some((one) => !one.sameConfig || one.sha256 === sha256))
    return `read again in another way: the ${what} of ${named(contained)} are gone (--also keeps both)`;
  return contained.length === 0
    ? ""
    : `the file grew: the ${what} that it gave before are read again with it`;
}

function missingNote({ missing = [] }: Read, known: readonly string[]): string {
  const names = missing.map((name) => name + didYouMean(name, known)).join(", ");
  return missing.length === 0 ? "" : `field not found: ${names}`;
}

function unusedNote({ targets }: Read, unused: readonly string[]): string {
  const tables = [...new Set(targets.map(({ table }) => table))].join(", ");
  return unused.length === 0 ? "" : `--set ${unused.join(", ")}: no such column in ${tables}`;
}

// Whether a line ends before or at a size.
function endsLine(file: string, size: number): boolean {
  const bytes = readFileSync(file);
  return bytes[size - 1] === 10 || bytes[size] === 10 || bytes.length === size;
}
