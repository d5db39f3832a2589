import type { DuckDBConnection } from "@duckdb/node-api";
import { type Expression, parseExpression, unquotedWord, withColumns } from "../store/expression";
import { patience, withinSeconds } from "../store/limit";
import { didYouMean } from "../store/nearest";
import { rowsOnce } from "../store/once";
import { quoteName, quoteText, writtenInQuotes } from "../store/quote";
import { messageOf } from "../store/reason";
import { run } from "../store/run";
import { type ColumnName, columnsOf } from "../store/schema";
import { attributesOf, enumOf, familySql, ofScores, ofTasks, thirdSql } from "./nameSources";

/** The names of a call that `by` and `where` accept, each as SQL over the columns of the table calls. */
export type Names = ReadonlyMap<string, string>;

/** The start of a call in a time zone. */
export const localSql = (timezone: string) =>
  `timezone(${quoteText(timezone)}, started_at at time zone 'UTC')`;

/** Names for what follows from the start of a call, in the requested time zone. */
const ofTime = {
  day: (local) => `strftime(${local}, '%Y-%m-%d')`,
  // By its Monday.
  week: (local) => `strftime(date_trunc('week', ${local}), '%Y-%m-%d')`,
  // Of a type that sorts in the order of the week.
  weekday: (local) => `strftime(${local}, '%a')::${enumOf("weekday")}`,
  hour: (local) => `hour(${local})`,
} satisfies Record<string, (local: string) => string>;

type Texts = ColumnName<"calls", "VARCHAR"> | Exclude<keyof typeof ofTime, "hour"> | "input_third" | "family";
type Flags = ColumnName<"calls", "BOOLEAN">;
type Numbers = "attempt" | "http_status" | "hour";

/**
 * What tells the rows of a table apart: the values of the names that `by` asks for, null where a log has none. These
 * are the texts and booleans among the columns of calls, "attempt", "http_status", and "day", "week", "weekday",
 * "hour", "input_third" and "family"; a name that was not asked for is absent.
 */
export type Keys = { [name in Texts]?: string | null } & { [name in Flags]?: boolean | null } & {
  [name in Numbers]?: number | null;
} & { [attribute: `attributes.${string}`]: string | number | boolean | null };

/**
 * The names that this store has, in the order in which they are listed.
 *
 * @param attached names of the tables joined to the calls
 * @param texts the texts that will be parsed: a name that takes a query of the calls is looked up only if they use
 * it
 */
export async function namesOf(
  connection: DuckDBConnection,
  timezone: string,
  texts: readonly string[],
  attached: Names,
): Promise<Names> {
  const local = localSql(timezone);
  const isNamed = (name: string) => texts.some((text) => text.toLowerCase().includes(name));
  const columns = Object.keys(columnsOf("calls")).map((name): [string, string] => [name, quoteName(name)]);
  const times = Object.entries(ofTime).map(([name, sql]): [string, string] => [name, sql(local)]);
  const third = isNamed("input_third") ? await thirdSql(connection) : "null::varchar";
  const family = isNamed("family") ? await familySql(connection) : "null::varchar";
  const attributes = (await attributesOf(connection)).map(({ name }): [string, string] => [
    name,
    quoteName(name),
  ]);
  return new Map([
    ...columns,
    ...times,
    ["input_third", third],
    ["family", family],
    ...(await ofScores(connection)),
    ...(await ofTasks(connection)),
    ...attributes,
    ...effortOf(attributes),
    ...attached,
  ]);
}

/** How hard a model was asked to think: in words where a log has them, else as its budget of tokens. */
function effortOf(attributes: readonly [name: string, sql: string][]): [name: string, sql: string][] {
  const named = (way: RegExp) => attributes.filter(([name]) => way.test(name)).map(([, sql]) => `(${sql})`);
  const found = [
    ...named(/^attributes\.reasoning_effort$/i).map((sql) => `${sql}::varchar`),
    ...named(/\.effort$/i).map((sql) => `${sql}::varchar`),
    // Stored as a number that may have decimals.
    ...named(/^attributes\.thinking_budget$/i).map((sql) => `try_cast(${sql} as bigint)::varchar`),
  ];
  return found.length === 0 ? [] : [["effort", `coalesce(${found.join(", ")})`]];
}

/** What makes a candidate: several columns as one text, in the order given. */
export function candidateSql(columns: readonly string[], names: Names): string {
  const parts = columns.map((name) => {
    const sql = sqlOfName(name, names);
    if (sql === undefined)
      throw new RangeError(
        `candidate requires columns of calls, such as "provider,model", got "${name}"${hint(name, names)}`,
      );
    return `coalesce((${sql})::varchar, ${quoteText(`no ${name}`)})`;
  });
  return `concat_ws(' · ', ${parts.join(", ")})`;
}

/** One column that tells rows apart: its name in the tables, and its SQL over the table calls. */
export interface Key {
  label: string;
  sql: string;
  /** The names it reads; for a plain name, that name alone. */
  reads: string[];
  isPlain: boolean;
}

const labelled = /^\s*([A-Za-z_]\w*)\s*=(?!=)\s*([\s\S]+)$/;

