import type { DuckDBConnection } from "@duckdb/node-api";

/** A statement was ended since it took longer than it may. */
export class TimeLimitError extends Error {}

/** The most seconds that expressions of a person or of a mapping may take, beside what a large file takes. */
export const patience = { seconds: 60 };

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
      `${what} ended after ${seconds} seconds, the most that they may take; use simpler ones`,
      { cause: error },
    );
  } finally {
    clearTimeout(timer);
  }
}
