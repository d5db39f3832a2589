import { quoteName, quoteText } from "../../store/quote";
import { kindOf, type Shape, shapeAt } from "../files/shape";
import { type Fields, typeSql } from "./field";
import type { Reading, Target } from "./format";
import { carried, first } from "./sql";

/** Names under which services wrap the records that they list. */
const wrappers = ["data", "result", "results", "runs", "logs", "traces", "spans", "rows", "value"];

/** A record's shape, and the field that contains the records if the file's document only wraps them. */
export interface Opened {
  shape: Shape;
  wrapper?: string;
  /** True if the wrapper contains a single record instead of a list. */
  single?: boolean;
}

/** The shape of the records themselves: of the file's, or of those in a wrapper such as {"data": [...]}. */
export function opened(shape: Shape): Opened {
  // A wrapper has little besides its records: a cursor, a count, a word for what it is.
  if (shape.fields === undefined || shape.fields.size > 8) return { shape };
  for (const wrapper of wrappers) {
    const inner = shape.fields.get(wrapper);
    if (inner === undefined) continue;
    // Told by most of the records, so that an odd one does not make or unmake a wrapper.
    const kind = kindOf(inner);
    if (kind === "list" && inner.list?.fields !== undefined && kindOf(inner.list) !== "list")
      return { shape: inner.list, wrapper };
    if (kind === "record" && isAlone(shape, inner)) return { shape: inner, wrapper, single: true };
  }
  return { shape };
}

// True if nearly all records have no other field.
function isAlone({ fields = new Map() }: Shape, field: Shape): boolean {
  const often = ({ seen }: Shape) => (seen === undefined ? 0 : seen.records + seen.lists + seen.scalars);
  return [...fields.values()].every((other) => other === field || 4 * often(other) <= often(field));
}

/** True if the file is only a wrapper, with no record in its list: {"data": []}. */
export function isEmptyWrapper(shape: Shape): boolean {
  if (shape.fields === undefined || shape.fields.size > 8) return false;
  const lists = wrappers.flatMap((name) => shape.fields?.get(name)?.list ?? []);
  return (
    lists.length > 0 && lists.every(({ seen }) => seen !== undefined && !Object.values(seen).some(Boolean))
  );
}

/** True if the shape has every one of the paths; dots separate the parts of a path. */
export function has(shape: Shape, ...paths: string[]): boolean {
  return paths.every((path) => shapeAt(shape, path.split(".")) !== undefined);
}

/** True if the shape has one of the paths. */
export function hasAny(shape: Shape, ...paths: string[]): boolean {
  return paths.some((path) => has(shape, path));
}

/**
 * The named fields of a record, given as a list or separated by blanks, each as text, whatever contains them: a
 * JSON object's values, nested ones as JSON; a delimited file's cells; a Parquet file's columns.
 */
export function textRecord(
  fields: string | readonly string[],
  file: Shape,
): Pick<Reading, "fields" | "unnest" | "record"> {
  const names = typeof fields === "string" ? fields.split(" ") : fields;
  const read = textsOf(names, file);
  if (read.unnest === undefined) return read;
  const { wrapper } = opened(file);
  return { ...read, record: { names, wrapper, withNames: (more) => textsOf([...names, ...more], file) } };
}

function textsOf(names: readonly string[], file: Shape): Pick<Reading, "fields" | "unnest"> {
  const { wrapper, single } = opened(file);
  if (wrapper !== undefined) {
    const list = single ? `[${quoteName(wrapper)}::json]` : `from_json(${quoteName(wrapper)}, '["JSON"]')`;
    const reads = names.map(
      (name) => `json_extract_string(record, ${quoteText(`$."${name}"`)}) as ${quoteName(name)}`,
    );
    return { fields: { [wrapper]: "VARCHAR" }, unnest: eachElement(list, "record", reads) };
  }
  const read = { fields: Object.fromEntries(names.map((name) => [name, "VARCHAR"])) };
  const parquet = [...(file.fields?.values() ?? [])].some(isOwnType);
  if (!parquet) return read;
  const casts = names.map((name) => {
    const column = quoteName(name);
    const isNested = /^(STRUCT|MAP|UNION)|\[\d*\]$|^JSON$/.test(file.fields?.get(name)?.scalar ?? "");
    return `cast(${isNested ? `to_json(${column})` : column} as varchar) as ${column}`;
  });
  return { ...read, unnest: `select ${carried}, true as ${first}, ${casts.join(", ")} from source` };
}

/** The records in a wrapper, with fields of the engine's types; a value of another type is empty. */
export function inWrapper(
  { wrapper, single }: Opened,
  fields: Fields,
): Required<Pick<Reading, "fields" | "unnest">> {
  const name = wrapper ?? "";
  const list = single ? `[${quoteName(name)}]` : `from_json(${quoteName(name)}, '["JSON"]')`;
  const reads = Object.entries(fields).map(([field, type]) => {
    const value = `json_extract(record, ${quoteText(`$."${field}"`)})`;
    const read =
      type === "JSON"
        ? value
        : type === "VARCHAR"
          ? `${value}->>'$'`
          : `try_cast(${value} as ${typeSql(type)})`;
    return `${read} as ${quoteName(field)}`;
  });
  return { fields: { [name]: "JSON" }, unnest: eachElement(list, "record", reads) };
}

/** How to read files in which every record gives the same targets. */
export function recordwise(
  names: string | readonly string[],
  targets: Target[],
  derived?: Reading["derived"],
) {
  return (file: Shape): Omit<Reading, "format"> => ({ ...textRecord(names, file), targets, derived });
}

/** The records of the file, each as the first of its rows. */
export const wholeRecords = `select *, true as ${first} from source`;

/**
 * SQL for `unnest`: one row for every element of a list, and one for a record whose list is empty or missing.
 *
 * @param list the list, over the columns of `from`
 * @param element the element's name in `columns`
 * @param kept columns of `from` that `columns` read
 */
export function eachElement(
  list: string,
  element: string,
  columns: readonly string[],
  kept: readonly string[] = [],
  from = wholeRecords,
): string {
  const keep = kept.map((name) => `, ${name}`).join("");
  return `select ${carried}, ${first}, ${columns.join(", ")} from (
    select ${carried}${keep}, ${first} and generate_subscripts(list_of_elements, 1) = 1 as ${first},
      unnest(list_of_elements) as ${element}
    from (select ${carried}${keep}, ${first}, case when len(list) > 0 then list else [null] end as list_of_elements
      from (select ${carried}${keep}, ${first}, ${list} as list from (${from}))))`;
}

// A sample's numbers are marked as numeric; a Parquet column's type comes from the file and is not.
function isOwnType(shape: Shape): boolean {
  if (shape.fields !== undefined || shape.list !== undefined) return false;
  if (["VARCHAR", "NULL", "MIXED"].includes(shape.scalar)) return false;
  return !shape.numeric || !["BIGINT", "DOUBLE", "BOOLEAN"].includes(shape.scalar);
}
