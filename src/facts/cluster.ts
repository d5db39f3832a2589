import type { DuckDBConnection } from "@duckdb/node-api";
import { percent } from "../stats/text";
import { rowsOf } from "../store/query";
import { quoteName } from "../store/quote";

/** The names that `cluster` takes, coarse to fine. */
export const clusterNames = [
  "auto",
  "user_id",
  "conversation_id",
  "task_id",
  "prompt_id",
  "hour",
  "call_id",
] as const;

/** Effective clusters below which a column is too coarse to cluster by on its own. */
const enough = 30;
/** Effective hours below which nothing is known of what an hour does to all. */
const enoughHours = 10;
/** Share of the calls in which a column must be filled. */
const filledShare = 0.9;

interface Choice {
  clusterBy: string;
  /** The expression of the id that clusters; empty for a call that has none. */
  unit: string;
  /** True where the clusters also share hours. */
  hours?: boolean;
  note?: string;
}

/**
 * Chooses the unit of independence. "auto" takes the coarsest of user, conversation and task that is
 * filled in 90 % of the calls and has 30 effective clusters, (sum m)^2 / sum m^2 for clusters of m calls. Where the
 * measure can tell what clusters share in time, and calls have times, it clusters by the hour as well.
 *
 * @param predicate the calls that decide
 */
export async function chooseCluster(
  connection: DuckDBConnection,
  asked: string,
  { predicate, hours = false }: { predicate: string; hours?: boolean },
): Promise<Choice> {
  if (!(clusterNames as readonly string[]).includes(asked)) {
    throw new RangeError(`cluster requires one of ${clusterNames.join(", ")}, got "${asked}"`);
  }
  if (asked !== "auto") {
    if (asked !== "call_id") await requireFilled(connection, asked, predicate);
    return { clusterBy: asked, unit: unitSql(asked) };
  }
  const passedOver: string[] = [];
  let any = false;
  for (const name of ["user_id", "conversation_id", "task_id"]) {
    const { calls, filled, effective } = await clustering(connection, name, predicate);
    any ||= calls > 0;
    if (calls === 0 || filled === 0) continue;
    if (filled < filledShare * calls) {
      passedOver.push(`${name} is filled in ${percent(filled / calls)} of the calls`);
    } else if (effective < enough) {
      passedOver.push(`${name} has ${effective.toFixed(1)} effective clusters`);
    } else {
      const time = hours ? await sharedHours(connection, predicate) : { hours: false, said: "" };
      const note = chosen(name, passedOver, time.said);
      return time.hours
        ? { clusterBy: `${name} and hour`, unit: unitSql(name), hours: true, note }
        : { clusterBy: name, unit: unitSql(name), note };
    }
  }
  const why = passedOver.length === 0 ? "no user, conversation or task id is filled" : passedOver.join(", ");
  return {
    clusterBy: "call_id",
    unit: "call_id",
    note: any
      ? `Every call counts as independent, since ${why}: where calls of one user resemble each other, the intervals are too narrow.`
      : undefined,
  };
}

/** Whether the calls have times enough to tell what an hour does to all of them, and what is said of it. */
async function sharedHours(connection: DuckDBConnection, predicate: string) {
  const { calls, filled, effective } = await clustering(connection, "hour", predicate);
  if (filled < filledShare * calls) return { hours: false, said: "" };
  return effective >= enoughHours
    ? { hours: true, said: ", and what all calls of an hour share is in them as well" }
    : {
        hours: false,
        said: `; what all calls of an hour share is not in them, since the log has ${effective.toFixed(1)} effective hours (${enoughHours} are needed)`,
      };
}

/** True for a note that says what the intervals count as one cluster, and why, rather than what was measured. */
export const tellsOfIntervals = (note: string): boolean =>
  /^(Every .+ counts? as independent|Intervals take )/.test(note);

function chosen(name: string, passedOver: string[], time: string): string {
  const why =
    passedOver.length === 0 ? "" : `, since ${passedOver.join(", ")} (30 are needed, in 90 % of the calls)`;
  return `Intervals take the calls of one ${name} as one cluster${why}${time}.`;
}

const unitSql = (name: string) => (name === "hour" ? "in_hour::varchar" : quoteName(name));

async function clustering(connection: DuckDBConnection, name: string, predicate: string) {
  const [row] = await rowsOf<{ calls: number; filled: number; effective: number }>(
    connection,
    `select coalesce(sum(m), 0)::double as calls,
            coalesce(sum(m) filter (unit is not null), 0)::double as filled,
            coalesce(sum(m::double) filter (unit is not null) ^ 2
              / sum(m::double ^ 2) filter (unit is not null), 0) as effective
     from (select ${name === "hour" ? "in_hour" : quoteName(name)} as unit, count(*) as m from facts where ${predicate} group by unit)`,
  );
  return row;
}

async function requireFilled(connection: DuckDBConnection, name: string, predicate: string): Promise<void> {
  const column = name === "hour" ? "started_at" : name;
  const [{ filled, calls }] = await rowsOf<{ filled: boolean; calls: boolean }>(
    connection,
    `select exists (select 1 from calls where ${predicate}) as calls,
            exists (select 1 from calls where ${quoteName(column)} is not null and ${predicate}) as filled`,
  );
  if (calls && !filled) {
    throw new RangeError(
      `cluster ${name} requires calls with a ${column}, and none has one; use --cluster auto or map ${column} at ingest`,
    );
  }
}
