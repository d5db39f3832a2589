import { isUtf8 } from "node:buffer";
import { type Cells, cellReader, type Dialect, named } from "./csv";
import { piecesOf, writing } from "./pieces";
import type { Room } from "./room";

// A line for a damaged record is an array of this marker, the reason, and the record's text.
const mark = "damaged record";

/**
 * Writes a delimited file as JSON lines of text cells, one line per record; a damaged record becomes a line that
 * is not an object and says what is wrong. Returns the file's lines at which no record begins.
 */
export async function cellsToJson(
  file: string,
  dialect: Dialect,
  to: string,
  room?: Room,
): Promise<number[]> {
  const skipped: number[] = [];
  await writing(
    to,
    async (write) => {
      let line = 1;
      let isHeader = true;
      // The file is read as one character per byte, so that bytes that are not UTF-8 can be detected.
      const read = cellReader(
        dialect.delimiter,
        (record) => {
          for (; line < record.line; line++) skipped.push(line);
          line += 1;
          if (!isHeader) write(`${JSON.stringify(lineOf(record, dialect))}\n`);
          isHeader = false;
        },
        dialect.header.length,
      );
      for await (const piece of piecesOf(file)) read(piece.toString("latin1"), false);
      read("", true);
    },
    room,
  );
  return skipped;
}

function lineOf(record: Cells, { header, delimiter }: Dialect): unknown {
  if ("damage" in record) return damaged(record.damage, record.text);
  const cells = record.cells.map(decoded);
  // A delimiter at the end of a line starts no cell, as in the engine.
  if (cells.length === header.length + 1 && cells[header.length] === "") cells.pop();
  const whole = () => record.cells.join(delimiter);
  if (cells.includes(undefined)) return damaged("is not valid UTF-8", whole());
  if (cells.length !== header.length) {
    return damaged(`has ${cells.length} cells, not the ${header.length} of the header`, whole());
  }
  return named(header, cells as string[]);
}

function damaged(reason: string, text: string): string[] {
  return [mark, reason, Buffer.from(text.slice(0, 400), "latin1").toString("utf8")];
}

/** The reason and the text of the damaged record that a line stands for; undefined for any other line. */
export function damagedCells(line: Buffer): { reason: string; text: string } | undefined {
  if (line.length > 4_000 || line[0] !== 91) return undefined;
  const [first, reason, text] = JSON.parse(line.toString("utf8")) as string[];
  return first === mark ? { reason, text } : undefined;
}

function decoded(cell: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: every character that is one byte in UTF-8
  if (/^[\x00-\x7f]*$/.test(cell)) return cell;
  const bytes = Buffer.from(cell, "latin1");
  return isUtf8(bytes) ? bytes.toString("utf8") : undefined;
}
