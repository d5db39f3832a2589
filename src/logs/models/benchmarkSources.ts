import type { DuckDBConnection } from "@duckdb/node-api";
import { grouped } from "../../stats/text";
import { quoteText } from "../../store/quote";
import { rowsOf } from "../../store/run";
import { isField } from "../records/bind";
import type { Reading, Target } from "../records/format";
import { stem, stemSql } from "./stem";

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

/**
 * A query of all scores with their source and, if it is named after its file, the path of that: two folders may have a file
 * of one name, and these are two sources.
 */
export const sourcedScores = `select benchmark, harness, shots, model, as_of, score, standard_error, items, higher_is_better,
    coalesce(source, '') as source,
    case when source = stem then path else '' end as file
  from benchmarks left join (select ingest_id, path, ${stemSql("path")} as stem from ingests) using (ingest_id)
  where benchmark is not null and model is not null and isfinite(score)`;

/** The key of a source in the names of a contested benchmark. */
export const sourceKey = ({ source, file }: NamedSource): string => `${source}\n${file}`;

/** Where scores are from, and the path of the file if the source is named after it. */
interface NamedSource {
  source: string;
  file: string;
}

/** A benchmark of which several sources give some model different scores for the same day. */
export interface Contested {
  benchmark: string;
  /** Its name for each source, by the words that only some of the sources have; see `sourceKey`. */
  names: Map<string, string>;
  /** Models whose scores differ. */
  models: number;
}

/**
 * The benchmarks that are several: tables of one tool under one name, such as one with and one without a control for
 * length. Each source's scores are a benchmark of their own, since nobody knows which is meant.
 */
export async function contestedBenchmarks(connection: DuckDBConnection): Promise<Contested[]> {
  const rows = await rowsOf<{ benchmark: string; sources: NamedSource[]; models: number }>(
    connection,
    `with of_source as (
       select benchmark, harness, shots, model, as_of, source, file, avg(score) as score from (${sourcedScores})
       group by all),
     contested as (
       select benchmark, model from of_source group by benchmark, harness, shots, model, as_of
       having max(score) - min(score) > 1e-9 * greatest(abs(max(score)), abs(min(score))))
     select benchmark, list_sort(list(distinct {'source': source, 'file': file})) as sources,
       (select count(distinct model) from contested where contested.benchmark = of_source.benchmark)::double as models
     from of_source where benchmark in (select benchmark from contested) group by benchmark order by benchmark`,
  );
  return rows.map(({ benchmark, sources, models }) => ({
    benchmark,
    models,
    names: namesOf(benchmark, sources),
  }));
}

function namesOf(benchmark: string, sources: readonly NamedSource[]): Map<string, string> {
  const labels = sources.map(({ source, file }) => {
    const files = sources.filter((one) => one.source === source).map((one) => one.file);
    return files.length === 1 ? source : `${source} ${wordsApart(files)?.[files.indexOf(file)] ?? file}`;
  });
  const apart = wordsApart(labels) ?? labels.map((label) => label || "no source");
  return new Map(
    sources.map((source, at) => [
      sourceKey(source),
      apart[at] === "" ? benchmark : `${benchmark} (${apart[at]})`,
    ]),
  );
}

/** The words of each text that not all of them have; undefined if these do not tell the texts apart. */
function wordsApart(texts: readonly string[]): string[] | undefined {
  const words = texts.map((text) => text.split(/[^\p{L}\p{N}]+/u).filter(Boolean));
  const isShared = (word: string) => words.every((some) => some.includes(word));
  const apart = words.map((some) => some.filter((word) => !isShared(word)).join(" "));
  return new Set(apart).size === apart.length ? apart : undefined;
}

/** Says which benchmarks are kept apart by their source, a sentence each. */
export async function contestedNotes(connection: DuckDBConnection): Promise<string[]> {
  return (await contestedBenchmarks(connection)).map(({ benchmark, names, models }) => {
    const sources = [...names].map(([key, name]) => {
      const [source, file] = key.split("\n");
      return `"${name}" (${file || source || "no source"})`;
    });
    return `${benchmark}: ${names.size} sources give ${grouped(models)} ${models === 1 ? "model" : "models"} different scores, so each is a benchmark of its own: ${sources.join(", ")}`;
  });
}
