import { numberIn } from "../../logs/files/tableCell";
import { normalQuantile } from "../../stats/normal";
import { isWord } from "./benchmarkCells";
import { plainName } from "./benchmarkNames";
import { type PooledScore, pooledScores, shareError, shareOf } from "./benchmarkPool";
import { listed, type Scores } from "./benchmarkTable";

/**
 * Where to find the errors of a column of scores: standard errors, bounds, or numbers of items (one number may serve
 * for all).
 */
export type ErrorsOf = { se: string } | { low: string; high: string } | { items: string | number };

/** The models of a table, each once, and the index of each row's model. */
export interface TableModels {
  names: string[];
  of: number[];
  /** Models with several rows. */
  repeated: string[];
}

/** Spellings that differ only in case are one model; the first spelling is kept. */
export function modelsOf(table: Scores): TableModels {
  const places = new Map<string, number>();
  const names: string[] = [];
  const counts: number[] = [];
  const of = table.rows.map((row) => {
    const name = String(row[table.model]).trim();
    const key = plainName(name);
    const at = places.get(key) ?? names.push(name) - 1;
    places.set(key, at);
    counts[at] = (counts[at] ?? 0) + 1;
    return at;
  });
  return { names, of, repeated: names.filter((_, at) => counts[at] > 1) };
}

/** A column of scores by model, oriented so that higher is better; NaN if a model has none. */
export interface Side {
  values: number[];
  /** Standard errors, and the scores that they are of; absent if the table has none. */
  errors?: number[];
  pooled?: (PooledScore | undefined)[];
}

/** Reads a column; several rows of a model are its runs and are averaged. */
export function sideOf(
  table: Scores,
  models: TableModels,
  column: string,
  { sign, errors, level }: { sign: 1 | -1; errors?: ErrorsOf; level: number },
): Side {
  const scores = table.rows.map((row) => numberIn(row[column]));
  const known = errors === undefined ? undefined : standardErrors(table, scores, errors, level);
  const runs = scores.map((score, at) => ({
    model: String(models.of[at]),
    score: Number.isFinite(score) ? score : Number.NaN,
    error: known?.[at] ?? Number.NaN,
    items: Number.NaN,
  }));
  const pooled = new Map(pooledScores(runs).map((one) => [one.model, one]));
  const by = (value: "score" | "error") =>
    models.names.map((_, at) => pooled.get(String(at))?.[value] ?? Number.NaN);
  const values = by("score").map((score) => sign * score);
  if (known === undefined) return { values };
  return {
    values,
    errors: by("error"),
    pooled: models.names.map((_, at) => pooled.get(String(at))),
  };
}

function standardErrors(table: Scores, scores: readonly number[], errors: ErrorsOf, level: number): number[] {
  const cells = (column: string) => table.rows.map((row) => numberIn(row[column]));
  if ("se" in errors) return cells(errors.se);
  if ("items" in errors) {
    const of = shareOf(scores);
    if (of === undefined)
      throw new RangeError(
        "agreement requires scores with items to be shares, from 0 to 1 or in per cent; give standard errors instead",
      );
    const { items } = errors;
    const counts = typeof items === "number" ? scores.map(() => items) : cells(items);
    return scores.map((score, at) => shareError(score, counts[at], of));
  }
  const [low, high] = [cells(errors.low), cells(errors.high)];
  const reach = 2 * normalQuantile((1 + level) / 2);
  return low.map((end, at) => Math.abs(high[at] - end) / reach);
}

/** Notes on repeated models, and on cells that hold words. */
export function sideNotes(table: Scores, { repeated }: TableModels, columns: readonly string[]): string[] {
  const words = columns.flatMap((column) => {
    const own = table.rows
      .map((row) => row[column])
      .filter((cell) => isWord(cell) && Number.isNaN(numberIn(cell)))
      .map((cell) => JSON.stringify(cell));
    if (own.length === 0) return [];
    const are = own.length === 1 ? "cell is not a number and counts" : "cells are not numbers and count";
    return [`${column}: ${own.length} ${are} as missing (${listed([...new Set(own)], 3)}).`];
  });
  if (repeated.length === 0) return words;
  const have = repeated.length === 1 ? "1 model has" : `${repeated.length} models have`;
  return [`${have} several rows, whose mean is compared: ${listed(repeated)}.`, ...words];
}
