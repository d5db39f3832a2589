import type { DuckDBConnection } from "@duckdb/node-api";
import { run } from "./run";

/** Does the work in one transaction: all of it is kept, or nothing if it throws. */
export async function transaction<T>(connection: DuckDBConnection, work: () => Promise<T>): Promise<T> {
  await run(connection, "begin");
  try {
    const done = await work();
    await run(connection, "commit");
    return done;
  } catch (error) {
    await run(connection, "rollback").catch(() => undefined);
    throw error;
  }
}
