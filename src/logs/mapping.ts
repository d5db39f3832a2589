import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { type Expression, parseExpression } from "../store/expression";
import { didYouMean } from "../store/nearest";
import { columnsOf, type FilledTable, filledTables } from "../store/schema";
import { castTo } from "./canonical";
import type { Field, Fields } from "./field";
import type { Reading, Target } from "./format";
import { exactName, type Shape, shapeAt } from "./shape";
import { emptyRecord, typesOf } from "./stage";

/** A mapping file: which canonical column is which expression over the record's fields. */
export interface Mapping {
  table: FilledTable;
  columns: Record<string, string>;
  where?: string;
}

/** The mapping that lies beside a log: traffic.mapping.json beside traffic.csv or traffic.csv.gz. */
export function mappingBeside(file: string): string | undefined {
  let name = basename(file);
  for (let dot = name.lastIndexOf("."); dot > 0; dot = name.lastIndexOf(".")) {
    name = name.slice(0, dot);
    const candidate = join(dirname(file), `${name}.mapping.json`);
    if (existsSync(candidate)) return candidate;
  }
  return undefined;
}

/** Reads a mapping file: one object {"table", "columns", "where"?} or a list of them. */
export function readMapping(file: string): Mapping[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new TypeError(`mapping ${file} requires JSON (${(error as Error).message})`);
  }
  return checkMapping(parsed, file);
}

/** Checks that a value is a mapping, and says what it is not. */
export function checkMapping(value: unknown, name: string): Mapping[] {
  const list = Array.isArray(value) ? value : [value];
  if (list.length === 0) throw new TypeError(`mapping ${name} requires at least one table, got []`);
  return list.map((one) => {
    const refuse = (rule: string, got: unknown, hint = "") =>
      new TypeError(`mapping ${name} requires ${rule}, got ${JSON.stringify(got)}${hint}`);
    if (one === null || typeof one !== "object") throw refuse('{"table": ..., "columns": {...}}', one);
    const { table = "calls", columns, where, ...rest } = one as Record<string, unknown>;
    const extra = Object.keys(rest)[0];
    if (extra !== undefined) throw refuse('only "table", "columns" and "where"', extra);
    if (!(filledTables as readonly string[]).includes(table as string)) {
      throw refuse(`a table of ${filledTables.join(", ")}`, table, didYouMean(String(table), filledTables));
    }
    if (columns === null || typeof columns !== "object" || Object.keys(columns).length === 0) {
      throw refuse('"columns" with at least one column', columns ?? null);
    }
    const known = Object.keys(columnsOf(table as FilledTable)).filter(
      (c) => c !== "ingest_id" && c !== "line",
    );
    for (const [column, expression] of Object.entries(columns)) {
      if (!known.includes(column)) throw refuse(`columns of ${table}`, column, didYouMean(column, known));
      if (typeof expression !== "string") throw refuse(`an SQL expression for ${column}`, expression);
    }
    if (where !== undefined && typeof where !== "string") throw refuse('an SQL predicate as "where"', where);
    return { table, columns, where } as Mapping;
  });
}

/** One expression of a mapping with the column it fills. */
interface Filled extends Expression {
  table: FilledTable;
  column: string;
}

/** Turns a mapping into a reading of records of the given shape; Parquet tells its own types. */
export async function readingOf(
  connection: DuckDBConnection,
  mapping: Mapping[],
  shape: Shape,
  own?: Record<string, string>,
): Promise<Reading> {
  const targets: Target[] = [];
  const filled: Filled[] = [];
  for (const { table, columns, where } of mapping) {
    const parsed: Record<string, string> = {};
    for (const [column, text] of Object.entries(columns)) {
      const expression = await parseExpression(connection, text, `mapping column ${column}`);
      parsed[column] = `(${expression.sql})`;
      filled.push({ ...expression, table, column });
    }
    const predicate =
      where === undefined ? undefined : await parseExpression(connection, where, "mapping where");
    if (predicate !== undefined) filled.push({ ...predicate, table, column: "" });
    targets.push({
      table,
      columns: parsed,
      where: predicate === undefined ? undefined : `(${predicate.sql})`,
    });
  }
  const fields = own === undefined ? await typedFields(connection, filled, shape) : nativeFields(filled, own);
  const paths = filled.flatMap((one) => one.columns);
  const missing = [
    ...new Set(paths.filter((path) => !present(path, shape, own)).map((path) => path.join("."))),
  ];
  return {
    format: "mapping",
    mapping: JSON.stringify(mapping),
    fields,
    targets,
    missing,
    nothing: (records) => `none of its ${records} records meets the mapping's "where"`,
  };
}

function present(path: string[], shape: Shape, own?: Record<string, string>): boolean {
  return own === undefined ? shapeAt(shape, path) !== undefined : own[path[0]] !== undefined;
}

