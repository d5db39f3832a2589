import { isUtf8 } from "node:buffer";
import type { DuckDBConnection } from "@duckdb/node-api";
import { grouped } from "../../stats/text";
import { run } from "../../store/run";
import { jsonFaultText, withoutText } from "../../store/withoutText";
import { damagedCells } from "../files/cells";
import { tooLong, tooLongLine } from "../files/damage";
import { linesOf } from "../files/line";
import { parsedJson } from "../files/parse";
import type { Filled } from "./fill";
import { type Bad, type BadRecords, notLooked } from "./number";
import { reasonOf, shown } from "./rejectReason";

const excerptBytes = 200;
// A person's text is replaced by its length, so more than the part shown has to be read.
const looked = 2_000;
// A longer line is not parsed for its reason: that would cost more than the reason is worth.
const longestParsed = 1 << 20;
const batch = 5_000;

/** One row of rejects. */
interface Reject {
  line: number;
  reason: string;
  excerpt: string;
}

/** Writes the bad records to rejects, with reasons. */
export async function keepRejects(
  connection: DuckDBConnection,
  filled: Filled,
  bad: BadRecords,
  ingestId: number,
): Promise<void> {
  let rows: Reject[] = [];
  const write = async () => {
    await run(
      connection,
      `insert into rejects select ${ingestId}, one.line, one.reason, one.excerpt
       from (select unnest(from_json($rows::json, '[{"line":"BIGINT","reason":"VARCHAR","excerpt":"VARCHAR"}]')) as one)`,
      { rows: JSON.stringify(rows) },
    );
    rows = [];
  };
  for await (const reject of rejectsOf(filled, bad.looked)) {
    if (rows.push(reject) >= batch) await write();
  }
  if (rows.length > 0) await write();
  if (bad.count > bad.looked.length)
    await run(
      connection,
      `insert into rejects select ${ingestId}, line, 'not looked at: ${grouped(bad.looked.length)} records before it cannot be read', ''
       from (${notLooked(bad)})`,
    );
}

/** True if a record's number is that of its line in the user's file. */
export const isByLine = ({ text }: Filled): boolean => text?.numberedBy === "line" || text?.isCells === true;

/** The first bad record's reason: "line 3: ...". */
export async function firstReason(filled: Filled, { looked }: BadRecords): Promise<string> {
  for await (const { line, reason } of rejectsOf(filled, looked.slice(0, 1)))
    return `${isByLine(filled) ? "line" : "record"} ${line}: ${reason}`;
  return "";
}

// The file is read again, looking only at its bad lines.
async function* rejectsOf(filled: Filled, bad: readonly Bad[]): AsyncGenerator<Reject> {
  const { text } = filled;
  if (text === undefined) {
    for (const one of bad)
      yield { line: one.line, reason: clean(reasonOf(filled, one, undefined)), excerpt: "" };
    return;
  }
  const wanted = new Map(bad.map((one) => [text.numberedBy === "line" ? one.line : one.record, one]));
  for await (const [number, bytes] of linesOf(text.file, new Set(wanted.keys())))
    yield rejectOf(filled, wanted.get(number) as Bad, bytes);
}

function rejectOf(filled: Filled, one: Bad, bytes: Buffer): Reject {
  const { line } = one;
  const excerpt = excerptOf(bytes);
  if (!one.unreadable) {
    return { line, reason: clean(reasonOf(filled, one, parsedRecord(bytes))), excerpt };
  }
  // A damaged record of a delimited file is stored there as its reason and its text.
  const damaged = filled.text?.isCells ? damagedCells(bytes) : undefined;
  return damaged === undefined
    ? { line, reason: clean(unreadable(bytes)), excerpt }
    : { line, reason: damaged.reason, excerpt: excerptOf(Buffer.from(damaged.text)) };
}

// Whole numbers that no double can hold stay as they are.
const long = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;
const mark = "\u0001whole ";

/** A record as a value, for its reason; undefined if it is too long. */
export const parsedRecord = (bytes: Buffer): unknown =>
  bytes.length > longestParsed ? undefined : exactly(bytes.toString("utf8"));

function exactly(text: string): unknown {
  if (!/\d{16}/.test(text)) return parsedJson(text, true);
  const marked = text.replace(long, (part) => (part.startsWith('"') ? part : JSON.stringify(mark + part)));
  return revived(parsedJson(marked, true));
}

function revived(value: unknown): unknown {
  if (typeof value === "string") return value.startsWith(mark) ? BigInt(value.slice(mark.length)) : value;
  if (Array.isArray(value)) return value.map(revived);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, revived(one)]));
}

// The last character may be cut in half; the remaining part of it is dropped.
function excerptOf(bytes: Buffer): string {
  const cut = bytes.subarray(0, looked).toString("utf8");
  const excerpt = Buffer.from(clean(withoutText(bytes.length > looked ? cut.replace(/\ufffd$/, "") : cut)));
  const short = excerpt.subarray(0, excerptBytes).toString("utf8");
  return excerpt.length > excerptBytes ? short.replace(/\ufffd$/, "") : short;
}

// The engine accepts neither half a surrogate pair nor a NUL in a text.
function clean(text: string): string {
  return Buffer.from(text, "utf8").toString("utf8").replaceAll("\0", "\ufffd");
}

function unreadable(bytes: Buffer): string {
  if (!isUtf8(bytes)) return "is not valid UTF-8";
  if (bytes.length > longestParsed) return "is not a JSON object that can be read";
  if (bytes.toString("utf8") === tooLongLine) return tooLong;
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    if (Array.isArray(value)) return "must be a record, got a list";
    if (value === null || typeof value !== "object") return `must be a record, got ${shown(value)}`;
    return "has a duplicate field, or text that is not Unicode";
  } catch (error) {
    return `is not JSON: ${jsonFaultText(error)}`;
  }
}
