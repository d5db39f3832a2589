import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { Row } from "../measures/table";
import type { Estimate } from "../stats/estimate";
import { mcnemar } from "../stats/mcnemar";
import { holm } from "../stats/multiplicity";
import { pairedDifference } from "../stats/pairedDifference";
import { rowsOf } from "../store/query";
import { statements } from "../store/statements";
import { cannotTell } from "./compareVerdict";

const sql = statements<"items">(join(__dirname, "compareItems.sql"));

/** A score of the same items on both sides: two runs of an eval set, or the same prompts before and after. */
export interface ItemsRow extends Row {
  score: string;
  /** Prompts that both sides have. */
  items: number;
  /** Mean difference over the items, b less a. */
  difference: Estimate;
  /** Items that a, and that b, does better by the numbers: higher. */
  higher_a: number;
  higher_b: number;
  /** Of so many against so many, the chance without a difference; for all scores together by Holm. */
  p_holm: number;
  /** "lower", "higher" or "cannot tell". */
  verdict: string;
  /** The items that differ most, at most 20, as text: "p17: 1 to 0". */
  flips: string;
}

interface Item {
  name: string;
  prompt_id: string;
  a: number;
  b: number;
}

/** Items from which a comparison says something. */
const fewest = 5;
const mostFlips = 20;

/**
 * The two sides on the items that both have, never as two separate error bars: what makes an item hard cancels.
 *
 * Several repeats of an item count as their mean. Method: see `pairedDifference`; p by McNemar's exact test, which for
 * scores other than 0 and 1 is the sign test.
 */
export async function itemsOf(
  connection: DuckDBConnection,
  { level, seed }: { level: number; seed: number },
): Promise<ItemsRow[]> {
  const found = new Map<string, Item[]>();
  for (const item of await rowsOf<Item>(connection, sql.items)) {
    const own = found.get(item.name);
    if (own === undefined) found.set(item.name, [item]);
    else own.push(item);
  }
  const scores = [...found].filter(([, items]) => items.length >= fewest);
  const counts = scores.map(([, items]) => ({
    higher_a: items.filter(({ a, b }) => a > b).length,
    higher_b: items.filter(({ a, b }) => b > a).length,
  }));
  const p = holm(counts.map(({ higher_a, higher_b }) => mcnemar(higher_a, higher_b)));
  return scores.map(([score, items], at) => {
    const sides = [items.map(({ b }) => b), items.map(({ a }) => a)];
    const { correlation: _, ...difference } = pairedDifference(sides[0], sides[1], {
      level,
      seed,
      clusterBy: "prompt_id",
    });
    const { higher_a, higher_b } = counts[at];
    const up = higher_b > higher_a;
    return {
      score,
      items: items.length,
      difference,
      higher_a,
      higher_b,
      p_holm: p[at],
      verdict: p[at] > 1 - level ? cannotTell : up ? "higher" : "lower",
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
