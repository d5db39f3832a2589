import type { DuckDBConnection } from "@duckdb/node-api";
import { run } from "./query";

/**
 * What counts as one cluster in the view `selected` of a selection that knows of hours: its own clusters, the hours
 * that they share, or the part of a cluster that falls into an hour.
 */
export type Grain = "hour" | "both";

/** Works while the view `selected` is clustered by another grain; everything that reads it then is. */
export async function atGrain<T>(
  connection: DuckDBConnection,
  grain: Grain,
  work: () => Promise<T>,
): Promise<T> {
  await run(connection, `set variable grain = '${grain}'`);
  try {
    return await work();
  } finally {
    await run(connection, "reset variable grain");
  }
}

/** The expression of the column `cluster` at whichever grain is set, from those of a cluster and of an hour. */
export function grainSql(cluster: string, hour: string): string {
  return `case coalesce(getvariable('grain'), '') when 'hour' then ${hour} when 'both' then ${cluster} || ' ' || ${hour} else ${cluster} end`;
}
