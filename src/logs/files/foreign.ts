import { isUtf8 } from "node:buffer";
import { readFileSync, statSync } from "node:fs";
import { jsonFaultText, valueText } from "../../store/withoutText";
import { nestsDeep, parsedJson } from "./parse";
import { head } from "./plain";

const looked = 4_096;
const kinds: [RegExp, string][] = [
  [/^%PDF-/, "it is a PDF document"],
  [/^SQLite format 3/, "it is a SQLite database: export the table as CSV or JSON lines"],
  [/^.{8}DUCK/s, "it is a DuckDB database: export the table as Parquet"],
  [/^(\x89PNG|\xff\xd8\xff|GIF8)/, "it is an image"],
  [/^\s*<(!doctype html|html)/i, "it is a web page, not an export: did the download return a sign-in page?"],
  [/^\s*<\?xml/i, "it is XML"],
  [/^BZh\d/, "it is compressed with bzip2: unpack it"],
  [/^\xfd7zXZ/, "it is compressed with xz: unpack it"],
  [/^7z\xbc\xaf/, "it is a 7z archive: unpack it"],
  [/^.{257}ustar/s, "it is a tar archive: unpack it"],
  [/^Obj[^\w\s{]/, "it is Avro: export JSON lines, CSV or Parquet"],
  [
    /^(--[^\n]*\n|\s)*-- PostgreSQL database dump/,
    "it is a dump of Postgres: export the table as CSV with its names, psql -c \"\\copy calls to 'calls.csv' csv header\"",
  ],
  [/^ORC/, "it is ORC: export JSON lines, CSV or Parquet"],
];
const read = "files can be JSON lines, JSON, CSV, Parquet or Arrow";

/** Why a plain file contains no records at all, from its first bytes; undefined if it may. */
export function foreign(file: string): string | undefined {
  const bytes = head(file, looked);
  const text = bytes.toString("latin1");
  if (/^(PAR1|ARROW1)/.test(text)) return undefined;
  const kind = kinds.find(([pattern]) => pattern.test(text));
  if (kind !== undefined) return `${kind[1]}; ${read}`;
  // One or two damaged lines are not a reason; many bytes that never occur in text are.
  const odd = [...bytes].filter((byte) => byte < 9 || (byte > 13 && byte < 32)).length;
  if (odd > bytes.length / 20 && !isUtf8(bytes)) return `it is binary data, not text; ${read}`;
  return undefined;
}

// A longer document is not parsed to find its reason.
const longestParsed = 1 << 26;

/**
 * Why a document without a record is not JSON, or the first line of a file; undefined if it is. Such a document has no
 * part that could be rejected alone.
 */
export function notJson(file: string, part: "document" | "line"): string | undefined {
  const { size } = statSync(file);
  if (size === 0 || size > longestParsed) return undefined;
  const whole = readFileSync(file, "utf8");
  const text = part === "document" ? whole : whole.split("\n", 1)[0];
  if (parsedJson(text) !== undefined) return undefined;
  if (nestsDeep(text)) return "it nests deeper than any log: it is damaged or not a log; export it again";
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return `it is not JSON (${jsonFaultText(error)}): it is damaged or was cut short; export it again`;
  }
}

const isMoment = (cell: string) => /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d/.test(cell);

/** Why the first record of a delimited file, which no reading knows, is not a header; undefined if it may be one. */
export function noHeaderOf(header: readonly string[]): string | undefined {
  return yamlOf(header) ?? headlessOf(header);
}

function headlessOf(header: readonly string[]): string | undefined {
  const numbers = header.filter((cell) => /^-?\d+(\.\d+)?$/.test(cell) && !/^(19|20)\d\d$/.test(cell));
  const value = header.find((cell) => isMoment(cell) || cell === "\\N");
  if (value === undefined && (header.length < 2 || 2 * numbers.length <= header.length)) return undefined;
  return (
    `its first line has values ("${valueText(value ?? numbers[0])}") where the names of the columns belong: ` +
    "export it with a header (in Postgres: copy ... with (format csv, header)), or write a line of names above it"
  );
}

function yamlOf([only, ...others]: readonly string[]): string | undefined {
  return others.length === 0 && /^(---$|(- +)?[\w.-]+:( |$))/.test(only ?? "")
    ? "it is YAML, which is not read: convert it to JSON, yq -o=json calls.yaml > calls.json"
    : undefined;
}

/** Why text with a single column is not delimited; undefined if it may be. */
export function proseOf(header: readonly string[]): string | undefined {
  const [only] = header;

  if (header.length !== 1 || /^["\w.-]+$/.test(only)) return undefined;
  return `it is text without records; its first line is "${valueText(only)}"; ${read}`;
}
