import type { DuckDBConnection } from "@duckdb/node-api";
import { parseExpression } from "../store/expression";
import { checkStore, type Store } from "../store/open";
import { quoteName, quoteText } from "../store/quote";
import { rowsOf, run } from "../store/run";
import { namesAttached, readAttached } from "./attach";
import { chooseCluster, clusterReads } from "./cluster";
import { type DrawnShare, drawnNote, drawnShare } from "./drawn";
import { type Grain, grainSql, sampleTable } from "./grain";
import { leftOut } from "./leftOut";
import { candidateSql, type Keys, localSql, namesOf, withNames } from "./names";
import { placedFacts } from "./place";
import { derived, type SelectOptions, type SelectRequest } from "./request";
import { checkTimezone, defaultBy, itemsOf, parseBy, parseWhere } from "./selectOptions";
import { allFacts, factsRead, namesIn } from "./terms";

/** What a measure needs from a selection besides its request, or in place of some of it. */
export interface MeasuredSelection extends SelectOptions {
  /**
   * "answers" (default) leaves out evaluation runs, judges and embeddings unless `where` or `by` names them.
   * "tasks" holds all calls but evaluation runs, including those that `where` does not choose: the column `chosen`
   * says which it does. "judged" holds evaluation runs as well, for measures of scores wherever they were made.
   */
  population?: "answers" | "tasks" | "judged" | "all";
  /** True for a measure of those judged that measures other numbers in production alone, by itself. Default false. */
  keepsToProduction?: boolean;
  /** True for a measure that can estimate what all clusters share in an hour; see `regrouped`. Default false. */
  hours?: boolean;
  /** The SQL that reads `selected`, if it is all known: the view then has only the facts that it names. */
  reads?: readonly string[];
}

/** The chosen calls: a connection with the views `selected` and `groups`. */
export interface Selection {
  connection: DuckDBConnection;
  /** The columns that tell rows apart in tables. */
  by: string[];
  /** The same as they were given, with the expressions that they stand for. */
  requested: string[];
  /** The column that clusters, "call_id" if every call is its own cluster. */
  clusterBy: string;
  /** True if clusters share hours and measures account for it. */
  hours: boolean;
  notes: string[];
  /** The one of its notes that says what counts as one cluster for its intervals, and why. */
  intervalNote: string | undefined;
  /** True if some calls of the log may lack a known cost: `spent_high` and `cost_high` then differ from the cost. */
  missesPrices: boolean;
  /** Which share of a larger log the store holds, if it was drawn from one. */
  drawn?: DrawnShare;
  /** A predicate over the names that `where` accepts, as SQL over `selected`. */
  predicate(text: string): Promise<string>;
  /**
   * Runs work while `selected` is clustered by hours, or by each cluster's part in an hour. For the parts, only
   * one cluster in `every` is there, whole: there are nearly as many parts as calls, and sums over them do not
   * need all.
   */
  regrouped<T>(grain: Grain, every: number, work: () => Promise<T>): Promise<T>;
  /** Makes the table `sampled`: the hashes of one cluster in `every`, the same ones each time. */
  sample(every: number): Promise<void>;
  close(): void;
}

/**
 * Makes the temporary views that the measures' SQL reads: `selected`, the facts of the calls that the options
 * choose, with a group key g, the struct "by" that it stands for, and the columns
 * - `cluster`, what counts as independent: a call without the id that clusters counts with its task, else alone;
 * - `unit`, that id itself, empty if a call has none, and `hour_unit`, its hour;
 * - `chosen`, true if `where` holds for it; `production`, true if it is measured without being named;
 * - `local`, its start in the requested time zone; and `groups`, the struct "by" of every g. (Grouping by the
 * struct itself costs three times as much as by its hash.)
 */
