import type { DuckDBConnection } from "@duckdb/node-api";
import { effectiveText, FEW_CLUSTERS, FEWEST_CLUSTERS } from "../stats/clusterError";
import { defined } from "../stats/defined";
import { FEWEST_DAYS } from "../stats/hourSeries";
import { FEWEST_HOURS } from "../stats/sharedTime";
import { percent } from "../stats/text";
import { rowsOnce } from "../store/once";
import { quoteName } from "../store/quote";
import { copies, copiesOf } from "./copies";

/** The names that `cluster` accepts, coarse to fine. Those that end in _id may be given without it. */
export const clusterNames = [
  "auto",
  "user_id",
  "conversation_id",
  "task_id",
  "prompt_id",
  "day",
  "hour",
  "call_id",
] as const;

/** All that may be read to choose and to name clusters, and the hours that they share. */
export const clusterReads: readonly string[] = [
  ...clusterNames,
  ...["in_hour", "begun", "answers", "started_at", "duration", "model", "input_tokens", "output_tokens"],
];

/** The value for a measure that builds its own clusters, or needs none. */
export const unclustered = "none";

/** The full name that `cluster` means, "conversation" as "conversation_id"; undefined for an unknown one. */
export function clusterNamed(given: string): string | undefined {
  const names: readonly string[] = clusterNames;
  return [given, `${given}_id`].find((name) => names.includes(name));
}

/** Units that nest in each other, coarse to fine. */
const nested = ["user_id", "conversation_id", "task_id"];
/** Share of the calls in which a time, or what makes an evaluation run, must be filled. */
const filledShare = 0.9;
/**
 * Share of the calls in which an id must be filled: calls without it then count by the next finer id, or alone, and those with it
 * show how much users differ. Simulated in docs/simulations/days.md.
 */
const knownShare = 0.5;

interface Choice {
  clusterBy: string;
  /** The expression of the id that clusters; empty for a call without one. */
  unit: string;
  /** True if the clusters also share hours. */
  hours?: boolean;
  note?: string;
}

/** True if every call is its own cluster, whether or not calls share hours as well. */
export const callsAlone = (clusterBy: string): boolean => clusterBy.startsWith("call_id");

/** True for a cluster that is a span of time. */
export const isTime = (clusterBy: string): boolean => clusterBy === "hour" || clusterBy === "day";

/**
 * Chooses the unit of independence. "auto" takes the coarsest of user, conversation and task that is filled in half
 * of the calls, however few distinct ones there are, since units nested in it are not independent. If the
 * measure can estimate what clusters share in time, and calls have times, it clusters by the hour (or day) as
 * well.
 *
 * Evaluation runs are clustered by prompt: the same prompts are asked again in the next run, not the same users.
 *
 * @param predicate the calls that decide; `by`, what tells rows apart: in a row for one user, the user is not a
 * cluster; `mayEvaluate`, whether evaluation runs may be among them; `isOwn`, false for calls of another engine, where copies are not
 * looked for
 */
