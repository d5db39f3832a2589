import { closeSync, openSync, writeSync } from "node:fs";
import { gzipSync } from "node:zlib";

/** A text file being written, through a large buffer. Its text is ASCII: a world's names are checked to be. */
export interface Sink {
  write(text: string): void;
  close(): void;
}

// Larger ones outlive the young generation of the heap, which costs more than the calls they save.
const room = 1 << 16;
// What is compressed at a time, one member of the file after the other: more of it makes the file little smaller.
const packed = 1 << 22;

/** Opens a file for writing, empty; compressed where its name ends in .gz. */
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
