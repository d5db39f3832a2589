import type { DuckDBConnection } from "@duckdb/node-api";

let made: Promise<DuckDBConnection> | undefined;

/** Settings of every instance: nothing is fetched from the network, whatever a statement names. */
export const offline = {
  autoinstall_known_extensions: "false",
  autoload_known_extensions: "false",
};

/**
 * A connection to a separate engine that holds no data, can reach no file and no network, and whose settings are
 * locked: texts from outside, such as a mapping's expressions, are parsed and planned in it.
 */
export function sandbox(): Promise<DuckDBConnection> {
  made ??= make();
  return made;
}

async function make(): Promise<DuckDBConnection> {
  const { DuckDBInstance } = require("@duckdb/node-api") as typeof import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", {
    ...offline,
    enable_external_access: "false",
    lock_configuration: "true",
    threads: "1",
    memory_limit: "256MB",
  });
  return instance.connect();
}
