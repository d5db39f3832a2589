import type { Expression } from "../../store/expression";
import { messageOf } from "../../store/reason";
import { sandbox } from "../../store/sandbox";
import type { ColumnType, FilledTable } from "../../store/schema";
import { exactName, kindOf, type Shape, shapeAt } from "../files/shape";
import { emptyRecord, isField, typesOf } from "./bind";
import { castTo } from "./canonical";
import type { Field, Fields } from "./field";
import { readColumns } from "./texts";

/** What a mapping's list of messages fills: no column. */
export const messagesColumn = "messages";

/** An expression of a mapping with the column that it fills, "where" or "messages". */
export interface Used extends Expression {
  table: FilledTable;
  column: string;
}

/** The fields that expressions read from a Parquet file, which has its own types. */
export async function nativeFields(used: readonly Used[], own: Record<string, string>): Promise<Fields> {
  const fields: Fields = {};
  for (const [name] of used.flatMap((one) => one.columns)) {
    const exact = Object.hasOwn(own, name)
      ? name
      : Object.keys(own).find((key) => key.toLowerCase() === name.toLowerCase());
    fields[exact ?? name] = exact === undefined ? "VARCHAR" : own[exact];
  }
  await checkAll(used, fields);
  return fields;
}

/**
 * Chooses a type for every field that expressions read. A whole number in the sample may be 3.7 further on, so a
 * field gets the type of its column, and a double if it is used in a calculation. If an expression does not bind
 * with the first choice, the others are tried.
 *
 * @param beside names that are no fields, with their types
 */
export async function fieldsOf(
  used: readonly Used[],
  shape: Shape,
  beside: Record<string, string> = {},
): Promise<Fields> {
  let chosen = new Map<string, { path: string[]; type: string }>();
  const fields = () => tree([...chosen.values()], shape);
  const typesOfField = (path: string[], one: Used) =>
    Object.hasOwn(beside, path[0]) ? [beside[path[0]]] : candidates(shapeAt(shape, path), one);
  const choose = (one: Used, attempt: number) => {
    for (const path of one.columns) {
      const key = JSON.stringify(path);
      // A field settled by an earlier expression keeps its type, unless this one cannot work with it.
      if (attempt === 0 && chosen.has(key)) continue;
      const types = typesOfField(path, one);
      chosen.set(key, { path, type: types[Math.min(attempt, types.length - 1)] });
    }
  };
  const failureOf = (one: Used, attempt: number) => {
    choose(one, attempt);
    return bindFailure(one, fields());
  };
  for (const one of used) choose(one, 0);
  // Usually the first choices work, so they are tried all at once.
  if (await bind(used, fields()).then(isTrue, isFalse)) return fields();
  chosen.clear();
  for (const one of used) {
    const before = new Map(chosen);
    const most = Math.max(1, ...one.columns.map((path) => typesOfField(path, one).length));
    let failure = await failureOf(one, 0);
    for (let attempt = 1; attempt < most && failure !== undefined; attempt++)
      failure = await failureOf(one, attempt);
    if (failure === undefined) continue;
    chosen = before;
    throw (await failureOf(one, 0)) ?? failure;
  }
  await checkAll(used, fields());
  return fields();
}

async function checkAll(used: readonly Used[], fields: Fields): Promise<void> {
  for (const one of used) {
    const failure = await bindFailure(one, fields);
    if (failure !== undefined) throw failure;
  }
}

