import { quoteName, quoteText } from "../store/quote";

/**
 * What is read of a record, as a tree: a string is the engine's type of a leaf, an object is a nested record,
 * a list of one is a list of such fields. Only what is named is read.
 */
export type Field = string | Fields | [Field];

/** The named fields of a record. */
export interface Fields {
  [name: string]: Field;
}

/** The type of a field in the engine's words: STRUCT("prompt" BIGINT). */
export function typeSql(field: Field): string {
  if (typeof field === "string") return field;
  if (Array.isArray(field)) return `${typeSql(field[0])}[]`;
  const inner = Object.entries(field).map(([name, one]) => `${quoteName(name)} ${typeSql(one)}`);
  return `STRUCT(${inner.join(", ")})`;
}

/** The `columns` argument of read_json. */
export function columnsSql(fields: Fields): string {
  const inner = Object.entries(fields).map(([name, one]) => `${quoteName(name)}: ${quoteText(typeSql(one))}`);
  return `{${inner.join(", ")}}`;
}

/** The same fields with every scalar leaf as text, as the structure argument of from_json. */
export function textStructure(fields: Fields): string {
  const asText = (field: Field): unknown => {
    if (typeof field === "string")
      return field.endsWith("[]") ? ["VARCHAR"] : field === "JSON" ? "JSON" : "VARCHAR";
    if (Array.isArray(field)) return [asText(field[0])];
    return Object.fromEntries(Object.entries(field).map(([name, one]) => [name, asText(one)]));
  };
  return JSON.stringify(asText(fields));
}

/** One scalar leaf that has to be cast from text: its path and type. */
export interface Leaf {
  path: string[];
  type: string;
}

/** A record rebuilt from its text leaves: the SELECT list, and a mask whose bit i says that leaf i was lost. */
export function castSql(fields: Fields, record: string): { columns: string; lost: string; leaves: Leaf[] } {
  const leaves: Leaf[] = [];
  const bits: string[] = [];
  const cast = (field: Field, value: string, path: string[]): string => {
    if (Array.isArray(field) || field === "VARCHAR" || field === "JSON") return value;
    if (typeof field === "string") {
      const typed = `try_cast(${value} as ${field})`;
      const isLost = field.endsWith("[]")
        ? `list_count(${typed}) is distinct from list_count(${value})`
        : `${typed} is null`;
      // Beyond 62 leaves the mask is full: the last bit then stands for all of them.
      bits.push(`((${value} is not null and ${isLost})::bigint << ${Math.min(leaves.length, 61)})`);
      leaves.push({ path, type: field });
      return typed;
    }
    const inner = Object.entries(field).map(
      ([name, one]) => `${quoteName(name)} := ${cast(one, `${value}.${quoteName(name)}`, [...path, name])}`,
    );
    return `case when ${value} is null then null else struct_pack(${inner.join(", ")}) end`;
  };
  const columns = Object.entries(fields).map(
    ([name, one]) => `${cast(one, `${record}.${quoteName(name)}`, [name])} as ${quoteName(name)}`,
  );
  return { columns: columns.join(", "), lost: bits.length === 0 ? "0::bigint" : bits.join(" | "), leaves };
}
