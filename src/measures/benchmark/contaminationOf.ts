import { numberIn } from "../../logs/files/tableCell";
import type { Store } from "../../store/open";
import { matchNames, meaningOf } from "./benchmarkNames";
import { type PooledScore, pooledScores, shareOf } from "./benchmarkPool";
import { benchmarkOf, benchmarkRows, benchmarks } from "./benchmarkScores";
import { type Scores, scoreColumn } from "./benchmarkTable";
import {
  type ContaminationOptions,
  type ContaminationTable,
  contaminationOf,
  type PublicPrivate,
} from "./contamination";

/** Which columns of a table hold the two scores and their errors. */
export interface ContaminationTableOptions extends ContaminationOptions {
  public: string;
  private: string;
  publicSe?: string;
  privateSe?: string;
  /** Whether lower is better in both. Default false. */
  lowerIsBetter?: boolean;
}

/**
 * Compares public with private scores of a table's models: see `contaminationOf`.
 *
 * @throws RangeError for a column that the table doesn't have
 * @example
 * contaminationOfTable({ model: "m", columns: ["a", "b"], rows: [{ m: "x", a: 9, b: 7 }], files: {}, notes: [] }, { public: "a", private: "b" }).rows[0].gap.value // 2
 */
export function contaminationOfTable(
  table: Scores,
  { level, ...columns }: ContaminationTableOptions,
): ContaminationTable {
  const find = (option: "public" | "private" | "publicSe" | "privateSe") => {
    const name = columns[option];
    return name === undefined ? undefined : scoreColumn("contamination", option, table, name);
  };
  const [open, hidden, openSe, hiddenSe] = (["public", "private", "publicSe", "privateSe"] as const).map(
    find,
  );
  const sign = columns.lowerIsBetter === true ? -1 : 1;
  const values = (column: string) => table.rows.map((row) => numberIn(row[column]));
  const factor = factorOf(values(open!), values(hidden!));
  const models = table.rows.map(
    (row): PublicPrivate => ({
      model: String(row[table.model]).trim(),
      public: sign * numberIn(row[open!]),
      private: sign * factor * numberIn(row[hidden!]),
      ...(openSe === undefined ? {} : { publicError: numberIn(row[openSe]) }),
      ...(hiddenSe === undefined ? {} : { privateError: factor * numberIn(row[hiddenSe]) }),
    }),
  );
  const ceiling = ceilingOf([...values(open!), ...values(hidden!).map((score) => factor * score)]);
  return finished(contaminationOf(models, { level, ceiling }), sign, table.notes);
}

/** Two benchmarks in a store, or one before and after a date. */
export type ContaminationSides = ContaminationOptions &
  (
    | { public: string; private: string }
    | {
        benchmark: string;
        /** Scores dated before this count as public, those from this date on as fresh: "2026-01-01". */
        date: string;
      }
  );

/**
 * Compares public with private scores in the store: two benchmarks, or the scores of one before and after a date.
 *
 * @throws RangeError for a benchmark that the store does not have, or an invalid date
 * @example
 * const store = await openDemo();
 * const sides = { public: "competition-math-2024", private: "competition-math-2026" };
 * const { suspects, gap } = await contamination(store, sides);
 * `${suspects[0]}, against a gap of ${gap.value.toFixed(3)}` // "quillon-7-lite, against a gap of 0.063"
 */
export async function contamination(store: Store, options: ContaminationSides): Promise<ContaminationTable> {
  const all = await benchmarks(store);
  if ("date" in options) {
    const { benchmark, higherIsBetter } = benchmarkOf("contamination", all, options.benchmark);
    const at = Date.parse(options.date);
    if (Number.isNaN(at))
      throw new RangeError(
        `contamination requires a date such as 2026-01-31, got ${JSON.stringify(options.date)}`,
      );
    const rows = (await benchmarkRows(store)).filter((row) => row.benchmark === benchmark && row.at !== null);
    const before = pooledScores(rows.filter((row) => row.at! < at));
    const after = pooledScores(rows.filter((row) => row.at! >= at));
    return compared(before, after, higherIsBetter ? 1 : -1, options);
  }
  const open = benchmarkOf("contamination", all, options.public);
  const hidden = benchmarkOf("contamination", all, options.private);
  return compared(open.scores, hidden.scores, open.higherIsBetter ? 1 : -1, options);
}

function compared(
  open: readonly PooledScore[],
  hidden: readonly PooledScore[],
  sign: 1 | -1,
  options: ContaminationOptions,
): ContaminationTable {
  const names = hidden.map(({ model }) => model);
  const matched = matchNames(
    open.map(({ model }) => model),
    names,
  );
  const factor = factorOf(
    open.map(({ score }) => score),
    hidden.map(({ score }) => score),
  );
  const found = new Set(matched.map((name) => meaningOf(name ?? "")));
  const alone = hidden.filter(({ model }) => !found.has(meaningOf(model)));
  const models = [
    ...open.map(({ model, score, error }, at): PublicPrivate => {
      const other = hidden.find((one) => one.model === matched[at]);
      return {
        model,
        public: sign * score,
        private: other === undefined ? Number.NaN : sign * factor * other.score,
        publicError: error,
        privateError: other === undefined ? Number.NaN : factor * other.error,
      };
    }),
    ...alone.map(({ model, score }): PublicPrivate => ({ model, public: Number.NaN, private: sign * score })),
  ];
  const ceiling = ceilingOf([
    ...open.map(({ score }) => score),
    ...hidden.map(({ score }) => factor * score),
  ]);
  return finished(contaminationOf(models, { level: options.level, ceiling }), sign, []);
}

/**
 * The factor that brings the private scores to the scale of the public ones, if one is in shares and the other in per
 * cent.
 */
function factorOf(open: readonly number[], hidden: readonly number[]): number {
  const [from, to] = [shareOf(hidden), shareOf(open)];
  // Only shares against per cent count as a difference in scale; a scale from 0 to 10, say, is left as it is.
  return from === 1 && to === 100 ? 100 : from === 100 && to === 1 ? 0.01 : 1;
}

/** The highest possible score of shares; undefined if scores may be on another scale, such as one from 0 to 10. */
function ceilingOf(scores: readonly number[]): number | undefined {
  const of = shareOf(scores);
  return of === 100 && !scores.some((score) => score > 10) ? undefined : of;
}

/** Restores the sign of the scores if lower is better. */
function finished(table: ContaminationTable, sign: 1 | -1, notes: readonly string[]): ContaminationTable {
  const rows =
    sign > 0 ? table.rows : table.rows.map((row) => ({ ...row, public: -row.public, private: -row.private }));
  return { ...table, rows, notes: [...table.notes, ...notes] };
}
