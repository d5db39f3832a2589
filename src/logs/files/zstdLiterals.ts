import { type Bits, bitsOf, damaged, type Prefixes, readPrefixes } from "./zstdTables";

/** The most that a block unpacks to. */
export const largestBlock = 1 << 17;

/** The bytes of a block that are no copies of earlier ones. */
export const literals = new Uint8Array(largestBlock);

/**
 * Reads those bytes of a block.
 *
 * @param shared has the code of an earlier block, and gets that of this one
 * @returns how many there are, and where what follows them begins
 */
export function readLiterals(
  data: Uint8Array,
  to: number,
  shared: { prefixes?: Prefixes },
  most: number,
): { size: number; end: number } {
  const kind = data[0] & 3;
  const form = (data[0] >> 2) & 3;
  if (kind < 2) {
    const bytes = form === 1 ? 2 : form === 3 ? 3 : 1;
    const size = (data[0] | (data[1] << 8) | (data[2] << 16)) & ((1 << (8 * bytes)) - 1);
    const count = size >> (bytes === 1 ? 3 : 4);
    const end = bytes + (kind === 0 ? count : 1);
    if (count > most || end > to) throw damaged();
    if (kind === 0) literals.set(data.subarray(bytes, end));
    else literals.fill(data[bytes], 0, count);
    return { size: count, end };
  }
  const head = form < 2 ? 3 : form + 2;
  const width = [10, 10, 14, 18][form];
  const number = data[0] + 256 * data[1] + 65_536 * data[2] + 2 ** 24 * (data[3] + 256 * (data[4] ?? 0));
  const part = (from: number) => Math.floor(number / 2 ** from) % 2 ** width;
  const [size, packed] = [part(4), part(4 + width)];
  const end = head + packed;
  if (size > most || end > to) throw damaged();
  let from = head;
  if (kind === 2) {
    const read = readPrefixes(data, head, end);
    shared.prefixes = read.prefixes;
    from = read.end;
  }
  if (shared.prefixes === undefined) throw damaged();
  unpackLiterals(data, from, end, shared.prefixes, form === 0 ? 1 : 4, size);
  return { size, end };
}

// In one stream or four, of equal size except for the last; the four begin with the lengths of the first three.
function unpackLiterals(
  data: Uint8Array,
  from: number,
  end: number,
  prefixes: Prefixes,
  streams: number,
  size: number,
): void {
  const each = streams === 1 ? size : (size + 3) >> 2;
  let at = streams === 1 ? from : from + 6;
  for (let one = 0; one < streams; one++) {
    const isLast = one === streams - 1;
    const next = isLast ? end : at + (data[from + 2 * one] | (data[from + 2 * one + 1] << 8));
    if (next > end || one * each > size) throw damaged();
    unpackStream(
      bitsOf(data, at, next),
      prefixes,
      one * each,
      isLast ? size : Math.min(size, (one + 1) * each),
    );
    at = next;
  }
}

function unpackStream({ data, begin, at }: Bits, { log, entries }: Prefixes, from: number, to: number): void {
  const mask = entries.length - 1;
  for (let place = from; place < to; place++) {
    const first = at - log;
    const byte = first >> 3;
    // Before the beginning there is no byte: any bits do, since those of the symbol itself are there.
    const word =
      byte >= 0
        ? (data[byte] | (data[byte + 1] << 8) | (data[byte + 2] << 16)) >> (first & 7)
        : ((data[0] | (data[1] << 8)) << -first) & mask;
    const entry = entries[word & mask];
    literals[place] = entry >> 4;
    at -= entry & 15;
  }
  if (at !== begin) throw damaged();
}
