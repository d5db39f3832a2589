import type { TierRow, TierTable } from "../measures/benchmark/tiers";
import type { MeasureOption } from "../measures/measure";
import type { Keyed, Table } from "../measures/table";
import { checkCount } from "../stats/checks";
import { type Claim, isSettled } from "../stats/claim";
import { behindClaim } from "../stats/rankClaim";
import { say } from "../stats/sentences";

/** One model of a leaderboard, kept or dropped. */
export type ShortlistRow = Keyed<
  Pick<TierRow, "model" | "score" | "rank_low" | "rank_high"> & {
    keep: boolean;
    /** How many models are clearly better. */
    clearly_better: number;
    /** That as many as the list is long are better, and how far that stands: only where it is settled is a model dropped. */
    claim: Claim;
  }
>;

/** A shortlist. */
export interface Shortlist extends Table<ShortlistRow> {
  size: number;
  /** The remaining models, best score first. */
  keep: string[];
}

/** The option of its command. */
export const sizeOption: MeasureOption = {
  value: "<models>",
  about: "drop a model if this many others are clearly better",
  as: "whole",
  default: 3,
};

/** How a shortlist is made. */
export interface ShortlistOptions {
  /** A model is dropped if this many are clearly better. Default 3. */
  size?: number;
}

/**
 * The models of a leaderboard that are worth a trial: only clearly worse ones are dropped, and ties stay.
 *
 * A model is dropped if at least `size` others are significantly better, with all pairs judged at once; so the
 * list may be longer than `size`, and with confidence `level` of the table none of the `size` best is dropped. If
 * the scores come without uncertainty, nothing can be dropped.
 *
 * @remarks Method: rank sets, see `rankSets`.
 * @throws RangeError if size is not a whole number of at least 1
 * @example
 * const board = tierTable([90, 89, 70].map((score, at) => ({ model: "abc"[at], score, error: 1 })));
 * benchmarkShortlist(board, { size: 1 }).keep // [ "a", "b" ]
 * benchmarkShortlist(board, { size: 1 }).rows[1].rank_high // 2
 */
export function benchmarkShortlist(leaderboard: TierTable, options: ShortlistOptions = {}): Shortlist {
  const { size = 3 } = options;
  checkCount("benchmarkShortlist", "size", size, 1);
  const rows = leaderboard.rows.map(({ model, score, rank_low, rank_high }): ShortlistRow => {
    const behind = behindClaim("shortlist.behind", { rank_low, rank_high }, size);
    const keep = !isSettled(behind);
    return { model, score, rank_low, rank_high, keep, clearly_better: rank_low - 1, claim: behind };
  });
  const keep = rows.filter((row) => row.keep).map(({ model }) => model);
  return {
    measure: "benchmark shortlist",
    by: ["model"],
    size,
    keep,
    rows,
    notes: [said(rows.length, keep.length, size), ...leaderboard.notes],
  };
}

function said(all: number, kept: number, size: number): string {
  const worse = size === 1 ? "clearly worse than another" : `clearly worse than ${size} others`;
  if (kept === all) return say("shortlist.all", { all: String(all), worse });
  const more = kept > size ? ` ${say("shortlist.more", { kept: String(kept), size: String(size) })}` : "";
  const counts = { kept: String(kept), all: String(all), left: String(all - kept) };
  return `${say("shortlist.part", { ...counts, worse })}${more}`;
}
