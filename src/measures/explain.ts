import type { DuckDBConnection, DuckDBValue } from "@duckdb/node-api";
import { didYouMean } from "../store/nearest";
import type { Store } from "../store/open";
import { quoteText } from "../store/quote";
import { commandOf } from "./measure";
import { measures } from "./measures";

const byName = new Map(measures.map((one) => [commandOf(one), one]));
const byOldName = new Map(measures.flatMap((one) => [one.was ?? []].flat().map((was) => [was, one])));

/** One statement as it was sent to the engine. */
export interface Statement {
  sql: string;
  parameters: Record<string, unknown>;
}

/** The SQL that made a table. */
export interface Explanation {
  /** The statements from the view of the selected calls onwards, in the order the engine ran them. */
  statements: Statement[];
  /**
   * The same as one script with the parameters filled in: it runs on the store with any DuckDB of the same
   * version.
   */
  script: string;
}

/**
 * Returns the SQL behind a table: every statement that the engine ran for it, with its parameters.
 *
 * The measure is run, so the script holds the thresholds that one statement finds and the next one uses. How
 * the sums become estimates is in each estimate's `method`; the docstring of the measure names the source.
 *
 * @param measure its name, as a command has it, or a call: `(store) => latency(store, { by: "model" })`
 * @param options of the measure, if it is given by name
 * @throws RangeError for an invalid name, and as the measure does
 * @example
 * const store = await openDemo();
 * const { statements } = await explain(store, "latency --attainment", { duration: [10] });
 * statements.length // 31
 */
export async function explain(
  store: Store,
  measure: string | ((store: Store) => Promise<unknown>),
  options: object = {},
): Promise<Explanation> {
  const named =
    typeof measure === "function" ? measure : (byName.get(measure) ?? byOldName.get(measure))?.run;
  if (named === undefined)
    throw new RangeError(
      `explain requires a measure of ${[...byName.keys()].join(", ")}, got "${String(measure)}"${didYouMean(String(measure), [...byName.keys()])}`,
    );
  const heard: Statement[] = [];
  const sessions: { sent: readonly string[] }[] = [];
  const connect = async () => {
    const connection = await store.connect();
    if (store.engine !== undefined) sessions.push(connection as unknown as { sent: string[] });
    return listening(connection, heard);
  };
  await named({ ...store, connect }, options as never);
  // For another engine, only what was sent to it; the work done locally is of no interest.
  if (store.engine !== undefined) {
    const statements = sessions.flatMap(({ sent }) => sent).map((sql) => ({ sql, parameters: {} }));
    return { statements, script: `${statements.map(({ sql }) => sql).join(";\n\n")};\n` };
  }
  const first = heard.findIndex(({ sql }) => /create (or replace )?temp view facts\b/.test(sql));
  const statements = heard.slice(Math.max(0, first));
  const script = statements.length === 0 ? "" : `${statements.map(written).join(";\n\n")};\n`;
  return { statements, script };
}

/** A connection that records the statements it runs. */
function listening(connection: DuckDBConnection, heard: Statement[]): DuckDBConnection {
  return new Proxy(connection, {
    get(target, name) {
      const own: unknown = Reflect.get(target, name, target);
      if (typeof own !== "function") return own;
      if (name !== "run") return own.bind(target);
      return (sql: string, parameters: Record<string, DuckDBValue> = {}) => {
        heard.push({ sql, parameters: { ...parameters } });
        return target.run(sql, parameters);
      };
    },
  });
}

/** A statement with its parameters filled in; texts are quoted. */
function written({ sql, parameters }: Statement): string {
  return sql.replace(/\$(\w+)/g, (place, name: string) => {
    if (!Object.hasOwn(parameters, name)) return place;
    const value = parameters[name];
    if (value === null || value === undefined) return "null";
    return typeof value === "string" ? quoteText(value) : String(value);
  });
}
