import type { Store } from "../../store/open";
import { withCalls } from "../behind";
import type { Row, Table } from "../table";
import { flip, isPlain, sharedItems } from "./paired";
import { behindPairs, type PairedOptions, pairedSides } from "./pairedItems";

/** Which flips to list. */
export interface FlipOptions extends PairedOptions {
  /** The maximum number of items per pair and direction. Default 20. */
  limit?: number;
}

/** An item that one side gets right and the other wrong. */
export interface FlipRow extends Row {
  a: string;
  b: string;
  prompt_id: string;
  /** The better side on this item. */
  better: string;
  score_a: number;
  score_b: number;
  runs: number;
}

/**
 * The items that one model gets right and another wrong: what a switch would gain and what it would break.
 *
 * Right and wrong are as in `paired`; for a score that isn't 0 or 1, the items with the largest differences are listed.
 * Scores are averages over an item's runs; `runs` counts those of both sides.
 *
 * @returns a table with a row for each item that flips, the largest differences first
 * @throws RangeError for an invalid number, and as `paired`
 * @example
 * const store = await openDemo();
 * const { rows } = await flips(store, { score: "correct", limit: 3 });
 * rows.length // 128
 * rows[0].better // "orrery-apex"
 * rows[0].score_a // 1
 */
export async function flips(store: Store, options: FlipOptions): Promise<Table<FlipRow>> {
  const { limit = 20 } = options;
  if (!(Number.isSafeInteger(limit) && limit >= 1))
    throw new RangeError(`flips requires a whole number of items >= 1, got ${String(limit)}`);
  const sides = await pairedSides("flips", store, options);
  const { scopes, scope, down, notes } = sides;
  const rows = scopes.flatMap(({ by, pairs }) =>
    pairs.flatMap(([a, b]) => {
      const items = sharedItems(a, b);
      const plain = isPlain(items);
      return [1, -1].flatMap((side) =>
        items
          .filter((item) => flip(item.a, item.b, plain, down) === side)
          .sort((one, other) => Math.abs(other.a - other.b) - Math.abs(one.a - one.b))
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
  return withCalls(
    { measure: "flips", by: [...scope, "a", "b", "prompt_id"], rows, notes: [...notes, ...none] },
    (again) => pairedSides("flips", again, options),
    behindPairs<FlipRow>(sides, { by: ["prompt_id"], n: ({ runs }) => runs }),
  );
}
