import { DamageError } from "./damage";

/**
 * Decompresses one LZ4 frame. Checksums are not verified.
 *
 * @param take called with the bytes of each part before it is unpacked
 * @remarks Source: https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md and lz4_Block_format.md
 * @throws if the frame is damaged or truncated
 */
export function lz4Frame(frame: Uint8Array, take: (bytes: number) => void): Uint8Array {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const word = (at: number) => {
    if (at + 4 > frame.length) throw new DamageError("LZ4 data that was cut short");
    return view.getUint32(at, true);
  };
  if (word(0) !== 0x184d2204) throw new DamageError("LZ4 data without its mark");
  const flags = frame[4];
  const blockChecksum = (flags & 16) === 0 ? 0 : 4;
  let at = 7 + ((flags & 8) === 0 ? 0 : 8) + ((flags & 1) === 0 ? 0 : 4);
  // Blocks may refer to the output of earlier ones, so all are written to one buffer.
  const out: Output = { bytes: new Uint8Array(Math.max(1 << 16, 4 * frame.length)), length: 0, take };
  for (let size = word(at); size !== 0; size = word(at)) {
    at += 4;
    const end = at + (size & 0x7fffffff);
    if (end > frame.length) throw new DamageError("LZ4 data that was cut short");
    const block = frame.subarray(at, end);
    if (size >>> 31 === 1) append(out, block);
    else decodeBlock(block, out);
    at = end + blockChecksum;
  }
  return out.bytes.subarray(0, out.length);
}

interface Output {
  bytes: Uint8Array;
  length: number;
  take(bytes: number): void;
}

function reserve(out: Output, more: number): void {
  out.take(more);
  if (out.length + more <= out.bytes.length) return;
  const larger = new Uint8Array(Math.max(2 * out.bytes.length, out.length + more));
  larger.set(out.bytes.subarray(0, out.length));
  out.bytes = larger;
}

function append(out: Output, bytes: Uint8Array): void {
  reserve(out, bytes.length);
  out.bytes.set(bytes, out.length);
  out.length += bytes.length;
}

// Runs of literal bytes, each followed by a copy of earlier bytes; the last run has no copy.
function decodeBlock(block: Uint8Array, out: Output): void {
  let at = 0;
  const longer = (length: number) => {
    if (length < 15) return length;
    let more: number;
    do {
      if (at >= block.length) throw new DamageError("LZ4 data that was cut short");
      more = block[at++];
      length += more;
    } while (more === 255);
    return length;
  };
  while (at < block.length) {
    const token = block[at++];
    const literals = longer(token >> 4);
    if (at + literals > block.length) throw new DamageError("LZ4 data that was cut short");
    append(out, block.subarray(at, at + literals));
    at += literals;
    if (at >= block.length) return;
    const offset = block[at] | (block[at + 1] << 8);
    at += 2;
    const copied = longer(token & 15) + 4;
    if (offset === 0 || offset > out.length) throw new DamageError("damaged LZ4 data");
    reserve(out, copied);
    // The copy may overlap itself, so it goes byte by byte.
    for (let one = 0; one < copied; one++, out.length++)
      out.bytes[out.length] = out.bytes[out.length - offset];
  }
}
