import type { DuckDBConnection } from "@duckdb/node-api";
import { parseExpression } from "../store/expression";
import { checkStore, type Store } from "../store/open";
import { quoteName, quoteText } from "../store/quote";
import { rowsOf, run } from "../store/run";
import { type Asked, askedOf } from "./asked";
import { chooseCluster, clusterReads } from "./cluster";
import { type DrawnShare, drawnNote, drawnShare } from "./drawn";
import { grainSql, type Regroupings, regroupings } from "./grain";
import { checkScore, labelViews } from "./judgements";
import { leftOut, type Population, populationOf } from "./leftOut";
import { type Keys, localSql, withNames } from "./names";
import { scoreOfRule } from "./outcomes";
import { placedFacts } from "./place";
import { derived, type SelectOptions, type SelectRequest } from "./request";
import { allFacts, factsRead, namesIn } from "./terms";

/** What a measure needs from a selection besides its request, or in place of some of it. */
export interface MeasuredSelection extends SelectOptions {
  /** Default "answers". */
  population?: Population;
  /** True for a measure of those judged that measures other numbers in production alone, by itself. Default false. */
  keepsToProduction?: boolean;
  /** True for a measure that can estimate what all clusters share in an hour; see `regrouped`. Default false. */
  hours?: boolean;
  /** The SQL that reads `selected`, if it is all known: the view then has only the facts that it names. */
  reads?: readonly string[];
}

/** The chosen calls: a connection with the views `selected` and `groups`. */
export interface Selection extends Regroupings {
  connection: DuckDBConnection;
  /** The columns that tell rows apart in tables. */
  by: string[];
  /** The same as they were given, with the expressions that they stand for. */
  requested: string[];
  /** The column that clusters, "call_id" if every call is its own cluster. */
  clusterBy: string;
  /** True if clusters share hours and measures account for it. */
  hours: boolean;
  /** Which answering call names the row of a task, and of a conversation's outcome. */
  credit: "first" | "last" | "all";
  /** The declared rule by which conversations are resolved; absent where the log says it. */
  outcomeRule: string | undefined;
  notes: string[];
  /** The one of its notes that says what counts as one cluster for its intervals, and why. */
  intervalNote: string | undefined;
  /** True if some calls of the log may lack a known cost: `spent_high` and `cost_high` then differ from the cost. */
  missesPrices: boolean;
  /** True if all calls of the log are evaluation runs, and none is among the answers unless it is asked for. */
  isAllEvaluated: boolean;
  /** Which share of a larger log the store holds, if it was drawn from one. */
  drawn?: DrawnShare;
  /**
   * A predicate over the names that `where` accepts, as SQL over `selected`; errors name the option it is given as. `more`:
   * further names, each as SQL.
   */
  predicate(text: string, option?: string, more?: ReadonlyMap<string, string>): Promise<string>;
  close(): void;
}

/** The columns of `facts` as the request credits tasks and names models; its own model is then `bare_model`. */
function factColumns(credit: SelectRequest["credit"], candidate: string | undefined): string {
  const last = "select task_id, max(place) from facts where place > 0 group by task_id";
  const replaced = [
    ...(credit === "last" ? [`(task_id, place) in (${last}) as owner`] : []),
    ...(candidate === undefined ? [] : [`${candidate} as model`]),
  ];
  const bare = candidate === undefined ? "" : ", facts.model as bare_model";
  return replaced.length === 0 ? "facts.*" : `facts.* replace (${replaced.join(", ")})${bare}`;
}

/** A group's key and its struct "by". A struct needs a field: with no `by` every call belongs to a single group. */
function groupColumns(labels: readonly string[], values: readonly string[]): string {
  const fields = labels.map((label, place) => `${quoteText(label)}: ${values[place]}`);
  const g = labels.length === 0 ? "0::ubigint" : `hash(${values.join(", ")})`;
  return `${g} as g, {${fields.join(", ") || "'all': true"}} as "by"`;
}

/** The view `groups` over the calls that count. */
function groupsView(keys: Asked["keys"], counted: string): string {
  const places = keys.map((_, place) => quoteName(`by${place}`));
  const distinct = keys.map(({ sql }, place) => `${sql} as ${places[place]}`).join(", ") || "true";
  const labels = keys.map(({ label }) => label);
  return `create temp view groups as select ${groupColumns(labels, places)}
    from (select distinct ${distinct} from facts where ${counted})`;
}

