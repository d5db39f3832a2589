import type { DuckDBConnection } from "@duckdb/node-api";
import { grouped } from "../../stats/text";
import { messageOf } from "../../store/reason";
import { rowsOf } from "../../store/run";
import { type FilledTable, filledTables } from "../../store/schema";
import { linesOf } from "../files/line";
import type { Target } from "../records/format";
import type { Filled } from "./fill";
import { isByLine, parsedRecord } from "./reject";
import { reasonOfColumn } from "./rejectReason";
import { targetRows } from "./stage";
import { staged } from "./stageDraft";

/** A column that was left empty in some rows of a file, since what the log has for it cannot be. */
export interface Emptied {
  table: FilledTable;
  column: string;
  rows: number;
  /** The same by the model's name in the log, the most rows first; empty for a table other than calls. */
  models: { model: string | null; rows: number }[];
  /** What is wrong with the first of them. */
  first: string;
}

interface Pattern {
  emptied: string;
  model: string | null;
  rows: number;
  record: number;
  line: number;
  /** Values beyond their bounds, as JSON by column. */
  beyond: string | null;
}

/** A column, its patterns, and the first record with it. */
interface Found extends Omit<Emptied, "first"> {
  target: number;
  first: Pattern;
}

/** The columns that had to be left empty in the rows of a file. */
export async function emptiedOf(connection: DuckDBConnection, filled: Filled): Promise<Emptied[]> {
  if (filled.clean) return [];
  const found: Found[] = [];
  for (const [number, target] of filled.reading.targets.entries()) {
    const columns = new Map<string, Pattern[]>();
    for (const pattern of await patternsOf(connection, target, number))
      for (const column of pattern.emptied.split(", "))
        columns.set(column, [...(columns.get(column) ?? []), pattern]);
    for (const [column, patterns] of columns)
      found.push({ ...summed(target.table, column, patterns), target: number });
  }
  const records = await recordsAt(
    filled,
    found.map(({ first }) => first),
  );
  return found.map(({ target, ...one }) => ({ ...one, first: firstReason(filled, target, one, records) }));
}

function patternsOf(connection: DuckDBConnection, target: Target, number: number): Promise<Pattern[]> {
  const names = ["response_model", "request_model", "model"].filter((name) =>
    Object.hasOwn(target.columns, name),
  );
  const model =
    target.table === "calls" && names.length > 0 ? `coalesce(${names.join(", ")})` : "null::varchar";
  const beyond = target.each === undefined ? staged(number, "beyond") : "null::varchar";
  return rowsOf<Pattern>(
    connection,
    `select emptied, ${model} as model, count(*)::double as rows, min(record)::double as record,
       min(line)::double as line, arg_min(beyond, record) as beyond
     from (${targetRows(target, number, false, `, record, ${beyond} as beyond`)})
     where emptied is not null group by all order by rows desc, model`,
  );
}

function summed(table: FilledTable, column: string, patterns: readonly Pattern[]): Omit<Found, "target"> {
  const models = new Map<string | null, number>();
  for (const { model, rows } of patterns) models.set(model, (models.get(model) ?? 0) + rows);
  return {
    table,
    column,
    rows: patterns.reduce((sum, { rows }) => sum + rows, 0),
    models: table === "calls" ? [...models].map(([model, rows]) => ({ model, rows })) : [],
    first: patterns.reduce((one, other) => (other.record < one.record ? other : one)),
  };
}

const numberOf = ({ text }: Filled, { record, line }: Pattern) =>
  text?.numberedBy === "line" ? line : record;

// The file is read again, looking only at these records.
async function recordsAt(filled: Filled, firsts: readonly Pattern[]): Promise<Map<number, unknown>> {
  const records = new Map<number, unknown>();
  if (filled.text === undefined || firsts.length === 0) return records;
  const wanted = new Set(firsts.map((first) => numberOf(filled, first)));
  for await (const [number, bytes] of linesOf(filled.text.file, wanted))
    records.set(number, parsedRecord(bytes));
  return records;
}

function firstReason(
  filled: Filled,
  target: number,
  { column, first }: Pick<Found, "column" | "first">,
  records: ReadonlyMap<number, unknown>,
): string {
  const where = `${isByLine(filled) ? "line" : "record"} ${first.line}`;
  const of = filled.emptied.find((one) => one.target === target && one.column === column);
  if (of === undefined) return where;
  const values = JSON.parse(first.beyond ?? "{}") as Record<string, string | null>;
  const record = records.get(numberOf(filled, first));
  return `${where}: ${reasonOfColumn(filled.reading, of, record, values[column] ?? undefined)}`;
}

const mostModels = 4;

/** In words: "duration is left empty in 226 calls, since what the log has cannot be: 200 of gpt-4o, 26 of gpt-4o-mini". */
export function emptiedText({ table, column, rows, models }: Omit<Emptied, "first">): string {
  const what = rows === 1 ? `one row of ${table}` : `${grouped(rows)} ${table}`;
  const named = models.filter(({ model }) => model !== null);
  const some = named.slice(0, mostModels).map(({ model, rows }) => `${grouped(rows)} of ${model}`);
  if (named.length > mostModels) some.push(`and ${named.length - mostModels} more models`);
  const of = some.length === 0 ? "" : `: ${some.join(", ")}`;
  return `${column} is left empty in ${what}, since what the log has cannot be${of}`;
}

/** The columns that are left empty in rows of a store, by its models' names; none in a store of before they were. */
export async function emptiedIn(connection: DuckDBConnection): Promise<Omit<Emptied, "first">[]> {
  const tables = filledTables.map(
    (table) => `select '${table}' as "table", unnest(string_split(emptied, ', ')) as "column",
      ${table === "calls" ? "model" : "null::varchar"} as model from ${table} where emptied is not null`,
  );
  const rows = await rowsOf<{ table: FilledTable; column: string; model: string | null; rows: number }>(
    connection,
    `select "table", "column", model, count(*)::double as rows from (${tables.join(" union all ")})
     group by all order by rows desc, "table", "column", model`,
  ).catch((error) => {
    if (/emptied/.test(messageOf(error))) return [];
    throw error;
  });
  const found = new Map<string, Omit<Emptied, "first">>();
  for (const { table, column, model, rows: count } of rows) {
    const key = `${table}.${column}`;
    const of = found.get(key) ?? { table, column, rows: 0, models: [] };
    found.set(key, of);
    of.rows += count;
    if (table === "calls") of.models.push({ model, rows: count });
  }
  return [...found.values()];
}
