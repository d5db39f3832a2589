import type { DuckDBConnection } from "@duckdb/node-api";
import type { Store } from "../store/open";

/** What a question ends with that was overtaken by a newer one. */
export class Stopped extends Error {
  constructor() {
    super("stopped: a newer question took its place");
  }
}

/**
 * A store whose statements all stop at once when a signal says so, on its engine as well: for a question whose answer nobody
 * waits for any more.
 */
export function stoppable(store: Store, signal: AbortSignal): Store {
  const opened = new Set<DuckDBConnection>();
  signal.addEventListener("abort", () => {
    for (const one of opened) one.interrupt();
  });
  const connect = async () => {
    if (signal.aborted) throw new Stopped();
    const connection = await store.connect();
    const { run, closeSync } = connection;
    opened.add(connection);
    connection.run = (...given) => {
      if (signal.aborted) return Promise.reject(new Stopped());
      return run.apply(connection, given);
    };
    connection.closeSync = () => {
      opened.delete(connection);
      closeSync.call(connection);
    };
    return connection;
  };
  const { path, readOnly, engine } = store;
  return { path, readOnly, engine, connection: store.connection, connect, close: () => {} };
}
