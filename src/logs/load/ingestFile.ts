import { statSync } from "node:fs";
import type { DuckDBConnection } from "@duckdb/node-api";
import { didYouMean } from "../../store/nearest";
import { transaction } from "../../store/transaction";
import { fingerprint } from "../files/fingerprint";
import { foreign, notJson, proseOf } from "../files/foreign";
import { type Partition, withPartition } from "../files/partition";
import { makeReady, type Ready } from "../files/ready";
import { scan } from "../files/scan";
import { formats } from "../formats";
import type { IngestedFile, IngestOptions } from "../ingest";
import { withConstants } from "../records/constants";
import type { Reading } from "../records/format";
import { type Mapping, mappingBeside, readingOf, readMapping } from "../records/mapping";
import type { ReadSchemas } from "../records/schemaValid";
import { withTexts } from "../records/texts";
import { unknownFormat } from "../records/unknownFormat";
import { fillStage } from "./fill";
import {
  type Counts,
  countsOf,
  earlierIngests,
  enter,
  forget,
  nextId,
  sameContent,
  sameName,
  type Way,
} from "./ledger";
import { load } from "./load";
import { type Bad, numberRecords, recordCount } from "./number";
import { firstReason, keepRejects } from "./reject";

/** The options of an ingest, its mapping and schemas read. */
export type FileOptions = Omit<IngestOptions, "mapping" | "schemas"> & {
  mapping?: Mapping[];
  schemas?: ReadSchemas;
};

/** What came of a file of which nothing is in. */
export function notTaken(path: string, format: string | null, reason: string): IngestedFile {
  const none = { calls: 0, tasks: 0, scores: 0, others: 0, replaced: 0, rejected: 0 };
  return { path, format, status: "failed", ...none, reason };
}

/** Reads one file into the store, wholly or not at all. The folder is for what has to be written on the way. */
export async function ingestFile(
  connection: DuckDBConnection,
  path: string,
  folder: string,
  options: FileOptions,
): Promise<IngestedFile> {
  if (statSync(path).size === 0) return { ...notTaken(path, null, "the file is empty"), status: "ingested" };
  const ready = await makeReady(connection, path, folder);
  if (ready.sample.blank) return notTaken(path, null, "the file holds nothing but white space");
  const none = noRecords(ready);
  if (none !== undefined) return notTaken(path, null, none);
  const chosen = await choose(connection, path, ready, options);
  if (chosen === undefined) {
    return notTaken(
      path,
      null,
      proseOf(ready.sample.dialect?.header ?? []) ?? unknownFormat(ready.shape, formats, path),
    );
  }
  const constant = withConstants(chosen, options.set ?? {});
  const reading = withTexts(constant.reading, {
    keep: options.text === "keep",
    judge: options.schemas !== undefined,
  });
  const way = wayOf(reading, options);
  const asked = askedOf(options);
  const shorter = await sameName(connection, way, path);
  const folders = toldByFolders(reading, ready);
  const seen = scan(ready.file, ready.sample.container);
  const { files, sameSize } = await earlierIngests(connection, way, seen.size);
  const hashed = fingerprint(
    ready.file,
    shorter.map(({ size }) => size),
  ).then(({ sha256, prefixes }) => ({
    sha256: withPartition(sha256, folders),
    prefixes: new Map([...prefixes].map(([at, prefix]) => [at, withPartition(prefix, folders)])),
  }));
  let same: Awaited<ReturnType<typeof sameContent>>;
  // Only a file that may have been read before has to wait for its hash; else the engine reads it meanwhile.
  if (sameSize > 0) {
    same = await sameContent(connection, way, (await hashed).sha256);
    if (same !== undefined && same.asked === asked) {
      const counts = (await countsOf(connection, [same.id])).get(same.id) as Counts;
      return { path, format: reading.format, status: "unchanged", ...counts, replaced: 0 };
    }
  }
  const [{ sha256, prefixes }, filled] = await Promise.all([
    hashed,
    fillStage(connection, reading, ready, seen, folder),
  ]);
  // A file that only grew since: what it brought before is brought again, with the rest.
  const grown = shorter.filter((one) => prefixes.get(one.size) === one.sha256).map(({ id }) => id);
  // One of which more or less is asked now is read again in its own place.
  if (same !== undefined && !grown.includes(same.id)) grown.push(same.id);
  const others = files > grown.length ? way : undefined;

  const bad = await numberRecords(connection, reading, filled, ready.sample.container === "csv" ? 1 : 0);
  if (options.strict && bad.length > 0) {
    const what = `${bad.length} ${bad.length === 1 ? "record" : "records"} cannot be read`;
    const reason = `${what}, and strict takes none of such a file; ${await firstReason(filled, bad)}`;
    return notTaken(path, reading.format, reason);
  }
  return transaction(connection, async () => {
    const id = await nextId(connection);
    let replaced = 0;
    for (const old of grown) replaced += await forget(connection, old);
    const counts = { calls: 0, tasks: 0, scores: 0, others: 0 };
    let told = 0;
    for (const one of await load(connection, reading, { id, others, clean: filled.clean })) {
      counts[isCounted(one.table) ? one.table : "others"] += one.rows;
      replaced += one.replaced;
      // Spans without a call among them tell nothing of a model.
      if (one.table !== "spans" && one.table !== "texts") told += one.rows;
    }
    const first = await keepRejects(connection, filled, bad, id);
    const rows = counts.calls + counts.tasks + counts.scores + counts.others;
    const isLog = reading.mapping === undefined && reading.targets.some(({ table }) => table === "calls");
    if (rows === 0 || (told === 0 && isLog)) {
      throw new Error(nothingCame(reading, await recordCount(connection, filled.clean), bad, first));
    }
    const rejected = bad.length;
    const { size } = seen;
    await enter(connection, id, { ...way, path, sha256, asked, size, rows, replaced, rejected });
    const { records } = reading.note ? await recordCount(connection, filled.clean) : { records: 0 };
    const said = reading.note?.(records, rows) ?? "";
    const note = noteOf(reading, ready, constant.unused, rejected, first, said);
    const result = {
      path,
      format: reading.format,
      status: "ingested" as const,
      ...counts,
      replaced,
      rejected,
    };
    return note === "" ? result : { ...result, reason: note };
  }).catch((error: Error) => notTaken(path, reading.format, error.message));
}

