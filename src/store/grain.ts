import type { DuckDBConnection } from "@duckdb/node-api";
import { run } from "./query";

/**
 * What counts as one cluster in the view `selected` of a selection that knows of hours: its own clusters, the hours
 * that they share, or the part of a cluster that falls into an hour.
 */
export type Grain = "hour" | "both";

/**
 * Works while the view `selected` is clustered by another grain; everything that reads it then is.
 *
 * @param every with the grain "both", only one cluster in so many is there, whole, and picked by its hash: parts of
 * clusters are nearly as many as calls, and sums over them need not have all
 */
export async function atGrain<T>(
  connection: DuckDBConnection,
  grain: Grain,
  work: () => Promise<T>,
  every = 1,
): Promise<T> {
  await run(connection, `set variable grain = '${grain}'; set variable every = ${every}`);
  try {
    return await work();
  } finally {
    await run(connection, "reset variable grain");
  }
}

/** Calls of a row from which sums over the parts of clusters are taken from some of the clusters. */
const enough = 20_000;

/** One cluster in how many is enough, for so many calls in so many rows. */
export function sparing(calls: number, rows: number): number {
  return Math.max(1, Math.floor(calls / (enough * Math.max(1, rows))));
}

/** The expressions of the column `cluster` at whichever grain is set, and of the clusters that are there. */
export function grainSql(cluster: string, hour: string): { cluster: string; there: string } {
  return {
    cluster: `case coalesce(getvariable('grain'), '') when 'hour' then hash(${hour}) when 'both' then hash(${cluster}, ${hour}) else hash(${cluster}) end`,
    there: `(coalesce(getvariable('grain'), '') <> 'both' or hash(${cluster}) % getvariable('every')::ubigint = 0)`,
  };
}
