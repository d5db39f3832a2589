import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { Session } from "../engines/session";
import { type DrawUnit, drawFormat, drawnShare } from "../facts/drawn";
import { storePlaces } from "../facts/place";
import type { Store } from "../store/open";
import { quoteName, quoteText } from "../store/quote";
import { rowsOf, run } from "../store/run";
import { columnsOf, type TableName } from "../store/schema";
import { statements } from "../store/statements";

const sql = statements(__dirname, "draw.sql");

/** What was drawn. */
export interface Drawn {
  units: number;
  calls: number;
  tasks: number;
  scores: number;
}

/**
 * Two to the power of the number of md5 bits that decide who is drawn; intervals use the same bits to sample clusters.
 */
const hashes = 2 ** 32;

/** The other tables that a store has, either for the calls and tasks drawn, or in full. */
const ofDrawn: Partial<Record<TableName, string>> = {
  spans: "call_id in (select call_id from drawn_ids) or task_id in (select task_id from drawn_ids)",
  texts: "call_id in (select call_id from drawn_ids)",
  benchmarks: "true",
  prices: "true",
  families: "true",
  outcome_order: "true",
  ingests: "true",
};

const ofEvery: Partial<Record<TableName, string>> = {
  calls: "true",
  tasks: "task_id in (select task_id from drawn_ids)",
  scores:
    "subject = 'call' and subject_id in (select call_id from drawn_ids) or subject = 'task' and subject_id in (select task_id from drawn_ids)",
};

/** How many calls a log has, the coarsest unit that most of them name, and whether it is a draw itself. */
export async function sizeOf(store: Store): Promise<{ calls: number; unit: DrawUnit; isDraw: boolean }> {
  const connection = await store.connect();
  try {
    const [{ calls, ...named }] = await rowsOf<Record<"calls" | "user" | "conversation", number>>(
      connection,
      sql.size,
    );
    const unit = (["user", "conversation"] as const).find((one) => named[one] > calls / 2) ?? "task";
    return { calls, unit, isDraw: (await drawnShare(connection)) !== undefined };
  } finally {
    connection.closeSync();
  }
}

/**
 * Makes the views and the table of what is drawn.
 *
 * @returns how much that is
 */
export async function chosen(
  connection: DuckDBConnection,
  { share, unit }: { share: number; unit: DrawUnit },
): Promise<Drawn> {
  const named = quoteName(`${unit}_id`);
  await run(connection, `create or replace temp view named_units as select *, ${named} as named from calls`);
  const [known] = await rowsOf<{ all: boolean }>(connection, sql.all_known);
  await run(connection, known.all ? sql.unit_known : sql.unit);
  await run(connection, `set variable drawn_below = ${Math.round(share * hashes)}`);
  await run(connection, `${sql.drawn}; ${sql.drawn_ids}`);
  const [counts] = await rowsOf<Drawn>(connection, sql.counts);
  return counts;
}

interface Filling {
  share: number;
  unit: DrawUnit;
  connection: DuckDBConnection;
  store: Store;
  folder: string;
  counts: Drawn;
  onProgress?: (rows: number, of: number) => void;
}

/** Fetches the tables one by one, each as a file that DuckDB reads. */
export async function fill(drawn: Store, filling: Filling): Promise<void> {
  const { connection, store, folder, counts, onProgress } = filling;
  const tables = { ...ofEvery, ...(store.engine === undefined ? ofDrawn : {}) };
  const all = counts.calls + counts.tasks + counts.scores;
  let rows = 0;
  for (const [table, condition] of Object.entries(tables)) {
    const columns = await columnsIn(connection, table as TableName);
    for (const name of columns)
      if (name.startsWith("attributes."))
        await run(drawn.connection, `alter table ${table} add column ${quoteName(name)} VARCHAR`);
    const query = `select ${columns.map(quoteName).join(", ")} from ${table === "calls" ? "drawn" : table} where ${condition}`;
    const file = join(folder, table);
    rows += await run(
      drawn.connection,
      `insert into ${table} by name ${await savedAs(file, { store, connection, query })}`,
    );
    rmSync(file, { force: true });
    onProgress?.(Math.min(rows, all), all);
  }
  await record(drawn, { from: store.path, share: filling.share, unit: filling.unit, rows: counts.calls });
  await storePlaces(drawn.connection);
}

/** The columns common to both stores. */
async function columnsIn(connection: DuckDBConnection, table: TableName): Promise<string[]> {
  const own = new Set(Object.keys(columnsOf(table)));
  const there = await rowsOf<{ name: string }>(
    connection,
    `select name from pragma_table_info(${quoteText(table)}) order by cid`,
  );
  return there.map(({ name }) => name).filter((name) => own.has(name) || name.startsWith("attributes."));
}

async function savedAs(
  file: string,
  { store, connection, query }: Pick<Filling, "store" | "connection"> & { query: string },
): Promise<string> {
  if (store.engine !== undefined) return (connection as unknown as Session).save(query, file);
  await run(connection, `copy (${query}) to ${quoteText(file)} (format parquet)`);
  return `select * from read_parquet(${quoteText(file)})`;
}

async function record(
  { connection }: Store,
  { from, share, unit, rows }: { from: string; share: number; unit: DrawUnit; rows: number },
): Promise<void> {
  const constants = JSON.stringify({ share, unit });
  const sha256 = createHash("sha256").update(`${from} ${constants}`).digest("hex");
  await run(
    connection,
    `insert into ingests by name select coalesce(max(ingest_id), 0) + 1 as ingest_id, $from as path, $sha256 as sha256,
       '${drawFormat}' as format, $constants as constants, 0 as size, $rows::bigint as rows, 0 as replaced, 0 as rejected,
       current_timestamp at time zone 'UTC' as "at"
     from ingests`,
    { from, sha256, constants, rows },
  );
}
