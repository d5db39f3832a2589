import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { comparedOn } from "../../measures/quality/paired";
import { groupedBy } from "../../measures/rowKey";
import type { Keyed } from "../../measures/table";
import { type Claim, claim, isSettled } from "../../stats/claim";
import type { Estimate } from "../../stats/estimate";
import { holm } from "../../stats/multiplicity";
import { rowsOf } from "../../store/run";
import { statements } from "../../store/statements";
import { cannotTell } from "./compareVerdict";

const sql = statements<"items">(join(__dirname, "compareItems.sql"));

/** A score of the same items on both sides: two runs of an eval set, or the same prompts before and after. */
export type ItemsRow = Keyed<{
  score: string;
  /** Prompts that both sides have. */
  items: number;
  /** Mean difference over the items, b minus a. */
  difference: Estimate;
  /**
   * Items on which a is higher, and on which b is: for a score of 0 and 1, items that one gets right and the other
   * wrong.
   */
  higher_a: number;
  higher_b: number;
  /** The p-value of no difference, adjusted over all scores together by Holm. */
  p_holm: number;
  /** "lower", "higher" or "cannot tell". */
  verdict: string;
  /** That one side is higher, and how far that stands. */
  claim: Claim;
  /** The items that differ most, at most 20, as text: "p17: 1 to 0". */
  flips: string;
}>;

interface Item {
  name: string;
  prompt_id: string;
  a: number;
  b: number;
}

/** Minimum number of items for a comparison. */
const fewest = 5;
const mostFlips = 20;

/**
 * Compares the two sides on the items that both have, never with two separate error bars: the difficulty of an
 * item cancels.
 *
 * Several repeats of an item count as their mean.
 *
 * @remarks Method: see `qualityPairs`.
 */
export async function itemsOf(
  connection: DuckDBConnection,
  { level, seed }: { level: number; seed: number },
): Promise<ItemsRow[]> {
  const byScore = groupedBy(await rowsOf<Item>(connection, sql.items), ({ name }) => name);
  const scores = [...byScore].filter(([, items]) => items.length >= fewest);
  // The difference is b minus a.
  const sides = scores.map(([, items]) =>
    comparedOn(
      items.map(({ a, b }) => ({ a: b, b: a })),
      false,
      { level, seed },
    ),
  );
  const p = holm(sides.map((one) => one.p));
  return scores.map(([score, items], at) => {
    const { difference, only_a: higher_b, only_b: higher_a } = sides[at];
    const falls = difference.value < 0;
    const own = claim(
      `compare.${falls ? "lower" : "higher"}`,
      "differs",
      [{ estimate: difference, end: falls ? "high" : "low", holds: (x) => (falls ? x < 0 : x > 0) }],
      { shown: p[at] <= 1 - level },
    );
    return {
      score,
      items: items.length,
      difference,
      higher_a,
      higher_b,
      p_holm: p[at],
      verdict: !isSettled(own) ? cannotTell : falls ? "lower" : "higher",
      claim: own,
      flips: flipsOf(items),
    };
  });
}

function flipsOf(items: readonly Item[]): string {
  const short = (x: number) => Number(x.toPrecision(3));
  return items
    .filter(({ a, b }) => a !== b)
    .sort((x, y) => Math.abs(y.b - y.a) - Math.abs(x.b - x.a) || (x.prompt_id < y.prompt_id ? -1 : 1))
    .slice(0, mostFlips)
    .map(({ prompt_id, a, b }) => `${prompt_id}: ${short(a)} to ${short(b)}`)
    .join(", ");
}
