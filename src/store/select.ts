import { inspect } from "node:util";
import type { DuckDBConnection } from "@duckdb/node-api";
import { chooseCluster } from "./cluster";
import { parseExpression } from "./expression";
import { nameList } from "./nameList";
import { didYouMean } from "./nearest";
import { checkStore, type Store } from "./open";
import { rowsOf, run } from "./query";
import { quoteName, quoteText } from "./quote";
import { reasonOf } from "./reason";
import { columnsOf } from "./schema";

/** Which calls a measure looks at, how it tells them apart, and what it takes as independent. */
export interface SelectOptions {
  /** Columns that tell rows apart, as a list or "workload,model". Default: workload and model, whichever is filled. */
  by?: string | readonly string[];
  /** A predicate over the columns of calls, in SQL. */
  where?: string;
  /** What counts as one independent unit. Default "auto": the coarsest of user, conversation and task that serves. */
  cluster?: string;
  /** Time zone for day, weekday and hour. Default "UTC". */
  timezone?: string;
  /**
   * "answers" (default) leaves out evaluation runs, judges and embeddings unless `where` or `by` names them.
   * "tasks" holds all calls but evaluation runs, also those that `where` does not choose: the column `chosen` tells.
   * "judged" holds evaluation runs as well, for what carries a score wherever it was made.
   */
  population?: "answers" | "tasks" | "judged" | "all";
  /** True in a measure that can tell what all clusters share in an hour; see `atGrain`. Default false. */
  hours?: boolean;
}

/** The calls chosen: a connection on which the view `selected` stands. */
export interface Selection {
  connection: DuckDBConnection;
  by: string[];
  /** The column that clusters, "call_id" where every call is its own. */
  clusterBy: string;
  /** True where clusters share hours, and the column `cluster` follows `atGrain`. */
  hours: boolean;
  notes: string[];
  close(): void;
}

/** The days of the week in their order, as `by: "weekday"` names them. */
export const weekdays: readonly string[] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** Columns made from the start of a call, in the asked time zone. */
const derived: Record<string, (local: string) => string> = {
  day: (local) => `strftime(${local}, '%Y-%m-%d')`,
  // Of a type whose order is that of the week.
  weekday: (local) => `strftime(${local}, '%a')::enum(${weekdays.map(quoteText).join(", ")})`,
  hour: (local) => `hour(${local})`,
};

/** The names that `by` takes. */
export function byNames(): string[] {
  return [...Object.keys(columnsOf("calls")), ...Object.keys(derived)];
}

/**
 * Makes the temporary views that the measures' SQL reads, and nothing else: `selected`, the columns of calls with
 * a group key g, the struct "by" it stands for, a column cluster and a column chosen, over the calls that the options
 * choose; and `groups`, the struct "by" of every g. (Grouping by the struct itself costs three times as much as by its hash.)
 */
export async function select(store: Store, options: SelectOptions = {}): Promise<Selection> {
  checkStore("a measure", store);
  const connection = await store.connect();
  try {
    const timezone = await checkTimezone(connection, options.timezone ?? "UTC");
    const where = options.where === undefined ? undefined : await parseWhere(connection, options.where);
    const by = options.by === undefined ? await defaultBy(connection) : parseBy(options.by);
    const named = new Set([...by, ...(where?.columns ?? []).map(([name]) => name.toLowerCase())]);
    const population = options.population ?? "answers";
    const chosen = where === undefined ? [] : [`(${where.sql})`];
    const everything = population === "all" || population === "judged";
    const { filters, note: onlyRuns } = everything
      ? { filters: [] }
      : await leftOut(connection, named, population);
    const predicate = [...chosen, ...filters].join(" and ") || "true";
    const whole = population === "tasks" || population === "judged";
    const rows = whole ? filters.join(" and ") || "true" : predicate;
    const choice = whole && where !== undefined ? `coalesce(${chosen[0]}, false)` : "true";
    // Whose a task is its answering calls tell: judges and embeddings are often logged without.
    const cluster = options.cluster ?? "auto";
    const judges = population === "tasks" && !named.has("role") && !named.has("operation");
    const { clusterBy, sql, hours, there, note } = await chooseCluster(connection, cluster, {
      predicate: judges && cluster === "auto" ? `${predicate} and ${answering}` : predicate,
      rows,
      hours: options.hours,
    });
    const local = `timezone(${quoteText(timezone)}, started_at at time zone 'UTC')`;
    const keys = by.map((name) => derived[name]?.(local) ?? quoteName(name));
    const names = by.map((_, at) => quoteName(`by${at}`));
    const key = by.length === 0 ? "0::ubigint" : `hash(${keys.join(", ")})`;
    const groupKey = by.length === 0 ? key : `hash(${names.join(", ")})`;
    const fields = by.map((name, at) => `${quoteText(name)}: ${names[at]}`);
    const own = by.map((name, at) => `${quoteText(name)}: ${keys[at]}`);
    const distinct = by.length === 0 ? "true" : keys.map((one, at) => `${one} as ${names[at]}`).join(", ");
    // A struct needs a field: with no `by` every call falls into the one group.
    await run(
      connection,
      `create temp view selected as
       select ${key} as g, {${own.join(", ") || "'all': true"}} as "by", ${sql} as cluster, ${choice} as chosen, calls.*
       from calls where ${there === undefined ? rows : `(${rows}) and ${there}`};
       create temp view groups as select ${groupKey} as g, {${fields.join(", ") || "'all': true"}} as "by"
       from (select distinct ${distinct} from calls where ${predicate})`,
    );
    return {
      connection,
      by,
      clusterBy,
      hours: hours ?? false,
      notes: [note, onlyRuns].filter((one) => one !== undefined),
      close: () => connection.closeSync(),
    };
  } catch (error) {
    connection.closeSync();
    throw error;
  }
}

