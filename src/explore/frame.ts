import { isEstimate, type Row, type Table } from "../measures/table";
import { checkStore, type Store } from "../store/open";
import { type Parameters, rowsOf } from "../store/run";
import { type DataFrame, danfojs } from "./danfo";

type Columns = Map<string, unknown[]>;

/**
 * Returns the result of a statement as a danfojs DataFrame.
 *
 * Numbers stay doubles, times are Dates, and a missing number is NaN, which danfo counts as missing (it counts null as
 * 0 in a group's mean). Whole numbers beyond 2^53 become text. Only this function loads danfojs-node, which you install
 * yourself; its `describe`, `groupby` and `sortValues` are patched to leave out missing values, on which they fail or
 * give wrong numbers.
 *
 * @throws if danfojs-node is not installed, saying how to install it
 * @example
 * const store = await openDemo();
 * const frame = await toDataFrame(store, "select model, duration from calls limit 10");
 * frame.shape // [10, 2]
 */
export async function toDataFrame(
  store: Store,
  sql: string,
  parameters: Parameters = {},
): Promise<DataFrame> {
  checkStore("toDataFrame", store);
  return frameOfColumns(await columnsOfStatement(store, sql, parameters), "toDataFrame");
}

/**
 * Returns a table of this library, or plain rows, as a danfojs DataFrame like that of `toDataFrame`: an estimate
 * becomes three columns, `mean`, `mean_low` and `mean_high`, as does each quantile.
 *
 * @throws if danfojs-node is not installed, saying how to install it
 * @example
 * frameOf([{ model: "alder", cost: 0.14 }, { model: "birch", cost: 0.19 }]).shape // [2, 2]
 */
export function frameOf(table: Table | readonly object[]): DataFrame {
  return frameOfColumns(columnsOfRows(table), "frameOf");
}

function frameOfColumns(columns: Columns, asker: string): DataFrame {
  const { DataFrame } = danfojs(asker);
  const names = [...columns.keys()];
  const kinds = names.map((name) => kindOf(columns.get(name) as unknown[]));
  const missing = kinds.map((kind) => (kind === "float32" || kind === "int32" ? Number.NaN : null));
  const count = Math.max(0, ...[...columns.values()].map(({ length }) => length));
  const rows = Array.from({ length: count }, (_, row) =>
    names.map((name, at) => (columns.get(name) as unknown[])[row] ?? missing[at]),
  );
  return new DataFrame(rows, { columns: names, dtypes: kinds });
}

/**
 * Returns a danfojs DataFrame as a table of this library, for `show`, `tableCsv` and the functions that take a table's
 * rows: missing numbers are null again, and times are text.
 *
 * @example
 * fromDataFrame({ columns: ["model", "n"], values: [["alder", 3], ["birch", Number.NaN]] }).rows // [{ model: "alder", n: 3 }, { model: "birch", n: null }]
 */
export function fromDataFrame(frame: Pick<DataFrame, "columns" | "values">): Table {
  const { columns, values } = frame ?? {};
  if (!Array.isArray(columns) || !Array.isArray(values) || !values.every(Array.isArray))
    throw new TypeError("fromDataFrame requires a danfojs DataFrame; a Series becomes one by new DataFrame");
  const rows = values.map((row) =>
    Object.fromEntries(columns.map((name, at): [string, Row[string]] => [name, cellOf(row[at])])),
  );
  return { measure: "", by: [], rows, notes: [] };
}

function cellOf(value: unknown): Row[string] {
  if (value === null || value === undefined) return null;
  if (typeof value === "number") return Number.isNaN(value) ? null : value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  return typeof value === "boolean" ? value : String(value);
}

async function columnsOfStatement(
  { connection }: Store,
  sql: string,
  parameters: Parameters,
): Promise<Columns> {
  const described = await rowsOf<{ column_name: string }>(
    connection,
    `describe ${sql.replace(/;\s*$/, "")}`,
    parameters,
  );
  const rows = await rowsOf(connection, sql, parameters);
  return new Map(described.map(({ column_name: name }) => [name, rows.map((row) => row[name])]));
}

function columnsOfRows(from: unknown): Columns {
  const rows = Array.isArray(from) ? from : (from as Table | undefined)?.rows;
  if (!Array.isArray(rows))
    throw new TypeError(
      "frameOf requires a table or rows; the result of a statement is a frame by toDataFrame",
    );
  const flat = rows.map((row) =>
    Object.fromEntries(Object.entries(row as Row).flatMap(([name, cell]) => flattened(name, cell))),
  );
  const names = new Set(flat.flatMap((row) => Object.keys(row)));
  return new Map([...names].map((name) => [name, flat.map((row) => row[name])]));
}

/** An estimate as its value and ends; several by name, each with its name. */
function flattened(name: string, cell: unknown): [string, unknown][] {
  if (isEstimate(cell)) {
    const { value, low, high } = cell;
    return [
      [name, value],
      [`${name}_low`, low],
      [`${name}_high`, high],
    ];
  }
  if (typeof cell === "object" && cell !== null && !(cell instanceof Date) && !Array.isArray(cell))
    return Object.entries(cell).flatMap(([part, one]) => flattened(`${name}_${part}`, one));
  return [[name, cell]];
}

/** The danfo type of a column; danfo itself looks only at the first values, which may all be missing. */
function kindOf(values: readonly unknown[]): "float32" | "int32" | "boolean" | "datetime" | "string" {
  const known = values.filter((value) => value !== null && value !== undefined);
  const all = (is: (value: unknown) => boolean) => known.length > 0 && known.every(is);
  if (all((value) => typeof value === "number"))
    return known.length === values.length && all(Number.isInteger) ? "int32" : "float32";
  if (all((value) => typeof value === "boolean")) return "boolean";
  return all((value) => value instanceof Date) ? "datetime" : "string";
}
