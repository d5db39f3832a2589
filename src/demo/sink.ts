import { closeSync, openSync, writeSync } from "node:fs";

/** A text file being written, through a large buffer. Its text is ASCII: a world's names are checked to be. */
export interface Sink {
  write(text: string): void;
  close(): void;
}

// Larger ones outlive the young generation of the heap, which costs more than the calls they save.
const room = 1 << 16;

/** Opens a file for writing, empty. */
export function openSink(path: string): Sink {
  const file = openSync(path, "w");
  let text = "";
  return {
    write(more) {
      text += more;
      if (text.length < room) return;
      writeSync(file, text, null, "latin1");
      text = "";
    },
    close() {
      writeSync(file, text, null, "latin1");
      closeSync(file);
    },
  };
}
