import { grouped } from "../../stats/text";
import { valueText } from "../../store/withoutText";
import { isField } from "../records/bind";
import { named } from "../records/field";
import type { Reading } from "../records/format";
import { timeBy, timeFormats } from "../records/timeFormat";
import type { Filled } from "./fill";
import type { Bad } from "./number";
import type { StagedColumn } from "./stageDraft";

/** Why a record, or a part of it, is rejected: the fields at fault, as the log names them. */
export function reasonOf({ reading, leaves, columns, elements }: Filled, one: Bad, record: unknown): string {
  const known = namesOf(reading);
  const inLists = named(elements, one.lostElements);
  const reasons = [
    ...named(leaves, one.lost).map(
      ({ path, type }) => `${path.join(".")} must be ${words[type] ?? type}, got ${shown(at(record, path))}`,
    ),
    ...named(columns, one.lostColumns).map((column) => ofColumn(column, record, known)),
    ...inLists
      .filter(({ column }) => column === "each")
      .map(({ table, expression }) => {
        const fields = fieldsOf(expression, known).filter((name) => !unnested(reading).includes(name));
        return `the list of ${table} cannot be read, or is longer than a real one${fields.length === 0 ? "" : `: ${fields.join(", ")}`}`;
      }),
    ...ofElements(
      inLists.filter(({ column }) => column !== "each"),
      known,
    ),
  ];
  return [...new Set(reasons)].join("; ");
}

/**
 * Why a column cannot be what a record says.
 *
 * @param value what was read, if it lies beyond the column's bounds
 */
export function reasonOfColumn(
  reading: Reading,
  staged: StagedColumn,
  record: unknown,
  value?: string,
): string {
  return ofColumn({ ...staged, value }, record, namesOf(reading));
}

/** The fields that a format's expressions name; a mapping's are shown as they were written. */
function namesOf(reading: Reading): readonly string[] {
  if (reading.mapping !== undefined) return [];
  return [...Object.keys(reading.fields), ...(reading.record?.names ?? []), ...unnested(reading)];
}

/** The names that a format gives to the parts of a record. */
function unnested({ unnest = "" }: Reading): string[] {
  const made = unnest.matchAll(/ as (?!varchar|json|map|double|bigint|boolean|timestamp)(\w+)/gi);
  return [...made].map(([, name]) => name);
}

function ofColumn(
  staged: StagedColumn & { value?: string },
  record: unknown,
  known: readonly string[],
): string {
  const { table, column, type, expression } = staged;
  const text = expression.replace(/\s+/g, " ").replace(/^\((.*)\)$/, "$1");
  if (column === "where")
    return known.length === 0
      ? `the where clause fails: ${text.slice(0, 120)}`
      : `no way to tell from ${sourceOf(text, known, record)} whether it belongs in ${table}`;
  if (!isField(expression)) {
    const source = sourceOf(text, known, record);
    const { value } = staged;
    if (value !== undefined && isNegative(staged, value))
      return `${table}.${column} must not be negative, got ${value} from ${source}`;
    if (value !== undefined && isOutside(staged, value))
      return `${table}.${column} must be ${words[type]}${within(staged)}, got ${value} from ${source}`;
    if (value !== undefined || staged.isBeyond)
      return `${table}.${column} must be ${words[type]}${within(staged)}, which ${source} does not give`;
    const given = valuesOf(text, known, record);
    const isLarge = given.some((one) => isBeyond(staged, one));
    const kind = isLarge && given.every((one) => isOfType(type, one)) ? within(staged) : "";
    return `${table}.${column} must be ${words[type]}${kind}: not computable from ${source}${given.map(zonesOf).find(Boolean) ?? ""}`;
  }
  const path = [...text.matchAll(/"((?:[^"]|"")+)"|(\w+)/g)].map(
    (part) => part[1]?.replaceAll('""', '"') ?? part[2],
  );
  const field = path.join(".");
  const depth = path.slice(0, -1).findIndex((_, last) => isScalar(at(record, path.slice(0, last + 1))));
  if (depth >= 0) {
    const holder = path.slice(0, depth + 1);
    return `${holder.join(".")} must be a record, got ${shown(at(record, holder))}`;
  }
  const isRead = staged.value !== undefined && isOutside(staged, staged.value);
  const value = at(record, path) ?? (isRead ? staged.value : undefined);
  if (isNegative(staged, value)) return `${field} must not be negative, got ${shown(value)}`;
  const isBounded = isOfType(type, value) && (type !== "TIMESTAMP" || isBeyond(staged, value));
  const kind = `${words[type]}${isBounded ? within(staged) : ""}`;
  const reason = `${field} must be ${kind}${value === undefined ? "" : `, got ${shown(value)}${zonesOf(value)}`}`;
  const formats = type === "TIMESTAMP" && typeof value === "string" ? timeFormats([value]) : [];
  if (formats.length > 0)
    return `${reason}: in a mapping, ${formats.map((format) => timeBy(text, format)).join(" or ")} reads it`;
  return type === "TIMESTAMP" && /^\d{9,}(\.\d+)?$/.test(String(value))
    ? `${reason}: in a mapping, to_timestamp(${field}::double) reads seconds since 1970, epoch_ms(${field}::bigint) milliseconds`
    : reason;
}

