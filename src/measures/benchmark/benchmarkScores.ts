import { join } from "node:path";
import { ownName } from "../../logs/models/modelName";
import { didYouMean } from "../../store/nearest";
import type { Store } from "../../store/open";
import { rowsOf } from "../../store/run";
import { statements } from "../../store/statements";
import { plainHeader } from "./benchmarkColumn";
import { meaningOf } from "./benchmarkNames";
import { type PooledScore, pooledScores, shareError, shareOf } from "./benchmarkPool";

const sql = statements<"scores">(join(__dirname, "benchmarkScores.sql"));

/** One published score as the store has it. */
export interface BenchmarkRow {
  benchmark: string;
  model: string;
  score: number;
  error: number;
  items: number;
  higher: boolean;
  /** Milliseconds since 1970; null where it has no date. */
  at: number | null;
  source: string;
}

/** A benchmark with one score a model. */
export interface Benchmark {
  benchmark: string;
  higherIsBetter: boolean;
  /** What its scores are shares of: 1, 100 for per cent, or nothing where they are no shares. */
  of: 1 | 100 | undefined;
  scores: PooledScore[];
}

/** All published scores, errors of shares worked out from their items where they are not told. */
export async function benchmarkRows({ connection }: Store): Promise<BenchmarkRow[]> {
  const rows = await rowsOf<BenchmarkRow>(connection, sql.scores);
  const scales = new Map<string, 1 | 100 | undefined>();
  for (const [name, own] of byBenchmark(rows)) scales.set(name, shareOf(own.map(({ score }) => score)));
  return rows.map((row) => {
    const of = scales.get(row.benchmark);
    const error =
      Number.isNaN(row.error) && of !== undefined ? shareError(row.score, row.items, of) : row.error;
    return { ...row, model: ownName(row.model), error };
  });
}

/** The benchmarks of a store, each with the newest score of every model; scores of one date are runs and pooled. */
export async function benchmarks(store: Store): Promise<Benchmark[]> {
  const rows = await benchmarkRows(store);
  return [...byBenchmark(rows)].map(([benchmark, own]) => ({
    benchmark,
    higherIsBetter: own.every(({ higher }) => higher),
    of: shareOf(own.map(({ score }) => score)),
    scores: pooledScores(newest(oneSpelling(own))),
  }));
}

/** The benchmarks asked for by name, all of them by default. */
export function benchmarksOf(
  caller: string,
  all: readonly Benchmark[],
  asked: string | readonly string[] | undefined,
): Benchmark[] {
  if (asked === undefined) return [...all];
  const names = all.map(({ benchmark }) => benchmark);
  return [asked].flat().map((name) => {
    const found = all.find(({ benchmark }) => plainHeader(benchmark) === plainHeader(name));
    if (found !== undefined) return found;
    const hint =
      didYouMean(name, names) || (names.length > 0 ? `; it has ${names.slice(0, 12).join(", ")}` : "");
    const none = names.length === 0 ? "; ingest a table of scores first: fieldnotes ingest FILE" : "";
    throw new RangeError(`${caller} requires a benchmark of the store, got "${name}"${hint}${none}`);
  });
}

function byBenchmark<R extends { benchmark: string }>(rows: readonly R[]): Map<string, R[]> {
  const found = new Map<string, R[]>();
  for (const row of rows) {
    const own = found.get(row.benchmark);
    if (own === undefined) found.set(row.benchmark, [row]);
    else own.push(row);
  }
  return found;
}

/** Spellings of one model become the first of them. */
function oneSpelling(rows: readonly BenchmarkRow[]): BenchmarkRow[] {
  const first = new Map<string, string>();
  return rows.map((row) => {
    const meaning = meaningOf(row.model);
    if (!first.has(meaning)) first.set(meaning, row.model);
    return { ...row, model: first.get(meaning)! };
  });
}

function newest(rows: readonly BenchmarkRow[]): BenchmarkRow[] {
  const last = new Map<string, number>();
  for (const { model, at } of rows) last.set(model, Math.max(last.get(model) ?? -Infinity, at ?? -Infinity));
  return rows.filter(({ model, at }) => (at ?? -Infinity) === last.get(model));
}
