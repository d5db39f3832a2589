import type { DuckDBConnection } from "@duckdb/node-api";
import { attributesOf } from "../../facts/nameSources";
import { compression, tableStatements } from "../../store/ddl";
import { mask } from "../../store/mask";
import { quoteName, quoteText } from "../../store/quote";
import { rowsOf, run } from "../../store/run";
import type { FilledTable } from "../../store/schema";
import { secretForms } from "../../store/secretForms";
import { transaction } from "../../store/transaction";
import { attributeColumn, typedSql } from "../records/attributes";
import type { Attribute, Beside, Reading } from "../records/format";
import { staged } from "./stageDraft";

/** Attributes that a store has columns for. */
const mostColumns = 256;

// Anything that mask removes contains one of these, in RE2 syntax, which has no look-around. Any non-ASCII
// character may be a letter or a digit: finding out which would take the engine longer for each column than for
// all of its values. A date alone is left out.
const suspect = [
  `@|%40|:[^:]*:|(?i:${secretForms.map(({ holds }) => holds).join("|")})`,
  "[0-9](?:[^A-Za-z0-9]{0,3}[0-9]){6}|\\b[A-Za-z]{2}[0-9]{2}[ .-]?[A-Za-z0-9]{4}|[^\\x00-\\x7F]",
].join("|");
const aDate = "[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]{5,20}(Z|[+-][0-9]{2}:?[0-9]{2})?)?";

/** Removes personal data and keys from the attributes and labels of the stage, before they are stored. */
export async function maskAttributes(connection: DuckDBConnection, { targets }: Reading): Promise<void> {
  const columns = targets.flatMap(({ table, columns: { label }, each, beside }, number) => [
    ...(table === "scores" && label !== undefined && each === undefined
      ? [{ column: staged(number, "label"), varied: false }]
      : []),
    ...Object.keys(beside?.columns ?? {})
      .filter((key) => beside?.types[key] === "VARCHAR")
      .map((key) => ({
        column: staged(number, attributeColumn(key)),
        varied: beside?.varied.includes(key) === true,
      })),
  ]);
  if (columns.length === 0) return;
  for (const [column, values] of await suspectValues(connection, columns)) {
    const masked = values
      .map((value) => ({ value, text: mask(value).text }))
      .filter(({ value, text }) => text !== value);
    if (masked.length === 0) continue;
    await run(
      connection,
      `update stage set ${column} = masked.text
       from (select unnest(from_json($masked::json, '[{"value": "VARCHAR", "text": "VARCHAR"}]'), max_depth := 2)) as masked
       where ${column} = masked.value`,
      { masked: JSON.stringify(masked) },
    );
  }
}

/** For each column of the stage, the distinct values that may contain something to remove. */
async function suspectValues(
  connection: DuckDBConnection,
  columns: readonly { column: string; varied: boolean }[],
): Promise<[column: string, values: string[]][]> {
  // Nothing shorter than a@b.c is checked.
  const isSuspect = (value: string) =>
    `case when strlen(${value}) < 5 then false
       else regexp_matches(${value}, ${quoteText(suspect)}) and not regexp_full_match(${value}, ${quoteText(aDate)}) end`;
  // Values that repeat are found first, in less time than each of them is checked.
  const lists = columns.map(({ column, varied }, at) =>
    varied
      ? `list(distinct ${column}) filter (${isSuspect(column)}) as c${at}`
      : `list_filter(list(distinct ${column}), lambda one: ${isSuspect("one")}) as c${at}`,
  );
  const [found] = await rowsOf<Record<string, string[] | null>>(
    connection,
    `select ${lists.join(", ")} from stage`,
  );
  return columns.map(({ column }, at) => [column, found[`c${at}`] ?? []]);
}

/**
 * Makes the columns that a reading's attributes need, and decides how they are read into them: an attribute that
 * is a number in one log and a text in another is a text. Attributes beyond a store's maximum are left out.
 */
