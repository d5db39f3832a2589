import type { FileHandle } from "node:fs/promises";
import type * as Arrow from "apache-arrow";
import { ByteBuffer } from "flatbuffers";
import { DamageError } from "./damage";

type Library = typeof Arrow;

let isBounded = false;

const asked = new WeakMap<ByteBuffer, number>();

/**
 * Makes the library refuse lists in a file's metadata that are longer than the metadata itself: it would allocate
 * as many elements as a damaged length says, and too many crash the process. Nor may it ask for lists more often than
 * the metadata has bytes: parts of it that several others refer to, over many levels, would have no end.
 */
export function boundLengths(): void {
  if (isBounded) return;
  isBounded = true;
  const length = ByteBuffer.prototype.__vector_len;
  ByteBuffer.prototype.__vector_len = function (offset: number) {
    const found = length.call(this, offset);
    if (found < 0 || found > this.capacity()) throw new DamageError("a list that is longer than the file");
    const times = (asked.get(this) ?? 0) + 1;
    if (times > this.capacity()) throw new DamageError("its parts refer to each other without end");
    asked.set(this, times);
    return found;
  };
}

/**
 * A file that can be read once, with some to spare: its footer could name the same part a thousand times.
 *
 * @throws DamageError beyond twice its size
 */
export function readingOnce(file: FileHandle): Pick<FileHandle, "fd" | "read" | "stat" | "close"> {
  let [size, done] = [0, 0];
  const stat = async () => {
    const found = await file.stat();
    size = found.size;
    return found;
  };
  const read = (async (buffer: Uint8Array, offset: number, length: number, position: number) => {
    const result = await file.read(buffer, offset, length, position);
    done += result.bytesRead;
    if (done > 2 * size + (1 << 16)) throw new DamageError("its parts overlap");
    return result;
  }) as FileHandle["read"];
  return { fd: file.fd, read, stat: stat as FileHandle["stat"], close: () => file.close() };
}

/**
 * Checks a column against its own buffers.
 *
 * @throws if it claims more values than its buffers hold, or its lists go beyond their values
 */
export function checkColumn(arrow: Library, data: Arrow.Data, rows = data.length): void {
  const { DataType } = arrow;
  const { type, values, valueOffsets, nullBitmap, children } = data;
  const need = (had: number, needed: number) => {
    if (had < needed) throw new DamageError(`a column with ${had} of ${needed} values`);
  };
  need(data.length, rows);
  if (rows === 0 || DataType.isNull(type)) return;
  if (data.nullCount > 0) need(8 * nullBitmap.length, data.offset + rows);
  if (DataType.isDictionary(type)) {
    need(values.length, rows);
    for (const part of data.dictionary?.data ?? []) checkColumn(arrow, part);
    return;
  }
  if (valueOffsets?.length > 0) {
    const items = children[0]?.length ?? values.length;
    checkOffsets(valueOffsets, rows, items);
  } else if (DataType.isFixedSizeList(type)) need(children[0].length, rows * type.listSize);
  else if (DataType.isBool(type)) need(8 * values.length, data.offset + rows);
  else if (DataType.isUnion(type)) need(data.typeIds.length, rows);
  else if (children.length === 0) need(values?.length ?? 0, rows * data.stride);
  for (const child of children) checkColumn(arrow, child, DataType.isStruct(type) ? rows : undefined);
}

// Lists must follow each other, with the last one inside their values: otherwise a few bytes could stand for many
// values.
function checkOffsets(offsets: ArrayLike<number | bigint>, rows: number, items: number): void {
  if (offsets.length <= rows) throw new DamageError(`a column with ${offsets.length - 1} of ${rows} values`);
  let before = Number(offsets[0]);
  if (before < 0) throw new DamageError("a list that begins before its column");
  for (let at = 1; at <= rows; at++) {
    const next = Number(offsets[at]);
    if (next < before) throw new DamageError("a list that ends before it begins");
    before = next;
  }
  if (before > items) throw new DamageError("a list that is longer than its column");
}
