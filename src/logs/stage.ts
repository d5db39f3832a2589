import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOf } from "../store/query";
import { quoteName } from "../store/quote";
import { type ColumnType, columnsOf, type FilledTable } from "../store/schema";
import { castTo } from "./canonical";
import { bit, type Fields, mask, typeSql } from "./field";
import type { Reading, Target } from "./format";
import { flags } from "./source";

/** The column of the stage that holds a target's canonical column. */
const staged = (target: number, column: string) => quoteName(`${target}.${column}`);

/** One thing that the stage computes and that may fail, for naming it. */
export interface StagedColumn {
  table: FilledTable;
  /** The column, or "where". */
  column: string;
  type: ColumnType;
  expression: string;
}

/** The SELECT that turns records into the rows of all targets, side by side. */
export interface Stage {
  select: string;
  /** What the bits of lost_columns stand for. */
  columns: StagedColumn[];
}

/** The record's fields with no record in them: what expressions are bound against. */
export function emptyRecord(fields: Fields): string {
  const columns = Object.entries(fields).map(
    ([name, field]) => `, null::${typeSql(field)} as ${quoteName(name)}`,
  );
  return `(select false as ${flags.unreadable}, 0::bigint as ${flags.lost}${columns.join("")})`;
}

/** The records' relation: the source itself, or what the reading makes of it. */
export function recordsSql(reading: Reading, source: string): string {
  return reading.unnest === undefined
    ? `(select *, true as ${flags.first} from ${source})`
    : `(with source as (select * from ${source}) ${reading.unnest})`;
}

/**
 * Builds the stage.
 *
 * @param tolerant each value is tried on its own, and one that fails is marked; else the first failure throws, and
 *   only values that are had and wrong are marked
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
  const mark = (condition: string, column: StagedColumn) => {
    bits.push(bit(condition, columns.length));
    columns.push(column);
  };
  for (const [number, target] of reading.targets.entries()) {
    const { table } = target;
    let keep = "true";
    if (target.where !== undefined) {
      keep = `coalesce(${target.where}, false)`;
      if (tolerant) {
        const tried = `try(${keep})`;
        mark(`${tried} is null`, { table, column: "where", type: "BOOLEAN", expression: target.where });
        keep = `coalesce(${tried}, false)`;
      }
    }
    parts.push(`not ${flags.unreadable} and ${keep} as ${staged(number, "keep")}`);
    if (target.each !== undefined) {
      parts.push(`case when ${keep} then ${target.each} end as ${staged(number, "each")}`);
      continue;
    }
    const types = await typesOf(connection, target.columns, empty);
    for (const [column, expression] of Object.entries(target.columns)) {
      const { type } = columnsOf(table)[column];
      const { value, wrong } = castTo(expression, types[column], type, column, isField(expression));
      const told = { table, column, type, expression };
      if (!tolerant || (value === expression && isField(expression))) {
        parts.push(`${value} as ${staged(number, column)}`);
        if (wrong !== undefined) mark(`coalesce(${keep} and ${wrong}, false)`, told);
        continue;
      }
      const tried = `try({'value': ${value}})`;
      parts.push(`(${tried}).value as ${staged(number, column)}`);
      const isWrong = wrong === undefined ? "" : ` or coalesce(try(${wrong}), false)`;
      mark(`${keep} and (${tried} is null${isWrong})`, told);
    }
  }
  const lost = `case when ${flags.unreadable} then 0 else ${mask(bits)} end`;
  return {
    select: `select ${flags.first} as first, ${flags.unreadable} as unreadable, ${flags.lost} as lost,
      ${lost} as lost_columns, ${parts.join(", ")} from ${recordsSql(reading, source)}`,
    columns,
  };
}

const name = '(?:[A-Za-z_]\\w*|"(?:[^"]|"")+")';
const field = new RegExp(`^\\(*${name}(?:\\.${name})*\\)*$`);

/** True where an expression is a field of the log, and not a calculation. */
export function isField(expression: string): boolean {
  return field.test(expression);
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

/** The rows of one target out of the stage: the named columns, the record's line, and its place in the stage. */
export function targetRows(target: Target, number: number, good: string): string {
  if (target.each === undefined) {
    const columns = Object.keys(target.columns).map((c) => `${staged(number, c)} as ${quoteName(c)}, `);
    return `select ${columns.join("")}line, place from ${good} where ${staged(number, "keep")}`;
  }
  const columns = Object.entries(target.columns).map(([column, expression]) => {
    const { type } = columnsOf(target.table)[column];
    return `try_cast(${expression} as ${type}) as ${quoteName(column)}, `;
  });
  return `select ${columns.join("")}line, place
    from (select unnest(${staged(number, "each")}) as element, line, place from ${good} where ${staged(number, "keep")})`;
}
