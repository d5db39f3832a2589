import { existsSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { didYouMean } from "../store/nearest";
import { nestsBeyond } from "../store/nesting";
import { checkStore, type Store } from "../store/open";
import { quoteName, quoteText } from "../store/quote";
import { messageOf } from "../store/reason";
import { rowsOf, run } from "../store/run";
import { scratch } from "../store/scratch";
import { type Names, namesOf, sqlOfName } from "./names";

/** How a table of one's own is joined to calls. */
export interface AttachOptions {
  /** The column that both have, "user_id"; or the name in calls and the table's column, "attributes.tenant=name". */
  on: string;
}

/** A table of this library, or plain rows. */
export type OwnRows = { readonly rows: readonly object[] } | readonly object[];

/** A table joined to the calls, with one row per key. */
interface Attached {
  file: string;
  /** The temporary table that a selection reads it into. */
  table: string;
  key: string;
  columns: string[];
  /** The calls' side of the key, over the table calls. */
  ofCall: string;
}

const attached = new WeakMap<Store, Attached[]>();
// No real table nests this deep, and the engine crashes at a few thousand levels.
const deepest = 100;
const keyColumn = "the key";
const readers: Record<string, string> = {
  ".csv": "read_csv",
  ".tsv": "read_csv",
  ".json": "read_json",
  ".jsonl": "read_json",
  ".ndjson": "read_json",
  ".parquet": "read_parquet",
};

/**
 * Makes the columns of a table of your own available to `by` and `where` of every measure, for as long as the
 * store is open.
 *
 * The table is a CSV, JSON or Parquet file, or rows of plain values as returned by `fromDataFrame` and `query`,
 * with one row per key; a call whose key is missing from it has no value.
 *
 * @returns the names that are now available
 * @throws if the file or the key does not exist, a key occurs in two rows, or a column has the name of a column of
 * calls
 * @example
 * const store = await openDemo();
 * (await attach(store, "data/demo/prices.csv", { on: "model" })).length // 6
 */
export async function attach(
  store: Store,
  file: string | OwnRows,
  options: AttachOptions,
): Promise<string[]> {
  checkStore("attach", store);
  const { on } = options;
  const path = typeof file === "string" ? file : fileOfRows(file);
  const label = typeof file === "string" ? file : "the rows";
  const reader = readers[extname(path).toLowerCase()];
  if (reader === undefined)
    throw new RangeError(
      `attach requires a file ending in ${Object.keys(readers).join(", ")}, got "${path}"`,
    );
  if (!existsSync(path)) throw new RangeError(`attach requires a file, and "${path}" is not there`);
  if (reader === "read_json" && (await nestsBeyond(path, deepest)))
    throw new RangeError(
      `attach requires a table of plain values, and ${label} nests more than ${deepest} deep`,
    );
  const [left, named] = on.split("=").map((one) => one.trim());
  const connection = await store.connect();
  try {
    const names = await namesOf(connection, "UTC", [left], namesAttached(store));
    const ofCall = sqlOfName(left, names);
    if (ofCall === undefined)
      throw new RangeError(
        `attach requires on to be a column of calls, got "${left}"${didYouMean(left, [...names.keys()])}`,
      );
    const source = `${reader}(${quoteText(path.replace(/[*?[]/g, (char) => `[${char}]`))})`;
    const found = await columnsOf(connection, source, label);
    const key = named ?? (found.includes(left) ? left : left.replace(/^attributes\./, ""));
    if (!found.includes(key)) {
      const otherwise = named === undefined ? `; if it has another name there, on "${left}=ITS NAME"` : "";
      throw new RangeError(
        `attach requires ${label} to have the column "${key}", got ${found.join(", ")}${didYouMean(key, found) || otherwise}`,
      );
    }
    const columns = found.filter((name) => name !== key);
    // A column of the attached table takes precedence over an attribute with the same last part.
    const taken = new Set([...names.keys()].map((name) => name.toLowerCase()));
    const clash = columns.find((name) => taken.has(name.toLowerCase()));
    if (clash !== undefined)
      throw new RangeError(
        `attach requires names that calls do not have, got "${clash}" in ${label}: rename that column`,
      );
    const [twice] = await rowsOf<{ key: string; rows: number }>(
      connection,
      `select ${quoteName(key)}::varchar as key, count(*)::double as rows from ${source}
       where ${quoteName(key)} is not null group by 1 having count(*) > 1 order by rows desc, key limit 1`,
    );
    if (twice !== undefined)
      throw new RangeError(
        `attach requires one row for each ${key}, got ${twice.rows} for "${twice.key}" in ${label}`,
      );
    const own = attached.get(store) ?? [];
    attached.set(store, [
      ...own,
      { file: source, table: `attached ${own.length + 1}`, key, columns, ofCall },
    ]);
    return columns;
  } finally {
    connection.closeSync();
  }
}

/** Rows as a file that the engine reads; it is removed when the process ends. */
function fileOfRows(table: OwnRows): string {
  const rows: unknown = Array.isArray(table) ? table : (table as { rows?: unknown } | undefined)?.rows;
  if (
    !Array.isArray(rows) ||
    rows.length === 0 ||
    rows.some((row) => typeof row !== "object" || row === null)
  )
    throw new TypeError(
      'attach requires a file such as "tenants.csv", or a table or list of at least one row',
    );
  for (const row of rows as Record<string, unknown>[])
    for (const [name, cell] of Object.entries(row))
      if (typeof cell === "object" && cell !== null && !(cell instanceof Date))
        throw new TypeError(
          `attach requires rows of plain values, and "${name}" holds more; frameOf makes columns of estimates`,
        );
  const path = join(scratch().path, "rows.jsonl");
  const plain = (_: string, value: unknown) => (typeof value === "bigint" ? String(value) : value);
  writeFileSync(path, (rows as object[]).map((row) => `${JSON.stringify(row, plain)}\n`).join(""), {
    mode: 0o600,
  });
  return path;
}

async function columnsOf(connection: DuckDBConnection, source: string, file: string): Promise<string[]> {
  try {
    const rows = await rowsOf<{ column_name: string }>(connection, `describe select * from ${source}`);
    return rows.map(({ column_name }) => column_name);
  } catch (error) {
    throw new TypeError(`attach requires a table, and ${file} cannot be read as one (${messageOf(error)})`);
  }
}

/** The SQL for each column of the attached tables, over the table calls. */
export function namesAttached(store: Store): Names {
  const names = (attached.get(store) ?? []).flatMap(({ table, columns, ofCall }) =>
    columns.map((name): [string, string] => [
      name,
      `(select own.${quoteName(name)} from ${quoteName(table)} as own where own.${quoteName(keyColumn)} = (${ofCall})::varchar)`,
    ]),
  );
  return new Map(names);
}

/** Reads into a connection those attached tables whose columns the texts name. */
export async function readAttached(
  store: Store,
  connection: DuckDBConnection,
  texts: readonly string[],
): Promise<void> {
  const text = texts.join(" ").toLowerCase();
  for (const { file, table, key, columns } of attached.get(store) ?? []) {
    if (!columns.some((name) => text.includes(name.toLowerCase()))) continue;
    await run(
      connection,
      `create or replace temp table ${quoteName(table)} as
       select ${quoteName(key)}::varchar as ${quoteName(keyColumn)}, * exclude (${quoteName(key)}) from ${file} where ${quoteName(key)} is not null`,
    );
  }
}
