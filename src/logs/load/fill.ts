import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOf, run } from "../../store/query";
import { cellsToJson } from "../files/cells";
import type { Ready } from "../files/ready";
import type { Scan } from "../files/scan";
import {
  inFolders,
  parquetRows,
  type Source,
  textLines,
  typedCells,
  typedLines,
  wholeLines,
} from "../files/source";
import type { Leaf } from "../records/field";
import type { Reading } from "../records/format";
import { type StagedColumn, stageOf } from "./stage";

/** What the temporary table `stage` was filled with. */
export interface Filled {
  /** True where every record fits. */
  clean: boolean;
  /** What the bits of lost and of lost_columns stand for. */
  leaves: Leaf[];
  columns: StagedColumn[];
  /** And those of lost_elements. */
  elements: StagedColumn[];
  /** Lines of the file that begin no record, in order. */
  skipped: number[];
  /** Where the text of a bad record stands: undefined where it has none. */
  text?: RecordText;
}

/** JSON lines with the records' text: whether their numbers are those of the file's lines, or of its records. */
export interface RecordText {
  file: string;
  numberedBy: "line" | "record";
  /** True where the lines were written from a delimited file. */
  isCells: boolean;
}

/** Fills the temporary table `stage`: the fast way where the file allows it, else record by record. */
export async function fillStage(
  connection: DuckDBConnection,
  reading: Reading,
  ready: Ready,
  seen: Scan,
  folder: string,
): Promise<Filled> {
  const { file, sample, own } = ready;
  const isParquet = sample.container === "parquet";
  // What the folders tell is not looked for in the records.
  const fields = isParquet
    ? reading.fields
    : Object.fromEntries(
        Object.entries(reading.fields).filter(([name]) => !Object.hasOwn(ready.partition ?? {}, name)),
      );
  const fill = async (read: Source, tolerant: boolean) => {
    const source = isParquet ? read : inFolders(read, reading.fields, ready.partition);
    const filled = await staged(connection, reading, source, tolerant);
    return { ...filled, skipped: ready.split ? [] : seen.skipped };
  };
  const fast = async (source: Source): Promise<Filled | undefined> => {
    try {
      const filled = await fill(source, false);
      return (await anyLost(connection)) ? undefined : { ...filled, clean: true };
    } catch {
      // Some record does not fit: each has to be taken on its own.
      return undefined;
    }
  };
  if (isParquet) {
    const source = parquetRows(file, fields, Object.keys(own ?? {}), ready.partition);
    return (await fast(source)) ?? { ...(await fill(source, true)), clean: false };
  }
  const { dialect } = sample;
  if (reading.whole && dialect === undefined) {
    const text: RecordText = { file, numberedBy: ready.split ? "record" : "line", isCells: false };
    return { ...(await fill(wholeLines(file, seen.longest), true)), clean: false, text };
  }
  if (dialect === undefined) {
    const typed = seen.deep || seen.noRecord ? undefined : await fast(typedLines(file, fields, seen.longest));
    if (typed !== undefined) return typed;
    const source = textLines(file, fields, seen.longest, sample.fewestKeys);
    const text: RecordText = { file, numberedBy: ready.split ? "record" : "line", isCells: false };
    return { ...(await fill(source, true)), clean: false, text };
  }
  const used = Object.fromEntries(Object.entries(fields).filter(([name]) => dialect.header.includes(name)));
  if (dialect.header.length > 1 && !seen.oddCells && seen.skipped[0] !== 1) {
    const typed = await fast(typedCells(file, used, dialect.delimiter, dialect.header));
    if (typed !== undefined) return typed;
  }
  const lines = join(folder, "cells");
  const skipped = await cellsToJson(file, dialect, lines);
  const source = textLines(lines, fields, 4 * seen.longest + (1 << 16), dialect.header.length);
  const text: RecordText = { file: lines, numberedBy: "record", isCells: true };
  return { ...(await fill(source, true)), skipped, clean: false, text };
}

/** Fills the stage from JSON lines of which every record fits; undefined where one does not. */
export async function fillClean(
  connection: DuckDBConnection,
  reading: Reading,
  file: string,
  { longest, skipped }: Pick<Scan, "longest" | "skipped">,
): Promise<Filled | undefined> {
  try {
    const filled = await staged(connection, reading, typedLines(file, reading.fields, longest), false);
    return (await anyLost(connection)) ? undefined : { ...filled, skipped, clean: true };
  } catch {
    return undefined;
  }
}

async function staged(connection: DuckDBConnection, reading: Reading, source: Source, tolerant: boolean) {
  const { select, columns, elements } = await stageOf(connection, reading, source.sql, tolerant);
  // Long IN lists would become joins, which lose the order of the records; and what several columns calculate
  // alike would be taken out of the try() of each, so that its failure would stop the file.
  const harmful = tolerant ? "in_clause,common_subexpressions" : "in_clause";
  await run(connection, `set disabled_optimizers = '${harmful}'`);
  try {
    await run(connection, `create or replace temp table stage as ${select}`);
  } finally {
    await run(connection, "reset disabled_optimizers");
  }
  return { leaves: source.leaves, columns, elements };
}

async function anyLost(connection: DuckDBConnection): Promise<boolean> {
  const [{ lost }] = await rowsOf<{ lost: boolean }>(
    connection,
    "select exists (select 1 from stage where damaged) as lost",
  );
  return lost;
}
