import type * as Arrow from "apache-arrow";
import { ByteBuffer } from "flatbuffers";
import { DamageError } from "./damage";

type Library = typeof Arrow;

let isBounded = false;

/**
 * Makes the library refuse lists in a file's metadata that are longer than the metadata itself: it would allocate
 * as many elements as a damaged length says, and too many crash the process.
 */
export function boundLengths(): void {
  if (isBounded) return;
  isBounded = true;
  const length = ByteBuffer.prototype.__vector_len;
  ByteBuffer.prototype.__vector_len = function (offset: number) {
    const found = length.call(this, offset);
    if (found < 0 || found > this.capacity()) throw new DamageError("a list that is longer than the file");
    return found;
  };
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
