import type { DuckDBConnection } from "@duckdb/node-api";
import { isProcessBusy } from "./limit";
import { rowsOf, run } from "./run";

// Two of the engine's row groups; each thread takes one group at a time.
const few = 245_760;

/**
 * Works on one engine thread if there are few rows. Several threads would share a single row group, wait for it,
 * and copy the inserted rows twice, so a small insert takes three times as long.
 */
export async function onThreadsFor<T>(
  connection: DuckDBConnection,
  rows: number,
  work: () => Promise<T>,
): Promise<T> {
  // The engine joins the threads that it gives up, and one may be in a statement that never ends.
  if (rows >= few || isProcessBusy()) return work();
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
