import { closeSync, createReadStream, openSync, writeSync } from "node:fs";

/** Text is written out in pieces of about this size. */
const pieceSize = 1 << 22;

/**
 * Writes the values of a JSON array, a JSON document or a run of documents as JSON lines, one value a line.
 * A single array is opened: each of its elements is a line. Nothing is parsed, so that a damaged element costs
 * one line only, and one nested 100,000 deep costs nothing.
 */
export async function splitJson(file: string, to: string): Promise<void> {
  const out = openSync(to, "w");
  let pieces: Buffer[] = [];
  let pending = 0;
  const flush = () => {
    if (pending > 0) writeSync(out, Buffer.concat(pieces, pending));
    pieces = [];
    pending = 0;
  };
  const write = (bytes: Buffer) => {
    pieces.push(bytes);
    pending += bytes.length;
    if (pending >= pieceSize) flush();
  };
  const lineEnd = Buffer.from("\n");
  let depth = 0;
  let base = 0; // depth at which values stand: 1 inside the opened array
  let inString = false;
  let escaped = false;
  let open = false; // a value has begun
  let begun = false; // anything has been seen
  const endValue = () => {
    if (open) write(lineEnd);
    open = false;
  };
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) {
      const bytes = chunk as Buffer;
      let from = open ? 0 : -1; // where the piece of the current value begins
      const keep = (to: number) => {
        if (from >= 0 && to > from) write(bytes.subarray(from, to));
        from = -1;
      };
      for (let at = 0; at < bytes.length; at++) {
        const byte = bytes[at];
        if (inString) {
          if (escaped) escaped = false;
          else if (byte === 92) escaped = true;
          else if (byte === 34) inString = false;
          else if (byte === 10 || byte === 13) {
            // A bare line break in a string is no JSON; as a space it stays one line, and a value to be judged.
            bytes[at] = 32;
          }
          continue;
        }
        if (byte === 10 || byte === 13) bytes[at] = 32;
        const space = byte === 32 || byte === 10 || byte === 13 || byte === 9;
        if (!begun && !space) {
          begun = true;
          if (byte === 91) {
            depth = base = 1;
            continue;
          }
        }
        if (depth === base && !open) {
          if (space || byte === 44) continue;
          if (base === 1 && byte === 93) {
            depth = base = 0;
            continue;
          }
          open = true;
          from = at;
        } else if (depth === base && base === 1 && (byte === 44 || byte === 93)) {
          keep(at);
          endValue();
          if (byte === 93) {
            depth = base = 0;
          }
          continue;
        } else if (depth === base && base === 0 && space) {
          keep(at);
          endValue();
          continue;
        }
        if (open && from < 0) from = at;
        if (byte === 34) inString = true;
        else if (byte === 91 || byte === 123) depth += 1;
        else if (byte === 93 || byte === 125) {
          depth -= 1;
          if (depth <= base && base === 0) {
            depth = 0;
            keep(at + 1);
            endValue();
          }
        }
      }
      keep(bytes.length);
    }
    endValue();
    flush();
  } finally {
    closeSync(out);
  }
}
