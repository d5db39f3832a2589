import type { DuckDBConnection, DuckDBValue } from "@duckdb/node-api";
import { didYouMean } from "../store/nearest";
import type { Store } from "../store/open";
import { quoteText } from "../store/quote";
import { consistency } from "./consistency/consistency";
import { billGrowth } from "./cost/billGrowth";
import { cost } from "./cost/cost";
import { costPairs } from "./cost/costPairs";
import { attainment } from "./latency/attainment";
import { exposure } from "./latency/exposure";
import { latency } from "./latency/latency";
import { outcomeByLatency } from "./latency/outcomeByLatency";
import { varianceByProvider } from "./latency/varianceByProvider";
import { quality } from "./quality/quality";
import { cacheHits } from "./service/cacheHits";
import { contextLength } from "./service/contextLength";
import { errorBursts } from "./service/errorBursts";
import { fallbackChains } from "./service/fallbackChains";
import { pipelineEffects } from "./service/pipelineEffects";
import { reliability } from "./service/reliability";
import { stages } from "./service/stages";
import { loadCurve, throughput } from "./service/throughput";

/** The measures that have a name here. Any other is explained by giving the call itself. */
const measures = {
  latency,
  reliability,
  throughput,
  cost,
  "cost-pairs": costPairs,
  "bill-growth": billGrowth,
  attainment,
  exposure,
  "load-curve": loadCurve,
  "cache-hits": cacheHits,
  quality,
  consistency,
  "context-length": contextLength,
  stages,
  "fallback-chains": fallbackChains,
  "error-bursts": errorBursts,
  "outcome-by-latency": outcomeByLatency,
  "variance-by-provider": varianceByProvider,
  "pipeline-effects": pipelineEffects,
} as const;

/** A measure's name. */
export type Explained = keyof typeof measures;
export const explainedNames = Object.keys(measures) as Explained[];

/** One statement as the engine got it. */
export interface Statement {
  sql: string;
  parameters: Record<string, unknown>;
}

/** How a table came about. */
export interface Explanation {
  /** From the view of the chosen calls on, in the order in which the engine ran them. */
  statements: Statement[];
  /** The same as one script, parameters written in: it runs on the store with any DuckDB of the same version. */
  script: string;
}

/**
 * The SQL behind a table: every statement that the engine ran for it, with its parameters.
 *
 * The measure is run, so that thresholds which one statement finds and the next one uses stand in it. What is made of the
 * sums afterwards is in the estimates: their `method` names it, and the docstring of the measure where it is from.
 *
 * @param measure its name, as a command has it, or a call: `(store) => latency(store, { by: "model" })`
 * @param options of the measure, where it is given by name
 * @throws RangeError for a name that is none, and as the measure does
 * @example
 * const store = await openDemo();
 * const { script } = await explain(store, "latency", { by: "model" });
 * script.includes("temp view selected") // true
 */
export async function explain(
  store: Store,
  measure: Explained | ((store: Store) => Promise<unknown>),
  options: object = {},
): Promise<Explanation> {
  const named = typeof measure === "function" ? undefined : measures[measure];
  if (typeof measure !== "function" && named === undefined)
    throw new RangeError(
      `explain requires a measure of ${explainedNames.join(", ")}, got "${String(measure)}"${didYouMean(String(measure), explainedNames)}`,
    );
  const work =
    typeof measure === "function"
      ? measure
      : (one: Store) => named!(one, options as Parameters<typeof quality>[1]);
  const heard: Statement[] = [];
  await work({ ...store, connect: async () => listening(await store.connect(), heard) });
  const first = heard.findIndex(({ sql }) => /create (or replace )?temp view facts\b/.test(sql));
  const statements = heard.slice(Math.max(0, first));
  return { statements, script: `${statements.map(written).join(";\n\n")};\n` };
}

/** A connection that writes down what it is asked. */
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

/** A statement with its parameters in their places; texts are quoted. */
function written({ sql, parameters }: Statement): string {
  return sql.replace(/\$(\w+)/g, (place, name: string) => {
    if (!Object.hasOwn(parameters, name)) return place;
    const value = parameters[name];
    if (value === null || value === undefined) return "null";
    return typeof value === "string" ? quoteText(value) : String(value);
  });
}
