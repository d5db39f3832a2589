import { numberIn } from "../../logs/files/tableCell";
import { isDay } from "../../store/day";
import { defineMeasure, type OptionsOf } from "../define";
import { notOfCalls } from "../options";
import { matchNames, meaningOf } from "./benchmarkNames";
import { type PooledScore, pooledScores, shareError, shareOf } from "./benchmarkPool";
import { benchmarkOf, benchmarkRows, benchmarks } from "./benchmarkScores";
import { type Scores, scoreColumn } from "./benchmarkTable";
import {
  type ContaminationOptions,
  type ContaminationTable,
  contaminationOf,
  type PublicPrivate,
} from "./contamination";

/** Which columns of a table hold the two scores, their errors and the items behind them. */
export interface ContaminationTableOptions extends ContaminationOptions {
  public: string;
  private: string;
  publicSe?: string;
  privateSe?: string;
  publicItems?: string;
  privateItems?: string;
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
  { level, lowerIsBetter = false, ...columns }: ContaminationTableOptions,
): ContaminationTable {
  const values = (option: "public" | "private" | `${"public" | "private"}${"Se" | "Items"}`) => {
    const name = columns[option];
    const column =
      name === undefined ? undefined : scoreColumn("benchmarkContamination", option, table, name);
    return table.rows.map((row) => (column === undefined ? Number.NaN : numberIn(row[column])));
  };
  const side = (name: "public" | "private"): PooledScore[] => {
    const [scores, errors, items] = [values(name), values(`${name}Se`), values(`${name}Items`)];
    const of = shareOf(scores);
    return scores.map((score, at) => ({
      model: String(table.rows[at][table.model]).trim(),
      score,
      error: Number.isNaN(errors[at]) && of !== undefined ? shareError(score, items[at], of) : errors[at],
      items: items[at],
      runs: 1,
    }));
  };
  const [open, hidden] = [side("public"), side("private")];
  const pairs = open.map((score, at) => ({ model: score.model, open: score, hidden: hidden[at] }));
  return judged(pairs, lowerIsBetter, { level }, table.notes);
}

/**
 * Compares public with private scores in the store: two benchmarks, or the scores of one before and after a date.
 *
 * @throws RangeError for a benchmark that the store does not have, or an invalid date
 * @example
 * const store = await openDemo();
 * const sides = { public: "competition-math-2024", private: "competition-math-2026" };
 * const { suspects, gap } = await benchmarkContamination(store, sides);
 * `${suspects[0]}, against a gap of ${gap.value.toFixed(3)}` // "quillon-7-lite, against a gap of 0.063"
 */
export const benchmarkContamination = defineMeasure({
  name: "benchmark contamination",
  was: "contamination",
  about: "which models do better on a public benchmark than on a private one, beyond what the others do",
  needs: ["benchmarks"],
  ownCommand: true,
  words: {
    ...notOfCalls,
    by: false,
    where: false,
    seed: false,
    level: "confidence of the intervals and, jointly, of all models that stand out",
  },
  options: {
    public: { value: "<name>", about: "the public benchmark, or the column of --table" },
    private: { value: "<name>", about: "the private or fresh one" },
    benchmark: { value: "<name>", about: "one benchmark before and after --date, instead of two" },
    date: {
      value: "<day>",
      about: "scores dated before it are public, from it on fresh: 2026-01-31",
      check(caller: string, date: string) {
        if (!isDay(date))
          throw new RangeError(`${caller} requires a date such as 2026-01-31, got ${JSON.stringify(date)}`);
      },
    },
  },
  async compose({ store, options }): Promise<ContaminationTable> {
    const all = await benchmarks(store);
    const { public: open, private: hidden, benchmark: name, date, level } = options;
    if (open !== undefined && hidden !== undefined) {
      const [one, other] = [open, hidden].map((side) => benchmarkOf("benchmarkContamination", all, side));
      return compared(one.scores, other.scores, !one.higherIsBetter, { level });
    }
    if (name === undefined || date === undefined)
      throw new RangeError("benchmarkContamination requires public and private, or benchmark and date");
    const { benchmark, higherIsBetter } = benchmarkOf("benchmarkContamination", all, name);
    const rows = (await benchmarkRows(store)).filter((row) => row.benchmark === benchmark);
    const dated = (isWanted: (at: number) => boolean) =>
      pooledScores(rows.filter(({ at }) => at !== null && isWanted(at)));
    const day = Date.parse(date);
    return compared(
      dated((at) => at < day),
      dated((at) => at >= day),
      !higherIsBetter,
      { level },
    );
  },
});

/** Two benchmarks in a store, or one before and after a date. */
export type ContaminationSides = OptionsOf<typeof benchmarkContamination>;

function compared(
  open: readonly PooledScore[],
  hidden: readonly PooledScore[],
  lowerIsBetter: boolean,
  options: ContaminationOptions,
): ContaminationTable {
  const names = hidden.map(({ model }) => model);
  const matched = matchNames(
    open.map(({ model }) => model),
    names,
  );
  const found = new Set(matched.map((name) => meaningOf(name ?? "")));
  const alone = hidden.filter(({ model }) => !found.has(meaningOf(model)));
  const pairs = [
    ...open.map((score, at) => ({
      model: score.model,
      open: score,
      hidden: hidden.find(({ model }) => model === matched[at]),
    })),
    ...alone.map((score) => ({ model: score.model, open: undefined, hidden: score })),
  ];
  return judged(pairs, lowerIsBetter, options, []);
}

/** A model's two scores, as they are given. */
interface Pair {
  model: string;
  open: PooledScore | undefined;
  hidden: PooledScore | undefined;
}

/** Judges both scores on one scale on which higher is better, and gives them back as they were. */
function judged(
  pairs: readonly Pair[],
  lowerIsBetter: boolean,
  { level }: ContaminationOptions,
  notes: readonly string[],
): ContaminationTable {
  const scores = (side: "open" | "hidden") => pairs.flatMap((pair) => pair[side]?.score ?? []);
  const factor = factorOf(scores("open"), scores("hidden"));
  const ceiling = ceilingOf([...scores("open"), ...scores("hidden").map((score) => factor * score)]);
  const turned = (score: number) => (lowerIsBetter ? -score : score);
  const models = pairs.map(
    ({ model, open, hidden }): PublicPrivate => ({
      model,
      public: turned(open?.score ?? Number.NaN),
      private: turned(factor * (hidden?.score ?? Number.NaN)),
      publicError: open?.error,
      privateError: hidden && factor * hidden.error,
      publicItems: open?.items,
      privateItems: hidden?.items,
    }),
  );
  const table = contaminationOf(models, { level, ceiling });
  const rows = table.rows.map((row) => ({
    ...row,
    public: turned(row.public),
    private: turned(row.private),
  }));
  return { ...table, rows, notes: [...table.notes, ...notes] };
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
