import type {
  DuckDBListType,
  DuckDBMaterializedResult,
  DuckDBStructType,
  DuckDBType,
} from "@duckdb/node-api";
import type { Dialect } from "./dialect";

/** The part of DuckDB's result that our code uses. */
export interface Answer {
  rowsChanged: number;
  columnNames(): string[];
  columnTypes(): DuckDBType[];
  getRowObjectsJS(): Promise<Record<string, unknown>[]>;
  fetchAllChunks(): Promise<
    { rowCount: number; getColumnVector(at: number): { getItem(row: number): unknown } }[]
  >;
  rowsOfCells(): unknown[][];
}

/** An engine's answer, with the types that DuckDB would return. */
export function answer(names: string[], types: DuckDBType[], rows: readonly unknown[][]): Answer {
  return typed(
    names,
    types,
    rows.map((row) => row.map((cell, at) => valueAs(cell, types[at]))),
  );
}

/** DuckDB's own answer. */
export async function fetched(result: DuckDBMaterializedResult): Promise<Answer> {
  const rows = (await result.getRowsJS()) as unknown[][];
  return { ...typed(result.columnNames(), result.columnTypes(), rows), rowsChanged: result.rowsChanged };
}

function typed(names: string[], types: DuckDBType[], rows: unknown[][]): Answer {
  const items = (value: unknown) => (Array.isArray(value) ? { items: value } : value);
  return {
    rowsChanged: 0,
    columnNames: () => names,
    columnTypes: () => types,
    getRowObjectsJS: async () =>
      rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]]))),
    fetchAllChunks: async () => [
      { rowCount: rows.length, getColumnVector: (at) => ({ getItem: (row) => items(rows[row][at]) }) },
    ],
    rowsOfCells: () => rows,
  };
}

// Duck typing, because importing the classes would load DuckDB.
const isStruct = (type: DuckDBType): type is DuckDBStructType => "entryNames" in type;
const isList = (type: DuckDBType): type is DuckDBListType => String(type).endsWith("[]");

const integers = new Set(["BIGINT", "UBIGINT", "HUGEINT"]);
const numbers = new Set(["DOUBLE", "FLOAT", "INTEGER", "UINTEGER", "SMALLINT", "TINYINT", "UTINYINT"]);

/** Converts a JSON cell to a value of DuckDB's type. */
function valueAs(cell: unknown, type: DuckDBType): unknown {
  if (cell === null || cell === undefined) return null;
  if (isStruct(type)) {
    const parts = cell as unknown[];
    return Object.fromEntries(
      type.entryNames.map((name, at) => [name, valueAs(parts[at], type.entryTypes[at])]),
    );
  }
  if (isList(type)) return (cell as unknown[]).map((one) => valueAs(one, type.valueType));
  const name = String(type);
  // Also for sums, which engines compute as doubles but DuckDB as integers.
  if (integers.has(name)) return BigInt(typeof cell === "number" ? cell : String(cell));
  if (numbers.has(name) || name.startsWith("DECIMAL")) return numberOf(cell);
  if (name === "BOOLEAN") return typeof cell === "boolean" ? cell : Number(cell) !== 0;
  if (name.startsWith("TIMESTAMP")) return new Date(`${String(cell).replace(" ", "T").replace(/Z$/, "")}Z`);
  return String(cell);
}

function numberOf(cell: unknown): number {
  if (typeof cell === "number") return cell;
  return Number(String(cell).replace(/^([-+]?)inf(inity)?$/i, "$1Infinity"));
}

/**
 * The engine's type for a column of a table that it makes: of rows, whose fields need names there, or of an integer, which
 * DuckDB makes of nulls alone. Undefined for any other, whose type the engine knows.
 */
export function madeType(type: DuckDBType, dialect: Dialect): string | undefined {
  return String(type) === "INTEGER" ? dialect.types.INTEGER : rowType(type, dialect);
}

function rowType(type: DuckDBType, dialect: Dialect): string | undefined {
  if (isList(type)) {
    const inner = rowType(type.valueType, dialect);
    return inner === undefined ? undefined : dialect.listOf(inner);
  }
  if (!isStruct(type)) return undefined;
  const fields = type.entryNames.map((name, at) => {
    const own = type.entryTypes[at];
    return { name, type: rowType(own, dialect) ?? dialect.types[nameOfType(own)] };
  });
  return dialect.rowOf(fields);
}

/** The name of a type; that of an enum's values is text. */
export const nameOfType = (type: DuckDBType) => (String(type).startsWith("ENUM") ? "VARCHAR" : String(type));

/** Writes a value of DuckDB's type in an engine's SQL. */
export function cellText(value: unknown, type: DuckDBType, dialect: Dialect): string {
  if (value === null || value === undefined) return "NULL";
  if (isList(type))
    return dialect.list((value as unknown[]).map((one) => cellText(one, type.valueType, dialect)));
  if (typeof value === "bigint" || integers.has(String(type))) return String(value);
  if (typeof value === "number")
    return Number.isSafeInteger(value) && !/^(DOUBLE|FLOAT|DECIMAL)/.test(String(type))
      ? String(value)
      : dialect.double(value);
  if (typeof value === "boolean") return value ? "true" : "false";
  if (value instanceof Date) return dialect.text(value.toISOString());
  return dialect.text(String(value));
}