/** What counts as independent. A task's user comes from its answering calls: judges and embeddings often log none. */
function clusterOf(
  connection: DuckDBConnection,
  { cluster = "auto", hours }: MeasuredSelection,
  { keys, named }: Asked,
  { counted, answering }: { counted: string; answering: string },
  isOwn: boolean,
) {
  const isDecided = cluster !== "auto" || named.has("role") || named.has("operation");
  return chooseCluster(connection, cluster, {
    predicate: isDecided ? counted : answering,
    by: keys.filter(({ isPlain }) => isPlain).flatMap(({ reads }) => reads),
    hours,
    mayEvaluate: named.has("environment"),
    isOwn,
  });
}

/**
 * Makes the temporary views that the measures' SQL reads: `selected`, the facts of the calls that the options
 * choose, with a group key g, the struct "by" that it stands for, and the columns
 * - `cluster`, what counts as independent: a call without that id counts by its next finer one, else alone;
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
  const connection = await store.connect();
  try {
    return await selectionOn(store, connection, { ...request, ...needs });
  } catch (error) {
    connection.closeSync();
    throw error;
  }
}

async function selectionOn(
  store: Store,
  connection: DuckDBConnection,
  options: MeasuredSelection,
): Promise<Selection> {
  const ruled = scoreOfRule(options.outcomeRule);
  if (ruled !== undefined) await checkScore("outcomeRule", store, ruled);
  const drawn = await drawnShare(connection);
  const asked = await askedOf(store, connection, options);
  const { names, where, candidate, keys } = asked;
  const left = await leftOut(connection, asked.named);
  const { production, answers } = left;
  const chosen = where === undefined ? undefined : `(${where.sql})`;
  const population = populationOf(options, chosen, left);
  const local = localSql(asked.timezone);
  const columns = factColumns(options.credit, candidate);
  const keySql = keys.map(({ sql }) => sql);
  const read = [...keySql, where?.sql, production, answers, local, columns, ...clusterReads];
  const missesPrices = await placedFacts(
    store,
    connection,
    options.reads === undefined ? allFacts : factsRead(names, [...read, ...options.reads]),
  );
  await labelViews(connection);
  const {
    clusterBy,
    unit,
    hours = false,
    note,
  } = await clusterOf(connection, options, asked, population, store.engine === undefined);
  const { rows } = population;
  const grain = await grainSql(connection, unit, { rows, hours });
  const by = keys.map(({ label }) => label);
  const readsLocal = options.reads?.some((sql) => namesIn(sql).includes("local")) ?? true;
  const all = [
    `${unit} as unit, ${grain.hour} as hour_unit, ${production ?? "true"} as production`,
    `${chosen === undefined ? "true" : `coalesce(${chosen}, false)`} as chosen`,
    ...(readsLocal ? [`${local} as local`] : []),
    columns,
  ];
  const view = (cluster: string, sampled = "true") =>
    run(
      connection,
      `create or replace temp view selected as
       select ${[groupColumns(by, keySql), `${cluster} as cluster`, ...all].join(", ")}
       from facts where ${rows} and ${sampled}`,
    );
  await view(grain.cluster);
  await run(connection, groupsView(keys, population.counted));
  const leftNote = await left.noteOf(population.excluded, chosen ?? "true");
  return {
    connection,
    by,
    requested: asked.requested,
    clusterBy,
    hours,
    credit: options.credit ?? "first",
    outcomeRule: options.outcomeRule === "logged" ? undefined : options.outcomeRule,
    missesPrices,
    isAllEvaluated: left.isAllEvaluated,
    drawn,
    intervalNote: note,
    notes: [drawn && drawnNote(drawn), note, leftNote].filter((text) => text !== undefined),
    async predicate(text, option = "where", more = new Map<string, string>()) {
      const bare = new Map([
        ...names,
        ...(candidate === undefined ? [] : [["model", "bare_model"] as const]),
        ...more,
      ]);
      return withNames(await parseExpression(text, option), bare, option, text);
    },
    ...regroupings(connection, { rows, grain, view }),
    close: () => connection.closeSync(),
  };
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
