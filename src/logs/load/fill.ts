import type { DuckDBConnection } from "@duckdb/node-api";
import { isBusy, patience, TimeLimitError, withinSeconds } from "../../store/limit";
import { anyRow, run } from "../../store/run";
import { cellsToJson } from "../files/cells";
import { withoutDeepest } from "../files/depth";
import { scratchFile } from "../files/pieces";
import type { Ready } from "../files/ready";
import type { Scan } from "../files/scan";
import type { Fields, Leaf } from "../records/field";
import type { Reading } from "../records/format";
import { inFolders, parquetRows, type Source, textLines, typedCells, typedLines, wholeLines } from "./source";
import { stageOf } from "./stage";
import type { Stage } from "./stageDraft";

/** What filled the temporary table `stage`. */
export interface Filled extends Omit<Stage, "select"> {
  /** How it was read: with the attributes of each call in their own types, or all as texts. */
  reading: Reading;
  /** True if every record fits. */
  clean: boolean;
  /** The meaning of the bits of lost. */
  leaves: Leaf[];
  /** Lines of the file at which no record begins, in order. */
  skipped: number[];
  /** Where the text of a bad record is; undefined if it has none. */
  text?: RecordText;
}

/**
 * JSON lines with the records' text, and whether their numbers are those of the file's lines or of its records.
 */
export interface RecordText {
  file: string;
  numberedBy: "line" | "record";
  /** True if the lines were written from a delimited file. */
  isCells: boolean;
}

/**
 * Fills the temporary table `stage`: the fast way if the file allows it, else record by record.
 *
 * @param readings how to read the file, followed by alternatives if that may fail for attributes
 * @param onlyClean return undefined if some record does not fit
 */
export async function fillStage(
  connection: DuckDBConnection,
  readings: readonly Reading[],
  ready: Ready,
  seen: Scan,
  folder: string,
  onlyClean = false,
): Promise<Filled | undefined> {
  const passed = ready.split ? [] : seen.skipped;
  for (const reading of readings) {
    const fast = fastSource(reading, ready, seen);
    if (fast === undefined) break;
    try {
      const filled = await staged(connection, reading, fast, false, seen.size);
      if (!(await anyLost(connection))) return { reading, ...filled, skipped: passed, clean: true };
    } catch (error) {
      if (error instanceof TimeLimitError) throw error;
      // Some record does not fit, so each has to be read on its own.
    }
  }
  if (onlyClean) return undefined;
  const reading = readings[readings.length - 1];
  const { source, skipped = passed, text } = await tolerantSource(reading, ready, seen, folder);
  const filled = await staged(connection, reading, source, true, seen.size);
  return { reading, ...filled, skipped, clean: false, text };
}

function fastSource(reading: Reading, ready: Ready, seen: Scan): Source | undefined {
  const { file, sample, own, partition } = ready;
  const { container, dialect } = sample;
  if (container === "parquet") return parquetRows(file, reading.fields, Object.keys(own ?? {}), partition);
  const fields = ownFields(reading, ready);
  if (dialect === undefined) {
    if (reading.whole || seen.deep || seen.noRecord) return undefined;
    return inFolders(typedLines(file, fields, seen.longest), reading.fields, partition);
  }
  if (dialect.header.length < 2 || seen.oddCells || seen.skipped[0] === 1) return undefined;
  const used = Object.fromEntries(Object.entries(fields).filter(([name]) => dialect.header.includes(name)));
  return inFolders(typedCells(file, used, dialect.delimiter, dialect.header), reading.fields, partition);
}

async function tolerantSource(
  reading: Reading,
  ready: Ready,
  seen: Scan,
  folder: string,
): Promise<{ source: Source } & Partial<Pick<Filled, "skipped" | "text">>> {
  const { file, sample, own, partition, split } = ready;
  const { container, dialect } = sample;
  if (container === "parquet")
    return { source: parquetRows(file, reading.fields, Object.keys(own ?? {}), partition) };
  const fields = ownFields(reading, ready);
  const withFolders = (source: Source) => inFolders(source, reading.fields, partition);
  if (dialect !== undefined) {
    const lines = scratchFile(folder, "cells");
    const skipped = await cellsToJson(file, dialect, lines, ready.room);
    const source = textLines(lines, fields, 4 * seen.longest + (1 << 16), dialect.header.length);
    return {
      source: withFolders(source),
      skipped,
      text: { file: lines, numberedBy: "record", isCells: true },
    };
  }
  const readable = seen.deep ? await withoutDeepest(file, scratchFile(folder, "shallow")) : file;
  const source = reading.whole
    ? wholeLines(readable, seen.longest)
    : textLines(readable, fields, seen.longest, sample.fewestKeys);
  const text: RecordText = { file, numberedBy: split ? "record" : "line", isCells: false };
  return { source: withFolders(source), text };
}

// The columns from folders are not looked for in the records.
function ownFields({ fields }: Reading, { partition = {} }: Ready): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !Object.hasOwn(partition, name)));
}

async function staged(
  connection: DuckDBConnection,
  reading: Reading,
  source: Source,
  tolerant: boolean,
  size: number,
) {
  const { select, ...meaning } = await stageOf(connection, reading, source, tolerant);
  // Long IN lists would become joins, which lose the order of the records; and a calculation that several columns
  // share would be moved out of their try(), so that its failure would stop the file.
  const harmful = tolerant ? "in_clause,common_subexpressions" : "in_clause";
  await run(connection, `set disabled_optimizers = '${harmful}'`);
  const fill = () => run(connection, `create or replace temp table stage as ${select}`);
  // The slowest reading speed expected: a megabyte per second.
  const seconds = patience.seconds + Math.ceil(size / 1e6);
  try {
    // A mapping may come with the log, from anyone.
    await (reading.mapping === undefined
      ? fill()
      : withinSeconds(connection, seconds, "the mapping's expressions were", fill));
  } finally {
    if (!isBusy(connection)) await run(connection, "reset disabled_optimizers");
  }
  return { leaves: source.leaves, ...meaning };
}

async function anyLost(connection: DuckDBConnection): Promise<boolean> {
  const lost = await anyRow(connection, "select 1 from stage where damaged");
  return lost;
}
