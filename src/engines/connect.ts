import type { DuckDBConnection } from "@duckdb/node-api";
import { checkStore, open, type Store } from "../store/open";
import { quoteName } from "../store/quote";
import { run } from "../store/run";
import { columnsOf, type TableName } from "../store/schema";
import { type Address, addressOf, EngineFailure } from "./address";
import { copyBenchmarks } from "./benchmarks";
import { clickhouse } from "./clickhouse";
import { clickhouseClient } from "./clickhouseClient";
import type { Client } from "./client";
import type { Dialect } from "./dialect";
import { parquetScheme, parquetStore } from "./parquet";
import type { Base, Column } from "./scope";
import { keyOf } from "./scope";
import { type Lake, Session } from "./session";
import { trino } from "./trino";
import { trinoClient } from "./trinoClient";

/** The engine's tables, by name or as queries in the engine's own SQL, and what is read beside them. */
export interface ConnectOptions {
  /**
   * A table or query of calls: columns of docs/schema.md under the same names, in any order. Default: the table
   * "calls".
   */
  calls?: string;
  /** The same for tasks and their outcomes. Default: the table "tasks", if it exists. */
  tasks?: string;
  /** The same for scores. Default: the table "scores", if it exists. */
  scores?: string;
  /**
   * A schema where tables of intermediate rows may be created, which are dropped after each measure, such as
   * "lake.scratch" on Trino. Default: none; there the query behind such a table runs again wherever it is read.
   */
  scratch?: string;
  /** A store whose benchmarks `agreement` compares with the engine's calls; nothing else of it is used. Default: none. */
  benchmarks?: Store;
}

const engines: Record<string, { dialect: Dialect; client: (address: Address) => Client }> = {
  clickhouse: { dialect: clickhouse, client: clickhouseClient },
  trino: { dialect: trino, client: trinoClient },
};

/**
 * Opens an engine for reading: a store like the one from `open`, for the measures that run on the engine.
 *
 * A table or query may have any of the columns in docs/schema.md; missing ones are null. Columns called
 * `attributes.NAME` can be named in `by` and `where`. Nothing is written to the engine but in a schema named as `scratch`. With "parquet:folder/*.parquet"
 * DuckDB itself reads the files where they are; tasks and scores are files too, and every measure runs.
 *
 * @param url "clickhouse://host:8123/database" or "trino://host:8080/catalog/schema"; with user and password, which may
 * also come from the environment; or "parquet:" and files
 * @returns a read-only store; close it after use
 * @throws if the engine does not answer, or a table has none of the columns in docs/schema.md
 * @example
 * await writeOut(await openDemo(), "select * from calls", "calls.parquet");
 * const store = await connect("parquet:calls.parquet");
 * (await latency(store, { by: "provider" })).rows[0].quantiles["0.5"].value.toFixed(1) // "10.2"
 */
export async function connect(url: string, options: ConnectOptions = {}): Promise<Store> {
  const { benchmarks, scratch, ...relations } = options;
  const unknownTable = Object.keys(relations).find((name) => !["calls", "tasks", "scores"].includes(name));
  if (unknownTable !== undefined)
    throw new RangeError(`connect requires tables of calls, tasks, scores, got "${unknownTable}"`);
  checkBenchmarks(benchmarks);
  if (String(url).startsWith(parquetScheme)) {
    if (scratch !== undefined)
      throw new RangeError(`connect requires no scratch for ${parquetScheme}, got ${scratch}`);
    const { calls = url, ...others } = relations;
    const store = await parquetStore(calls.replace(parquetScheme, ""), others);
    if (benchmarks === undefined) return store;
    try {
      await copyBenchmarks(benchmarks.connection, store.connection);
    } catch (error) {
      store.close();
      throw error;
    }
    return store;
  }
  const { engine, address } = addressOf(url);
  const known = engines[engine];
  if (known === undefined)
    throw new RangeError(
      `connect requires an engine of ${Object.keys(engines).join(", ")}, parquet, got "${engine}"`,
    );
  const dialect = withScratch(known.dialect, scratch);
  const client = known.client(address);
  const given: [TableName, string | undefined][] = [
    ["calls", relations.calls ?? "calls"],
    ["tasks", relations.tasks],
    ["scores", relations.scores],
  ];
  const beside = await open(":memory:");
  try {
    const tables = new Map<string, Base>();
    for (const [table, relation] of given) {
      const found = relationOf({
        table,
        relation: relation ?? table,
        dialect,
        client,
        beside: beside.connection,
      });
      // Only calls are required; a default table of tasks or scores may be absent.
      const there = relation === undefined ? await found.catch(absent) : await found;
      if (there !== undefined) tables.set(table, there);
    }
    if (benchmarks !== undefined) await copyBenchmarks(benchmarks.connection, beside.connection);
    return await engineStore(address.shown, { dialect, client, tables }, beside);
  } catch (error) {
    beside.close();
    throw error;
  }
}

