import { closeSync, openSync, writeSync } from "node:fs";
import { gzipSync } from "node:zlib";

/** A text file being written, through a large buffer. Its text is ASCII, as a world's names are checked to be. */
export interface Sink {
  write(text: string): void;
  close(): void;
}

// Larger buffers outlive the heap's young generation, which costs more than the writes they save.
const room = 1 << 16;
// The amount compressed at a time, as one member of the gzip file: larger members make the file hardly smaller.
const packed = 1 << 22;

/** Opens an empty file for writing, compressed if its name ends in .gz. */
export function openSink(path: string): Sink {
  const file = openSync(path, "w");
  const zipped = path.endsWith(".gz");
  const most = zipped ? packed : room;
  let text = "";
  const flush = () => {
    if (zipped) writeSync(file, gzipSync(Buffer.from(text, "latin1"), { level: 9 }));
    else writeSync(file, text, null, "latin1");
    text = "";
  };
  return {
    write(more) {
      text += more;
      if (text.length >= most) flush();
    },
    close() {
      if (text !== "") flush();
      closeSync(file);
    },
  };
}