// The types to try for a field in an expression, the best first.
function candidates(shape: Shape | undefined, used: Used): string[] {
  if (used.column === messagesColumn) return ["JSON"];
  if (shape === undefined) return ["VARCHAR", "DOUBLE", "BIGINT", "JSON"];
  const scalar = scalarTypes(shape, used);
  const lists = shape.list === undefined ? [] : listTypes(shape.list);
  const records = shape.fields === undefined ? [] : ["JSON"];
  // A field that is a number in most records and a list in one is a number; in a text, [1] would be a letter.
  const kind = /\[/.test(used.sql) && lists.length > 0 ? "list" : kindOf(shape);
  if (kind === "list") return [...lists, ...records, ...scalar];
  return kind === "record" ? [...records, ...lists, ...scalar] : [...scalar, ...lists, ...records];
}

function listTypes(list: Shape): string[] {
  if (kindOf(list) !== "scalar") return ["LIST", "JSON"];
  return [list.scalar === "BIGINT" || list.scalar === "DOUBLE" ? "DOUBLE[]" : "VARCHAR[]"];
}

function scalarTypes(shape: Shape, { table, column, sql }: Used): string[] {
  const to: ColumnType = column === "where" ? "BOOLEAN" : readColumns(table)[column].type;
  const bare = isField(sql);
  if (bare && to === "VARCHAR") return ["VARCHAR"];
  switch (shape.scalar) {
    case "BIGINT": {
      if (shape.large) return ["LONG", "DOUBLE"];
      if (bare) return [to === "DOUBLE" ? "DOUBLE" : "BIGINT"];
      // In a text 3 must not become 3.0, nor an integer division another one.
      const asWhole = /\|\||\/\/|%/.test(sql) || (to === "VARCHAR" && !/[<>=+*/-]/.test(sql));
      return asWhole ? ["BIGINT", "DOUBLE"] : ["DOUBLE", "BIGINT"];
    }
    case "DOUBLE":
      return ["DOUBLE"];
    case "BOOLEAN":
      return bare && to === "DOUBLE" ? ["DOUBLE"] : ["BOOLEAN", "VARCHAR"];
    case "VARCHAR":
      if (!shape.numeric) return ["VARCHAR", "DOUBLE", "BIGINT"];
      if (bare) return [to === "DOUBLE" || to === "BIGINT" ? to : to === "TIMESTAMP" ? "DOUBLE" : "VARCHAR"];
      return to === "VARCHAR" ? ["VARCHAR", "DOUBLE", "BIGINT"] : ["DOUBLE", "BIGINT", "VARCHAR"];
    default:
      return ["VARCHAR", "DOUBLE", "BIGINT"];
  }
}

const isTrue = () => true;
const isFalse = () => false;

// Throws if an expression does not bind against the fields, or returns what its column cannot hold.
async function bind(used: readonly Used[], fields: Fields): Promise<void> {
  if (used.length === 0) return;
  const connection = await sandbox();
  const empty = emptyRecord(fields);
  const named = Object.fromEntries(used.map(({ sql }, at) => [`${at}`, `(${sql})`]));
  const types = await typesOf(connection, named, empty);
  for (const [at, { table, column }] of used.entries()) {
    const type = types[`${at}`];
    if (column === messagesColumn) continue;
    if (column !== "where") castTo("x", type, column, readColumns(table)[column], false);
    else if (type !== "BOOLEAN" && type !== '"NULL"') throw new TypeError(`it is ${type}`);
  }
  // An aggregate or unnest binds in a SELECT, but not in a WHERE.
  const tests = used.map(({ sql }) => `(${sql}) is null`);
  await typesOf(connection, { one: "1" }, `${empty} where ${tests.join(" and ")}`);
}

async function bindFailure(one: Used, fields: Fields): Promise<Error | undefined> {
  try {
    await bind([one], fields);
    return undefined;
  } catch (error) {
    const kind = one.column === "where" ? "a predicate" : "an expression";
    const what = one.column === "where" ? "where" : `column ${one.column}`;
    return new TypeError(
      `mapping ${what} requires ${kind} over the record's fields, got ${one.sql} (${messageOf(error)})`,
    );
  }
}

/** The paths used as a tree of fields, in the record's own spelling. */
function tree(leaves: { path: string[]; type: string }[], shape: Shape): Fields {
  const root: Fields = Object.create(null);
  for (const { path, type } of [...leaves].sort((a, b) => b.path.length - a.path.length)) {
    let at = root;
    let seen: Shape | undefined = shape;
    for (const [depth, given] of path.entries()) {
      const name: string = exactName(seen?.fields, given) ?? given;
      const twin = Object.keys(at).find((key) => key !== name && key.toLowerCase() === name.toLowerCase());
      if (twin !== undefined) {
        throw new TypeError(
          `mapping requires fields whose names differ by more than case, got "${twin}" and "${name}"; use one of them`,
        );
      }
      seen = seen?.fields?.get(name);
      if (depth === path.length - 1) at[name] ??= type === "LIST" ? ofShape(seen) : type;
      else {
        if (typeof at[name] !== "object" || Array.isArray(at[name])) at[name] = Object.create(null) as Fields;
        at = at[name] as Fields;
      }
    }
  }
  return root;
}

/** Everything the sample has below a field, with scalars as text: nothing in a list is lost to a cast. */
function ofShape(shape: Shape | undefined): Field {
  if (shape === undefined || kindOf(shape) === "scalar") return "VARCHAR";
  if (kindOf(shape) === "list") return shape.list === undefined ? "VARCHAR" : [ofShape(shape.list)];
  if (shape.fields === undefined) return "VARCHAR";
  const fields: Fields = Object.create(null);
  const taken = new Set([""]);
  for (const [name, inner] of shape.fields) {
    // The engine cannot distinguish names that differ in case alone, nor accept an empty one.
    if (taken.has(name.toLowerCase())) continue;
    taken.add(name.toLowerCase());
    fields[name] = ofShape(inner);
  }
  return Object.keys(fields).length === 0 ? "VARCHAR" : fields;
}