export async function select(
  store: Store,
  request: SelectRequest,
  needs: MeasuredSelection = {},
): Promise<Selection> {
  checkStore("a measure", store);
  const options = { ...request, ...needs };
  const connection = await store.connect();
  try {
    const drawn = await drawnShare(connection);
    const timezone = await checkTimezone(connection, options.timezone ?? "UTC");
    const parts = options.candidate === undefined ? [] : itemsOf("candidate", options.candidate);
    const requested =
      options.by === undefined ? await defaultBy(connection, parts.length > 0) : itemsOf("by", options.by);
    if (parts.length === 0 && typeof options.candidate === "string")
      throw new RangeError(`candidate requires columns of calls, such as "provider,model", got ""`);
    const texts = [...requested, ...parts, String(options.where ?? "")];
    await readAttached(store, connection, texts);
    const names = await namesOf(connection, timezone, texts, namesAttached(store));
    const where =
      options.where === undefined ? undefined : await parseWhere(connection, options.where, names);
    const candidate = parts.length === 0 ? undefined : candidateSql(parts, names);
    const ofKeys = candidate === undefined ? names : new Map([...names, ["model", candidate]]);
    const keysOf = await parseBy(connection, requested, ofKeys);
    const by = keysOf.map(({ label }) => label);
    const named = new Set([...keysOf.flatMap(({ reads }) => reads), ...parts, ...(where?.reads ?? [])]);
    const population = options.population ?? "answers";
    const { production, answers, noteOf } = await leftOut(connection, named);
    const local = localSql(timezone);
    const keys = keysOf.map(({ sql }) => sql);
    const replaced = [
      ...(options.credit === "last"
        ? [
            "(task_id, place) in (select task_id, max(place) from facts where place > 0 group by task_id) as owner",
          ]
        : []),
      ...(candidate === undefined ? [] : [`${candidate} as model`]),
    ];
    const bare = candidate === undefined ? "" : ", facts.model as bare_model";
    const credited = replaced.length === 0 ? "facts.*" : `facts.* replace (${replaced.join(", ")})${bare}`;
    const isRead = (name: string) => options.reads?.some((sql) => namesIn(sql).includes(name)) ?? true;
    const reads = [...keys, where?.sql, production, answers, local, credited, ...clusterReads];
    const missesPrices = await placedFacts(
      store,
      connection,
      options.reads === undefined ? allFacts : factsRead(names, [...reads, ...options.reads]),
    );
    const both = (...parts: (string | undefined)[]) =>
      parts.filter((one) => one !== undefined).join(" and ") || "true";
    const chosen = where === undefined ? undefined : `(${where.sql})`;
    // Calls that `where` does not choose stay there if tasks have to be whole.
    const rows = {
      answers: both(chosen, production, answers),
      tasks: both(production),
      judged: "true",
      all: both(chosen),
    }[population];
    const predicate = both(rows === "true" ? undefined : rows, chosen);
    const excluded = {
      answers: [production, answers],
      tasks: [production],
      judged: options.keepsToProduction === true ? [production] : [],
      all: [],
    }[population];
    // A task's user comes from its answering calls: judges and embeddings are often logged without one.
    const cluster = options.cluster ?? "auto";
    const whole = population === "tasks" || population === "judged";
    const deciding = cluster === "auto" && whole && !named.has("role") && !named.has("operation");
    const { clusterBy, unit, hours, note } = await chooseCluster(connection, cluster, {
      predicate: deciding ? both(production, chosen, "answers") : predicate,
      by: keysOf.filter(({ isPlain }) => isPlain).flatMap(({ reads }) => reads),
      hours: options.hours,
      mayEvaluate: named.has("environment"),
    });
    const places = by.map((_, at) => quoteName(`by${at}`));
    const key = by.length === 0 ? "0::ubigint" : `hash(${keys.join(", ")})`;
    const groupKey = by.length === 0 ? key : `hash(${places.join(", ")})`;
    const fields = by.map((name, at) => `${quoteText(name)}: ${places[at]}`);
    const own = by.map((name, at) => `${quoteText(name)}: ${keys[at]}`);
    const distinct = by.length === 0 ? "true" : keys.map((one, at) => `${one} as ${places[at]}`).join(", ");
    const grain = await grainSql(connection, unit, { rows, hours: hours ?? false });
    // A struct needs a field: with no `by` every call belongs to a single group.
    const view = (cluster: string, sampled = "true") =>
      run(
        connection,
        `create or replace temp view selected as
         select ${key} as g, {${own.join(", ") || "'all': true"}} as "by", ${cluster} as cluster, ${unit} as unit,
           ${grain.hour} as hour_unit, ${chosen === undefined ? "true" : `coalesce(${chosen}, false)`} as chosen,
           ${production ?? "true"} as production, ${isRead("local") ? `${local} as local, ` : ""}${credited}
         from facts where ${rows} and ${sampled}`,
      );
    await view(grain.cluster);
    const sample = async (every: number) => {
      await run(connection, sampleTable(grain.cluster, rows, every));
    };
    await run(
      connection,
      `create temp view groups as select ${groupKey} as g, {${fields.join(", ") || "'all': true"}} as "by"
       from (select distinct ${distinct} from facts where ${predicate})`,
    );
    return {
      connection,
      by,
      requested,
      clusterBy,
      hours: hours ?? false,
      missesPrices,
      drawn,
      intervalNote: note,
      notes: [drawn && drawnNote(drawn), note, await noteOf(excluded, chosen ?? "true")].filter(
        (one) => one !== undefined,
      ),
      async predicate(text) {
        const own = bare === "" ? names : new Map([...names, ["model", "bare_model"]]);
        return withNames(await parseExpression(text, "where"), own, "where", text);
      },
      async regrouped(by, every, work) {
        if (by === "both") await sample(every);
        const sampled = by === "both" && every > 1 ? `hash(${grain.cluster}) in (from sampled)` : "true";
        await view(by === "hour" ? grain.hour : `hash(${grain.cluster}, ${grain.hour})`, sampled);
        try {
          return await work();
        } finally {
          await view(grain.cluster);
        }
      },
      sample,
      close: () => connection.closeSync(),
    };
  } catch (error) {
    connection.closeSync();
    throw error;
  }
}

/** The groups of a selection, in the order of their names. */
export async function groupsOf({ connection }: Selection): Promise<{ g: string; by: Keys }[]> {
  const rows = await rowsOf<{ g: number | string; by: Keys }>(
    connection,
    'select g, "by" from groups order by "by"',
  );
  return rows.map(({ g, by }) => ({ g: String(g), by }));
}

/** Rejects anything that is not a predicate over calls, naming the option it was given as. */
export async function checkPredicate(store: Store, option: string, where: string, request: SelectRequest) {
  try {
    (await select(store, request, { where })).close();
  } catch (error) {
    if (error instanceof Error) error.message = error.message.replace(/^where\b('s)?/, `${option}$1`);
    throw error;
  }
}

/** Runs work on `where` joined to other predicates. If it fails because of `where`, the error names that alone. */
export async function blamingWhere<T>(
  store: Store,
  request: SelectRequest,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (request.where !== undefined)
      await checkPredicate(store, "where", request.where, derived(request, { by: [] }));
    throw error;
  }
}
