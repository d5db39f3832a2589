import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { defined } from "../../stats/defined";
import { isWithin } from "../files/files";
import { foreign, noHeaderOf, notJson, proseOf } from "../files/foreign";
import { takeTexts } from "../files/parquetTexts";
import type { Partition } from "../files/partition";
import { makeReady, type Ready } from "../files/ready";
import { type Scan, scan } from "../files/scan";
import { spooled } from "../files/stream";
import { formats, takes } from "../formats";
import { withSources } from "../models/benchmarkSources";
import { attributesOf } from "../records/attributes";
import { withConstants } from "../records/constants";
import type { Attribute, Reading } from "../records/format";
import { mappingBeside, readingOf, readMapping } from "../records/mapping";
import { withTexts } from "../records/texts";
import { unknownFormat } from "../suggest/unknownFormat";
import { foreignMapping } from "./foreignMapping";
import type { ReadConfig } from "./ledger";
import { failed, type IngestedFile, type ReadOptions } from "./options";

/** A file whose records were found, and how they are read. */
export interface Prepared {
  path: string;
  ready: Ready;
  seen: Scan;
  reading: Reading;
  /** The fields of its calls that no column is made of. */
  attributes: Attribute[];
  /** The mapping beside it, by which it is read. */
  mapping?: string;
  config: ReadConfig;
  /** What is calculated in addition to the log's own columns, without making it another file; null for nothing. */
  options: string | null;
  /** What the file's folders add to its identity. */
  partition: Partition;
  /** Constants for which none of its tables has a column. */
  unused: string[];
  /** For a small file that can be loaded together with others. */
  small?: { name: string; sha256: string; key: string };
}

/** A larger file is worth a query of its own. */
export const smallFile = 1 << 18;

/** Finds out how to read a file, or why it cannot be read. Any file that has to be written goes to the folder. */
export async function prepare(
  connection: DuckDBConnection,
  path: string,
  folder: string,
  options: ReadOptions,
): Promise<Prepared | IngestedFile> {
  const isNamed = options.named?.has(path) ?? true;
  if (!isNamed && options.roots !== undefined && !isWithin(path, options.roots))
    throw new Error(
      "it is a link that leads out of the folder: name it to read it, or read all such with --links",
    );
  const file = await spooled(path, folder, isNamed);
  if (statSync(file).size === 0) return { ...failed(path, null, "the file is empty"), status: "ingested" };
  const ready = await makeReady(connection, path, folder, file, options.unpack);
  if (ready.sample.blank) return failed(path, null, "the file contains only white space");
  const none = noRecords(ready);
  if (none !== undefined) return failed(path, null, none);
  const mapping =
    options.mapping === undefined && options.format === undefined
      ? mappingBeside(path, options.links)
      : undefined;
  if (mapping !== undefined) options.onMapping?.({ file: path, mapping });
  const chosen = await choose(path, ready, options, mapping);
  if (chosen === undefined) {
    const header = ready.sample.dialect?.header ?? [];
    const none = noHeaderOf(header) ?? proseOf(header);
    return failed(path, null, none ?? unknownFormat(ready.shape, formats, path, ready.sample.records));
  }
  const isRead = ready.sample.records.some((one) => one !== null && typeof one === "object");
  if (chosen.foreign && isRead) return failed(path, chosen.format, foreignMapping(chosen, ready.shape, path));
  const { reading: constant, unused } = withConstants(chosen, options.set ?? {});
  const reading = withTexts(withSources(constant, path), {
    keep: options.text === "keep",
    judge: options.schemas !== undefined,
  });
  const attributes = attributesOf(reading, ready.shape, ready.sample.records, {
    own: ready.own,
    keep: options.text === "keep",
  });
  const columns = parquetColumnsOf(ready, reading, attributes);
  await takeTexts(connection, ready.file, columns, ready.room);
  const prepared: Prepared = defined({
    path,
    // Many files may wait to be loaded together, and the samples of their records are not needed any more.
    ready: { ...ready, sample: { ...ready.sample, records: [] } },
    seen: scan(ready.file, ready.sample.container),
    reading,
    attributes,
    mapping,
    config: configOf(reading, options),
    options: optionsOf(options),
    partition: partitionOf(reading, attributes, ready),
    unused,
  });
  return { ...prepared, small: canBeTogether(prepared) ? smallOf(prepared) : undefined };
}

