import type { Reads } from "../engines/rehearse";
import type { DrawnShare } from "../facts/drawn";
import { attributesOf } from "../facts/nameSources";
import { textSql } from "../logs/load/attributes";
import type { recordsOfFiles } from "../logs/load/fates";
import type { Store } from "../store/open";
import { quoteName } from "../store/quote";
import { rowsOf } from "../store/run";
import { columnsOf } from "../store/schema";
import type { Unpriced, Warning } from "./doctorWarnings";
import type { Measurable } from "./measurable";

/** What a store holds, what looks wrong in it, and what cannot be measured with it. */
export interface Diagnosis extends Measurable {
  calls: number;
  tasks: number;
  scores: number;
  /** Conversations that calls name, and how many calls do; scores of whole conversations, and outcomes of their own. */
  conversations: { count: number; calls: number; scores: number; outcomes: number };
  /** Calls that are evaluation runs. */
  evaluation: number;
  /** Names of the models, the one with the most calls first. */
  models: string[];
  /** First and last start of a call, ISO in UTC; null if no call has a time. */
  from: string | null;
  to: string | null;
  /** For every column of calls: the number of rows in which it is filled, and their share. */
  columns: { column: string; filled: number; share: number }[];
  /**
   * What the logs hold beyond the columns: rows in which it is filled, the number of its values, and the
   * commonest ones.
   */
  attributes: {
    key: string;
    /** The table that has it. */
    of: "calls" | "tasks" | "scores";
    type: string;
    filled: number;
    share: number;
    /** Exact below 200, above to a few per cent. */
    values: number;
    examples: string[];
  }[];
  /** Prompts sent to a model, those sent more than once with all their calls, and their templates. */
  prompts: { prompts: number; repeated: number; repeatedCalls: number; templates: number };
  unpriced: Unpriced[];
  /** The result for the records of every file: each counts once, and they add up to the records read. */
  records: Awaited<ReturnType<typeof recordsOfFiles>>;
  warnings: Warning[];
  /** If the store is a sample of a larger log: its share of that log. */
  drawn?: DrawnShare;
  /** For another engine: what each measure would make it read, run without options. */
  scans?: ({ measure: string } & Reads)[];
}

export async function filledColumns(store: Store, calls: number): Promise<Diagnosis["columns"]> {
  const names = Object.keys(columnsOf("calls")).filter(
    (name) => !["ingest_id", "line", "emptied"].includes(name),
  );
  // A store opened read-only may date from before a column was added.
  const there = await rowsOf<{ column_name: string }>(store.connection, "describe calls");
  const has = new Set(there.map(({ column_name }) => column_name));
  const counts = names.map(
    (name) => `${has.has(name) ? `count(${quoteName(name)})` : "0"}::double as ${quoteName(name)}`,
  );
  const [row] = await rowsOf<Record<string, number>>(
    store.connection,
    `select ${counts.join(", ")} from calls`,
  );
  return names.map((column) => ({
    column,
    filled: row[column],
    share: calls === 0 ? 0 : row[column] / calls,
  }));
}

/** Fewer values of an attribute than this are counted exactly. */
export const mostCounted = 200;

export async function filledAttributes(
  connection: Store["connection"],
  table: "calls" | "tasks" | "scores",
  rows: number,
): Promise<Diagnosis["attributes"]> {
  const columns = await attributesOf(connection, table);
  if (columns.length === 0) return [];
  const expressions = columns.map(
    ({ name, type }, at) =>
      `count(${quoteName(name)})::double as filled${at}, approx_count_distinct(${quoteName(name)})::double as values${at},
       approx_top_k(${textSql(quoteName(name), type)}, 3) as examples${at}`,
  );
  const [row] = await rowsOf<Record<string, unknown>>(
    connection,
    `select ${expressions.join(", ")} from ${table}`,
  );
  // The approximate count is off by a few per cent, which a small number must not be.
  const few = columns.flatMap((_, at) => (Number(row[`values${at}`]) < mostCounted ? [at] : []));
  if (few.length > 0) {
    const exact = few.map((at) => `count(distinct ${quoteName(columns[at].name)})::double as values${at}`);
    Object.assign(row, (await rowsOf(connection, `select ${exact.join(", ")} from ${table}`))[0]);
  }
  return columns.map(({ name, type }, at) => {
    const filled = Number(row[`filled${at}`]);
    const examples = ((row[`examples${at}`] ?? []) as (string | null)[]).filter((one) => one !== null);
    return {
      key: name,
      of: table,
      type,
      filled,
      share: rows === 0 ? 0 : filled / rows,
      values: Math.min(filled, Number(row[`values${at}`])),
      examples,
    };
  });
}
