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
import { type Conversation, conversationReading, isAnswerSql, isOfTurn, turnTypes } from "./conversation";
import { fieldsOf, messagesColumn, nativeFields, type Used } from "./fieldTypes";
import type { Reading, Target } from "./format";
import { type Opened, opened } from "./textRecord";
import { ofOrigin, readColumns, textOf } from "./texts";

const schema = require("../../../data/mapping.schema.json");

/** A mapping file: which expression over the record's fields fills which canonical column. */
export interface Mapping {
  table: FilledTable;
  columns: Record<string, string>;
  where?: string;
  /**
   * The list of messages, where a record is a whole conversation: those that meet `where` are calls, and the expressions
   * read the message as `turn`, JSON. Default where: its role is an assistant's.
   */
  messages?: string;
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
  if (list.filter((one) => (one as Partial<Mapping> | null)?.messages !== undefined).length > 1)
    throw wrong(from, 'one list of "messages"', value);
  const checkName = (given: string, known: readonly string[], rule: string) => {
    if (!known.includes(given)) throw wrong(from, rule, `"${given}"${didYouMean(given, known)}`);
  };
  return list.map((entry) => {
    const { table = "calls", columns, where, messages } = checked<Mapping>(entry, schema, from);
    if (messages !== undefined && table !== "calls")
      throw wrong(from, '"messages" with the table calls', entry);
    checkName(table, filledTables, `a table of ${filledTables.join(", ")}`);
    const known = Object.keys(readColumns(table)).filter((column) => !ofOrigin.includes(column));
    for (const column of Object.keys(columns)) checkName(column, known, `columns of ${table}`);
    return { table, columns, where, messages };
  });
}

/** Turns a mapping into a reading of records of the given shape; Parquet has its own types. */
export async function readingOf(
  mapping: Mapping[],
  shape: Shape,
  own?: Record<string, string>,
): Promise<Reading> {
  const { targets, used, conversation } = await parsed(mapping);
  const beside = conversation === undefined ? {} : turnTypes;
  const isBeside = (name: string) => conversation !== undefined && isOfTurn(name);
  const named = used.flatMap((one) => one.columns).filter(([name]) => !isBeside(name));
  const records = conversation === undefined ? { shape } : openedFor(named, shape);
  const all =
    own === undefined
      ? await fieldsOf(used, records.shape, beside)
      : await nativeFields(used, { ...own, ...beside });
  for (const { columns } of targets) {
    const given = Object.fromEntries(
      Object.entries(columns).filter(([name]) => name === "prompt" || name === "output"),
    );
    const types = await typesOf(await sandbox(), given, emptyRecord(all));
    for (const [name, type] of Object.entries(types)) columns[name] = textOf(columns[name], type);
  }
  const fields = Object.fromEntries(Object.entries(all).filter(([name]) => !isBeside(name)));
  const isThere = (path: string[]) =>
    shapeAt(records.shape, own === undefined ? path : path.slice(0, 1)) !== undefined;
  const paths = named.filter((path) => !isThere(path));
  return {
    format: "mapping",
    mapping: JSON.stringify(mapping),
    ...(conversation === undefined
      ? { fields, targets }
      : conversationReading(conversation, fields, { others: targets, wrapped: records })),
    missing: [...new Set(paths.map((path) => path.join(".")))],
    foreign: named.length > 0 && paths.length === named.length,
    nothing: (records) =>
      conversation === undefined
        ? `none of its ${records} records meets the mapping's "where"`
        : `none of its ${records} messages is a model's, by the mapping's "where" or by its role`,
  };
}

/** A mapping's expressions: its targets, what they use, and how a conversation is read, if its records are such. */
async function parsed(
  mapping: readonly Mapping[],
): Promise<{ targets: Target[]; used: Used[]; conversation?: Conversation }> {
  const targets: Target[] = [];
  const used: Used[] = [];
  let conversation: Conversation | undefined;
  const use = async (text: string, table: FilledTable, column: string, what = `mapping column ${column}`) => {
    const expression = await parseExpression(text, what);
    used.push({ ...expression, table, column });
    return `(${expression.sql})`;
  };
  for (const { table, columns, where, messages } of mapping) {
    const target: Target = { table, columns: {} };
    for (const [column, text] of Object.entries(columns))
      target.columns[column] = await use(text, table, column);
    if (where !== undefined) target.where = await use(where, table, "where", "mapping where");
    if (messages === undefined) {
      targets.push(target);
      continue;
    }
    const list = await use(messages, table, messagesColumn, "mapping messages");
    // An id that no message has a part in is the record's.
    const { call_id: id, ...others } = target.columns;
    const isOfRecord = used
      .findLast(({ column }) => column === "call_id")
      ?.columns.every(([name]) => !isOfTurn(name));
    conversation = {
      messages: list,
      where: target.where ?? isAnswerSql(),
      ...(isOfRecord ? { columns: others, id } : { columns: target.columns }),
    };
  }
  return { targets, used, conversation };
}

/** The records themselves, where a document only wraps those that have the fields. */
function openedFor(named: readonly string[][], shape: Shape): Opened {
  const has = (one: Shape) => named.some((path) => shapeAt(one, path.slice(0, 1)) !== undefined);
  const inner = opened(shape);
  return has(shape) || !has(inner.shape) ? { shape } : inner;
}
