import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type * as Arrow from "apache-arrow";
import { isDiskFull } from "../../store/reason";
import { boundLengths, checkColumn, readingOnce } from "./arrowBounds";
import { longestRecord, recordsOf } from "./arrowCell";
import { addCodecs, withinBudget } from "./arrowCodecs";
import { DamageError, damageOf, TooLongError, tooLongLine } from "./damage";
import { writing } from "./pieces";
import { head } from "./plain";
import { type Room, RoomError } from "./room";

/** The Arrow container of a file: Feather v2 is the file form. */
export type ArrowForm = "file" | "stream" | "feather v1";

/** Recognises an Arrow file by its first bytes; undefined if it is not one. */
export function arrowForm(file: string): ArrowForm | undefined {
  const first = head(file, 8);
  const mark = first.toString("latin1");
  if (mark.startsWith("ARROW1")) return "file";
  if (mark.startsWith("FEA1")) return "feather v1";
  // A stream begins with its marker and the length of its schema, a multiple of 8.
  const isStream = first.length === 8 && first.readInt32LE(0) === -1;
  return isStream && first.readInt32LE(4) > 0 && first.readInt32LE(4) % 8 === 0 ? "stream" : undefined;
}

/**
 * Writes the records of an Arrow file as JSON lines, batch by batch.
 *
 * @param room the size limit for the written records, and apart for what its buffers unpack to
 * @returns the names of its columns
 * @throws if the file is damaged, or contains something that cannot be read
 */
export async function arrowLines(file: string, form: ArrowForm, to: string, room: Room): Promise<string[]> {
  if (form === "feather v1") {
    throw new Error(
      "Feather version 1 is not supported: save it as version 2 (pyarrow.feather.write_feather) or as Parquet",
    );
  }
  const arrow = await import("apache-arrow");
  addCodecs(arrow);
  boundLengths();
  // A file is read through its footer, a stream from its beginning.
  const handle = form === "file" ? await open(file, "r") : undefined;
  try {
    return await withinBudget(room.apart(), async (endBatch) => {
      const reader = await readerOf(arrow, file, handle);
      return writeRecords(arrow, reader, to, room, endBatch);
    });
  } catch (error) {
    if (isDiskFull(error) || error instanceof RoomError) throw error;
    throw new Error(`the Arrow ${form} cannot be read (${damageOf(error)}); export it again, or as Parquet`);
  } finally {
    await handle?.close();
  }
}

type Reader = Arrow.RecordBatchReader | Arrow.AsyncRecordBatchFileReader;

async function readerOf(arrow: typeof Arrow, file: string, handle: FileHandle | undefined): Promise<Reader> {
  const reader = await (handle === undefined
    ? arrow.RecordBatchReader.from(createReadStream(file))
    : arrow.RecordBatchReader.from(readingOnce(handle) as unknown as Arrow.FileHandle));
  await reader.open();
  return reader;
}

async function writeRecords(
  arrow: typeof Arrow,
  reader: Reader,
  to: string,
  room: Room,
  endBatch: () => void,
): Promise<string[]> {
  if (reader.schema === undefined) throw new DamageError("it has no schema");
  const names = reader.schema.fields.map((field: Arrow.Field) => field.name);
  const doubled = names.find((name: string, at: number) => names.indexOf(name) !== at);
  if (doubled !== undefined) throw new DamageError(`two of its columns are named ${JSON.stringify(doubled)}`);
  return await writing(
    to,
    async (write) => {
      for await (const batch of batchesOf(reader)) {
        for (const column of batch.data.children) checkColumn(arrow, column, batch.numRows);
        const record = recordsOf(arrow, batch.data);
        for (let at = 0; at < batch.numRows; at++) write(`${lineOf(record, at, room)}\n`);
        endBatch();
      }
      return names;
    },
    room,
  );
}

// One that is too long costs itself, and of what the file may unpack to what was made of it.
function lineOf(record: (at: number) => string, at: number, room: Room): string {
  try {
    return record(at);
  } catch (error) {
    if (!(error instanceof TooLongError)) throw error;
    room.take(longestRecord);
    return tooLongLine;
  }
}

/** The batches of a reader. If asked for the next batch, the library never gets past a damaged one. */
async function* batchesOf(reader: Reader): AsyncGenerator<Arrow.RecordBatch> {
  if (!reader.isFile()) return yield* reader as AsyncIterable<Arrow.RecordBatch>;
  for (let at = 0; at < reader.numRecordBatches; at++) {
    const batch = await reader.readRecordBatch(at);
    if (batch === null) throw new DamageError(`batch ${at + 1} of ${reader.numRecordBatches} is damaged`);
    yield batch;
  }
}
