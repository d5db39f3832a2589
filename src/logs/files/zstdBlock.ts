import { literals, readLiterals } from "./zstdLiterals";
import {
  type Bits,
  bitsOf,
  damaged,
  type Prefixes,
  readBits,
  readStates,
  type States,
  statesFrom,
  statesOfOne,
} from "./zstdTables";

/** What the blocks of a frame share. */
export interface Shared {
  prefixes?: Prefixes;
  /** The tables of literal lengths, offsets and match lengths that the last block used. */
  tables: [States?, States?, States?];
  /** The three last offsets. */
  offsets: [number, number, number];
}

/** Where a block is unpacked to: behind what it may refer to. */
export interface Output {
  bytes: Uint8Array;
  length: number;
}

/**
 * Unpacks a compressed block; the data must have 3 bytes behind its end.
 *
 * @param reach how far back it may refer
 * @param most bytes that it may unpack to, for which the output must have room
 * @throws DamageError
 */
export function unpackBlock(
  data: Uint8Array,
  to: number,
  shared: Shared,
  out: Output,
  { reach, most }: { reach: number; most: number },
): void {
  const { size, end } = readLiterals(data, to, shared, most);
  const { count, at } = sequenceCount(data, end, to);
  if (count === 0) {
    if (at !== to) throw damaged();
    out.bytes.set(literals.subarray(0, size), out.length);
    out.length += size;
    return;
  }
  const begin = readTables(data, at, to, shared);
  replay(bitsOf(data, begin, to), count, size, shared, out, { reach, limit: out.length + most });
}

function sequenceCount(data: Uint8Array, at: number, to: number): { count: number; at: number } {
  if (at >= to) throw damaged();
  const first = data[at];
  if (first < 128) return { count: first, at: at + 1 };
  if (first < 255) return { count: ((first - 128) << 8) + data[at + 1], at: at + 2 };
  return { count: data[at + 1] + (data[at + 2] << 8) + 0x7f00, at: at + 3 };
}

const times = (count: number, one: number) => Array<number>(count).fill(one);
const usual = [
  statesFrom([4, 3, ...times(11, 2), 1, 1, 1, ...times(9, 2), 3, 2, ...times(5, 1), ...times(4, -1)], 6),
  statesFrom([...times(6, 1), 2, 2, 2, ...times(15, 1), ...times(5, -1)], 5),
  statesFrom([1, 4, 3, ...times(6, 2), ...times(37, 1), ...times(7, -1)], 6),
];
// No offset has more bits than the largest window.
const most = [
  { log: 9, symbol: 35 },
  { log: 8, symbol: 27 },
  { log: 9, symbol: 52 },
];

/** Reads the three tables of a block, and returns where its sequences begin. */
function readTables(data: Uint8Array, from: number, to: number, shared: Shared): number {
  const modes = data[from];
  if (from >= to || (modes & 3) !== 0) throw damaged();
  let at = from + 1;
  for (const [table, limit] of most.entries()) {
    const mode = (modes >> (6 - 2 * table)) & 3;
    if (mode === 0) shared.tables[table] = usual[table];
    else if (mode === 1) {
      if (at >= to || data[at] > limit.symbol) throw damaged();
      shared.tables[table] = statesOfOne(data[at]);
      at++;
    } else if (mode === 2) {
      const { states, end } = readStates(data, at, to, limit);
      shared.tables[table] = states;
      at = end;
    } else if (shared.tables[table] === undefined) throw damaged();
  }
  return at;
}

/** For each code, how many bits follow it; and from those, the least number that it stands for. */
const literalBits = Uint8Array.from([
  ...times(16, 0),
  1,
  1,
  1,
  1,
  2,
  2,
  3,
  3,
  4,
  6,
  7,
  8,
  9,
  10,
  11,
  12,
  13,
  14,
  15,
  16,
]);
const matchBits = Uint8Array.from([
  ...times(32, 0),
  ...[1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
]);
const leastOf = (bits: Uint8Array, first: number) => {
  let next = first;
  return Uint32Array.from(bits, (count) => (next += 1 << count) - (1 << count));
};
const literalLeast = leastOf(literalBits, 0);
const matchLeast = leastOf(matchBits, 3);

/** Writes a block: each of its sequences is some literals, and then a copy of earlier output. */
function replay(
  bits: Bits,
  count: number,
  size: number,
  { tables, offsets }: Shared,
  out: Output,
  { reach, limit }: { reach: number; limit: number },
): void {
  const [ofLiterals, ofOffsets, ofMatches] = tables as [States, States, States];
  let literal = readBits(bits, ofLiterals.log);
  let offset = readBits(bits, ofOffsets.log);
  let match = readBits(bits, ofMatches.log);
  const { bytes } = out;
  let [end, used] = [out.length, 0];
  for (let left = count; left > 0; left--) {
    const code = ofOffsets.symbols[offset];
    const value = 2 ** code + readBits(bits, code);
    const matchCode = ofMatches.symbols[match];
    const length = matchLeast[matchCode] + readBits(bits, matchBits[matchCode]);
    const literalCode = ofLiterals.symbols[literal];
    const before = literalLeast[literalCode] + readBits(bits, literalBits[literalCode]);
    if (left > 1) {
      literal = ofLiterals.bases[literal] + readBits(bits, ofLiterals.counts[literal]);
      match = ofMatches.bases[match] + readBits(bits, ofMatches.counts[match]);
      offset = ofOffsets.bases[offset] + readBits(bits, ofOffsets.counts[offset]);
    }
    if (used + before > size || end + before + length > limit) throw damaged();
    for (const stop = used + before; used < stop; ) bytes[end++] = literals[used++];
    const back = distance(offsets, value, before === 0);
    if (back < 1 || back > end || back > reach) throw damaged();
    // The copy may overlap itself, so it goes byte by byte.
    for (const stop = end + length; end < stop; end++) bytes[end] = bytes[end - back];
  }
  if (bits.at !== bits.begin || end + size - used > limit) throw damaged();
  bytes.set(literals.subarray(used, size), end);
  out.length = end + size - used;
}

/** How far back a copy begins; small values stand for one of the last offsets. */
function distance(offsets: Shared["offsets"], value: number, noLiterals: boolean): number {
  const [first, second, third] = offsets;
  if (value > 3) {
    offsets[0] = value - 3;
    offsets[1] = first;
    offsets[2] = second;
    return value - 3;
  }
  const which = value - (noLiterals ? 0 : 1);
  if (which === 0) return first;
  offsets[0] = which === 1 ? second : which === 2 ? third : first - 1;
  if (which > 1) offsets[2] = second;
  offsets[1] = first;
  return offsets[0];
}