export async function chooseCluster(
  connection: DuckDBConnection,
  given: string,
  {
    predicate,
    by = [],
    hours = false,
    mayEvaluate = false,
    isOwn = true,
  }: {
    predicate: string;
    by?: readonly string[];
    hours?: boolean;
    mayEvaluate?: boolean;
    isOwn?: boolean;
  },
): Promise<Choice> {
  if (given === unclustered) return { clusterBy: "call_id", unit: "call_id" };
  const unit = clusterNamed(given);
  if (unit === undefined) {
    throw new RangeError(`cluster requires one of ${clusterNames.join(", ")}, got "${given}"`);
  }
  if (unit !== "auto") {
    if (unit !== "call_id") await requireFilled(connection, unit, predicate);
    const note = await finerThanKnown(connection, unit, predicate);
    return defined({ clusterBy: unit, unit: unitSql(unit), note });
  }
  if (mayEvaluate && !by.includes("prompt_id") && (await areEvaluated(connection, predicate))) {
    const note = "Intervals take the calls of one prompt_id as one cluster, since they are evaluation runs.";
    return { clusterBy: "prompt_id", unit: unitSql("prompt_id"), note };
  }
  const passedOver: string[] = [];
  let any = false;
  for (const name of nested) {
    const { calls, filled, effective, most } = await clustering(connection, name, predicate);
    any ||= calls > 0;
    if (calls === 0 || filled === 0) continue;
    if (by.includes(name)) {
      passedOver.push(`the rows are split by ${name}`);
    } else if (filled < knownShare * calls) {
      passedOver.push(`${name} is filled in ${percent(filled / calls)} of the calls, and 50 % are needed`);
    } else {
      const time = hours ? await sharedTimes(connection, predicate) : { hours: false, said: "" };
      const next = effective < FEWEST_CLUSTERS ? await nextFilled(connection, name, predicate) : "call_id";
      const lead = most / calls;
      const note = chosen(
        name,
        { effective, lead, next },
        passedOver,
        `${partly(name, filled / calls)}${time.said}`,
      );
      return time.hours
        ? { clusterBy: `${name} and hour`, unit: unitSql(name), hours: true, note }
        : { clusterBy: name, unit: unitSql(name), note };
    }
  }
  const copied = any && isOwn ? await copiesOf(connection, predicate) : undefined;
  const alone = copied?.choice ?? { clusterBy: "call_id", unit: "call_id" };
  if (!any) return alone;
  const why = passedOver.length === 0 ? "no user, conversation or task id is filled" : passedOver.join(", ");
  const narrow = `where calls of one user resemble each other, the intervals are too narrow`;
  const time = hours ? await sharedTimes(connection, predicate) : { hours: false, said: "" };
  // Without ids, time is all that is known of what calls share.
  return time.hours
    ? {
        ...alone,
        hours: true,
        clusterBy: `${alone.clusterBy} and hour`,
        note: `Intervals take ${copied?.said ?? "every call"} as one cluster, since ${why}${time.said}; ${narrow}.`,
      }
    : copied !== undefined
      ? {
          ...alone,
          note: `Intervals take ${copied.said} as one cluster, since ${why}${time.said}; ${narrow}.`,
        }
      : { ...alone, note: `Every call counts as independent, since ${why}: ${narrow}${time.said}.` };
}

/** True where calls are their own clusters: alone, or with their copies. */
export const isOfCalls = (clusterBy: string): boolean => ["call_id", copies.clusterBy].includes(clusterBy);

/** True where nearly all of the calls are evaluation runs whose prompts have ids. */
async function areEvaluated(connection: DuckDBConnection, predicate: string): Promise<boolean> {
  const [{ calls, evaluated }] = await rowsOnce<{ calls: number; evaluated: number }>(
    connection,
    `select count(*)::double as calls,
            (count(prompt_id) filter (where environment = 'evaluation'))::double as evaluated
     from facts where ${predicate}`,
  );
  return calls > 0 && evaluated >= filledShare * calls;
}

/** The note for a requested unit that is nested in a coarser one that the log has. */
async function finerThanKnown(
  connection: DuckDBConnection,
  given: string,
  predicate: string,
): Promise<string | undefined> {
  const finer = given === "call_id" ? nested.length : nested.indexOf(given);
  for (const name of nested.slice(0, Math.max(0, finer))) {
    const { calls, filled, effective } = await clustering(connection, name, predicate);
    if (calls === 0 || filled < knownShare * calls) continue;
    return `Intervals hold for these ${ofUnit(name)} only (${effectiveText(effective)} effective ones): every ${given} counts as independent, and variation between ${ofUnit(name)} is not included.`;
  }
  return undefined;
}

/** "user_id" as "users". */
const ofUnit = (name: string) => `${name.replace(/_id$/, "")}s`;

