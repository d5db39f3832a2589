import { isUtf8 } from "node:buffer";
import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOf, run } from "../store/query";
import type { Leaf } from "./field";
import { eachLine } from "./line";
import type { StagedColumn } from "./stage";

/** A record that is not taken, and what was lost of it. */
export interface Bad {
  /** Its number among the records, from 1. */
  record: number;
  /** Its line in the file as the user has it. */
  line: number;
  unreadable: boolean;
  lost: number;
  lostColumns: number;
}

const excerptBytes = 200;
// A longer line is not parsed for its reason: it would cost more than the reason is worth.
const longestParsed = 1 << 20;
const batch = 5_000;

/** Where the text of bad records is found: a file of JSON lines, and whether its lines count as the user's do. */
export interface RecordText {
  file: string;
  numberedBy: "line" | "record";
}

/**
 * Writes the bad records to rejects with a reason a person can act on: the file is read again, and only the bad
 * lines of it are looked at. Returns the first reason.
 *
 * @param text where the records stand, or undefined where they are no lines of text (Parquet)
 */
export async function keepRejects(
  connection: DuckDBConnection,
  text: RecordText | undefined,
  bad: Bad[],
  lost: { leaves: Leaf[]; columns: StagedColumn[] },
  ingestId: number,
): Promise<string | undefined> {
  let first: string | undefined;
  let rows: { line: number; reason: string; excerpt: string }[] = [];
  const write = async () => {
    await run(
      connection,
      `insert into rejects select ${ingestId}, one.line, one.reason, one.excerpt
       from (select unnest(from_json($rows::json, '[{"line":"BIGINT","reason":"VARCHAR","excerpt":"VARCHAR"}]')) as one)`,
      { rows: JSON.stringify(rows) },
    );
    rows = [];
  };
  const add = async (one: Bad, bytes: Buffer | undefined) => {
    const reason = reasonOf(one, bytes, lost.leaves, lost.columns);
    first ??= `line ${one.line}: ${reason}`;
    rows.push({ line: one.line, reason, excerpt: excerpt(bytes) });
    if (rows.length >= batch) await write();
  };
  const wanted = new Map(bad.map((one) => [text?.numberedBy === "record" ? one.record : one.line, one]));
  if (text !== undefined) {
    await eachLine(text.file, new Set(wanted.keys()), async (number, bytes) => {
      await add(wanted.get(number) as Bad, bytes);
      wanted.delete(number);
    });
  }
  for (const one of wanted.values()) await add(one, undefined);
  if (rows.length > 0) await write();
  return first;
}

function excerpt(bytes: Buffer | undefined): string {
  return bytes === undefined
    ? ""
    : bytes.subarray(0, excerptBytes).toString("utf8").replaceAll("\0", "\ufffd");
}

function reasonOf(one: Bad, bytes: Buffer | undefined, leaves: Leaf[], columns: StagedColumn[]): string {
  if (one.unreadable) return unreadable(bytes);
  const record =
    bytes === undefined || bytes.length > longestParsed ? undefined : parsed(bytes.toString("utf8"));
  const reasons = leaves
    .filter((_, bit) => has(one.lost, bit))
    .map(({ path, type }) => `${path.join(".")} must be ${words(type)}, got ${shown(at(record, path))}`);
  if (reasons.length > 0) return reasons.join("; ");
  return columns
    .filter((_, bit) => has(one.lostColumns, bit))
    .map(
      ({ table, column, expression }) =>
        `${table}.${column} cannot be had: ${trimmed(expression)} fails on this record`,
    )
    .join("; ");
}

function unreadable(bytes: Buffer | undefined): string {
  if (bytes === undefined) return "cannot be read";
  if (!isUtf8(bytes)) return "is not valid UTF-8";
  const text = bytes.toString("utf8");
  if (bytes.length > longestParsed) return "is not a JSON object that the engine can read";
  try {
    const value: unknown = JSON.parse(text);
    if (value === null || typeof value !== "object") return `must be a record, got ${shown(value)}`;
    return Array.isArray(value)
      ? "must be a record, got a list of cells or values"
      : "is JSON that the engine refuses";
  } catch (error) {
    return `is not JSON: ${(error as Error).message.slice(0, 160)}`;
  }
}

const has = (mask: number, bit: number) => Math.floor(mask / 2 ** Math.min(bit, 61)) % 2 === 1;

const words = (type: string) =>
  ({
    BIGINT: "a whole number",
    DOUBLE: "a number",
    BOOLEAN: "true or false",
    "DOUBLE[]": "a list of numbers",
  })[type] ?? type;

const trimmed = (expression: string) => expression.replace(/\s+/g, " ").slice(0, 120);

function shown(value: unknown): string {
  const text = value === undefined ? "something else" : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function at(record: unknown, path: string[]): unknown {
  return path.reduce<unknown>(
    (value, name) =>
      value !== null && typeof value === "object" ? (value as Record<string, unknown>)[name] : undefined,
    record,
  );
}

/** The bad records of the stage, in order. */
export async function badRecords(connection: DuckDBConnection): Promise<Bad[]> {
  return rowsOf<Bad>(
    connection,
    `select record, any_value(line) as line, bool_or(unreadable) as unreadable, bit_or(lost)::double as lost,
            bit_or(lost_columns)::double as "lostColumns"
     from numbered where unreadable or lost <> 0 or lost_columns <> 0 group by record order by record`,
  );
}
