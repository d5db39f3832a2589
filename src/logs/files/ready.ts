import { statSync, writeFileSync } from "node:fs";
import type { DuckDBConnection } from "@duckdb/node-api";
import { arrowForm, arrowLines } from "./arrowLines";
import { notJson } from "./foreign";
import { keyedRecords } from "./keyed";
import { parquetColumns, takeParquet } from "./parquet";
import { type Partition, partitionOf } from "./partition";
import { scratchFile } from "./pieces";
import { head, plainFile } from "./plain";
import { type Room, roomFor } from "./room";
import { longestFirst, type Sample, sampleOf } from "./sample";
import { type Shape, shapeOf } from "./shape";
import { splitJson } from "./split";

/**
 * A file prepared for reading: JSON lines (also from JSON and Arrow), delimited text or Parquet, plain and in
 * UTF-8.
 */
export interface Ready {
  file: string;
  sample: Sample;
  shape: Shape;
  /** The columns' own types, for a Parquet file. */
  own?: Record<string, string>;
  /** Columns given by the folders of a partitioned data set, besides the file's own. */
  partition?: Partition;
  /** True if records no longer correspond to the lines of the user's file. */
  split: boolean;
  /** The remaining size limit for files written from it. */
  room: Room;
}

type Found = Omit<Ready, "room">;

/**
 * Prepares a file, or the copy of one that came through a pipe. Any file that has to be written goes to the
 * folder.
 */
export async function makeReady(
  connection: DuckDBConnection,
  path: string,
  folder: string,
  copy = path,
  unpack?: number,
): Promise<Ready> {
  const room = roomFor(copy, folder, unpack);
  return { ...(await readyIn(connection, path, folder, copy, room)), room };
}

async function readyIn(
  connection: DuckDBConnection,
  path: string,
  folder: string,
  copy: string,
  room: Room,
): Promise<Found> {
  const file = await plainFile(copy, folder, room);
  const form = arrowForm(file);
  if (form !== undefined) {
    const lines = scratchFile(folder, "records");
    const columns = await arrowLines(file, form, lines, room);
    // The columns are known even if there is no record or none has a value.
    return inFolders(recordsIn(lines, [Object.fromEntries(columns.map((name) => [name, null]))]), path);
  }
  const sample = sampleOf(file);
  if (sample.container === "parquet") return parquet(connection, file, sample, path, room);
  if (sample.container !== "json") {
    const plain = { file, sample, shape: shapeOf(sample.records), split: false };
    return inFolders(tableOf(plain, folder) ?? plain, path);
  }
  const lines = scratchFile(folder, "records");
  await splitJson(file, lines);
  const fault = statSync(lines).size === 0 ? notJson(file, "document") : undefined;
  if (fault !== undefined) throw new Error(fault);
  const found = recordsIn(lines, []);
  return inFolders(tableOf(found, folder) ?? found, path);
}

/** A document that is a table keyed by its rows' names, as JSON lines. */
function tableOf({ file, sample }: Found, folder: string): Found | undefined {
  const rows = sample.container === "lines" ? keyedRecords(sample.records) : undefined;
  if (rows === undefined || !isOneLine(file)) return undefined;
  const lines = scratchFile(folder, "rows");
  writeFileSync(lines, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  return recordsIn(lines, []);
}

// The sample may hold the first of many lines alone.
function isOneLine(file: string): boolean {
  const { size } = statSync(file);
  return size <= longestFirst && !head(file, size).toString("latin1").trim().includes("\n");
}

// A record's own value takes precedence over its folder's.
function foldersOf(path: string, own: Iterable<string>): Partition {
  const taken = new Set([...own].map((name) => name.toLowerCase()));
  const others = Object.entries(partitionOf(path)).filter(([name]) => !taken.has(name.toLowerCase()));
  return Object.fromEntries(others);
}

const ofFolder = (): Shape => ({ scalar: "VARCHAR", numeric: false, isPartition: true });

function inFolders(ready: Found, path: string): Found {
  const partition = foldersOf(path, ready.shape.fields?.keys() ?? []);
  if (Object.keys(partition).length === 0) return ready;
  const fields = new Map(ready.shape.fields);
  for (const name of Object.keys(partition)) fields.set(name, ofFolder());
  return { ...ready, shape: { ...ready.shape, fields }, partition };
}

// JSON lines written from the user's file.
function recordsIn(lines: string, known: readonly unknown[]): Found {
  const seen = sampleOf(lines);
  const records = [...known, ...(seen.container === "lines" ? seen.records : [])];
  const split: Sample = { ...seen, container: "lines", records, dialect: undefined, blank: false };
  return { file: lines, sample: split, shape: shapeOf(records), split: true };
}

async function parquet(
  connection: DuckDBConnection,
  file: string,
  sample: Sample,
  path: string,
  room: Room,
): Promise<Found> {
  const columns = await parquetColumns(connection, file);
  await takeParquet(connection, file, room);
  const named = columns.filter((column) => !column.column_name.includes("\0"));
  const own = Object.fromEntries(named.map((column) => [column.column_name, column.column_type]));
  const fields = new Map<string, Shape>(
    Object.entries(own).map(([name, type]) => [name, { scalar: type, numeric: false }]),
  );
  const partition = foldersOf(path, Object.keys(own));
  for (const name of Object.keys(partition)) {
    own[name] = "VARCHAR";
    fields.set(name, ofFolder());
  }
  return { file, sample, shape: { scalar: "NULL", numeric: false, fields }, own, partition, split: false };
}
