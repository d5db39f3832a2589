import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { open, type Store } from "../store/open";
import { quoteName } from "../store/quote";
import { run } from "../store/run";
import { scratch } from "../store/scratch";
import { copyBenchmarks } from "./benchmarks";
import type { Scan } from "./scope";
import { Session } from "./session";

/** The number of sample rows from each table for finding the statements that a measure would send. */
const some = 1000;

/** What an engine would have to read for a question. */
export interface Reads {
  statements: number;
  /** How often the calls are read, over all statements; an engine may read less where a filter or a limit lets it. */
  scans: number;
  /** Columns of calls read, each counted as often as it is read. */
  columns: number;
  /** Their names. */
  names: string[];
}

/**
 * An engine's store that writes statements without sending them. A local DuckDB answers from sample rows of each table,
 * so that a measure can run.
 *
 * @returns `reads`, which runs work on such a store and returns what an engine would read, and `close`
 */
export async function rehearsal(
  store: Store,
): Promise<{ reads(work: (store: Store) => Promise<unknown>): Promise<Reads>; close(): void }> {
  const { lake, beside: local } = store.connection as unknown as Session;
  const folder = scratch();
  const beside = await open(":memory:");
  try {
    for (const [table, { columns }] of lake.tables) {
      for (const { name } of columns)
        if (name.startsWith("attributes."))
          await run(beside.connection, `alter table ${table} add column ${quoteName(name)} VARCHAR`);
      const session = (await store.connect()) as unknown as Session;
      const rows = await session.save(`select * from ${table} limit ${some}`, join(folder.path, table));
      await run(beside.connection, `insert into ${table} by name ${rows}`);
    }
    await copyBenchmarks(local, beside.connection);
  } catch (error) {
    beside.close();
    throw error;
  } finally {
    folder.remove();
  }
  return {
    async reads(work) {
      const sessions: Session[] = [];
      const connect = async () => {
        const session = new Session({ ...lake, client: undefined }, await beside.connect());
        sessions.push(session);
        return session as unknown as DuckDBConnection;
      };
      await work({ ...store, connect, connection: await connect() });
      return sum(sessions.flatMap(({ scans }) => scans));
    },
    close: () => beside.close(),
  };
}

function sum(statements: readonly Scan[][]): Reads {
  const ofCalls = statements.flat().filter(({ table }) => table.toLowerCase() === "calls");
  return {
    statements: statements.length,
    scans: ofCalls.reduce((all, { times }) => all + times, 0),
    columns: ofCalls.reduce((all, { times, columns }) => all + times * columns.length, 0),
    names: [...new Set(ofCalls.flatMap(({ columns }) => columns))],
  };
}
