import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOf, run } from "./run";

// Two of the engine's row groups, of which each thread takes one at a time.
const few = 245_760;

/**
 * Works on one thread of the engine where there are few rows. Several threads would have one of them to share, wait for
 * it, and copy what is inserted twice: a small insert then takes three times as long.
 */
export async function onThreadsFor<T>(
  connection: DuckDBConnection,
  rows: number,
  work: () => Promise<T>,
): Promise<T> {
  if (rows >= few) return work();
  const [{ threads }] = await rowsOf<{ threads: number }>(
    connection,
    "select current_setting('threads') as threads",
  );
  await run(connection, "set threads = 1");
  try {
    return await work();
  } finally {
    await run(connection, `set threads = ${threads}`);
  }
}