/** True if enough calls have times to estimate what an hour does to all of them; with the note about it. */
async function sharedTimes(connection: DuckDBConnection, predicate: string) {
  const { calls, filled, effective, days } = await clustering(connection, "hour", predicate);
  if (filled < filledShare * calls) return { hours: false, said: "" };
  if (effective < FEWEST_HOURS)
    return {
      hours: false,
      said: `; variation between hours is not included, since the log has ${effectiveText(effective)} effective hours (${FEWEST_HOURS} are needed)`,
    };
  const ofDays =
    days < FEWEST_DAYS
      ? `; variation between days is not, since the log has ${days} days (${FEWEST_DAYS} are needed), nor are incidents that it did not meet`
      : ", or between days where these differ by more than their hours explain";
  return { hours: true, said: `, and include the variation between hours${ofDays}` };
}

/** The notes of a selection without what counts as one cluster for its intervals, and why. */
export const withoutIntervals = ({
  notes,
  intervalNote,
}: {
  notes: readonly string[];
  intervalNote?: string | undefined;
}): string[] => notes.filter((note) => note !== intervalNote);

function chosen(
  name: string,
  { effective, lead, next }: { effective: number; lead: number; next: string },
  passedOver: string[],
  time: string,
): string {
  const why =
    passedOver.length === 0
      ? ""
      : `, since ${passedOver.join(", ")}; variation between such ids is not included`;
  // Users of equal size say nothing more by the share of one.
  const leading =
    lead * effective > 1.2 ? `one ${name.replace(/_id$/, "")} makes ${percent(lead)} of the calls, so ` : "";
  const count = effectiveText(effective);
  const few =
    effective < FEWEST_CLUSTERS
      ? `; ${leading}the clusters amount to ${count} effective ones, and ${FEWEST_CLUSTERS} are needed: numbers from fewer have no interval, and what rests on them is left open (--cluster ${next} gives intervals for these ${ofUnit(name)} only)`
      : effective < FEW_CLUSTERS
        ? `; ${leading}the clusters amount to ${count} effective ones: below ${FEW_CLUSTERS} the intervals may be too narrow`
        : "";
  return `Intervals take the calls of one ${name} as one cluster${why}${time}${few}.`;
}

/** Where a tenth of the calls or more has no id. */
const partly = (name: string, share: number): string =>
  share < filledShare
    ? ` (${percent(1 - share)} of the calls have none: each counts by ${name === "user_id" ? "its conversation or task, or alone" : name === "task_id" ? "itself" : "its task, or alone"}, and where they are of such ${ofUnit(name)} as well, the intervals are somewhat too narrow)`
    : "";

/** The next finer unit that the calls have, to use if there are too few of a unit to show how they differ. */
async function nextFilled(connection: DuckDBConnection, name: string, predicate: string): Promise<string> {
  for (const next of nested.slice(nested.indexOf(name) + 1)) {
    const { calls, filled } = await clustering(connection, next, predicate);
    if (filled >= knownShare * calls) return next;
  }
  return "call_id";
}

const timeSql: Record<string, string> = { hour: "in_hour", day: "in_hour // 24" };
const unitSql = (name: string) => (isTime(name) ? `(${timeSql[name]})::varchar` : quoteName(name));

async function clustering(connection: DuckDBConnection, name: string, predicate: string) {
  // Days are hours put together, so querying them separately takes a scan.
  const days = name === "hour" ? "count(distinct unit // 24)" : "0";
  const [row] = await rowsOnce<Record<"calls" | "filled" | "most" | "effective" | "days", number>>(
    connection,
    `select coalesce(sum(m), 0)::double as calls,
            coalesce(sum(m) filter (unit is not null), 0)::double as filled,
            coalesce(max(m) filter (unit is not null), 0)::double as most,
            ${days}::double as days,
            coalesce(sum(m::double) filter (unit is not null) ^ 2
              / sum(m::double ^ 2) filter (unit is not null), 0) as effective
     from (select ${timeSql[name] ?? quoteName(name)} as unit, count(*) as m from facts where ${predicate} group by unit)`,
  );
  return row;
}

async function requireFilled(connection: DuckDBConnection, name: string, predicate: string): Promise<void> {
  const column = isTime(name) ? "started_at" : name;
  const [{ filled, calls }] = await rowsOnce<{ filled: boolean; calls: boolean }>(
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