function nativeFields(filled: Filled[], own: Record<string, string>): Fields {
  const names = [...new Set(filled.flatMap((one) => one.columns.map(([name]) => name)))];
  const exact = (name: string) =>
    own[name] !== undefined
      ? name
      : (Object.keys(own).find((k) => k.toLowerCase() === name.toLowerCase()) ?? name);
  return Object.fromEntries(names.map((name) => [exact(name), own[exact(name)] ?? "VARCHAR"]));
}

/**
 * Chooses a type for every field used. A whole number in the sample may be 3.7 further on, so it is read as the
 * column it goes to: exact integers for tokens and ids, doubles for seconds and dollars. Where an expression does
 * not bind with the first choice, the others are tried.
 */
async function typedFields(connection: DuckDBConnection, filled: Filled[], shape: Shape): Promise<Fields> {
  const chosen = new Map<string, { path: string[]; type: string }>();
  const fieldsFor = () => tree([...chosen.values()], shape);
  for (const one of filled) {
    const to = one.column === "" ? undefined : columnsOf(one.table)[one.column].type;
    const options = one.columns.map((path) => ({ path, types: candidates(shapeAt(shape, path), to) }));
    const most = Math.max(1, ...options.map((option) => option.types.length));
    let failure: Error | undefined;
    for (let attempt = 0; attempt < most; attempt++) {
      const before = new Map(chosen);
      for (const { path, types } of options) {
        const key = JSON.stringify(path);
        const first = types[Math.min(attempt, types.length - 1)];
        // A field that an earlier expression settled stays, unless this one cannot do with it.
        if (attempt > 0 || !chosen.has(key)) chosen.set(key, { path, type: first });
      }
      failure = await bindFailure(connection, one, fieldsFor());
      if (failure === undefined) break;
      chosen.clear();
      for (const [key, value] of before) chosen.set(key, value);
    }
    if (failure !== undefined) throw failure;
  }
  return fieldsFor();
}

function candidates(shape: Shape | undefined, to: string | undefined): string[] {
  if (shape === undefined) return ["VARCHAR", "DOUBLE"];
  if (shape.fields !== undefined) return ["JSON"];
  if (shape.list !== undefined) {
    const { list } = shape;
    if (list.fields !== undefined || list.list !== undefined) return ["LIST", "JSON"];
    return [list.scalar === "BIGINT" || list.scalar === "DOUBLE" ? "DOUBLE[]" : "VARCHAR[]"];
  }
  switch (shape.scalar) {
    case "BIGINT":
      return to === "DOUBLE" ? ["DOUBLE", "BIGINT"] : ["BIGINT", "DOUBLE"];
    case "DOUBLE":
      return ["DOUBLE"];
    case "BOOLEAN":
      return ["BOOLEAN"];
    case "VARCHAR":
      if (shape.numeric && to === "DOUBLE") return ["DOUBLE", "VARCHAR", "BIGINT"];
      if (shape.numeric && to === "BIGINT") return ["BIGINT", "VARCHAR", "DOUBLE"];
      return ["VARCHAR", "DOUBLE", "BIGINT"];
    default:
      return ["VARCHAR", "DOUBLE"];
  }
}

async function bindFailure(
  connection: DuckDBConnection,
  one: Filled,
  fields: Fields,
): Promise<Error | undefined> {
  const column = one.column === "" ? "where" : one.column;
  try {
    const types = await typesOf(connection, { [column]: `(${one.sql})` }, emptyRecord(fields));
    if (one.column !== "") castTo("x", types[column], columnsOf(one.table)[one.column].type, one.column);
    // An aggregate binds in a SELECT, but not in a WHERE.
    await typesOf(connection, { one: "1" }, `${emptyRecord(fields)} where (${one.sql}) is null`);
    return undefined;
  } catch (error) {
    const reason = (error as Error).message.split("\n")[0];
    return new TypeError(
      `mapping column ${column} requires an expression over the record's fields, got ${one.sql} (${reason})`,
    );
  }
}

/** The paths used as a tree of fields, in the record's own spelling. */
function tree(leaves: { path: string[]; type: string }[], shape: Shape): Fields {
  const root: Fields = {};
  for (const { path, type } of [...leaves].sort((a, b) => b.path.length - a.path.length)) {
    let at = root;
    let seen: Shape | undefined = shape;
    for (const [depth, given] of path.entries()) {
      const name: string = exactName(seen?.fields, given) ?? given;
      seen = seen?.fields?.get(name);
      if (depth === path.length - 1) at[name] ??= type === "LIST" ? ofShape(seen) : type;
      else {
        if (typeof at[name] !== "object" || Array.isArray(at[name])) at[name] = {};
        at = at[name] as Fields;
      }
    }
  }
  return root;
}

/** Everything the sample has below a field, its scalars as text: nothing in a list is lost to a cast. */
function ofShape(shape: Shape | undefined): Field {
  if (shape?.list !== undefined) return [ofShape(shape.list)];
  if (shape?.fields !== undefined) {
    return Object.fromEntries([...shape.fields].map(([name, inner]) => [name, ofShape(inner)]));
  }
  return "VARCHAR";
}
