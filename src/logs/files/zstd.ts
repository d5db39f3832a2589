import { Transform } from "node:stream";
import { DamageError } from "./damage";

// More than tools write with their longest windows: the decoder allocates as much as the frame says.
const largest = 128 * 2 ** 20;

/**
 * A zstd frame, unchanged.
 *
 * @throws if unpacking it takes more memory than the frames of a log's tools do
 */
export function zstdChecked(frame: Uint8Array): Uint8Array {
  if (windowOf(frame) > largest) throw new DamageError("it needs more than 128 MB of memory to be unpacked");
  return frame;
}

/** The memory that a zstd frame needs; 0 for something too short to be one. */
function windowOf(frame: Uint8Array): number {
  const [flags, window] = [frame[4] ?? 0, frame[5] ?? 0];
  if ((flags & 32) === 0) {
    const base = 2 ** (10 + (window >> 3));
    return base + (base / 8) * (window & 7);
  }
  // The frame is a single segment, with its size after its dictionary id.
  const at = 5 + [0, 1, 2, 4][flags & 3];
  const bytes = [1, 2, 4, 8][flags >> 6];
  let size = 0;
  for (let byte = bytes - 1; byte >= 0; byte--) size = size * 256 + (frame[at + byte] ?? 0);
  return size;
}

/** Unpacks zstd as a stream: Node has it built in only from version 22 on. */
export async function zstdDecoder(): Promise<Transform> {
  const { Decompress } = await import("fzstd");
  let ended = false;
  let isBegun = false;
  let decoder: InstanceType<typeof Decompress>;
  return new Transform({
    construct(done) {
      decoder = new Decompress((chunk, last) => {
        if (chunk.length > 0) this.push(Buffer.from(chunk));
        ended ||= last === true;
      });
      done();
    },
    transform(chunk, _encoding, done) {
      try {
        decoder.push(isBegun ? (chunk as Buffer) : zstdChecked(chunk));
        isBegun = true;
        done();
      } catch (error) {
        done(error as Error);
      }
    },
    flush(done) {
      try {
        decoder.push(new Uint8Array(0), true);
        done(ended ? null : new DamageError("unexpected end of file"));
      } catch (error) {
        done(error as Error);
      }
    },
  });
}
