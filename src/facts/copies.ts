import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOnce } from "../store/once";

/** Calls alike in all that tells one from another, of which an export read twice has each twice: one cluster. */
export const copies = {
  clusterBy: "copies",
  unit: "hash(coalesce(started_at::varchar || duration::varchar, call_id), model, input_tokens, output_tokens)::varchar",
};
/** True where each cluster is a call with its copies. */
export const isCopied = (clusterBy: string): boolean => clusterBy.startsWith(copies.clusterBy);

/** Copies as clusters, and what they are; undefined where so few calls are copies that it does not matter. */
export async function copiesOf(
  connection: DuckDBConnection,
  predicate: string,
): Promise<{ choice: typeof copies; said: string } | undefined> {
  if (await areCopied(connection, predicate))
    return { choice: copies, said: "calls with the same time, duration, model and tokens" };
  const unit = "hash(started_at, duration, model, input_tokens, output_tokens)";
  const from = `from facts where ${predicate}`;
  const [{ near }] = await rowsOnce<{ near: boolean }>(
    connection,
    `select approx_count_distinct(${unit}) < 0.7 * count(*) as near ${from}`,
  );
  if (!near) return undefined;
  // How many calls stand in the log so many times.
  const standing = await rowsOnce<{ m: number; apart: number }>(
    connection,
    `select m::double as m, count(*)::double as apart from (select count(*) as m ${from} group by ${unit}) group by m`,
  );
  const times = timesTold(standing);
  if (times === undefined) return undefined;
  const said = `calls that are alike, of which nearly all stand in the log ${times} times,`;
  return { choice: { clusterBy: copies.clusterBy, unit: `${unit}::varchar` }, said };
}

/** Calls apart from which it is no chance that nearly all stand there equally often. */
const fewestTold = 20;

/** Share of calls that are copies below which these make no interval wider by a twentieth. */
const MOST_COPIED = 0.05;

/** How many times a log is told whose calls have no time, or no tokens: nearly each stands there so many times, or a multiple. */
function timesTold(standing: readonly { m: number; apart: number }[]): number | undefined {
  const sum = (of: (one: { m: number; apart: number }) => number) =>
    standing.reduce((all, one) => all + of(one), 0);
  const apart = sum((one) => one.apart);
  const [{ m: times }] = [...standing].sort((a, b) => b.apart - a.apart || a.m - b.m);
  // Calls that are alike by chance stand there once, twice and more often.
  const isTold =
    times > 1 &&
    apart >= fewestTold &&
    sum((one) => (one.m % times === 0 ? one.apart : 0)) >= (1 - MOST_COPIED) * apart &&
    sum((one) => one.m * one.apart) <= times * (1 + MOST_COPIED) * apart;
  return isTold ? times : undefined;
}

/** True where so many calls are copies of others that it matters. */
async function areCopied(connection: DuckDBConnection, predicate: string): Promise<boolean> {
  // Without tokens, calls may be alike by chance where clocks are coarse.
  const known = "started_at is not null and duration is not null and input_tokens is not null";
  const from = `from facts where ${predicate} and ${known}`;
  const like = "hash(started_at, duration, model, input_tokens, output_tokens)";
  const few = (count: string) => `select count(*)::double as calls, ${count}::double as apart ${from}`;
  // A rough count is enough for most logs.
  for (const count of [`approx_count_distinct(${like})`, `count(distinct ${like})`]) {
    const [{ calls, apart }] = await rowsOnce<Record<"calls" | "apart", number>>(connection, few(count));
    if (apart >= (1 - MOST_COPIED) * calls) return false;
  }
  return true;
}
