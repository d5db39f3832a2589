import { totalmem } from "node:os";
import type { DuckDBConnection } from "@duckdb/node-api";

/** A statement was stopped because it took too long. */
export class TimeLimitError extends Error {}

/**
 * The maximum seconds for expressions from a person or a mapping, on top of what a large file takes; and the
 * seconds the engine needs to notice the stop, which it checks only every few thousand records.
 */
export const patience = { seconds: 60, hearing: 10 };

// Connections on which the engine goes on with a statement it was told to stop: they would answer no further
// statement. They are kept for good: one that is collected as garbage is disconnected, which waits for its statement,
// and the whole process with it.
const busy = new Set<DuckDBConnection>();

/** True for a connection that the engine was told to free, and did not. */
export const isBusy = (connection: DuckDBConnection) => busy.has(connection);

/**
 * True if the engine is still working on a stopped statement: the process cannot exit by itself, because it waits
 * for the engine's threads, and has to be killed.
 */
export const isProcessBusy = () => busy.size > 0;

// The system would kill the process for memory that the engine's own limit does not count, such as the texts that
// a function makes.
const mostOfMemory = 0.9;

/**
 * Stops the statement of a connection if it is not done within some seconds, or if the process is about to use up
 * the machine's memory; `what` names it in the error. If the engine does not stop in time, the connection is
 * abandoned and answers no more.
 *
 * @throws TimeLimitError
 */
export async function withinSeconds<T>(
  connection: DuckDBConnection,
  seconds: number,
  what: string,
  work: () => Promise<T>,
): Promise<T> {
  const memory = mostOfMemory * Math.min(totalmem(), process.constrainedMemory() || totalmem());
  const begun = performance.now();
  let over: string | undefined;
  let giveUp: (error: Error) => void = () => undefined;
  let last: NodeJS.Timeout | undefined;
  const end = (why: string, hearing: number) => {
    over = why;
    clearInterval(watch);
    connection.interrupt();
    last = setTimeout(() => {
      busy.add(connection);
      giveUp(ended());
    }, hearing * 1000);
  };
  const watch = setInterval(
    () => {
      if (performance.now() - begun > seconds * 1000)
        end(`stopped after ${seconds} seconds, their time limit`, patience.hearing);
      else if (process.memoryUsage.rss() > memory)
        end("stopped, since they use all of the machine's memory", 1);
    },
    Math.min(100, seconds * 1000),
  );
  const ended = (cause?: unknown) => new TimeLimitError(`${what} ${over}; use simpler ones`, { cause });
  const isGivenUp = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  try {
    return await Promise.race([work(), isGivenUp]);
  } catch (error) {
    throw over === undefined || error instanceof TimeLimitError ? error : ended(error);
  } finally {
    clearInterval(watch);
    clearTimeout(last);
  }
}
