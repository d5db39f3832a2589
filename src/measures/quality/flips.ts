import { defineMeasure, type Result } from "../define";
import { hidden, mostOption } from "../measure";
import type { Keyed } from "../table";
import { flip, isPlain, sharedItems } from "./paired";
import { behindPairs, pairedOptions, pairedSides, selectPaired } from "./pairedItems";

const lists = "it lists items, without intervals";

/** An item that one side gets right and the other wrong. */
export type FlipRow = Keyed<{
  a: string;
  b: string;
  prompt_id: string;
  /** The better side on this item. */
  better: string;
  score_a: number;
  score_b: number;
  runs: number;
}>;

/**
 * The items that one model gets right and another wrong: what a switch would gain and what it would break.
 *
 * Right and wrong are as in `paired`; for a score that isn't 0 or 1, the items with the largest differences are listed.
 * Scores are averages over an item's runs; `runs` counts those of both sides.
 *
 * @returns a table with a row for each item that flips, the largest differences first
 * @throws RangeError for an invalid number, and as `qualityPairs`
 * @example
 * const store = await openDemo();
 * const { rows } = await qualityFlips(store, { score: "correct", limit: 3 });
 * rows.length // 128
 * rows[0].better // "orrery-apex"
 * rows[0].score_a // 1
 */
export const qualityFlips = defineMeasure({
  name: "flips",
  of: "quality",
  about: "the items that only one of two models gets right",
  fixed: { cluster: lists, level: lists, seed: lists, interval: lists },
  needs: ["scores or tasks.resolved", "prompt_id"],
  takes: "pair",
  options: {
    ...pairedOptions,
    pair: {
      value: "<a,b>",
      about: "a and b in one text: small,large",
      check: (_: string, pair: string) => void namesIn(pair),
    },
    ...hidden({ limit: mostOption("items", "for each pair and direction", 20) }),
  },
  open: async (asked) => {
    const { pair } = asked.options;
    const options = pair === undefined ? asked.options : { ...asked.options, ...namesIn(pair) };
    return { sought: options, selection: await selectPaired("qualityFlips", { ...asked, options }) };
  },
  async table({ selection, sought, options: { limit } }): Promise<Result<FlipRow>> {
    const sides = await pairedSides("qualityFlips", selection, sought);
    const { scopes, scope, down, notes } = sides;
    const rows = scopes.flatMap(({ by, pairs }) =>
      pairs.flatMap(([a, b]) => {
        const items = sharedItems(a, b);
        const plain = isPlain(items);
        return [1, -1].flatMap((side) =>
          items
            .filter((item) => flip(item.a, item.b, plain, down) === side)
            .sort((first, second) => Math.abs(second.a - second.b) - Math.abs(first.a - first.b))
            .slice(0, limit)
            .map(({ item, runs, ...scores }) => ({
              ...by,
              ...{ a: a.name, b: b.name, prompt_id: item, better: side === 1 ? a.name : b.name },
              ...{ score_a: scores.a, score_b: scores.b, runs },
            })),
        );
      }),
    );
    const none = rows.length === 0 ? ["No item is right on one side and wrong on the other."] : [];
    return {
      by: [...scope, "a", "b", "prompt_id"],
      rows,
      notes: [...notes, ...none],
      behind: behindPairs<FlipRow>(sides, { by: ["prompt_id"], n: ({ runs }) => runs }),
    };
  },
});

/** The two names of a text. */
function namesIn(pair: string): { a: string; b: string } {
  const [a, b, ...more] = pair.split(",").map((name) => name.trim());
  if (!a || !b || more.length > 0)
    throw new RangeError(`qualityFlips requires two names, as in --flips small,large, got "${pair}"`);
  return { a, b };
}
