import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOf, run } from "../../store/query";
import { quoteName } from "../../store/quote";
import { columnsOf, type FilledTable } from "../../store/schema";
import { impliedStatus } from "../records/canonical";
import type { Reading, Target } from "../records/format";
import { sameSource, type Way } from "./ledger";
import { targetRows } from "./stage";

/** The columns that tell that two rows of one table are the same thing, told twice. */
export const keys: Record<FilledTable, string[]> = {
  calls: ["call_id"],
  tasks: ["task_id"],
  scores: ["subject", "subject_id", "name", "rater", "rater_id"],
  spans: ["task_id", "span_id"],
  texts: ["call_id"],
  items: ["item_id"],
  benchmarks: ["model", "benchmark", "as_of", "source"],
  prices: ["model", "from", "source", "above_input_tokens", "service_tier", "day_from"],
};

/** Of a key, the column without which the row has no identity. */
export const essential: Record<FilledTable, string> = {
  calls: "call_id",
  tasks: "task_id",
  scores: "subject_id",
  spans: "span_id",
  texts: "call_id",
  items: "item_id",
  benchmarks: "benchmark",
  prices: "model",
};

/** Columns that follow from others where the reading does not fill them. */
const implied: Partial<Record<FilledTable, Record<string, string>>> = {
  calls: {
    call_id: "$id",
    model: "coalesce(response_model, request_model)",
    status: impliedStatus,
    cost_source: "case when cost is not null then 'log' end",
  },
  texts: { call_id: "$id" },
};

/** What is told of an output. Where a failed call, or the call of a tool, left it empty, there was none. */
const ofOutput = ["output_length", "output_hash", "json_valid", "schema_valid"];
const noOutput = `output_length = 0 and (coalesce(status, ${impliedStatus}) <> 'ok' or finish_reason = 'tool_calls')`;

/** What came of one target. */
export interface Loaded {
  table: FilledTable;
  rows: number;
  replaced: number;
}

/**
 * Moves the good rows of the stage into the canonical tables. A row whose id came before, in this file or an
 * earlier one of the same source, takes the earlier one's place; scores of one file stand beside one another.
 *
 * @param ingest its id; how the file is read, where others were read in the same way before; and whether the stage
 *   is clean
 */
export async function load(
  connection: DuckDBConnection,
  reading: Reading,
  { id: ingestId, others: earlier, clean }: { id: number; others: Way | undefined; clean: boolean },
): Promise<Loaded[]> {
  const loaded: Loaded[] = [];
  // A line may hold several records' worth of calls: then the line alone is no id.
  const madeId = `${ingestId} || ':' || line${reading.unnest === undefined ? "" : " || ':' || place"}`;
  for (const [number, target] of reading.targets.entries()) {
    const { table } = target;
    const given = Object.keys(target.columns);
    const key = keys[table].filter((column) => given.includes(column));
    let rows = `(${targetRows(target, number, clean)})`;
    let replaced = 0;
    if (given.includes(essential[table])) {
      const id = key.map(quoteName).join(", ");
      const [{ doubled }] = await rowsOf<{ doubled: boolean }>(
        connection,
        // By their hashes in half the time: where two rows share one, the rows themselves are looked at.
        `select exists (select 1 from ${rows} where ${quoteName(essential[table])} is not null
           group by hash(${id}) having count(*) > 1) as doubled`,
      );
      // A model that a table of scores names twice was run twice: its runs are pooled where they are read.
      if (doubled && table !== "benchmarks") {
        const [{ all }] = await rowsOf<{ all: number }>(connection, `select count(*) as "all" from ${rows}`);
        rows = `(select * from ${rows} qualify ${quoteName(essential[table])} is null
          or row_number() over (partition by ${id} order by line desc, place desc) = 1)`;
        const [{ once }] = await rowsOf<{ once: number }>(connection, `select count(*) as once from ${rows}`);
        replaced += all - once;
      }
      if (earlier !== undefined) {
        const same = key
          .map((c) => `old.${quoteName(c)} is not distinct from new.${quoteName(c)}`)
          .join(" and ");
        replaced += await run(
          connection,
          `delete from ${table} as old using ${rows} as new
           where old.ingest_id in (${sameSource}) and ${same} and new.${quoteName(essential[table])} is not null`,
          { ...earlier },
        );
      }
    }
    loaded.push({
      table,
      rows: await run(connection, insertSql(target, rows, `${ingestId}`, madeId)),
      replaced,
    });
  }
  return loaded;
}

/** The INSERT of a target's rows, under the number of their ingest, with what follows of columns that are not given. */
export function insertSql(
  { table, columns: filled }: Target,
  rows: string,
  ingest: string,
  madeId: string,
): string {
  const given = Object.keys(filled);
  const columns = [
    ...given,
    ...Object.keys(implied[table] ?? {}).filter((column) => !given.includes(column)),
  ];
  return `insert into ${table} (${columns.map(quoteName).join(", ")}, ingest_id, line)
    select ${columns.map((column) => valueSql(table, column, given, madeId)).join(", ")}, ${ingest}, line
    from ${completed(rows, table, given)}`;
}

function valueSql(table: FilledTable, column: string, given: string[], madeId: string): string {
  const rule = implied[table]?.[column]?.replace("$id", madeId);
  if (hasOutput(table, given) && ofOutput.includes(column))
    return `case when ${noOutput} then null else ${quoteName(column)} end`;
  if (rule === undefined) return quoteName(column);
  return given.includes(column) ? `coalesce(${quoteName(column)}, ${rule})` : rule;
}

function hasOutput(table: FilledTable, given: string[]): boolean {
  return table === "calls" && given.includes("output_length");
}

// The rules of implied columns read others, which the reading may not fill: those stand in as nulls.
function completed(rows: string, table: FilledTable, given: string[]): string {
  const rules = [...Object.values(implied[table] ?? {}), hasOutput(table, given) ? noOutput : ""].join(" ");
  const absent = Object.entries(columnsOf(table))
    .filter(([name]) => !given.includes(name) && new RegExp(`\\b${name}\\b`).test(rules) && name !== "line")
    .map(([name, { type }]) => `, null::${type} as ${quoteName(name)}`);
  return absent.length === 0 ? rows : `(select *${absent.join("")} from ${rows})`;
}
