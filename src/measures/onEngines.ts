import type { Measure } from "./measure";
import { commandOf } from "./measure";

/** An engine other than DuckDB, by the scheme of its URL. */
export type EngineName = "clickhouse" | "trino";

/** The name of an engine in texts, by the scheme of its URL. */
export const engineOf = (engine: string) => engine.toLowerCase() as EngineName;

/** Measures whose results a test compares field by field with DuckDB's on the same log, on every engine. */
const measured: ReadonlySet<string> = new Set([
  "latency",
  "latency --distribution",
  "latency --attainment",
  "latency --by-outcome",
  "reliability",
  "reliability --retry-after",
  "reliability --bursts",
  "throughput",
  "throughput --load",
  "cost --cache-hits",
  "quality --by-length",
  "trajectories --turns",
  "cost",
  "quality",
  "agreement",
  "agreement --side-by-side",
  "agreement --releases",
]);
const compared: Record<EngineName, ReadonlySet<string>> = { clickhouse: measured, trino: measured };

/** The same for commands that decide. */
export const decided: readonly string[] = ["compare", "choose", "plan", "report"];

/** The commands that decide, and that are tested to be equal on an engine; undefined for one that runs DuckDB itself. */
export const decidedOn = (engine: EngineName): readonly string[] | undefined => compared[engine] && decided;

const untested = "no test shows that it gives the same there as in DuckDB";
const onePrompt = "it compares answers to the same prompt one by one";
const inTurn =
  "its intervals are drawn from clusters in the order of their rows, which no other engine keeps";
const beside = (table: string) => `it reads the table ${table}, which a log on an engine does not have`;
const inSql = "it needs functions that have no known equivalent there";

/** Why others are refused, where it is not for want of a test alone. */
const refused: Readonly<Record<string, string>> = {
  "latency --exposure": inSql,
  "latency --between": inTurn,
  "reliability --fallbacks": inSql,
  "quality --slope": inSql,
  "latency --stages": beside("spans"),
  trajectories: beside("spans"),
  "trajectories --conversations": beside("texts"),
  "trajectories --tools": beside("spans"),
  "cost --repriced": beside("prices"),
  "cost --pairs": inTurn,
  "cost --tiers": inSql,
  "cost --growth": inSql,
  "quality --pairs": onePrompt,
  "quality --flips": onePrompt,
  preferences: beside("preferences"),
  consistency: onePrompt,
  "consistency --form": onePrompt,
  "consistency --worst": onePrompt,
  "consistency --single-shot": onePrompt,
  "benchmark tiers": beside("benchmarks"),
  "benchmark contamination": beside("benchmarks"),
};

/** The commands of measures that are tested to be equal on an engine. */
export const comparedOn = (engine: EngineName): string[] | undefined =>
  compared[engine] && [...compared[engine]];

/** Why a measure is refused on an engine; undefined if it runs there. */
export function refusalOf(measure: Measure, engine: EngineName): string | undefined {
  const command = commandOf(measure);
  return compared[engine]?.has(command) ? undefined : (refused[command] ?? untested);
}

/** The commands that are refused on every engine for a reason of their own. */
export const refusedEverywhere: Readonly<Record<string, string>> = refused;
