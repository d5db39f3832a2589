import { createHash } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { Session } from "../engines/session";
import { type DrawUnit, drawFormat, drawnShare } from "../facts/drawn";
import { storePlaces } from "../facts/place";
import { grouped, percent } from "../stats/text";
import { checkStore, open, type Store } from "../store/open";
import { quoteName, quoteText } from "../store/quote";
import { rowsOf, run } from "../store/run";
import { columnsOf, type TableName } from "../store/schema";
import { scratchWithin } from "../store/scratch";
import { statements } from "../store/statements";
import { moveWhole } from "../store/wholeFile";

const sql = statements<"unit" | "drawn" | "counts">(join(__dirname, "draw.sql"));

/** Options of a draw: how much of a log, and where to. */
export interface DrawOptions {
  /** The share of units, above 0 and up to 1. */
  share: number;
  /** Path of the store to create. */
  out: string;
  /** The unit that is drawn whole. Default: "user". */
  unit?: DrawUnit;
  /** Refuse to draw more calls than this. */
  maxRows?: number;
  /** Called with the number of rows to come, before any is fetched. */
  onEstimate?: (counts: Drawn) => void;
  /** Called with the rows fetched so far and the total. */
  onProgress?: (rows: number, of: number) => void;
}

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
  spans: "call_id in (select call_id from drawn) or task_id in (select task_id from drawn)",
  texts: "call_id in (select call_id from drawn)",
  benchmarks: "true",
  prices: "true",
  families: "true",
  outcome_order: "true",
  ingests: "true",
};

const ofEvery: Partial<Record<TableName, string>> = {
  calls: "true",
  tasks: "task_id in (select task_id from drawn)",
  scores:
    "subject = 'call' and subject_id in (select call_id from drawn) or subject = 'task' and subject_id in (select task_id from drawn)",
};

/**
 * Draws a share of a log's users, with all their calls, tasks and scores, into a separate store: for questions that
 * need rows, on a log too large for one machine.
 *
 * A user is drawn by md5 of the id, so the same users are drawn from every engine, and a larger share includes those of
 * a smaller one. A call without the id goes with its task, and a task with its user if one of its calls names the user;
 * otherwise it is drawn alone. The store records its share, and every table from it says so. The store appears only
 * when complete: an interrupted draw leaves nothing behind.
 *
 * @param store an open store, or the result of `connect`
 * @returns how many units, calls, tasks and scores it holds
 * @throws RangeError for an invalid share or unit, more rows than `maxRows`, or a store that is itself a draw
 * @example
 * const store = await openDemo();
 * const out = `drawn-${process.pid}.duckdb`;
 * const { units } = await draw(store, { share: 0.1, out });
 * await (await import("node:fs/promises")).rm(out);
 * units // 245
 */
export async function draw(store: Store, options: DrawOptions): Promise<Drawn> {
  const { share, out, unit = "user", maxRows = Number.POSITIVE_INFINITY } = checked(store, options);
  const connection = await store.connect();
  const file = resolve(out);
  const folder = scratchWithin(dirname(file));
  try {
    if ((await drawnShare(connection)) !== undefined)
      throw new RangeError(
        `draw requires a whole log, and ${store.path} is itself a draw; draw from its source`,
      );
    await run(
      connection,
      `create or replace temp view named_units as select *, ${quoteName(`${unit}_id`)} as named from calls`,
    );
    await run(connection, sql.unit);
    await run(connection, `set variable drawn_below = ${Math.round(share * hashes)}`);
    await run(connection, sql.drawn);
    const [counts] = await rowsOf<Drawn>(connection, sql.counts);
    options.onEstimate?.(counts);
    if (counts.calls > maxRows)
      throw new RangeError(
        `draw requires at most ${grouped(maxRows)} calls (maxRows), and ${percent(share, 2)} of the ${unit}s have ${grouped(counts.calls)}; take a smaller share, such as ${roundedDown((share * maxRows) / counts.calls)}`,
      );
    const part = join(folder.path, "drawn.duckdb");
    const drawn = await open(part);
    try {
      await fill({ drawn, connection, store, folder: folder.path, counts, onProgress: options.onProgress });
      await record(drawn, { from: store.path, share, unit, rows: counts.calls });
      await storePlaces(drawn.connection);
      await run(drawn.connection, "checkpoint");
    } finally {
      drawn.close();
    }
    if (existsSync(file)) throw new RangeError(`draw requires a new store, and ${out} now exists`);
    moveWhole(part, file);
    return counts;
  } finally {
    folder.remove();
    connection.closeSync();
  }
}

/** To one digit. */
function roundedDown(share: number): number {
  const digit = 10 ** Math.floor(Math.log10(share));
  return Number((Math.floor(share / digit) * digit).toPrecision(1));
}

function checked(store: Store, options: DrawOptions): DrawOptions {
  checkStore("draw", store);
  const { share, out, unit = "user", maxRows } = options;
  if (!(share > 0 && share <= 1))
    throw new RangeError(`draw requires a share above 0 and up to 1, such as 0.01, got ${String(share)}`);
  const units: readonly string[] = ["user", "conversation", "task", "prompt"];
  if (!units.includes(unit))
    throw new RangeError(`draw requires a unit of ${units.join(", ")}, got "${unit}"`);
  if (maxRows !== undefined && !(maxRows >= 1))
    throw new RangeError(`draw requires maxRows of at least 1, got ${String(maxRows)}`);
  if (typeof out !== "string" || out === "" || out === ":memory:")
    throw new RangeError(`draw requires a file for the store that it makes (out), got ${String(out)}`);
  if (existsSync(out))
    throw new RangeError(`draw requires a new store, and ${out} exists: name another, or remove it`);
  if (!existsSync(dirname(resolve(out))))
    throw new RangeError(`draw requires an existing folder, got ${dirname(resolve(out))}; create it first`);
  return options;
}

interface Filling {
  drawn: Store;
  connection: DuckDBConnection;
  store: Store;
  folder: string;
  counts: Drawn;
  onProgress: DrawOptions["onProgress"];
}

/** Fetches the tables one by one, each as a file that DuckDB reads. */
async function fill({ drawn, connection, store, folder, counts, onProgress }: Filling): Promise<void> {
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
