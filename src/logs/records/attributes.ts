import { quoteName } from "../../store/quote";
import { columnsOf } from "../../store/schema";
import { type Shape, valueAt } from "../files/shape";
import { attributeName } from "./attributeNames";
import { textsOf } from "./attributeTexts";
import type { Fields } from "./field";
import type { Attribute, Beside, Reading } from "./format";
import * as sql from "./sql";
import { isShort, isShortSql } from "./unasked";

/** Maximum number of attributes kept for one log. */
export const mostAttributes = 64;
const mostLooked = 300;
// A larger number is an id, a card or a timestamp: stored as a text, which is masked.
const largest = 1e11;

/** The prefix of an attribute's column in its table: "attributes.tenant". */
export const attributeColumn = (key: string) => `attributes.${key}`;

/**
 * The index of the target that has the attributes: that of the calls or, in a file without calls, of the tasks, or
 * else of the scores.
 */
function placeOfBeside({ targets }: Reading): number {
  const tables = ["calls", "tasks", "scores"];
  const of = tables.find((one) => targets.some(({ table }) => table === one));
  return targets.findIndex(({ table, each }) => table === of && each === undefined);
}

/**
 * The fields of a log that its reading makes no column of, as attributes of its calls, tasks or scores. Anything that
 * people or models may have said is left out, as is anything that may be a secret.
 *
 * @param records some of the file's records
 * @param keep store texts as well
 */
export function attributesOf(
  reading: Reading,
  file: Shape,
  records: readonly unknown[],
  { own, keep }: { own?: Record<string, string>; keep: boolean },
): Attribute[] {
  const beside = reading.targets[placeOfBeside(reading)];
  if (beside === undefined) return [];
  if (reading.attributes !== undefined) return limited(reading.attributes(records, keep));
  if (reading.whole || (reading.unnest !== undefined && reading.record === undefined)) return [];
  const wrapper = reading.record?.wrapper;
  const inner = wrapper === undefined ? file : file.fields?.get(wrapper);
  const shape = inner?.list ?? inner ?? file;
  const some = (
    wrapper === undefined ? records : records.flatMap((one) => (one as Row)?.[wrapper] ?? [])
  ).slice(0, mostLooked);
  const used = JSON.stringify([reading.targets, reading.derived ?? {}, reading.kind ?? ""]).replaceAll(
    /\\?"/g,
    "",
  );
  const { names, typed = [] } = reading.record ?? {};
  const isTaken = (name: string) => typed.some((one) => one.toLowerCase() === name.toLowerCase());
  // An export of a store: its record of its own ingests is not part of the log.
  const ours = shape.fields?.has("ingest_id") === true ? columnsOf(beside.table) : {};
  const found: Attribute[] = [];
  const folders = [...(file.fields ?? [])].filter(
    ([, one]) => one.isPartition && reading.record === undefined,
  );
  const ofFolders = folders.map(([name, leaf]) => ({ path: [name], shape: leaf }));
  for (const { path, shape: leaf } of [...leavesOf(shape), ...ofFolders]) {
    if (Object.hasOwn(ours, path[0]) || isTaken(path[0])) continue;
    const values = own === undefined ? some.flatMap((one) => valueAt(one, path) ?? []) : [];
    const type = typeOf(leaf, values, own);
    const key = attributeName(path, type === "VARCHAR", keep);
    if (key === undefined || !isShort(values, keep)) continue;
    const read =
      own !== undefined
        ? ofColumn(path, own, reading.fields, type)
        : names === undefined
          ? ofField(path, reading.fields)
          : ofName(path, names);
    const { inText = false, ...rest } = read ?? {};
    // A field used by some column already has its place.
    if (read === undefined || (inText && used.includes(`$.${read.within?.join(".")}'`))) continue;
    const varied = new Set(values.map(String)).size > values.length / 2;
    found.push({ key, type, varied, ...(rest as Read) });
  }
  return limited(found);
}

type Row = Record<string, unknown> | undefined;
type Read = Pick<Attribute, "field" | "sql" | "within"> & { inText?: boolean };

function limited(found: readonly Attribute[]): Attribute[] {
  const keys = new Map<string, Attribute>();
  for (const one of found) if (!keys.has(one.key.toLowerCase())) keys.set(one.key.toLowerCase(), one);
  return [...keys.values()].slice(0, mostAttributes);
}

