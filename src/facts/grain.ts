import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOnce } from "../store/once";
import { quoteName } from "../store/quote";
import { run } from "../store/run";

/**
 * What counts as one cluster besides a selection's own: the hours that clusters share, or a cluster's part in an
 * hour.
 */
export type Grain = "hour" | "both";

/** Calls in a row from which sums over the parts of clusters use only some of the clusters. */
const enough = 20_000;

/** One cluster in this many is enough, for so many calls in so many rows. */
export function clusterSampleRate(calls: number, rows: number): number {
  return Math.max(1, Math.floor(calls / (enough * Math.max(1, rows))));
}

/** True if every one of the rows, chosen by columns of calls, has a value. */
async function isFilled(
  connection: DuckDBConnection,
  { value, from, rows }: { value: string; from: "calls" | "facts"; rows: string },
): Promise<boolean> {
  const [{ filled }] = await rowsOnce<{ filled: boolean }>(
    connection,
    `select not exists (select 1 from ${from} where ${value} is null and ${rows}) as filled`,
  );
  return filled;
}

/**
 * The expressions of a call's cluster and of its hour. A call without the id counts with what is nested in it, else alone; one
 * without a time has an hour of its own. If none lacks them, the ids of tasks and calls need not be read.
 */
export async function grainSql(
  connection: DuckDBConnection,
  unit: string,
  { rows, hours }: { rows: string; hours: boolean },
): Promise<{ cluster: string; hour: string }> {
  const filled =
    unit === "call_id" ||
    (await isFilled(connection, { value: unit, from: unit.includes("in_hour") ? "facts" : "calls", rows }));
  const finer = unit === quoteName("user_id") ? "conversation_id, task_id" : "task_id";
  const cluster = filled ? unit : `coalesce(${unit}, ${finer}, call_id)`;
  const hour =
    !hours || (await isFilled(connection, { value: "begun", from: "facts", rows }))
      ? "in_hour"
      : "coalesce(in_hour, (hash(call_id) >> 1)::bigint)";
  return { cluster, hour };
}

/**
 * The statement of the table `sampled`: the hashes of one cluster in `every`, picked by the first 32 bits of the
 * md5 of its name, which every engine has.
 */
function sampleTable(cluster: string, rows: string, every: number): string {
  // A count rather than just distinct names, so that md5 is computed once for every name.
  return `create or replace temp table sampled as
    select hash(cluster) as cluster
    from (select ${cluster} as cluster, count(*) as calls from facts where ${rows} group by all)
    where calls > 0 and ('0x' || substr(md5(cluster::varchar), 1, 8))::bigint % ${every} = 0`;
}

/** A selection clustered otherwise for a while. */
export interface Regroupings {
  /**
   * Runs work while `selected` is clustered by hours, or by each cluster's part in an hour. For the parts, only
   * one cluster in `every` is there, whole: there are nearly as many parts as calls, and sums over them do not
   * need all.
   */
  regrouped<T>(grain: Grain, every: number, work: () => Promise<T>): Promise<T>;
  /** Makes the table `sampled`: the hashes of one cluster in `every`, the same ones each time. */
  sample(every: number): Promise<void>;
}

/** What clusters a selection otherwise for a while: `view` makes its view `selected` by what counts as a cluster. */
export function regroupings(
  connection: DuckDBConnection,
  {
    rows,
    grain: { cluster, hour },
    view,
  }: {
    rows: string;
    grain: { cluster: string; hour: string };
    view: (cluster: string, sampled?: string) => Promise<unknown>;
  },
): Regroupings {
  const sample = async (every: number) => {
    await run(connection, sampleTable(cluster, rows, every));
  };
  return {
    sample,
    async regrouped(by, every, work) {
      if (by === "both") await sample(every);
      const sampled = by === "both" && every > 1 ? `hash(${cluster}) in (from sampled)` : "true";
      await view(by === "hour" ? hour : `hash(${cluster}, ${hour})`, sampled);
      try {
        return await work();
      } finally {
        await view(cluster);
      }
    },
  };
}
