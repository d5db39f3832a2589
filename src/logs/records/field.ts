import { quoteName, quoteText } from "../../store/quote";
import { isMissingSql } from "../files/tableCell";

/**
 * What is read from a record, as a tree: a string is the engine's type of a leaf, an object is a nested record, a
 * list of one is a list of such fields. Only named fields are read.
 *
 * BIGINT is a whole number, checked to be one; LONG is one beyond 2^53, which a double cannot represent exactly.
 */
export type Field = string | Fields | [Field];

/** The named fields of a record. */
export interface Fields {
  [name: string]: Field;
}

/** One field that can be lost: its path, and the type it must have. */
export interface Leaf {
  path: string[];
  type: string;
}

/** The type of a field in the engine's words: STRUCT("prompt" BIGINT). */
export function typeSql(field: Field): string {
  if (typeof field === "string") return field;
  if (Array.isArray(field)) return `${typeSql(field[0])}[]`;
  const inner = Object.entries(field).map(([name, one]) => `${quoteName(name)} ${typeSql(one)}`);
  return `STRUCT(${inner.join(", ")})`;
}

/**
 * The `columns` argument of read_json. A whole number is read as a double, since BIGINT would silently turn 3.7
 * into 4; a flag as a text, since BOOLEAN would turn 3.7 into true.
 */
export function columnsSql(fields: Fields): string {
  const asDouble = (field: Field): Field => {
    if (typeof field === "string")
      return field === "BIGINT" ? "DOUBLE" : field === "BOOLEAN" ? "VARCHAR" : field;
    return Array.isArray(field) ? field : mapFields(field, asDouble);
  };
  const inner = Object.entries(mapFields(fields, asDouble)).map(
    ([name, one]) => `${quoteName(name)}: ${quoteText(typeSql(one))}`,
  );
  return `{${inner.join(", ")}}`;
}

/** The same fields with every scalar leaf as text, as the structure argument of from_json. */
export function textStructure(fields: Fields): string {
  const asText = (field: Field): unknown => {
    if (typeof field === "string") {
      return field.endsWith("[]") ? ["VARCHAR"] : field === "JSON" ? "JSON" : "VARCHAR";
    }
    return Array.isArray(field) ? [asText(field[0])] : mapFields(field, asText);
  };
  return JSON.stringify(asText(fields));
}

function mapFields<T>(fields: Fields, change: (field: Field) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(fields).map(([name, one]) => [name, change(one)]));
}

/** Fields of a relation with declared types: the SELECT list, and a mask whose bit i says that leaf i was lost. */
export interface Casts {
  columns: string;
  lost: string;
  leaves: Leaf[];
}

/** How a leaf, read as `value`, is converted to its declared type: undefined if it already has it. */
type CastLeaf = (value: string, type: string) => { value: string; lost?: string } | undefined;

/** The fields that `columnsSql` has read, with whole numbers converted. */
export function wholeSql(fields: Fields): Casts {
  return castsOf(fields, quoteName, (value, type) => {
    if (type === "BOOLEAN") return castText(value, type);
    if (type !== "BIGINT") return undefined;
    const lost = `coalesce(${value} <> trunc(${value}) or abs(${value}) >= 9007199254740992, false)`;
    return { value: `cast(${value} as BIGINT)`, lost };
  });
}

/**
 * Fields rebuilt from text leaves, each value tried on its own.
 *
 * @param json the record as JSON, if nested fields may contain something else than a record or a list
 */
export function castSql(fields: Fields, record: string, json?: string): Casts {
  return castsOf(fields, (name) => `${record}.${quoteName(name)}`, castText, json);
}

function castText(value: string, type: string): { value: string; lost?: string } | undefined {
  if (type === "VARCHAR" || type === "JSON") return undefined;
  const cast = `try_cast(${value} as ${type})`;
  if (type.endsWith("[]"))
    return { value: cast, lost: `list_count(${cast}) is distinct from list_count(${value})` };
  if (type === "BOOLEAN") return { value: cast, lost: `${value} <> '' and ${cast} is null` };
  // The readers of typed JSON turn true into 1. Tools write NaN, and tables a dash, for a missing number.
  const number = `coalesce(${cast}, case ${value} when 'true' then 1 when 'false' then 0 end)`;
  const noNumber = isMissingSql(value);
  if (type === "DOUBLE") return { value: number, lost: `${number} is null and not ${noNumber}` };
  // A cast alone would turn 3.7 into 4.
  const whole = `case when ${number} = coalesce(try_cast(${value} as DOUBLE), ${number}) then ${number} end`;
  return { value: whole, lost: `(${whole}) is null and not ${noNumber}` };
}

function castsOf(fields: Fields, column: (name: string) => string, castLeaf: CastLeaf, json?: string): Casts {
  const lost: (Leaf & { condition: string })[] = [];
  const broken: (Leaf & { condition: string })[] = [];
  const look = (field: Field, value: string, path: string[]) => {
    const isRecord = typeof field === "object" && !Array.isArray(field);
    if (json === undefined || (typeof field === "string" && !field.endsWith("[]"))) return;
    const pointer = path.map((name) => `/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
    // Something that is not a record reads as one without content: only if nothing was found is it worth checking.
    const condition = `case when ${isRecord ? empty(field, value) : `${value} is null`}
      then coalesce(json_type(${json}, ${quoteText(pointer)}), 'NULL') not in ('NULL', '${isRecord ? "OBJECT" : "ARRAY"}')
      else false end`;
    broken.push({ path, type: isRecord ? "RECORD" : "LIST", condition });
  };
  const cast = (field: Field, value: string, path: string[]): string | undefined => {
    look(field, value, path);
    if (Array.isArray(field)) return undefined;
    if (typeof field === "string") {
      const made = castLeaf(value, field);
      if (made?.lost !== undefined)
        lost.push({ path, type: field, condition: `${value} is not null and ${made.lost}` });
      return made?.value;
    }
    let changed = false;
    const inner = Object.entries(field).map(([name, one]) => {
      const at = `${value}.${quoteName(name)}`;
      const made = cast(one, at, [...path, name]);
      changed ||= made !== undefined;
      return `${quoteName(name)} := ${made ?? at}`;
    });
    return changed
      ? `case when ${value} is null then null else struct_pack(${inner.join(", ")}) end`
      : undefined;
  };
  const columns = Object.entries(fields).map(
    ([name, one]) => `${cast(one, column(name), [name]) ?? column(name)} as ${quoteName(name)}`,
  );
  const leaves = [...lost, ...broken];
  return {
    columns: columns.join(", "),
    lost: mask(leaves.map(({ condition }, at) => bit(condition, at))),
    leaves,
  };
}

function empty(field: Field, value: string): string {
  if (typeof field === "string" || Array.isArray(field)) return `${value} is null`;
  const inner = Object.entries(field).map(([name, one]) => empty(one, `${value}.${quoteName(name)}`));
  return inner.length === 0 ? "true" : `(${inner.join(" and ")})`;
}

// Beyond 62 things to lose the mask is full, and the last bit then stands for all further ones.
const lastBit = 61;

/** One bit of a mask, set if the condition holds. */
export function bit(condition: string, at: number): string {
  return `((${condition})::bigint << ${Math.min(at, lastBit)})`;
}

/** Bits as one mask. */
export function mask(bits: readonly string[]): string {
  return bits.length === 0 ? "0::bigint" : bits.join(" | ");
}

/** The items of a list that the set bits of a mask stand for. */
export function named<T>(list: readonly T[], bits: bigint): T[] {
  return list.filter((_, at) => (bits >> BigInt(Math.min(at, lastBit))) % 2n === 1n);
}
