import { inspect } from "node:util";
import type { DuckDBConnection } from "@duckdb/node-api";
import { parseExpression } from "../store/expression";
import { nameList } from "../store/nameList";
import { rowsOnce } from "../store/once";
import type { Store } from "../store/open";
import { messageOf } from "../store/reason";
import { rowsOf } from "../store/run";
import { hadOfAll, type Key, keyOf, type Names, typeOf, withNames } from "./names";

/** The columns or expressions that an option lists. */
export function itemsOf(option: "by" | "candidate", given: string | readonly string[]): string[] {
  if (typeof given === "string" || (Array.isArray(given) && given.every((name) => typeof name === "string")))
    return nameList(given);
  throw new TypeError(
    `${option} requires columns of calls, as "workload,model" or ["workload", "model"], got ${inspect(given)}`,
  );
}

/** The keys that calls are grouped by. */
export async function parseBy(
  connection: DuckDBConnection,
  items: readonly string[],
  names: Names,
): Promise<Key[]> {
  const keys = new Map<string, Key>();
  for (const item of items) {
    const key = await keyOf(connection, item, names);
    if ((keys.get(key.label)?.sql ?? key.sql) !== key.sql)
      throw new RangeError(`by requires a name of its own for each expression, got "${key.label}" twice`);
    keys.set(key.label, key);
  }
  return [...keys.values()];
}

/** What calls are grouped by where nothing is asked for: workload and model, as far as the log has them. */
export async function defaultBy(connection: DuckDBConnection, isCandidate: boolean): Promise<string[]> {
  const [filled] = await rowsOnce<Record<string, boolean>>(
    connection,
    `select exists (select 1 from calls where workload is not null) as workload,
            exists (select 1 from calls where model is not null) as model`,
  );
  // A candidate is what `model` stands for, even where no call names its model.
  return ["workload", "model"].filter((name) => filled[name] || (isCandidate && name === "model"));
}

/** The column that separates kinds of work: the workload, if any call has one. */
export const workloadIfFilled = async ({ connection }: Store): Promise<string[]> =>
  (await defaultBy(connection, false)).filter((name) => name === "workload");

/** The predicate of `where`, and the columns that it reads. */
export async function parseWhere(connection: DuckDBConnection, text: string, names: Names) {
  if (typeof text !== "string") {
    throw new TypeError(
      `where requires a condition on calls, such as "workload = 'chat'", got ${inspect(text)}`,
    );
  }
  const parsed = await parseExpression(text, "where");
  const sql = await withNames(parsed, names, "where", text);
  try {
    const type = await typeOf(connection, sql);
    if (type !== "BOOLEAN") throw new TypeError(`its type is ${type}; "duration > 1" is a predicate`);
    await hadOfAll(connection, sql, "where's expressions");
  } catch (error) {
    const rule = "where requires a predicate over the columns of calls";
    throw new TypeError(`${rule} (${messageOf(error)}), got ${JSON.stringify(text)}`);
  }
  return { sql, reads: parsed.columns.map(([name]) => name.toLowerCase()) };
}

/** The time zone, if the engine knows it. */
export async function checkTimezone(connection: DuckDBConnection, timezone: string): Promise<string> {
  if (timezone === "UTC") return timezone;
  const [found] = await rowsOf(
    connection,
    "select name from pg_timezone_names() where lower(name) = lower($timezone)",
    { timezone },
  );
  if (found === undefined) {
    throw new RangeError(`timezone requires a name such as "UTC" or "Europe/Berlin", got "${timezone}"`);
  }
  return timezone;
}
