import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteName } from "../../store/quote";
import { rowsOf } from "../../store/run";
import { type Fields, typeSql } from "./field";
import { flags } from "./flags";

/** The record's fields without any record: what expressions are bound against. */
export function emptyRecord(fields: Fields): string {
  const columns = Object.entries(fields).map(
    ([name, field]) => `, null::${typeSql(field)} as ${quoteName(name)}`,
  );
  return `(select false as ${flags.unreadable}, 0::bigint as ${flags.lost}${columns.join("")})`;
}

const name = '(?:[A-Za-z_]\\w*|"(?:[^"]|"")+")';
const field = new RegExp(`^\\(*${name}(?:\\.${name})*\\)*$`);

/** True if an expression is a field of the log rather than a calculation. */
export function isField(expression: string): boolean {
  return field.test(expression);
}

/** The engine's type of each expression, bound against a relation without rows. */
export async function typesOf(
  connection: DuckDBConnection,
  columns: Record<string, string>,
  empty: string,
): Promise<Record<string, string>> {
  const list = Object.entries(columns).map(([column, expression]) => `${expression} as ${quoteName(column)}`);
  if (list.length === 0) return {};
  const sql = `describe select ${list.join(", ")} from ${empty}`;
  const before = boundBefore.get(sql);
  if (before !== undefined) return before;
  const rows = await rowsOf<{ column_name: string; column_type: string }>(connection, sql);
  const types = Object.fromEntries(rows.map((row) => [row.column_name, row.column_type]));
  if (boundBefore.size >= mostBound) boundBefore.clear();
  boundBefore.set(sql, types);
  return types;
}

// The types of expressions depend only on their text, and the files of a folder are mostly alike.
const boundBefore = new Map<string, Record<string, string>>();
const mostBound = 100;