function checkBenchmarks(store: Store | undefined): void {
  if (store === undefined) return;
  checkStore("connect (benchmarks)", store);
  if (store.engine !== undefined)
    throw new TypeError(
      `connect requires benchmarks of a store opened with open, got one of ${store.engine}; ingest the scores into a store first`,
    );
}

/** The dialect of an engine that may create tables in a schema. */
function withScratch(dialect: Dialect, scratch: string | undefined): Dialect {
  if (scratch === undefined) return dialect;
  if (dialect.scratch === undefined)
    throw new RangeError(
      `connect requires no scratch for ${dialect.name}, which keeps intermediate rows in tables of the session, got "${scratch}"`,
    );
  if (!/^[^."]+(\.[^."]+)?$/.test(scratch))
    throw new RangeError(`connect requires scratch as a schema or catalog.schema, got "${scratch}"`);
  return { ...dialect, temporary: dialect.scratch(scratch) };
}

async function engineStore(path: string, lake: Lake, beside: Store): Promise<Store> {
  // A session has every method that our code calls on a connection.
  const connect = async () => new Session(lake, await beside.connect()) as unknown as DuckDBConnection;
  const connection = await connect();
  return {
    path,
    readOnly: true,
    engine: lake.dialect.name,
    connection,
    connect,
    close() {
      connection.closeSync();
      beside.close();
    },
  };
}

/**
 * The engine's relation for one of our tables, with each column cast to DuckDB's type. Its attribute columns are also
 * added to the local DuckDB's table.
 */
async function relationOf({
  table,
  relation,
  dialect,
  client,
  beside,
}: {
  table: TableName;
  relation: string;
  dialect: Dialect;
  client: Client;
  beside: DuckDBConnection;
}): Promise<Base> {
  const text = /^\s*(select|with)\b/i.test(relation) ? `(${relation})` : relation;
  const described = await client.columns(
    `SELECT * FROM ${text} AS source LIMIT 0`,
    new AbortController().signal,
  );
  const there = new Map(described.map(([name, type]) => [keyOf(name), { name, type }]));
  const ours = Object.entries(columnsOf(table)).map(([name, { type }]): Column => ({ name, type }));
  if (!ours.some(({ name }) => there.has(keyOf(name))))
    throw new RangeError(
      `connect requires ${table} with columns of docs/schema.md, such as ${ours
        .slice(0, 5)
        .map(({ name }) => name)
        .join(", ")}; ${relation} has ${[...there.values()]
        .slice(0, 20)
        .map(({ name }) => name)
        .join(", ")}`,
    );
  const attributes: Column[] = [];
  if (table === "calls")
    for (const { name } of there.values())
      if (keyOf(name).startsWith("attributes.")) {
        attributes.push({ name, type: "VARCHAR" });
        await run(beside, `alter table calls add column ${quoteName(name)} VARCHAR`);
      }
  const columns = [...ours, ...attributes];
  const { quote, types } = dialect;
  const own = (name: string) => `source.${quote(there.get(keyOf(name))?.name ?? name)}`;
  const value = ({ name, type = "VARCHAR" }: Column) => {
    const found = there.get(keyOf(name));
    if (found === undefined) return `CAST(NULL AS ${types[type]})`;
    const read = dialect.reads(type, found.type) ? own(name) : `CAST(${own(name)} AS ${types[type]})`;
    // Engines without nulls write an empty text for a missing one, as some logs do; an ingest makes it null too.
    return type === "VARCHAR" ? `nullif(${read}, '')` : read;
  };
  // Engines have no row numbers, so a call is identified by a hash of all its columns.
  const row = `CAST(${dialect.functions[">>"] instanceof Function ? dialect.functions[">>"](dialect.hash(ours.map(value)), "1") : "0"} AS ${types.BIGINT})`;
  const reads = (needed: ReadonlySet<string>) =>
    (needed.has("rowid") ? columns : columns.filter(({ name }) => needed.has(keyOf(name))))
      .filter(({ name }) => there.has(keyOf(name)))
      .map(({ name }) => name);
  return {
    columns: [...columns, { name: "rowid", type: "BIGINT", hidden: true }],
    reads,
    print(needed) {
      const list = columns
        .filter(({ name }) => needed.has(keyOf(name)))
        .map((one) => `${value(one)} AS ${quote(one.name)}`);
      if (needed.has("rowid")) list.push(`${row} AS ${quote("rowid")}`);
      return `SELECT ${list.join(", ") || "1 AS none"} FROM ${text} AS source`;
    },
  };
}

function absent(error: unknown): undefined {
  if (!(error instanceof EngineFailure)) throw error;
}
