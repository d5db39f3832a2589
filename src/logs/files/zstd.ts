import { DamageError } from "./damage";
import { type Output, type Shared, unpackBlock } from "./zstdBlock";
import { largestBlock } from "./zstdLiterals";
import { damaged } from "./zstdTables";

// Tools go back as far with their longest windows.
const largestWindow = 128 * 2 ** 20;

/** A frame is sound, but needs more than this decoder has. */
export class NeedError extends DamageError {}

interface Frame extends Shared {
  /** How far back a block may refer. */
  window: number;
  /** Bytes that the frame unpacks to, if it says so. */
  size?: number;
  hasChecksum: boolean;
  /** Bytes that it unpacked to so far. */
  done: number;
}

/**
 * Unpacks zstd piece by piece, however the pieces are cut: each time at most 128 KB, and in memory no more than the
 * window that a frame refers back to. Checksums are not verified.
 *
 * @remarks Source: https://www.rfc-editor.org/rfc/rfc8878
 * @throws DamageError if it is damaged or cut short; NeedError if it takes more memory than the frames of a log's tools
 * do, or a dictionary
 */
export async function* unzstd(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const unpack = zstdFrames();
  for await (const piece of pieces) yield* unpack(piece);
  yield* unpack(undefined);
}

/** The same for all of it at once, each block of which goes to `take` before the next one is unpacked. */
export function unzstdWhole(data: Uint8Array, take: (bytes: number) => void): Uint8Array {
  const unpack = zstdFrames();
  const parts: Buffer[] = [];
  for (const rest of [data, undefined])
    for (const part of unpack(rest)) {
      take(part.length);
      parts.push(part);
    }
  return Buffer.concat(parts);
}

/** Unpacks the next piece; undefined is the end. */
function zstdFrames(): (piece: Uint8Array | undefined) => Generator<Buffer> {
  const out: Output = { bytes: new Uint8Array(0), length: 0 };
  let frame: Frame | undefined;
  let rest: Uint8Array = new Uint8Array(0);
  let skipped = 0;
  return function* (piece) {
    if (piece === undefined) {
      if (frame !== undefined || rest.length > 0 || skipped > 0) throw cutShort();
      return;
    }
    let at = Math.min(skipped, piece.length);
    skipped -= at;
    const data = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    for (;;) {
      const view = data.subarray(at);
      if (frame === undefined) {
        const head = frameHead(view);
        if (head === undefined) break;
        frame = head.frame;
        out.length = 0;
        at += head.bytes;
        if (at > data.length) {
          skipped = at - data.length;
          at = data.length;
        }
        continue;
      }
      const block = blockOf(view, frame.hasChecksum);
      if (block === undefined) break;
      const before = makeRoom(out, frame);
      unpackAny(view, block, frame, out);
      frame.done += out.length - before;
      at += block.bytes;
      if (out.length > before) yield Buffer.from(out.bytes.subarray(before, out.length));
      if (!block.isLast) continue;
      if (frame.size !== undefined && frame.size !== frame.done) throw damaged();
      frame = undefined;
    }
    rest = Buffer.from(data.subarray(at));
  };
}

const cutShort = () => new DamageError("unexpected end of file");

const frameMark = 0xfd2fb528;
const skippedMark = 0x184d2a50;

/** The frame that begins here, none for one to skip; undefined if more bytes are needed to tell. */
function frameHead(data: Uint8Array): { frame?: Frame; bytes: number } | undefined {
  if (data.length < 5) return undefined;
  const mark = littleEndian(data, 0, 4);
  if (mark - (mark % 16) === skippedMark)
    return data.length < 8 ? undefined : { bytes: 8 + littleEndian(data, 4, 4) };
  const flags = data[4];
  if (mark !== frameMark || (flags & 8) !== 0) throw damaged();
  const isOneSegment = (flags & 32) !== 0;
  const ofName = [0, 1, 2, 4][flags & 3];
  const ofSize = [isOneSegment ? 1 : 0, 2, 4, 8][flags >> 6];
  const name = isOneSegment ? 5 : 6;
  const bytes = name + ofName + ofSize;
  if (data.length < bytes) return undefined;
  if (littleEndian(data, name, ofName) !== 0) throw new NeedError("it needs a dictionary to be unpacked");
  const size =
    ofSize === 0 ? undefined : littleEndian(data, name + ofName, ofSize) + (ofSize === 2 ? 256 : 0);
  const base = 2 ** (10 + (data[5] >> 3));
  const window = isOneSegment && size !== undefined ? size : base + (base / 8) * (data[5] & 7);
  if (window > largestWindow) throw new NeedError("it needs more than 128 MB of memory to be unpacked");
  const frame: Frame = {
    ...{ window, size, hasChecksum: (flags & 4) !== 0, done: 0 },
    ...{ tables: [], offsets: [1, 4, 8] },
  };
  return { frame, bytes };
}

function littleEndian(data: Uint8Array, at: number, bytes: number): number {
  let number = 0;
  for (let byte = bytes - 1; byte >= 0; byte--) number = number * 256 + data[at + byte];
  return number;
}

interface Block {
  kind: number;
  /** Its content's bytes, of which one is there if it only repeats. */
  size: number;
  isLast: boolean;
  /** Its bytes with its head, and with a checksum that follows. */
  bytes: number;
}

function blockOf(data: Uint8Array, hasChecksum: boolean): Block | undefined {
  if (data.length < 3) return undefined;
  const head = littleEndian(data, 0, 3);
  const isLast = head % 2 === 1;
  const [kind, size] = [(head >> 1) & 3, head >> 3];
  if (kind === 3 || size > largestBlock) throw damaged();
  const bytes = 3 + (kind === 1 ? 1 : size) + (isLast && hasChecksum ? 4 : 0);
  return data.length < bytes ? undefined : { kind, size, isLast, bytes };
}

function unpackAny(data: Uint8Array, { kind, size }: Block, frame: Frame, out: Output): void {
  if (kind === 2) {
    // A copy, with room for reading bits beyond its end.
    const block = new Uint8Array(size + 4);
    block.set(data.subarray(3, 3 + size));
    unpackBlock(block, size, frame, out, { reach: frame.window, most: largestBlock });
    return;
  }
  if (kind === 0) out.bytes.set(data.subarray(3, 3 + size), out.length);
  else out.bytes.fill(data[3], out.length, out.length + size);
  out.length += size;
}

/**
 * Makes room for a block behind what it may refer to, and returns where. What is needed no more goes once it fills a
 * quarter of the window, so that little is moved; and no more is allocated than twice what there is.
 */
function makeRoom(out: Output, { window }: Frame): number {
  if (out.length + largestBlock <= out.bytes.length) return out.length;
  const most = window + Math.max(window >> 2, 8 * largestBlock);
  const { bytes } = out;
  if (bytes.length < most) {
    out.bytes = new Uint8Array(Math.min(most, Math.max(8 * largestBlock, 2 * bytes.length)));
    out.bytes.set(bytes.subarray(0, out.length));
    if (out.length + largestBlock <= out.bytes.length) return out.length;
  }
  const kept = Math.min(window, out.length);
  out.bytes.copyWithin(0, out.length - kept, out.length);
  out.length = kept;
  return kept;
}