function leavesOf(shape: Shape, above: string[] = []): { path: string[]; shape: Shape }[] {
  return [...(shape.fields ?? [])].flatMap(([name, one]) => {
    if (one.isPartition) return [];
    const path = [...above, name];
    return one.fields === undefined ? [{ path, shape: one }] : leavesOf(one, path);
  });
}

function typeOf(
  leaf: Shape,
  values: readonly unknown[],
  own: Record<string, string> | undefined,
): Attribute["type"] {
  if (own !== undefined)
    return /^(DOUBLE|FLOAT|DECIMAL|[A-Z]*INT)/.test(leaf.scalar)
      ? "DOUBLE"
      : leaf.scalar === "BOOLEAN"
        ? "BOOLEAN"
        : "VARCHAR";
  if (leaf.list !== undefined || values.length === 0) return "VARCHAR";
  if (values.every((one) => typeof one === "boolean")) return "BOOLEAN";
  // Cells are texts: one counts as a number if it is written as JSON would write it.
  const isNumber = (one: unknown) =>
    (typeof one === "number" ||
      (typeof one === "string" && leaf.numeric && /^-?(0|[1-9]\d*)(\.\d+)?$/.test(one))) &&
    Math.abs(Number(one)) < largest;
  const isCells = values.some((one) => typeof one === "string");
  return values.every(isNumber) && (!isCells || leaf.seen?.records === 0) ? "DOUBLE" : "VARCHAR";
}

