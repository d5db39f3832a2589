import { closeSync, createReadStream, openSync, writeSync } from "node:fs";

/** How a delimited file is written. */
export interface Dialect {
  delimiter: string;
  header: string[];
}

const delimiters = [",", "\t", ";", "|"];

/** Tells the delimiter by the first record: the one that splits it into most cells. */
export function dialectOf(sample: string): Dialect {
  const [best] = delimiters
    .map((delimiter) => ({ delimiter, header: firstRecord(sample, delimiter) }))
    .sort((a, b) => b.header.length - a.header.length);
  return { delimiter: best.delimiter, header: uniqueNames(best.header) };
}

/** The records of a text as objects by the header's names; empty cells are null. */
export function recordsOf(sample: string, dialect: Dialect): Record<string, string | null>[] {
  const records: Record<string, string | null>[] = [];
  const read = reader(dialect.delimiter, (cells) => {
    records.push(named(dialect.header, cells));
  });
  read.feed(sample);
  return records.slice(1);
}

/** Writes a delimited file as JSON lines of text cells: a ragged or badly quoted record costs one line only. */
export async function csvToJson(file: string, dialect: Dialect, to: string): Promise<void> {
  const out = openSync(to, "w");
  let text = "";
  let first = true;
  const read = reader(dialect.delimiter, (cells) => {
    if (first) {
      first = false;
      return;
    }
    // More cells than names, or fewer, is damage: kept as a line that is no record, to be rejected with its cells.
    text += `${JSON.stringify(cells.length === dialect.header.length ? named(dialect.header, cells) : cells)}\n`;
    if (text.length > 1 << 22) {
      writeSync(out, text);
      text = "";
    }
  });
  try {
    for await (const chunk of createReadStream(file, { encoding: "utf8", highWaterMark: 1 << 20 })) {
      read.feed(chunk as string);
    }
    read.end();
    writeSync(out, text);
  } finally {
    closeSync(out);
  }
}

function firstRecord(sample: string, delimiter: string): string[] {
  let found: string[] | undefined;
  const read = reader(delimiter, (cells) => {
    found ??= cells;
  });
  read.feed(sample);
  read.end();
  return found ?? [];
}

function named(header: string[], cells: string[]): Record<string, string | null> {
  return Object.fromEntries(header.map((name, at) => [name, (cells[at] ?? "") === "" ? null : cells[at]]));
}

function uniqueNames(header: string[]): string[] {
  const taken = new Map<string, number>();
  return header.map((cell, at) => {
    const name = cell.replace(/\s+/g, " ").trim() || `column${at + 1}`;
    const before = taken.get(name.toLowerCase()) ?? 0;
    taken.set(name.toLowerCase(), before + 1);
    return before === 0 ? name : `${name}_${before}`;
  });
}

// RFC 4180 with LF, CRLF and CR line ends. Blank lines are skipped.
function reader(delimiter: string, onRecord: (cells: string[]) => void) {
  let cells: string[] = [];
  let cell = "";
  let quoted = false;
  let wasQuote = false; // the last character was a quote inside a quoted cell
  const endRecord = () => {
    cells.push(cell);
    if (cells.length > 1 || cells[0] !== "") onRecord(cells);
    cells = [];
    cell = "";
  };
  return {
    feed(text: string) {
      for (const char of text) {
        if (quoted && !wasQuote) {
          if (char === '"') wasQuote = true;
          else cell += char;
        } else if (wasQuote && char === '"') {
          cell += '"';
          wasQuote = false;
        } else {
          if (wasQuote) quoted = wasQuote = false;
          if (char === '"' && cell === "") quoted = true;
          else if (char === delimiter) {
            cells.push(cell);
            cell = "";
          } else if (char === "\n" || char === "\r") endRecord();
          else cell += char;
        }
      }
    },
    end() {
      if (cell !== "" || cells.length > 0) endRecord();
    },
  };
}