/** The column name in the tables for an item of `by`: "day" for "day=date_trunc('day', started_at)". */
export function labelOfBy(item: string): string {
  return labelled.exec(item)?.[1] ?? item.trim();
}

/** Parses one item of `by`: a name, or an expression over names with a name of its own. */
export async function keyOf(connection: DuckDBConnection, item: string, names: Names): Promise<Key> {
  const plain = sqlOfName(item, names);
  if (plain !== undefined) return { label: item, sql: plain, reads: [item.toLowerCase()], isPlain: true };
  const [, label, text] = labelled.exec(item) ?? [];
  if (label === undefined)
    throw new RangeError(`by requires columns of calls, got "${item}"${hint(item, names)}`);
  const parsed = await parseExpression(text, `by ${label}`);
  const sql = `(${await withNames(parsed, names, "by", text)})`;
  const had = async () => {
    const type = await typeOf(connection, sql);
    await hadOfAll(connection, sql, "by's expressions");
    return type;
  };
  const type = await had().catch((error) => {
    throw new TypeError(
      `by requires an expression over the columns of calls (${messageOf(error)}), got "${item}"`,
    );
  });
  return {
    label,
    sql: /^(DATE|TIMESTAMP)/.test(type) ? `replace((${sql})::varchar, ' 00:00:00', '')` : sql,
    reads: parsed.columns.map(([name]) => name.toLowerCase()),
    isPlain: sqlOfName(text, names) !== undefined,
  };
}

/** The expression as SQL over the table calls, with each of its names replaced. */
export function withNames(
  parsed: Expression,
  names: Names,
  what: string,
  text: string,
  table = "calls",
): Promise<string> {
  return withColumns(parsed, (path) => {
    const name = path.join(".");
    const sql = sqlOfName(name, names);
    if (sql !== undefined) return sql;
    // "gpt-4.1" parses as a difference.
    const word = unquotedWord(text);
    const inQuotes = writtenInQuotes(word?.startsWith(name) ? word : name);
    const next = isMeantAsText(name, text) ? inQuotes : didYouMean(name, spokenNames(names)) || inQuotes;
    throw new RangeError(`${what} requires columns of ${table}, got "${name}"${next}`);
  });
}

/** Whether a name was meant as a text: written in double quotes, or as what a column is compared with. */
function isMeantAsText(name: string, text: string): boolean {
  const word = name.replaceAll(/[^\w]/g, "\\$&");
  const compared = new RegExp(`(?:=|<>|\\blike\\b|\\bin\\s*\\((?:[^()]*,)?)\\s*${word}(?![\\w.(])`, "i");
  return text.includes(`"${name}"`) || compared.test(text);
}

/** The engine's type of an expression over the table calls. */
export async function typeOf(connection: DuckDBConnection, sql: string): Promise<string> {
  const [{ column_type }] = await rowsOnce<{ column_type: string }>(
    connection,
    `describe select (${sql}) from calls`,
  );
  return column_type;
}

/** The SQL for a name, whatever its case. */
export function sqlOfName(name: string, names: Names): string | undefined {
  const lower = name.trim().toLowerCase();
  const found = names.get(name) ?? [...names].find(([known]) => known.toLowerCase() === lower)?.[1];
  if (found !== undefined) return found;
  // For an attribute, the last part of its name is enough if it is unique.
  const ends = attributesEnding(lower, names);
  return ends.length === 1 ? names.get(ends[0]) : undefined;
}

/** The attributes with this name, or with this last part. */
export function attributesEnding(lower: string, names: Pick<Names, "keys">): string[] {
  const end = `.${lower.replace(/^attributes\./, "")}`;
  return [...names.keys()].filter(
    (known) => known.startsWith("attributes.") && known.toLowerCase().endsWith(end),
  );
}

/** The names, and the last parts of attributes' names, which do for them where they are unique. */
function spokenNames(names: Names): string[] {
  const known = [...names.keys()];
  const ends = known
    .filter((name) => name.startsWith("attributes."))
    .map((name) => name.replace(/^.*\./, ""));
  return [...known, ...ends.filter((end) => attributesEnding(end.toLowerCase(), names).length === 1)];
}

function hint(item: string, names: Names): string {
  const several = attributesEnding(item.trim().toLowerCase(), names);
  if (several.length > 1) return `; there are ${several.slice(0, 4).join(", ")}`;
  if (/[(']/.test(item)) return `; give an expression a name, as in "day=date_trunc('day', started_at)"`;
  return (
    didYouMean(item, spokenNames(names)) ||
    "; see fieldnotes doctor for the filled ones, docs/schema.md for all"
  );
}

/**
 * Evaluates an expression on every row, once and within a time limit, before it becomes part of statements that
 * count.
 *
 * @param table whose rows to use; default the calls
 * @throws if it fails on some row, or takes too long
 */
export async function hadOfAll(
  connection: DuckDBConnection,
  sql: string,
  what: string,
  table = "calls",
): Promise<void> {
  await withinSeconds(connection, patience.seconds, `${what} were`, () =>
    run(connection, `select count(*) filter ((${sql}) is null) from ${table}`),
  );
}