/** The columns that are read of a file, if it is a Parquet file. */
export function parquetColumnsOf(
  { own, partition }: Ready,
  reading: Reading,
  attributes: readonly Attribute[],
): string[] {
  const read = [...Object.keys(reading.fields), ...attributes.flatMap(({ field }) => field?.path[0] ?? [])];
  return own === undefined
    ? []
    : [...new Set(read)].filter((name) => Object.hasOwn(own, name) && !Object.hasOwn(partition ?? {}, name));
}

/**
 * True if a file can be loaded with one before it: read alike, not the same content, and not the same log grown.
 */
export function goesWith(before: Prepared, next: Prepared): boolean {
  const [one, other] = [before.small, next.small];
  if (one?.key !== other?.key || one?.sha256 === other?.sha256) return false;
  const { size } = before.seen;
  if (one?.name !== other?.name || size > next.seen.size) return true;
  return !readFileSync(next.ready.file).subarray(0, size).equals(readFileSync(before.ready.file));
}

// By the named mapping or format, a mapping beside the file, or the recognised format.
async function choose(
  path: string,
  ready: Ready,
  options: ReadOptions,
  beside: string | undefined,
): Promise<Reading | undefined> {
  const { shape, own } = ready;
  if (options.mapping !== undefined) return readingOf(options.mapping, shape, own);
  if (beside !== undefined) return readingOf(readMapping(beside), shape, own);
  const named = formats.find(({ name }) => name === options.format);
  const seen = { shape, records: ready.sample.records, own };
  const format = named ?? formats.find(takes(seen));
  if (format === undefined) return undefined;
  return { format: format.name, ...((await format.ofSample?.(seen)) ?? format.reading(shape, path)) };
}

/** Why a file has no records that anything could read; undefined if it may. */
export function noRecords({ file, sample, shape, split }: Ready): string | undefined {
  if (sample.container === "parquet") return undefined;
  if (!split) return foreign(file);
  if (sample.records.length === 0) return notJson(file, "line");
  return shape.fields?.size === 0 ? "the file contains no records" : undefined;
}

// Identical files of two partitions hold different records if the reading uses columns from the folders.
function partitionOf(
  { fields }: Reading,
  attributes: readonly Attribute[],
  { partition = {}, own }: Ready,
): Partition {
  if (own !== undefined) return partition;
  const kept = new Set(attributes.map(({ field }) => field?.path[0]));
  const isRead = (name: string) => Object.hasOwn(fields, name) || kept.has(name);
  return Object.fromEntries(Object.entries(partition).filter(([name]) => isRead(name)));
}

function configOf({ format, mapping }: Reading, options: ReadOptions): ReadConfig {
  const constants = Object.entries(options.set ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return { format, mapping: mapping ?? null, constants: JSON.stringify(Object.fromEntries(constants)) };
}

function optionsOf({ text, schemas }: ReadOptions): string | null {
  const options = [text === "keep" ? "texts" : "", schemas === undefined ? "" : `schemas ${schemas.hash}`];
  return options.filter(Boolean).join(", ") || null;
}

// Not if the file is not JSON, nests deep, or has a fault that only shows when read.
function canBeTogether({ ready, seen, reading }: Prepared): boolean {
  if (ready.sample.container !== "lines" || seen.size > 4 * smallFile || seen.deep || seen.noRecord)
    return false;
  return !reading.whole && !reading.missing?.length && reading.targets.length > 0;
}

/** True if texts are to be stored. */
export const keepsTexts = (options: string | null): boolean =>
  options?.split(", ").includes("texts") === true;

function smallOf({ path, ready, config, reading, partition }: Prepared): Prepared["small"] {
  const { fields, unnest, derived, targets } = reading;
  return {
    name: basename(path),
    sha256: createHash("sha256").update(readFileSync(ready.file)).digest("hex"),
    key: createHash("md5")
      .update(JSON.stringify([config, fields, unnest, derived, targets, partition]))
      .digest("hex"),
  };
}
