/** How a delimited file is written. */
export interface Dialect {
  delimiter: string;
  header: string[];
}

const delimiters = [",", "\t", ";", "|"];

/** Finds the delimiter from the first record: the one that splits it into the most cells. */
export function dialectOf(sample: string): Dialect {
  const [best] = delimiters
    .map((delimiter) => ({ delimiter, header: firstCells(sample, delimiter) }))
    .sort((a, b) => b.header.length - a.header.length);
  return { delimiter: best.delimiter, header: uniqueNames(best.header) };
}

/**
 * The records of a text as objects by the header's names; empty cells are null. A truncated last record is left
 * out.
 */
export function recordsOf(
  sample: string,
  dialect: Dialect,
  isWhole: boolean,
): Record<string, string | null>[] {
  const records: Record<string, string | null>[] = [];
  let isHeader = true;
  cellReader(dialect.delimiter, (cells) => {
    if (!isHeader && "cells" in cells) records.push(named(dialect.header, cells.cells));
    isHeader = false;
  })(sample, isWhole);
  return records;
}

/** One record of a delimited text: its cells, or what is wrong with it and its line. */
export type Cells = { cells: string[]; line: number } | { damage: string; text: string; line: number };

/**
 * Reads records in the RFC 4180 format, with LF, CRLF or CR line ends; blank lines are skipped. A quote that is
 * not closed, or is closed in the middle of a cell, costs only its own line: reading continues at the next.
 * Returns a function to feed with the next piece of text; text of one character per byte also works.
 *
 * @param expected cells per record; a record over several lines with another number is taken for an open quote
 */
export function cellReader(
  delimiter: string,
  onRecord: (record: Cells) => void,
  expected?: number,
): (text: string, isLast: boolean) => void {
  let rest = "";
  let line = 1;
  let lineEnd = "";
  // Text after an open quote is only collected until a quote closes it, so that no text is scanned repeatedly.
  let isOpen = false;
  let gathered: string[] = [];
  return (text, isLast) => {
    if (isOpen && !isLast && !text.includes('"')) {
      gathered.push(text);
      return;
    }
    rest = [rest, ...gathered, text].join("");
    gathered = [];
    isOpen = false;
    lineEnd ||= rest.includes("\n") ? "\n" : isLast && rest.includes("\r") ? "\r" : "";
    if (lineEnd === "" && !isLast) return;
    let from = 0;
    while (from < rest.length) {
      const found = lineEnd === "" ? -1 : rest.indexOf(lineEnd, from);
      if (found < 0 && !isLast) break;
      const end = found < 0 ? rest.length : found;
      const whole = rest.slice(from, end).replace(/\r$/, "");
      if (/^ *$/.test(whole)) {
        line += 1;
        from = end + 1;
        continue;
      }
      if (!whole.includes('"')) {
        onRecord({ cells: whole.split(delimiter), line });
        line += 1;
        from = end + 1;
        continue;
      }
      const read = quotedCells(rest, from, delimiter, lineEnd, isLast);
      if (read === undefined) {
        isOpen = true;
        break;
      }
      const lines = typeof read === "string" ? 1 : countOf(rest.slice(from, read.end), lineEnd) + 1;
      const damage = typeof read === "string" ? read : openQuote(read.cells.length, lines, expected);
      if (typeof read === "string" || damage !== undefined) {
        onRecord({ damage: damage ?? "", text: whole, line });
        line += 1;
        from = end + 1;
      } else {
        onRecord({ cells: read.cells, line });
        line += lines;
        from = read.end + 1;
      }
    }
    rest = rest.slice(from);
  };
}

// The cells of a record with quotes and the end of its last line; or what is wrong; or undefined if more text is
// needed.
function quotedCells(
  text: string,
  from: number,
  delimiter: string,
  lineEnd: string,
  isLast: boolean,
): { cells: string[]; end: number } | string | undefined {
  const cells: string[] = [];
  const lineStop = (at: number) => {
    const found = lineEnd === "" ? -1 : text.indexOf(lineEnd, at);
    return found < 0 ? text.length : found;
  };
  for (let at = from; ; at += 1) {
    let open = at;
    while (text[open] === " ") open += 1;
    let stop: number;
    if (text[open] === '"') {
      let close = text.indexOf('"', open + 1);
      while (close >= 0 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
      if (close < 0) return isLast ? "opens a quote that is never closed" : undefined;
      stop = close + 1;
      while (text[stop] === " " || (text[stop] === "\r" && lineEnd === "\n")) stop += 1;
      if (stop >= text.length && !isLast) return undefined;
      if (stop < text.length && text[stop] !== delimiter && text[stop] !== lineEnd) {
        return "has text after a closing quote";
      }
      cells.push(text.slice(open + 1, close).replaceAll('""', '"'));
    } else {
      const next = text.indexOf(delimiter, at);
      stop = lineStop(at);
      if (stop === text.length && !isLast && next < 0) return undefined;
      const isEnd = next < 0 || next > stop;
      const cell = text.slice(at, isEnd ? stop : next);
      cells.push(isEnd && lineEnd === "\n" ? cell.replace(/\r$/, "") : cell);
      if (!isEnd) stop = next;
    }
    if (text[stop] !== delimiter) return { cells, end: stop };
    at = stop;
  }
}

function openQuote(cells: number, lines: number, expected = cells): string | undefined {
  if (lines === 1 || cells === expected) return undefined;
  return `has ${cells} cells, not the ${expected} of the header: a quote is closed on another line`;
}

function firstCells(sample: string, delimiter: string): string[] {
  let found: string[] | undefined;
  cellReader(delimiter, (record) => {
    found ??= "cells" in record ? record.cells : record.text.split(delimiter);
  })(sample, true);
  return found ?? [];
}

/** The cells without a value: an empty one, and Postgres's mark for null. */
export const emptyCells = ["", "\\N"];

/** A record by the header's names; empty cells are null. */
export function named(header: string[], cells: string[]): Record<string, string | null> {
  return Object.fromEntries(
    header.map((name, at) => [name, emptyCells.includes(cells[at] ?? "") ? null : cells[at]]),
  );
}

// The engine distinguishes names by more than their case alone.
function uniqueNames(header: string[]): string[] {
  const taken = new Set<string>();
  return header.map((cell, at) => {
    const name = cell.replace(/[\s\0]+/g, " ").trim() || `column${at + 1}`;
    let unique = name;
    for (let n = 1; taken.has(unique.toLowerCase()); n++) unique = `${name}_${n}`;
    taken.add(unique.toLowerCase());
    return unique;
  });
}

function countOf(text: string, part: string): number {
  return part === "" ? 0 : text.split(part).length - 1;
}
