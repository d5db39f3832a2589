import type { Cell, Row, Table } from "../measures/table";
import { estimatesIn } from "../measures/table";

/** Data that is no measure's: rows of a statement, a map, a frame of another library. */
export interface DataTable {
  /** The first rows. */
  table: Table;
  /** The type of each column, in the words of the library that made the data. */
  types: Record<string, string>;
  /** The count of all rows. */
  count: number;
}

const isObject = (thing: unknown): thing is Record<string, unknown> =>
  typeof thing === "object" && thing !== null;

/** Whether it is a list of records: not of dates, promises or other lists, which have no columns. */
export const isRows = (thing: unknown): thing is Record<string, unknown>[] =>
  Array.isArray(thing) &&
  thing.length > 0 &&
  thing.every((row) => isObject(row) && !Array.isArray(row) && Object.keys(row).length > 0);

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

function typeOf(values: readonly unknown[]): string {
  const kinds = new Set(values.filter((value) => value !== null && value !== undefined).map(kindOf));
  if (kinds.size === 2 && kinds.has("integer") && kinds.has("number")) return "number";
  return kinds.size > 1 ? "mixed" : ([...kinds][0] ?? "empty");
}

function kindOf(value: unknown): string {
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  if (typeof value === "bigint") return "integer";
  if (typeof value === "string") return "text";
  if (value instanceof Date) return "time";
  if (estimatesIn(value).length > 0) return "estimate";
  return Array.isArray(value) ? "list" : typeof value;
}

function ofRows(rows: readonly Record<string, unknown>[], most: number): DataTable {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const types = Object.fromEntries(names.map((name) => [name, typeOf(rows.map((row) => row[name]))]));
  const shown = rows.slice(0, most).map((row) => ({ ...row }) as Row);
  return { table: { measure: "", by: [], rows: shown, notes: [] }, types, count: rows.length };
}

interface Columns {
  names: string[];
  types: string[];
  count: number;
  valueAt(row: number, column: number): unknown;
}

function ofColumns({ names, types, count, valueAt }: Columns, most: number): DataTable {
  const rows: Row[] = Array.from({ length: Math.min(count, most) }, (_, row) =>
    Object.fromEntries(names.map((name, column) => [name, plain(valueAt(row, column))])),
  );
  return {
    table: { measure: "", by: [], rows, notes: [] },
    types: Object.fromEntries(names.map((name, at) => [name, types[at] ?? ""])),
    count,
  };
}

/** Row names, as those of describe(), are a column; row numbers are only positions. */
function danfoColumns({ columns, values, index, dtypes }: Record<string, unknown>): Columns | undefined {
  if (!Array.isArray(columns) || !Array.isArray(values) || !Array.isArray(index)) return undefined;
  // A Series has plain values and one name.
  const rows = values.every(Array.isArray) ? values : values.map((value) => [value]);
  const named = index.some((one) => typeof one === "string");
  const types = Array.isArray(dtypes) ? dtypes.map(String) : [];
  return {
    names: [...(named ? [""] : []), ...columns.map(String)],
    types: [...(named ? [""] : []), ...types],
    count: rows.length,
    valueAt: (row, column) =>
      named ? (column === 0 ? index[row] : rows[row]?.[column - 1]) : rows[row]?.[column],
  };
}

interface ArrowTable {
  getChildAt(column: number): { get(row: number): unknown } | null;
}

function arrowColumns(frame: Record<string, unknown>): Columns | undefined {
  const { schema, numRows, getChildAt } = frame;
  if (!isObject(schema) || !Array.isArray(schema.fields)) return undefined;
  if (typeof numRows !== "number" || typeof getChildAt !== "function") return undefined;
  const fields = schema.fields as { name: unknown; type: unknown }[];
  // A dictionary is how texts are stored, not what they are.
  const types = fields.map(({ type }) => String(type).replace(/^Dictionary<\w+, (.+)>$/, "$1"));
  const vectors = fields.map((_, at) => (frame as unknown as ArrowTable).getChildAt(at));
  return {
    names: fields.map(({ name }) => String(name)),
    types,
    count: numRows,
    valueAt: (row, column) => {
      const value = vectors[column]?.get(row);
      // Arrow gives a moment in milliseconds.
      return typeof value === "number" && /^(Timestamp|Date)/.test(types[column] ?? "")
        ? new Date(value)
        : value;
    },
  };
}

/**
 * Turns data into a table of its first `most` rows: an array of records, a Map (its keys and values), a danfojs DataFrame
 * or Series and an Arrow table, recognised by their shape. Undefined for anything else.
 */
export function dataTable(thing: unknown, most: number): DataTable | undefined {
  if (isRows(thing)) return ofRows(thing, most);
  if (thing instanceof Map && thing.size > 0)
    return ofRows(
      // A record's own "key" would hide the Map's.
      [...thing].map(([key, value]) => Object.assign({ key }, isRows([value]) ? value : { value }, { key })),
      most,
    );
  if (!isObject(thing)) return undefined;
  const columns = danfoColumns(thing) ?? arrowColumns(thing);
  return columns && ofColumns(columns, most);
}