/** True for a number below 0 in a column that has none. */
const isNegative = ({ type, bounds }: StagedColumn, value: unknown): boolean =>
  bounds?.[0] === 0 && isOfType(type, value) && Number(value) < 0;

/** What is wrong with a time that names two zones. */
function zonesOf(value: unknown): string {
  if (typeof value !== "string") return "";
  const zone = "(Z|[+-]\\d\\d:?\\d\\d)";
  const [, first, second] = new RegExp(`:\\d\\d\\S*?${zone} ?${zone}$`, "i").exec(value) ?? [];
  return second === undefined ? "" : `, which names two zones: ${first} and ${second}`;
}

/** True if a value that was read lies beyond the bounds of its column; false if it is only no whole number. */
function isOutside({ type, bounds = ["", ""] }: StagedColumn, value: string): boolean {
  if (type === "TIMESTAMP") return true;
  const [least, most] = bounds.map(Number);
  return !(Number(value) >= least && Number(value) <= most);
}

// Of a list that nests deep, not even the text can be made.
const isScalar = (value: unknown) => ["number", "string", "bigint"].includes(typeof value);

/** True if a value is of its column's type, so that only its size is wrong. */
function isOfType(type: string, value: unknown): boolean {
  if (!isScalar(value)) return false;
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
  if (type === "TIMESTAMP") {
    const day = /^\d{4}-\d\d-\d\d/.exec(String(value))?.[0];
    const [least, most] = (bounds ?? ["", ""]).map(String);
    return day === undefined || day < least.slice(0, 10) || day > most.slice(0, 10);
  }
  return bounds !== undefined && isScalar(value) && Math.abs(Number(value)) > Number(bounds[1]);
}

const within = ({ bounds }: StagedColumn) =>
  bounds === undefined ? "" : ` from ${boundText(bounds[0])} to ${boundText(bounds[1])}`;
const boundText = (bound: string | number) =>
  typeof bound === "string" ? bound.slice(0, 10) : grouped(bound);

const mostNamed = 3;

function ofElements(lost: readonly StagedColumn[], known: readonly string[]): string[] {
  if (lost.length === 0) return [];
  const reasons = lost
    .slice(0, mostNamed)
    .map(
      (staged) =>
        `${staged.table}.${staged.column} must be ${words[staged.type]}${within(staged)}, which ${sourceOf(staged.expression, known)} does not give`,
    );
  if (lost.length > mostNamed) reasons.push(`and ${lost.length - mostNamed} more columns`);
  return [`${reasons.join("; ")} in some elements of the list; the others are kept`];
}

// A format's expression for a field may be a page of SQL, which helps nobody; the fields it reads do.
function sourceOf(expression: string, known: readonly string[], record?: unknown): string {
  const text = expression.replace(/\s+/g, " ");
  const fields = fieldsOf(text, known).map((name) => {
    const value = at(record, name.split("."));
    return value === undefined ? name : `${name} ${shown(value)}`;
  });
  if (fields.length > 0) return fields.join(", ");
  if (known.length > 0 && !isField(text)) return "its fields";
  const values = [...new Set(wordsOf(text))].flatMap((name) => {
    const value = at(record, name.split("."));
    return value === undefined ? [] : [`${name} ${shown(value)}`];
  });
  return text.slice(0, 120) + (values.length === 0 ? "" : ` with ${values.slice(0, 4).join(", ")}`);
}

/**
 * The fields that a format's expression reads: paths in JSON, attributes, named texts, texts that may be empty; else
 * those that it names.
 */
function fieldsOf(expression: string, known: readonly string[]): string[] {
  const reads =
    /json_extract_string\([^']*'\$\.([^']+)'|list_position\(k, '([^']+)'\)|"@([^"]+)"|nullif\(([\w.]+), ''\)/g;
  const found = [...expression.matchAll(reads)].map(([, ...names]) => names.find(Boolean) as string);
  const of = found.length > 0 ? found : wordsOf(expression).filter((name) => known.includes(name));
  return [...new Set(of)].slice(0, 4);
}

const wordsOf = (expression: string) =>
  expression.replace(/'(?:[^']|'')*'/g, "").match(/[A-Za-z_]\w*(?:\.\w+)*/g) ?? [];

/** The record's values in the fields that an expression reads. */
function valuesOf(expression: string, known: readonly string[], record: unknown): unknown[] {
  const fields = fieldsOf(expression, known);
  const values = (fields.length > 0 ? fields : wordsOf(expression)).map((name) =>
    at(record, name.split(".")),
  );
  return values.filter((value) => value !== undefined);
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

/** A value as a reason shows it: short, and without what a person wrote. */
export function shown(value: unknown): string {
  if (value === undefined) return "something else";
  if (Array.isArray(value)) return "a list";
  if (value !== null && typeof value === "object") return "a record";
  if (typeof value === "string") return JSON.stringify(valueText(value));
  const isPlain = typeof value === "bigint" || typeof value === "number";
  return valueText(isPlain ? String(value) : JSON.stringify(value));
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
