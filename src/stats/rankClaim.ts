import { type Claim, type ClaimOptions, claim } from "./claim";
import { defined } from "./defined";
import type { Reservation } from "./reservation";

/** The ranks that a model may truly have, at all models together; NaN where its rank is not known. */
export interface PossibleRanks {
  rank_low: number;
  rank_high: number;
}

const bound = ({ rank_low, rank_high }: PossibleRanks, held: readonly Reservation[] = []) =>
  defined({
    ...{ value: (rank_low + rank_high) / 2, low: rank_low, high: rank_high, level: Number.NaN },
    ...{ method: "rank-set", n: 1, clusters: 1, clusterBy: "model" },
    reservations: held.length > 0 ? held : undefined,
  });

/**
 * That a model is the first of all, or that it is not, from the ranks that it may have.
 *
 * @param held what its number knows of itself
 * @example
 * firstClaim("tiers", { rank_low: 1, rank_high: 1 }).id // "tiers.first"
 * firstClaim("tiers", { rank_low: 1, rank_high: 2 }).status // "open"
 */
export function firstClaim(
  command: string,
  ranks: PossibleRanks,
  held?: readonly Reservation[],
  options?: ClaimOptions,
): Claim {
  const estimate = bound(ranks, held);
  return ranks.rank_low > 1
    ? claim(`${command}.not-first`, "differs", [{ estimate, end: "low", holds: (x) => x > 1 }], options)
    : claim(`${command}.first`, "best", [{ estimate, end: "high", holds: (x) => x <= 1 }], options);
}

/** That at least `models` others are better than a model: what drops it from a list as long. */
export const behindClaim = (id: string, ranks: PossibleRanks, models: number): Claim =>
  claim(id, "differs", [{ estimate: bound(ranks), end: "low", holds: (x) => x > models }]);
