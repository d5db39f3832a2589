import { shapeOf } from "../../logs/files/shape";
import { isMissing, numberIn } from "../../logs/files/tableCell";
import { isLow, leaderboardColumns } from "../../logs/records/leaderboardColumns";
import { defined } from "../../stats/defined";
import { listed } from "../../stats/text";
import { plainHeader } from "./benchmarkColumn";
import { modelsOf } from "./benchmarkSide";
import { type Scores, scoreColumn } from "./benchmarkTable";
import { type TierOptions, type TierScore, type TierTable, tierTable } from "./tiers";

/** Which columns of a table hold what; if no column of uncertainty is given, it is found by names such as ci_low. */
export interface TierTableOptions extends TierOptions {
  score: string;
  /** Standard error of the score. */
  se?: string;
  /** Lower and upper bound of the score, at the requested level. */
  low?: string;
  high?: string;
  /** Bootstrap draws: a list in each cell, or one draw per row. */
  draws?: string;
  /** The number of items behind the score, for scores that are shares (from 0 to 1, or per cent). */
  items?: string;
}

/**
 * How many tiers a leaderboard in a table has: see `tierTable`. Several rows of one model are its runs.
 *
 * @throws RangeError for a column that the table doesn't have, or one bound without the other
 * @example
 * tiersOfTable({ model: "model", columns: ["s", "e"], rows: [{ model: "a", s: 90, e: 1 }, { model: "b", s: 80, e: 1 }], files: {}, notes: [] }, { score: "s", se: "e" }).tiers // 2
 */
export function tiersOfTable(table: Scores, options: TierTableOptions): TierTable {
  const given = columnsIn(options);
  const columns = sureBy(table, given);
  if ((columns.low === undefined) !== (columns.high === undefined))
    throw new RangeError(
      "tiers requires low and high together, got one of them; name both columns of bounds",
    );
  const column = (option: keyof TierColumns) => {
    const name = columns[option];
    return name === undefined ? undefined : scoreColumn("tiers", option, table, name);
  };
  const score = column("score")!;
  const [se, low, high, draws, items] = (["se", "low", "high", "draws", "items"] as const).map(column);
  let noNumber = 0;
  const models = modelsOf(table);
  const scores = table.rows.map((row, at): TierScore => {
    const value = (name: string | undefined) => (name === undefined ? undefined : numberIn(row[name]));
    const own = draws === undefined ? undefined : drawsIn(row[draws]);
    const measured = value(score)!;
    if (Number.isNaN(measured) && !isMissing(String(row[score] ?? ""))) noNumber++;
    return defined({
      model: models.names[models.of[at]],
      score: measured,
      error: value(se),
      low: value(low),
      high: value(high),
      items: value(items),
      draws: own,
    });
  });
  const result = tierTable(scores, {
    ...options,
    lowerIsBetter: options.lowerIsBetter ?? isLow(columns.score),
  });
  const named = Object.values(columns).filter((name) => !Object.values(given).includes(name));
  const found =
    named.length === 0 ? [] : [`The uncertainty of ${score} is read from ${listed(named.map(String))}.`];
  const words =
    noNumber === 0
      ? []
      : [
          noNumber === 1
            ? "One score is a word, not a number, and is left out."
            : `${noNumber} scores are words, not numbers, and are left out.`,
        ];
  return { ...result, notes: [...found, ...words, ...result.notes, ...table.notes] };
}

/** The options that name columns. */
interface TierColumns extends Pick<TierTableOptions, "score" | "se" | "low" | "high" | "draws" | "items"> {}

function columnsIn({ score, se, low, high, draws, items }: TierTableOptions): TierColumns {
  return { score, se, low, high, draws, items };
}

/** Adds the columns that hold the score's uncertainty, found by their names, if none is given. */
function sureBy(table: Scores, given: TierColumns): TierColumns {
  const { se, low, high, draws, items } = given;
  if ([se, low, high, draws, items].some((one) => one !== undefined)) return given;
  const scores = leaderboardColumns(shapeOf(table.rows))?.scores ?? [];
  const wanted = plainHeader(given.score);
  const found = scores.find(({ name }) => plainHeader(name) === wanted);
  if (found?.error !== undefined) return { score: given.score, se: found.error };
  if (found?.low !== undefined && found.high !== undefined)
    return { score: given.score, low: found.low, high: found.high };
  return found?.items === undefined ? given : { score: given.score, items: found.items };
}

/** Reads a list of numbers from a cell: from JSON, or from text such as "[1, 2]" or "1;2"; one number is one draw. */
function drawsIn(cell: unknown): number[] {
  const list = Array.isArray(cell)
    ? cell
    : String(cell ?? "")
        .replace(/^\s*\[|\]\s*$/g, "")
        .split(/[,;\s]+/);
  return list.map(numberIn).filter((draw) => !Number.isNaN(draw));
}
