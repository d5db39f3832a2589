import type { Cell, Row, Table } from "../measures/table";
import { counted } from "../stats/text";

/** Maximum number of rows taken from a frame; nobody reads a longer table. */
const MOST_ROWS = 500;

const isObject = (thing: unknown): thing is Record<string, unknown> =>
  typeof thing === "object" && thing !== null;

function plain(value: unknown): Cell {
  if (typeof value === "bigint") {
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER
      ? Number(value)
      : String(value);
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "" : value.toISOString();
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  return value === null || value === undefined ? value : String(value);
}

function toTable(names: string[], count: number, valueAt: (row: number, column: number) => unknown): Table {
  const rows: Row[] = Array.from({ length: Math.min(count, MOST_ROWS) }, (_, row) =>
    Object.fromEntries(names.map((name, column) => [name, plain(valueAt(row, column))])),
  );
  const notes =
    count > rows.length
      ? [`${counted(count - rows.length, "more row")} ${count - rows.length === 1 ? "is" : "are"} not shown.`]
      : [];
  return { measure: "", by: [], rows, notes };
}

/** Turns a danfojs DataFrame or an Arrow table, recognised by its shape, into a table; undefined for anything else. */
export function frameTable(frame: unknown): Table | undefined {
  if (!isObject(frame)) return undefined;
  const { columns, values, index, schema } = frame;
  if (Array.isArray(columns) && Array.isArray(values) && values.every(Array.isArray)) {
    // Row names, as in describe(), are kept as a column; row numbers are only positions.
    const names = Array.isArray(index) && index.some((one) => typeof one === "string") ? index : undefined;
    const rows = names === undefined ? values : values.map((row, at) => [names[at], ...(row as unknown[])]);
    return toTable(
      [...(names === undefined ? [] : [""]), ...columns.map(String)],
      rows.length,
      (row, column) => (rows as unknown[][])[row]?.[column],
    );
  }
  if (
    isObject(schema) &&
    Array.isArray(schema.fields) &&
    typeof frame.numRows === "number" &&
    typeof frame.getChildAt === "function"
  ) {
    const names = schema.fields.map((field: { name: unknown }) => String(field.name));
    const vectors = names.map((_, at) => (frame as unknown as ArrowTable).getChildAt(at));
    return toTable(names, frame.numRows, (row, column) => vectors[column]?.get(row));
  }
  return undefined;
}

interface ArrowTable {
  getChildAt(column: number): { get(row: number): unknown } | null;
}
