import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOf } from "../store/query";
import { quoteName, quoteText } from "../store/quote";
import { columnsOf, type FilledTable } from "../store/schema";
import { castTo } from "./canonical";
import { type Fields, typeSql } from "./field";
import type { Reading, Target } from "./format";

/** The column of the stage that holds a target's canonical column. */
const staged = (target: number, column: string) => quoteName(`${target}.${column}`);

/** One column that the stage computes, for naming the one that failed. */
export interface StagedColumn {
  table: FilledTable;
  column: string;
  expression: string;
}

/** The SELECT that turns records into the rows of all targets, side by side. */
export interface Stage {
  select: string;
  /** The columns that the bits of lost_columns stand for. */
  columns: StagedColumn[];
}

/** The record's fields with no record in them: what expressions are bound against. */
export function emptyRecord(fields: Fields): string {
  const columns = Object.entries(fields).map(
    ([name, field]) => `null::${typeSql(field)} as ${quoteName(name)}`,
  );
  return `(select false as unreadable, 0::bigint as lost${columns.map((column) => `, ${column}`).join("")})`;
}

/** The records' relation: the source itself, or what the reading makes of it. */
export function recordsSql(reading: Reading, source: string): string {
  return reading.unnest === undefined
    ? `(select *, true as first from ${source})`
    : `(with source as (select * from ${source}) ${reading.unnest})`;
}

/**
 * Builds the stage.
 *
 * @param tolerant each value is tried on its own, and one that fails is marked; else the first failure throws
 */
export async function stageOf(
  connection: DuckDBConnection,
  reading: Reading,
  source: string,
  tolerant: boolean,
): Promise<Stage> {
  const empty = recordsSql(reading, emptyRecord(reading.fields));
  const parts: string[] = [];
  const bits: string[] = [];
  const columns: StagedColumn[] = [];
  for (const [number, target] of reading.targets.entries()) {
    const keep = target.where === undefined ? "true" : `coalesce(${target.where}, false)`;
    parts.push(`not unreadable and ${keep} as ${staged(number, "keep")}`);
    if (target.each !== undefined) {
      parts.push(`case when ${keep} then ${target.each} end as ${staged(number, "each")}`);
      continue;
    }
    const types = await typesOf(connection, target.columns, empty);
    for (const [column, expression] of Object.entries(target.columns)) {
      const { type } = columnsOf(target.table)[column];
      const cast = castTo(expression, types[column], type, column);
      if (!tolerant || cast === expression) {
        parts.push(`${cast} as ${staged(number, column)}`);
        continue;
      }
      const tried = `try({'value': ${cast}})`;
      parts.push(`(${tried}).value as ${staged(number, column)}`);
      bits.push(`((${keep} and ${tried} is null)::bigint << ${Math.min(columns.length, 61)})`);
      columns.push({ table: target.table, column, expression });
    }
  }
  const lost = bits.length === 0 ? "0::bigint" : `case when unreadable then 0 else ${bits.join(" | ")} end`;
  return {
    select: `select first, unreadable, lost, ${lost} as lost_columns, ${parts.join(", ")} from ${recordsSql(reading, source)}`,
    columns,
  };
}

/** The engine's type of each expression, bound against a record with no values. */
export async function typesOf(
  connection: DuckDBConnection,
  columns: Record<string, string>,
  empty: string,
): Promise<Record<string, string>> {
  const list = Object.entries(columns).map(([column, expression]) => `${expression} as ${quoteName(column)}`);
  if (list.length === 0) return {};
  const rows = await rowsOf<{ column_name: string; column_type: string }>(
    connection,
    `describe select ${list.join(", ")} from ${empty}`,
  );
  return Object.fromEntries(rows.map((row) => [row.column_name, row.column_type]));
}

/** The rows of one target out of the stage, as a SELECT of the named columns and the record's number. */
export function targetRows(target: Target, number: number, good: string): string {
  if (target.each === undefined) {
    const columns = Object.keys(target.columns).map((c) => `${staged(number, c)} as ${quoteName(c)}`);
    return `select ${columns.map((column) => `${column}, `).join("")}line from ${good} where ${staged(number, "keep")}`;
  }
  const columns = Object.entries(target.columns).map(([column, expression]) => {
    const { type } = columnsOf(target.table)[column];
    return `try_cast(${expression} as ${type}) as ${quoteName(column)}`;
  });
  return `select ${columns.join(", ")}, line
    from (select unnest(${staged(number, "each")}) as element, line from ${good} where ${staged(number, "keep")})`;
}

/** Adds the constants of `--set` to every target whose table has the column. */
export function withConstants(reading: Reading, constants: Record<string, string>): Reading {
  const used = new Set<string>();
  const targets = reading.targets.map((target) => {
    const columns = { ...target.columns };
    for (const [column, value] of Object.entries(constants)) {
      if (columnsOf(target.table)[column] === undefined) continue;
      columns[column] = quoteText(value);
      used.add(column);
    }
    return { ...target, columns };
  });
  for (const column of Object.keys(constants)) {
    if (!used.has(column)) {
      const tables = reading.targets.map((target) => target.table).join(", ");
      throw new RangeError(`set requires a column of ${tables}, got "${column}"`);
    }
  }
  return { ...reading, targets };
}
