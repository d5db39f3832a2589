import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { cellReader, dialectOf, named } from "../../logs/files/csv";
import { encodingOf } from "../../logs/files/plain";
import { hasSpread } from "../../logs/files/tableCell";
import { withPoints } from "./benchmarkCells";

/** A table of scores as read from a file: cells are text, or from JSON also numbers and lists. */
export interface ScoreFile {
  /** The file's name without folder and extension. */
  name: string;
  columns: string[];
  rows: Record<string, unknown>[];
  /** What could not be read or was filled in, as full sentences. */
  notes: string[];
}

const endings = /\.(csv|tsv|txt|json|jsonl|ndjson)(\.gz)?$/i;

/** The score files at a path: the file itself, or those in a folder, sorted by name. */
export function scoreFiles(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const found = readdirSync(path)
    .filter((name) => endings.test(name))
    .sort()
    .map((name) => join(path, name));
  if (found.length === 0)
    throw new RangeError(`readScores requires a folder with tables (CSV, JSON or JSON lines), got ${path}`);
  return found;
}

/**
 * Reads one table: CSV with any common delimiter, a JSON list of objects, or JSON lines, optionally compressed (.gz).
 */
export function readScoreFile(path: string): ScoreFile {
  const bytes = readFileSync(path);
  const text = textOf(/\.gz$/i.test(path) ? gunzipSync(bytes) : bytes);
  const name = stemOf(path);
  const read = /^\s*[[{]/.test(text) ? fromJson(text) : fromCsv(text);
  if (read.rows.length === 0)
    throw new RangeError(`readScores requires a table with a header and rows, got none in ${path}`);
  checkWide(path, read);
  const { rows, notes } = withPoints(read.rows, read.columns, read.delimiter);
  const spread = read.columns.filter((column) => rows.some((row) => hasSpread(row[column])));
  if (spread.length > 0)
    notes.push(`what follows ± in ${spread.join(", ")} is not used: give errors in a column of their own.`);
  const said = [...read.notes, ...notes].map((note) => `${basename(path)}: ${note}`);
  return { name, columns: read.columns, rows, notes: said };
}

/** Throws for a table that lists several benchmarks below one another, whose scores would be taken for runs of one. */
function checkWide(path: string, { columns, rows }: Read): void {
  const column = columns.find((one) => /^benchmark$/i.test(one.trim()));
  if (column === undefined || !columns.some((one) => /^score$/i.test(one.trim()))) return;
  const names = [...new Set(rows.map((row) => String(row[column] ?? "").trim()).filter(Boolean))];
  if (names.length < 2) return;
  const all = `${names.slice(0, 4).join(", ")}${names.length > 4 ? ", ..." : ""}`;
  throw new RangeError(
    `readScores requires one row per model, got several benchmarks (${all}) stacked in ${path}; give it as a file without --table, and name one with --benchmark`,
  );
}

/** The text of a file in UTF-8 or UTF-16. */
const textOf = (bytes: Buffer): string =>
  new TextDecoder(encodingOf(bytes.subarray(0, 16)) ?? "utf-8").decode(bytes);

function stemOf(path: string): string {
  const name = basename(path).replace(/\.gz$/i, "");
  return name.slice(0, name.length - extname(name).length) || name;
}

type Read = Omit<ScoreFile, "name"> & { delimiter?: string };

function fromCsv(text: string): Read {
  const dialect = dialectOf(text);
  const { header } = dialect;
  const rows: Record<string, unknown>[] = [];
  const notes: string[] = [];
  let short = 0;
  let long = 0;
  let first = true;
  cellReader(
    dialect.delimiter,
    (record) => {
      if ("damage" in record) {
        notes.push(`line ${record.line} is left out: it ${record.damage}.`);
      } else if (!first) {
        const { cells } = record;
        // The line under the header of a Markdown table.
        if (cells.every((cell) => /^\s*(:?-+:?)?\s*$/.test(cell)) && cells.some((cell) => /---/.test(cell)))
          return;
        if (cells.length < header.length) short++;
        if (cells.slice(header.length).some((cell) => cell.trim() !== "")) long++;
        rows.push(named(header, cells));
      }
      first = false;
    },
    header.length,
  )(text, true);
  if (short > 0)
    notes.push(`${short} of ${rows.length} rows are shorter than the header and filled with blanks.`);
  if (long > 0)
    notes.push(`${long} of ${rows.length} rows are longer than the header; what is beyond is left out.`);
  return { columns: header, rows, notes, delimiter: dialect.delimiter };
}

function fromJson(text: string): Read {
  const notes: string[] = [];
  const isList = /^\s*\[/.test(text);
  const records: unknown[] = [];
  if (isList) records.push(...(JSON.parse(text) as unknown[]));
  else
    text.split("\n").forEach((line, at) => {
      if (line.trim() === "") return;
      try {
        records.push(JSON.parse(line));
      } catch {
        notes.push(`line ${at + 1} is left out: not JSON.`);
      }
    });
  const rows = records.filter(
    (one): one is Record<string, unknown> => typeof one === "object" && one !== null && !Array.isArray(one),
  );
  if (rows.length < records.length) notes.push(`${records.length - rows.length} records are not objects.`);
  return { columns: [...new Set(rows.flatMap((row) => Object.keys(row)))], rows, notes };
}