const answering = "(role is null or role = 'answer') and operation is distinct from 'embeddings'";

// A filter costs a scan a few milliseconds, so only those that leave something out are set.
async function leftOut(
  connection: DuckDBConnection,
  named: Set<string>,
  population: "answers" | "tasks",
): Promise<{ filters: string[]; note?: string }> {
  const [found] = await rowsOf<{
    evaluation: boolean;
    load: boolean;
    production: boolean;
    other: boolean;
    embeddings: boolean;
  }>(
    connection,
    `select exists (select 1 from calls where environment = 'evaluation') as evaluation,
            exists (select 1 from calls where environment = 'load test') as load,
            exists (select 1 from calls where environment is null or environment not in ('evaluation', 'load test')) as production,
            exists (select 1 from calls where role <> 'answer') as other,
            exists (select 1 from calls where operation = 'embeddings') as embeddings`,
  );
  const filters: string[] = [];
  if (found.evaluation && !named.has("environment"))
    filters.push("environment is distinct from 'evaluation'");
  // A load test alone is what is asked about; beside production it would be taken for it.
  if (found.load && found.production && !named.has("environment"))
    filters.push("environment is distinct from 'load test'");
  const note =
    filters.length > 0 && !found.production && !found.load
      ? "All calls are evaluation runs, which are left out unless they are asked for: --where \"environment = 'evaluation'\"."
      : undefined;
  if (population === "tasks") return { filters, note };
  if (found.other && !named.has("role")) filters.push("(role is null or role = 'answer')");
  if (found.embeddings && !named.has("operation") && !named.has("role")) {
    filters.push("operation is distinct from 'embeddings'");
  }
  return { filters, note };
}

function parseBy(by: string | readonly string[]): string[] {
  if (typeof by !== "string" && !(Array.isArray(by) && by.every((name) => typeof name === "string"))) {
    throw new TypeError(
      `by requires columns of calls, as "workload,model" or ["workload", "model"], got ${inspect(by)}`,
    );
  }
  const names = nameList(by);
  const known = byNames();
  for (const name of names) {
    if (!known.includes(name)) {
      const next = didYouMean(name, known) || "; doctor tells those that are filled, docs/schema.md has all";
      throw new RangeError(`by requires columns of calls, got "${name}"${next}`);
    }
  }
  return [...new Set(names)];
}

async function defaultBy(connection: DuckDBConnection): Promise<string[]> {
  const [filled] = await rowsOf<Record<string, boolean>>(
    connection,
    `select exists (select 1 from calls where workload is not null) as workload,
            exists (select 1 from calls where model is not null) as model`,
  );
  return ["workload", "model"].filter((name) => filled[name]);
}

async function parseWhere(connection: DuckDBConnection, text: string) {
  if (typeof text !== "string") {
    throw new TypeError(
      `where requires a condition on calls, such as "workload = 'chat'", got ${inspect(text)}`,
    );
  }
  const parsed = await parseExpression(connection, text, "where");
  const known = Object.keys(columnsOf("calls"));
  for (const [name] of parsed.columns) {
    if (!known.includes(name.toLowerCase())) {
      const inQuotes = `; a text is written in single quotes, '${name}'`;
      const hint = text.includes(`"${name}"`) ? inQuotes : didYouMean(name, known) || inQuotes;
      throw new RangeError(`where requires columns of calls, got "${name}"${hint}`);
    }
  }
  try {
    const types = await rowsOf<{ column_type: string }>(
      connection,
      `describe select (${parsed.sql}) from calls`,
    );
    if (types[0].column_type !== "BOOLEAN") {
      throw new TypeError(`this is ${types[0].column_type}, and "duration > 1" is one`);
    }
    await run(connection, `select count(*) from calls where (${parsed.sql})`);
  } catch (error) {
    const rule = "where requires a predicate that can be had of every call";
    throw new TypeError(`${rule} (${reasonOf(error)}), got ${JSON.stringify(text)}`);
  }
  return parsed;
}

async function checkTimezone(connection: DuckDBConnection, timezone: string): Promise<string> {
  if (timezone === "UTC") return timezone;
  const [found] = await rowsOf(
    connection,
    "select name from pg_timezone_names() where lower(name) = lower($timezone)",
    { timezone },
  );
  if (found === undefined) {
    throw new RangeError(`timezone requires a name such as "UTC" or "Europe/Berlin", got "${timezone}"`);
  }
  return timezone;
}