/** A column of a Parquet file that the reading does not read. */
function ofColumn(
  [name, ...more]: string[],
  own: Record<string, string>,
  fields: Fields,
  type: Attribute["type"],
): Read | undefined {
  const isNested = /\[|STRUCT|MAP|UNION|BLOB/.test(own[name] ?? "");
  if (more.length > 0 || Object.hasOwn(fields, name) || isNested) return undefined;
  const value = quoteName(name);
  const sql =
    type === "DOUBLE" ? `nullif(cast(${value} as double), 'nan'::double)` : `cast(${value} as varchar)`;
  return { field: { path: [name], isJson: false }, sql };
}

/** A field of the records: at the top level, or inside one that the reading reads as text. */
function ofField(path: string[], fields: Fields): Read | undefined {
  let at: Fields = fields;
  for (const [depth, name] of path.entries()) {
    const known = Object.keys(at).find((key) => key.toLowerCase() === name.toLowerCase());
    const place = path.slice(0, depth + 1);
    const here = place.map(quoteName).join(".");
    const rest = path.slice(depth + 1);
    if (known === undefined) {
      const isJson = rest.length > 0;
      const field = { path: place, isJson };
      return isJson ? { field, sql: here, within: rest } : { field, sql: here };
    }
    if (known !== name) return undefined;
    const field = at[name];
    if (typeof field === "string") {
      if (rest.length === 0 || (field !== "VARCHAR" && field !== "JSON")) return undefined;
      return { sql: field === "JSON" ? here : sql.json(here), within: rest, inText: true };
    }
    if (Array.isArray(field)) return undefined;
    at = field;
  }
  return undefined;
}

/** A field of records that the reading turns into texts. */
function ofName([name, ...rest]: string[], names: readonly string[]): Read | undefined {
  const isKnown = names.includes(name);
  if (rest.length === 0)
    return isKnown ? undefined : { field: { path: [name], isJson: false }, sql: quoteName(name) };
  return {
    ...(isKnown ? { inText: true } : { field: { path: [name], isJson: true } }),
    sql: sql.json(quoteName(name)),
    within: rest,
  };
}

/** The attributes of several files, as those of all: if their types differ, each is a text. */
export function together(some: readonly (readonly Attribute[])[]): Attribute[] {
  const all = new Map<string, Attribute>();
  for (const one of some.flat()) {
    const before = all.get(one.key.toLowerCase());
    if (before === undefined) all.set(one.key.toLowerCase(), one);
    else if (before.type !== one.type) all.set(one.key.toLowerCase(), { ...before, type: "VARCHAR" });
  }
  const placeOf = ({ field }: Attribute) => field?.path.join("\n");
  const asJson = new Set([...all.values()].filter(({ field }) => field?.isJson).map(placeOf));
  return [...all.values()].filter(
    (one) => one.field === undefined || one.field.isJson || !asJson.has(placeOf(one)),
  );
}

/**
 * A reading that gives its calls, tasks or scores their attributes.
 *
 * @param asText read every one as a text, so that no value can fail
 */
export function withAttributes(
  reading: Reading,
  given: readonly Attribute[],
  asText: boolean,
  keep: boolean,
): Reading {
  if (given.length === 0) return reading;
  const attributes = asText || reading.record !== undefined ? given : asFields(given);
  const fields: Fields = structuredClone(reading.fields);
  const added: string[] = [];
  for (const { type, field } of attributes) {
    if (field === undefined) continue;
    if (reading.record !== undefined) added.push(field.path[0]);
    else add(fields, field.path, field.isJson ? "JSON" : type === "DOUBLE" && !asText ? "DOUBLE" : "VARCHAR");
  }
  const { texts, derived } = textsOf(attributes);
  const varied = attributes.flatMap((one) => (one.varied ? [one.key] : []));
  const beside: Beside = { columns: {}, types: {}, maybe: {}, varied, odd: [] };
  for (const [at, { key, type, field, within }] of attributes.entries()) {
    const text = texts[at];
    beside.types[key] = asText ? "VARCHAR" : type;
    if (asText && type !== "VARCHAR") beside.maybe[key] = type;
    if (asText || type === "VARCHAR") {
      const whole = type === "DOUBLE" ? `cast(${text} as varchar)` : text;
      beside.columns[key] = shortSql(whole, keep);
      continue;
    }
    const isNumber =
      type === "DOUBLE" && field !== undefined && within === undefined && reading.record === undefined;
    // A value read as a number is used as it is: one that is not a valid attribute sends the file down the slow
    // path.
    beside.columns[key] = isNumber ? text : typedSql(text, type);
    beside.odd.push(
      isNumber ? `abs(${text}) >= ${largest}` : `(${text} is not null and (${beside.columns[key]}) is null)`,
    );
  }
  const at = placeOfBeside(reading);
  const targets = reading.targets.map((one, place) => (place === at ? { ...one, beside } : one));
  const read = reading.record === undefined ? { fields } : reading.record.withNames([...new Set(added)]);
  return { ...reading, ...read, derived: { ...reading.derived, ...derived }, targets };
}

function add(fields: Fields, path: readonly string[], type: string): void {
  const [name, ...rest] = path;
  if (rest.length === 0) {
    fields[name] = type;
    return;
  }
  fields[name] ??= {};
  add(fields[name] as Fields, rest, type);
}

/**
 * The content of a field that the reading does not read, as fields of their own: the file's reader finds them in
 * half the time that a path into JSON takes. A record with another structure in that field sends the file down the
 * slow path.
 */
function asFields(attributes: readonly Attribute[]): Attribute[] {
  const placeOf = ({ field, within = [] }: Attribute) => [...(field?.path ?? []), ...within];
  const inJson = attributes.filter(({ field }) => field?.isJson);
  const places = inJson.map((one) => placeOf(one).join("\n"));
  // A field that is a value in some files and contains others in the rest stays JSON, with everything beside it.
  const isBoth = (place: string) => places.some((other) => other.startsWith(`${place}\n`));
  const mixed = new Set(inJson.filter((_, at) => isBoth(places[at])).map((one) => one.sql));
  return attributes.map((one) => {
    if (!one.field?.isJson || mixed.has(one.sql)) return one;
    const { within: _, ...rest } = one;
    const path = placeOf(one);
    return { ...rest, field: { path, isJson: false }, sql: path.map(quoteName).join(".") };
  });
}

/** True if some attributes are read as types other than text, which may fail. */
export const mayFail = ({ type, field }: Attribute): boolean => type !== "VARCHAR" || field?.isJson === true;

const shortSql = (text: string, keep: boolean) =>
  `case when ${isShortSql(text, keep)} and ${text} <> '' then ${text} end`;

/** A text as its value; null if it is not one. */
export function typedSql(text: string, type: "DOUBLE" | "BOOLEAN"): string {
  if (type === "BOOLEAN") return `case ${text} when 'true' then true when 'false' then false end`;
  const number = `try_cast(${text} as double)`;
  return `case when abs(${number}) < ${largest} then ${number} end`;
}