const isCounted = (table: string) => table === "calls" || table === "tasks" || table === "scores";

/** How a file is to be read: by the mapping or format asked for, a mapping beside it, or what it is recognised as. */
export async function choose(
  connection: DuckDBConnection,
  path: string,
  ready: Ready,
  options: FileOptions,
): Promise<Reading | undefined> {
  if (options.mapping !== undefined) return readingOf(connection, options.mapping, ready.shape, ready.own);
  const asked = formats.find(({ name }) => name === options.format);
  const beside = asked === undefined ? mappingBeside(path) : undefined;
  if (beside !== undefined) return readingOf(connection, readMapping(beside), ready.shape, ready.own);
  const format = asked ?? formats.find((one) => one.recognises(ready.shape));
  return format === undefined ? undefined : { format: format.name, ...format.reading(ready.shape, path) };
}

/** Why a file cannot hold a record, if it cannot. */
export function noRecords({ file, sample, shape, split }: Ready): string | undefined {
  if (sample.container === "parquet") return undefined;
  if (split && sample.records.length > 0 && shape.fields?.size === 0) return "the file holds no records";
  if (split) return sample.records.length === 0 ? notJson(file) : undefined;
  return foreign(file);
}

/** What a reading takes from a file's folders: equal files of two partitions hold different records there. */
export function toldByFolders(reading: Reading, { partition = {}, own }: Ready): Partition {
  if (own !== undefined) return partition;
  return Object.fromEntries(
    Object.entries(partition).filter(([name]) => Object.hasOwn(reading.fields, name)),
  );
}

/** What of a reading belongs to a file's identity. */
export function wayOf(reading: Reading, options: FileOptions): Way {
  const constants = Object.entries(options.set ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    format: reading.format,
    mapping: reading.mapping ?? null,
    constants: JSON.stringify(Object.fromEntries(constants)),
  };
}

/** What is calculated beside the log's own columns, which makes it no other file. */
export function askedOf({ text, schemas }: FileOptions): string | null {
  const asked = [text === "keep" ? "texts" : "", schemas === undefined ? "" : `schemas ${schemas.hash}`];
  return asked.filter(Boolean).join(", ") || null;
}

function nothingCame(
  reading: Reading,
  { records, rows }: { records: number; rows: number },
  bad: readonly Bad[],
  first?: string,
): string {
  if (records === 0) return "the file holds no records";
  if (reading.targets.length === 0)
    return "it holds texts alone, and they are stored only where asked: --text keep";
  if (first === undefined || bad.length < records) return reading.nothing(rows);
  return `none of its ${records} records could be read: ${first}`;
}

function noteOf(
  reading: Reading,
  { shape }: Ready,
  unused: string[],
  rejected: number,
  first: string | undefined,
  said: string,
): string {
  const known = [...(shape.fields?.keys() ?? [])];
  return [
    first === undefined ? "" : `${rejected} rejected; ${first}`,
    reading.missing?.length
      ? `the sample has no field ${reading.missing.map((name) => name + didYouMean(name, known)).join(", ")}`
      : "",
    unusedNote(reading, unused),
    said,
  ]
    .filter(Boolean)
    .join("; ");
}

/** What is to be said of constants that none of a file's tables has a column for. */
export function unusedNote(reading: Reading, unused: readonly string[]): string {
  const tables = [...new Set(reading.targets.map(({ table }) => table))].join(", ");
  return unused.length === 0 ? "" : `${tables} has no column ${unused.join(", ")} to set`;
}
