import { contestedBenchmarks, sourcedScores, sourceKey } from "../../logs/models/benchmarkSources";
import { ownName } from "../../logs/models/modelName";
import { didYouMean } from "../../store/nearest";
import type { Store } from "../../store/open";
import { rowsOf } from "../../store/run";
import { statements } from "../../store/statements";
import { groupedBy } from "../rowKey";
import { plainHeader } from "./benchmarkColumn";
import { meaningOf } from "./benchmarkNames";
import { type PooledScore, pooledScores, shareError, shareOf } from "./benchmarkPool";

const sql = statements(__dirname, "benchmarkScores.sql");

/** One published score in the store. */
export interface BenchmarkRow {
  /** The benchmark's name, with source, harness and shots if the store has different scores from several of them. */
  benchmark: string;
  /** The benchmark's name alone. */
  plain: string;
  model: string;
  score: number;
  error: number;
  items: number;
  higher: boolean;
  /** Milliseconds since 1970; null without a date. */
  at: number | null;
  source: string;
  /** The path of its file if the source is named after it; else empty. */
  file: string;
}

/** A benchmark with one score per model. */
export interface Benchmark {
  benchmark: string;
  /** Its name without source, harness and shots, if the store has several of them. */
  plain?: string;
  higherIsBetter: boolean;
  /** The maximum of scores that are shares: 1, or 100 for per cent; undefined if they aren't shares. */
  of: 1 | 100 | undefined;
  scores: PooledScore[];
}

/** All published scores; missing errors of shares are computed from their number of items. */
export async function benchmarkRows({ connection }: Store): Promise<BenchmarkRow[]> {
  const contested = new Map(
    (await contestedBenchmarks(connection)).map(({ benchmark, names }) => [benchmark, names]),
  );
  const scored = await rowsOf<Scored>(connection, `with sourced as (${sourcedScores}) ${sql.scores}`);
  const rows = oneHarness(
    scored.map((row) => ({
      ...row,
      plain: row.benchmark,
      benchmark: contested.get(row.benchmark)?.get(sourceKey(row)) ?? row.benchmark,
    })),
  );
  const scales = new Map<string, 1 | 100 | undefined>();
  for (const [name, own] of byBenchmark(rows)) scales.set(name, shareOf(own.map(({ score }) => score)));
  return rows.map((row) => {
    const of = scales.get(row.benchmark);
    const error =
      Number.isNaN(row.error) && of !== undefined ? shareError(row.score, row.items, of) : row.error;
    return { ...row, model: ownName(row.model), error };
  });
}

type Scored = Omit<BenchmarkRow, "plain"> & { harness: string | null; shots: number | null };

/** Splits a benchmark run with several harnesses or numbers of shots into one benchmark each. */
function oneHarness(scored: readonly (Scored & Pick<BenchmarkRow, "plain">)[]): BenchmarkRow[] {
  const settings = ({ harness, shots }: Scored) =>
    [harness ?? "", shots === null ? "" : `${shots}-shot`].filter(Boolean).join(", ");
  const named = new Map<string, Set<string>>();
  for (const row of scored)
    named.set(row.benchmark, (named.get(row.benchmark) ?? new Set()).add(settings(row)));
  return scored.map(({ harness, shots, ...row }) => {
    const name = row.benchmark;
    const own = settings({ ...row, harness, shots }) || "harness not given";
    return { ...row, benchmark: (named.get(name)?.size ?? 0) > 1 ? `${name} (${own})` : name };
  });
}

/**
 * The benchmarks in a store, each with the newest score of every model; scores from the same date are runs and pooled.
 */
export async function benchmarks(store: Store): Promise<Benchmark[]> {
  const rows = await benchmarkRows(store);
  return [...byBenchmark(rows)].map(([benchmark, own]) => ({
    benchmark,
    ...(own[0].plain === benchmark ? {} : { plain: own[0].plain }),
    higherIsBetter: own.every(({ higher }) => higher),
    of: shareOf(own.map(({ score }) => score)),
    scores: pooledScores(toldOnce(newest(oneSpelling(own)))),
  }));
}

/** Says that there are no benchmarks, and how to have some. */
export const noBenchmarks = ({ engine }: Pick<Store, "engine">): string =>
  engine === undefined
    ? "The store has no benchmarks: ingest a table of scores first."
    : "There are no benchmarks beside the engine: name files of scores or a store that has them (--db), in the library connect(url, { benchmarks: store }).";

/** The benchmarks with the given names, by default all. */
export function benchmarksOf(
  caller: string,
  all: readonly Benchmark[],
  given: string | readonly string[] | undefined,
): Benchmark[] {
  if (given === undefined) return [...all];
  const names = all.map(({ benchmark }) => benchmark);
  return [given].flat().flatMap((name) => {
    const named = (of: "benchmark" | "plain") =>
      all.filter((one) => plainHeader(one[of] ?? "") === plainHeader(name));
    const found = [named("benchmark"), named("plain")].find(({ length }) => length > 0);
    if (found !== undefined) return found;
    const hint =
      didYouMean(name, names) || (names.length > 0 ? `; it has ${names.slice(0, 12).join(", ")}` : "");
    const none = names.length === 0 ? "; ingest a table of scores first: fieldnotes ingest FILE" : "";
    throw new RangeError(`${caller} requires a benchmark of the store, got "${name}"${hint}${none}`);
  });
}

/** The one benchmark with a name; if it has several sources, harnesses or numbers of shots, the name must include them. */
export function benchmarkOf(caller: string, all: readonly Benchmark[], asked: string): Benchmark {
  const found = benchmarksOf(caller, all, asked);
  if (found.length === 1) return found[0];
  const named = found.map(({ benchmark }) => `"${benchmark}"`).join(", ");
  throw new RangeError(
    `${caller} requires one benchmark, got "${asked}", whose scores come from ${found.length} sources, harnesses or numbers of shots; name one of ${named}`,
  );
}

const byBenchmark = <R extends { benchmark: string }>(rows: readonly R[]): Map<string, R[]> =>
  groupedBy(rows, ({ benchmark }) => benchmark);

/** Replaces all spellings of one model by the first. */
function oneSpelling(rows: readonly BenchmarkRow[]): BenchmarkRow[] {
  const first = new Map<string, string>();
  return rows.map((row) => {
    const meaning = meaningOf(row.model);
    if (!first.has(meaning)) first.set(meaning, row.model);
    return { ...row, model: first.get(meaning)! };
  });
}

/** Leaves out a score that another source repeats: it is no second run. */
function toldOnce(rows: readonly BenchmarkRow[]): BenchmarkRow[] {
  const sources = new Map<string, string>();
  return rows.filter((row) => {
    const same = JSON.stringify([row.model, row.score, row.error, row.items]);
    if (!sources.has(same)) sources.set(same, sourceKey(row));
    return sources.get(same) === sourceKey(row);
  });
}

function newest(rows: readonly BenchmarkRow[]): BenchmarkRow[] {
  const last = new Map<string, number>();
  for (const { model, at } of rows) last.set(model, Math.max(last.get(model) ?? -Infinity, at ?? -Infinity));
  return rows.filter(({ model, at }) => (at ?? -Infinity) === last.get(model));
}
