import type { DuckDBConnection } from "@duckdb/node-api";

/** A statement was ended since it took longer than it may. */
export class TimeLimitError extends Error {}

/** Ends what a connection runs where it is not done within some seconds; `what` says of whom, in the error. */
export async function withinSeconds<T>(
  connection: DuckDBConnection,
  seconds: number,
  what: string,
  work: () => Promise<T>,
): Promise<T> {
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
    connection.interrupt();
  }, seconds * 1000);
  try {
    return await work();
  } catch (error) {
    if (!isOver) throw error;
    throw new TimeLimitError(
      `${what} ended after ${seconds} seconds, the most that is given for a file of its size; use a simpler expression`,
      { cause: error },
    );
  } finally {
    clearTimeout(timer);
  }
}
