import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { checked, readJsonFile, wrong } from "../../store/checked";
import { parseExpression } from "../../store/expression";
import { didYouMean } from "../../store/nearest";
import { sandbox } from "../../store/sandbox";
import { type FilledTable, filledTables } from "../../store/schema";
import { noteRead } from "../../store/sources";
import { isWithin } from "../files/files";
import { rootOf } from "../files/partition";
import { type Shape, shapeAt } from "../files/shape";
import { emptyRecord, typesOf } from "./bind";
import { fieldsOf, nativeFields, type Used } from "./fieldTypes";
import type { Reading, Target } from "./format";
import { ofOrigin, readColumns, textOf } from "./texts";

const schema = require("../../../data/mapping.schema.json");

/** A mapping file: which expression over the record's fields fills which canonical column. */
export interface Mapping {
  table: FilledTable;
  columns: Record<string, string>;
  where?: string;
}

/** The file in which a mapping of a log is written and found: beside it, or for all files of partitions at their root. */
export function mappingFileOf(path: string): string {
  const root = rootOf(path);
  return root === undefined
    ? `${path.replace(/\.(gz|zst)$/i, "").replace(/(.)\.[^./\\]*$/, "$1")}.mapping.json`
    : join(root, "partitions.mapping.json");
}

/**
 * The mapping beside a log: traffic.mapping.json beside traffic.csv or traffic.csv.gz, or partitions.mapping.json in the
 * folder that holds its partition and others.
 *
 * @param links also accept one outside the folder that a link points to
 * @throws if it is such a link, and links are not followed
 */
export function mappingBeside(file: string, links = false): string | undefined {
  const whole = basename(file);
  const plain = whole.replace(/\.(gz|zst)$/i, "");
  const stem = plain.replace(/(.)\.[^.]*$/, "$1");
  const folder = dirname(file);
  const found = [
    ...[whole, plain, stem].map((name) => join(folder, `${name}.mapping.json`)),
    mappingFileOf(file),
  ].find((candidate) => existsSync(candidate));
  if (found !== undefined && !links && !isWithin(found, [realpathSync(dirname(found))]))
    throw new Error(
      `the mapping ${found} beside it is a link that leads out of the folder: name it with --mapping, or follow all such with --links`,
    );
  return found;
}

/** Reads a mapping file: one object {"table", "columns", "where"?} or a list of them. */
export function readMapping(file: string): Mapping[] {
  noteRead([file]);
  return checkMapping(readJsonFile(file, "mapping", { isFound: true }), file);
}

/** Checks that a value is a mapping, and says what is wrong with it. */
export function checkMapping(value: unknown, name: string): Mapping[] {
  const list = [value].flat();
  const from = `mapping ${name}`;
  if (list.length === 0) throw wrong(from, "at least one table", value);
  const checkName = (given: string, known: readonly string[], rule: string) => {
    if (!known.includes(given)) throw wrong(from, rule, `"${given}"${didYouMean(given, known)}`);
  };
  return list.map((entry) => {
    const { table = "calls", columns, where } = checked<Mapping>(entry, schema, from);
    checkName(table, filledTables, `a table of ${filledTables.join(", ")}`);
    const known = Object.keys(readColumns(table)).filter((column) => !ofOrigin.includes(column));
    for (const column of Object.keys(columns)) checkName(column, known, `columns of ${table}`);
    return { table, columns, where };
  });
}

/** Turns a mapping into a reading of records of the given shape; Parquet has its own types. */
export async function readingOf(
  mapping: Mapping[],
  shape: Shape,
  own?: Record<string, string>,
): Promise<Reading> {
  const targets: Target[] = [];
  const used: Used[] = [];
  for (const { table, columns, where } of mapping) {
    const target: Target = { table, columns: {} };
    for (const [column, text] of Object.entries(columns)) {
      const expression = await parseExpression(text, `mapping column ${column}`);
      target.columns[column] = `(${expression.sql})`;
      used.push({ ...expression, table, column });
    }
    if (where !== undefined) {
      const predicate = await parseExpression(where, "mapping where");
      target.where = `(${predicate.sql})`;
      used.push({ ...predicate, table, column: "where" });
    }
    targets.push(target);
  }
  const fields = own === undefined ? await fieldsOf(used, shape) : await nativeFields(used, own);
  for (const { columns } of targets) {
    const given = Object.fromEntries(
      Object.entries(columns).filter(([name]) => name === "prompt" || name === "output"),
    );
    const types = await typesOf(await sandbox(), given, emptyRecord(fields));
    for (const [name, type] of Object.entries(types)) columns[name] = textOf(columns[name], type);
  }
  const isThere = (path: string[]) =>
    shapeAt(shape, own === undefined ? path : path.slice(0, 1)) !== undefined;
  const named = used.flatMap((one) => one.columns);
  const paths = named.filter((path) => !isThere(path));
  return {
    format: "mapping",
    mapping: JSON.stringify(mapping),
    fields,
    targets,
    missing: [...new Set(paths.map((path) => path.join(".")))],
    foreign: named.length > 0 && paths.length === named.length,
    nothing: (records) => `none of its ${records} records meets the mapping's "where"`,
  };
}
