import { totalmem } from "node:os";
import type { DuckDBConnection } from "@duckdb/node-api";

/** A statement was ended since it took longer than it may. */
export class TimeLimitError extends Error {}

/**
 * The most seconds that expressions of a person or of a mapping may take, beside what a large file takes; and those that
 * the engine has to hear of it, which it does only between some thousand records.
 */
export const patience = { seconds: 60, hearing: 10 };

// Connections on which the engine goes on with what it was told to end: no further statement of them would be answered.
const busy = new WeakSet<DuckDBConnection>();
let isAnyBusy = false;

/** True of a connection that the engine was told to free, and did not. */
export const isBusy = (connection: DuckDBConnection) => busy.has(connection);

/**
 * True if the engine still works at what was told to end: the process cannot come to its end by itself, since the
 * engine's threads are waited for, and has to be killed.
 */
export const isProcessBusy = () => isAnyBusy;

// What the engine's own limit does not count, such as the texts that a function makes, the system would end us for.
const mostOfMemory = 0.9;

/**
 * Ends what a connection runs where it is not done within some seconds, or where the process is about to take all of the
 * machine's memory; `what` says of whom, in the error. What the engine does not end in time is left to itself: the
 * connection answers no more.
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
      isAnyBusy = true;
      giveUp(ended());
    }, hearing * 1000);
  };
  const watch = setInterval(
    () => {
      if (performance.now() - begun > seconds * 1000)
        end(`ended after ${seconds} seconds, the most that they may take`, patience.hearing);
      else if (process.memoryUsage.rss() > memory)
        end("ended since they take all of the machine's memory", 1);
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
