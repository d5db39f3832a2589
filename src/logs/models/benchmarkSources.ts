import type { DuckDBConnection } from "@duckdb/node-api";
import { grouped } from "../../stats/text";
import { quoteText } from "../../store/quote";
import { rowsOf } from "../../store/run";
import { isField } from "../records/bind";
import type { Reading, Target } from "../records/format";
import { stem } from "./stem";

/** A reading in which a benchmark's score that names no source is of its file: else those of two files would be one. */
export function withSources(reading: Reading, path: string): Reading {
  const file = quoteText(stem(path));
  const sourced = (target: Target): Target => {
    const { source } = target.columns;
    if (target.table !== "benchmarks" || (source !== undefined && !isField(source))) return target;
    const named = source === undefined ? file : `coalesce(nullif(cast(${source} as varchar), ''), ${file})`;
    return { ...target, columns: { ...target.columns, source: named } };
  };
  return { ...reading, targets: reading.targets.map(sourced) };
}

/** A benchmark of which several sources give some model different scores for the same day. */
export interface Contested {
  benchmark: string;
  /** Its name for each source, by the words that only some of the sources have. */
  names: Map<string, string>;
  /** Models whose scores differ. */
  models: number;
}

/**
 * The benchmarks that are several: tables of one tool under one name, such as one with and one without a control for
 * length. Each source's scores are a benchmark of their own, since nobody knows which is meant.
 */
export async function contestedBenchmarks(connection: DuckDBConnection): Promise<Contested[]> {
  const rows = await rowsOf<{ benchmark: string; sources: string[]; models: number }>(
    connection,
    `with of_source as (
       select benchmark, harness, shots, model, as_of, coalesce(source, '') as source, avg(score) as score from benchmarks
       where benchmark is not null and model is not null and isfinite(score) group by all),
     contested as (
       select benchmark, model from of_source group by benchmark, harness, shots, model, as_of
       having max(score) - min(score) > 1e-9 * greatest(abs(max(score)), abs(min(score))))
     select benchmark, list(distinct source order by source) as sources,
       (select count(distinct model) from contested where contested.benchmark = of_source.benchmark)::double as models
     from of_source where benchmark in (select benchmark from contested) group by benchmark order by benchmark`,
  );
  return rows.map(({ benchmark, sources, models }) => ({
    benchmark,
    models,
    names: namesOf(benchmark, sources),
  }));
}

function namesOf(benchmark: string, sources: readonly string[]): Map<string, string> {
  const words = sources.map((source) => source.split(/[^\p{L}\p{N}]+/u).filter(Boolean));
  const isShared = (word: string) => words.every((some) => some.includes(word));
  const apart = words.map((some) => some.filter((word) => !isShared(word)).join(" "));
  const isClear = new Set(apart).size === apart.length;
  return new Map(
    sources.map((source, at) => {
      const own = isClear ? apart[at] : source || "no source";
      return [source, own === "" ? benchmark : `${benchmark} (${own})`];
    }),
  );
}

/** Says which benchmarks are kept apart by their source, a sentence each. */
export async function contestedNotes(connection: DuckDBConnection): Promise<string[]> {
  return (await contestedBenchmarks(connection)).map(({ benchmark, names, models }) => {
    const sources = [...names].map(([source, name]) => `"${name}" (${source || "no source"})`);
    return `${benchmark}: ${names.size} sources give ${grouped(models)} ${models === 1 ? "model" : "models"} different scores, so each is a benchmark of its own: ${sources.join(", ")}`;
  });
}