export async function attributesKept(connection: DuckDBConnection, reading: Reading): Promise<Reading> {
  if (reading.targets.every(({ beside }) => beside === undefined)) return reading;
  const prefix = attributeColumn("");
  const table = reading.targets.find(({ beside }) => beside !== undefined)?.table ?? "calls";
  const there = new Map(
    (await attributesOf(connection, table)).map(({ name, type }) => [name.slice(prefix.length), type]),
  );
  const names = new Map([...there.keys()].map((key) => [key.toLowerCase(), key]));
  const targets = [];
  for (const [number, target] of reading.targets.entries()) {
    const { beside } = target;
    if (beside === undefined) {
      targets.push(target);
      continue;
    }
    const into: Record<string, string> = {};
    const { filled, typed } = await foundIn(connection, number, beside);
    for (const [key, read] of Object.entries(beside.types)) {
      if (!filled.has(key)) continue;
      const type = typed.has(key) ? beside.maybe[key] : read;
      const own = names.get(key.toLowerCase()) ?? key;
      const column = quoteName(attributeColumn(own));
      const before = there.get(own);
      if (before === undefined) {
        if (there.size >= mostColumns) continue;
        const how = compression({ type, varied: beside.varied.includes(key) });
        await run(connection, `alter table ${table} add column ${column} ${type}${how}`);
        there.set(own, type);
        names.set(key.toLowerCase(), own);
      } else if (before !== type && before !== "VARCHAR") {
        await madeText(connection, table, attributeColumn(own), before);
        there.set(own, "VARCHAR");
      }
      const value = quoteName(attributeColumn(key));
      const isAs = there.get(own) === type;
      into[attributeColumn(own)] =
        isAs && type !== read
          ? typedSql(value, beside.maybe[key])
          : isAs || type !== read
            ? value
            : textSql(value, type);
    }
    targets.push({ ...target, beside: { ...beside, into } });
  }
  return { ...reading, targets };
}

/**
 * Changes a column of a table to text. A number's compression cannot hold texts, and the engine changes a column's
 * type but not its compression, so the table is then rewritten, in one step.
 */
async function madeText(
  connection: DuckDBConnection,
  table: FilledTable,
  name: string,
  before: string,
): Promise<void> {
  const column = quoteName(name);
  if (before !== "DOUBLE") {
    await run(
      connection,
      `alter table ${table} alter column ${column} set data type varchar using ${textSql(column, before)}`,
    );
    return;
  }
  const [create] = tableStatements([table]);
  const attributes = await attributesOf(connection, table);
  await transaction(connection, async () => {
    await run(connection, `alter table ${table} rename to ${table}_before`);
    await run(connection, create);
    for (const one of attributes) {
      const type = one.name === name ? "VARCHAR" : one.type;
      const how = compression({ type: type as Attribute["type"] });
      await run(connection, `alter table ${table} add column ${quoteName(one.name)} ${type}${how}`);
    }
    await run(
      connection,
      `insert into ${table} by name select * replace (${textSql(column, before)} as ${column}) from ${table}_before`,
    );
    await run(connection, `drop table ${table}_before`);
  });
}

/**
 * The stage's content for a target's attributes: the keys for which some call has a value, and for those read as
 * texts, which of them match the sample's type in every value.
 */
async function foundIn(connection: DuckDBConnection, number: number, { types, maybe }: Beside) {
  const keys = Object.keys(types);
  const expressions = keys.map((key, at) => {
    const column = staged(number, attributeColumn(key));
    const fits =
      maybe[key] === undefined
        ? "false"
        : `coalesce(bool_and((${typedSql(column, maybe[key])}) is not null) filter (${column} is not null), false)`;
    return `count(${column}) > 0 as filled${at}, ${fits} as fits${at}`;
  });
  const [found] = await rowsOf<Record<string, boolean>>(
    connection,
    `select ${expressions.join(", ")} from stage`,
  );
  const those = (what: string) => new Set(keys.filter((_, at) => found[`${what}${at}`]));
  return { filled: those("filled"), typed: those("fits") };
}

/** A value as a text, as the log writes it: 3 instead of 3.0. */
export const textSql = (value: string, type: Attribute["type"] | string) =>
  type === "DOUBLE"
    ? `case when ${value} = trunc(${value}) then (${value}::bigint)::varchar else ${value}::varchar end`
    : `${value}::varchar`;
