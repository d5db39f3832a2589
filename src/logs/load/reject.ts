import { isUtf8 } from "node:buffer";
import type { DuckDBConnection } from "@duckdb/node-api";
import { grouped } from "../../stats/text";
import { run } from "../../store/run";
import { jsonFaultText, valueText, withoutText } from "../../store/withoutText";
import { damagedCells } from "../files/cells";
import { linesOf } from "../files/line";
import { parsedJson } from "../files/parse";
import { isField } from "../records/bind";
import { named } from "../records/field";
import { timeBy, timeFormats } from "../records/timeFormat";
import type { Filled } from "./fill";
import { type Bad, type BadRecords, notLooked } from "./number";
import type { StagedColumn } from "./stage";

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

/** The first bad record's reason: "line 3: ...". */
export async function firstReason(filled: Filled, { looked }: BadRecords): Promise<string> {
  const isLine = filled.text?.numberedBy === "line" || filled.text?.isCells;
  for await (const { line, reason } of rejectsOf(filled, looked.slice(0, 1)))
    return `${isLine ? "line" : "record"} ${line}: ${reason}`;
  return "";
}

// The file is read again, looking only at its bad lines.
async function* rejectsOf(filled: Filled, bad: readonly Bad[]): AsyncGenerator<Reject> {
  const { text } = filled;
  if (text === undefined) {
    for (const one of bad) yield { line: one.line, reason: reasonOf(filled, one, undefined), excerpt: "" };
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
    const record = bytes.length > longestParsed ? undefined : exactly(bytes.toString("utf8"));
    return { line, reason: reasonOf(filled, one, record), excerpt };
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

function exactly(text: string): unknown {
  if (!/\d{16}/.test(text)) return parsedJson(text);
  const marked = text.replace(long, (part) => (part.startsWith('"') ? part : JSON.stringify(mark + part)));
  return revived(parsedJson(marked));
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

function reasonOf({ leaves, columns, elements }: Filled, one: Bad, record: unknown): string {
  const inLists = named(elements, one.lostElements);
  const reasons = [
    ...named(leaves, one.lost).map(
      ({ path, type }) => `${path.join(".")} must be ${words[type] ?? type}, got ${shown(at(record, path))}`,
    ),
    ...named(columns, one.lostColumns).map((column) => ofColumn(column, record)),
    ...inLists
      .filter(({ column }) => column === "each")
      .map(({ table, expression }) => {
        const fields = fieldsOf(expression);
        return `the list of ${table} cannot be read, or is longer than a real one${fields.length === 0 ? "" : `: ${fields.join(", ")}`}`;
      }),
    ...ofElements(inLists.filter(({ column }) => column !== "each")),
  ];
  return clean([...new Set(reasons)].join("; "));
}

function ofColumn(staged: StagedColumn, record: unknown): string {
  const { table, column, type, expression } = staged;
  const text = expression.replace(/\s+/g, " ").replace(/^\((.*)\)$/, "$1");
  if (column === "where") return `the where clause fails: ${text.slice(0, 120)}`;
  if (!isField(expression)) {
    const given = valuesOf(text, record);
    const isLarge = given.some((one) => isBeyond(staged, one));
    const kind = isLarge && given.every((one) => isOfType(type, one)) ? within(staged) : "";
    return `${table}.${column} must be ${words[type]}${kind}: not computable from ${sourceOf(text, record)}`;
  }
  const path = [...text.matchAll(/"((?:[^"]|"")+)"|(\w+)/g)].map(
    (part) => part[1]?.replaceAll('""', '"') ?? part[2],
  );
  const field = path.join(".");
  const value = at(record, path);
  const kind = `${words[type]}${isOfType(type, value) ? within(staged) : ""}`;
  const reason = `${field} must be ${kind}${value === undefined ? "" : `, got ${shown(value)}`}`;
  const formats = type === "TIMESTAMP" && typeof value === "string" ? timeFormats([value]) : [];
  if (formats.length > 0)
    return `${reason}: in a mapping, ${formats.map((format) => timeBy(text, format)).join(" or ")} reads it`;
  return type === "TIMESTAMP" && /^\d{9,}(\.\d+)?$/.test(String(value))
    ? `${reason}: in a mapping, to_timestamp(${field}::double) reads seconds since 1970, epoch_ms(${field}::bigint) milliseconds`
    : reason;
}

/** True if a value is of its column's type, so that only its size is wrong. */
function isOfType(type: string, value: unknown): boolean {
  if (!["number", "string", "bigint"].includes(typeof value)) return false;
  if (type === "TIMESTAMP") return /^[+-]?\d+-\d\d-\d\d/.test(String(value));
  const number = Number(value);
  if (value === "" || !Number.isFinite(number)) return false;
  return type === "DOUBLE" || (type === "BIGINT" && Number.isInteger(number));
}

/**
 * True if a value that a column is calculated from is so large that the result may have exceeded the column's
 * bounds.
 */
function isBeyond({ type, bounds }: StagedColumn, value: unknown): boolean {
  return type === "TIMESTAMP" || (bounds !== undefined && Math.abs(Number(value)) > Number(bounds[1]));
}

const within = ({ bounds }: StagedColumn) =>
  bounds === undefined ? "" : ` from ${boundText(bounds[0])} to ${boundText(bounds[1])}`;
const boundText = (bound: string | number) =>
  typeof bound === "string" ? bound.slice(0, 10) : grouped(bound);

const mostNamed = 3;

function ofElements(lost: readonly StagedColumn[]): string[] {
  if (lost.length === 0) return [];
  const reasons = lost
    .slice(0, mostNamed)
    .map(
      ({ table, column, type, expression }) =>
        `${table}.${column} must be ${words[type]}: not computable from ${sourceOf(expression)}`,
    );
  if (lost.length > mostNamed) reasons.push(`and ${lost.length - mostNamed} more columns`);
  return [`${reasons.join("; ")} in some elements of the list; the others are kept`];
}

// A format's expression for a field may be a page of SQL, which helps nobody; the fields it reads do.
function sourceOf(expression: string, record?: unknown): string {
  const text = expression.replace(/\s+/g, " ");
  const fields = fieldsOf(text).map((name) => {
    const value = at(record, name.split("."));
    return value === undefined ? name : `${name} ${shown(value)}`;
  });
  return fields.length === 0 ? text.slice(0, 120) : fields.join(", ");
}

/**
 * The fields that a format's expression reads: paths in JSON, attributes, named texts, texts that may be empty.
 */
function fieldsOf(expression: string): string[] {
  const reads =
    /json_extract_string\([^']*'\$\.([^']+)'|list_position\(k, '([^']+)'\)|"@([^"]+)"|nullif\(([\w.]+), ''\)/g;
  const found = [...expression.matchAll(reads)].map(([, ...names]) => names.find(Boolean) as string);
  return [...new Set(found)].slice(0, 4);
}

/** The record's values in the fields that an expression reads. */
function valuesOf(expression: string, record: unknown): unknown[] {
  const known = fieldsOf(expression);
  const bare = expression.replace(/'(?:[^']|'')*'/g, "").match(/[A-Za-z_]\w*(?:\.\w+)*/g) ?? [];
  const values = (known.length > 0 ? known : bare).map((name) => at(record, name.split(".")));
  return values.filter((value) => value !== undefined);
}

function unreadable(bytes: Buffer): string {
  if (!isUtf8(bytes)) return "is not valid UTF-8";
  if (bytes.length > longestParsed) return "is not a JSON object that can be read";
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    if (Array.isArray(value)) return "must be a record, got a list";
    if (value === null || typeof value !== "object") return `must be a record, got ${shown(value)}`;
    return "has a duplicate field, or text that is not Unicode";
  } catch (error) {
    return `is not JSON: ${jsonFaultText(error)}`;
  }
}

const words: Record<string, string> = {
  BIGINT: "a whole number",
  LONG: "a whole number",
  DOUBLE: "a finite number",
  BOOLEAN: "true or false",
  TIMESTAMP: "a time",
  VARCHAR: "a text",
  "DOUBLE[]": "a list of numbers",
  RECORD: "a record",
  LIST: "a list",
};

function shown(value: unknown): string {
  if (value === undefined) return "something else";
  if (Array.isArray(value)) return "a list";
  if (value !== null && typeof value === "object") return "a record";
  if (typeof value === "bigint") return String(value);
  return typeof value === "string" ? JSON.stringify(valueText(value)) : JSON.stringify(value);
}

// Names match as in the engine: exactly, else ignoring case.
function at(record: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => {
    if (value === null || typeof value !== "object") return undefined;
    if (Object.hasOwn(value, name)) return (value as Record<string, unknown>)[name];
    const key = Object.keys(value).find((one) => one.toLowerCase() === name.toLowerCase());
    return key === undefined ? undefined : (value as Record<string, unknown>)[key];
  }, record);
}
