import { isSimilar, sketches } from "./nearDuplicates";
import type { Cell } from "./targets";

/** A request that may become an example; candidates are in draw order. */
export interface Candidate {
  call_id: string;
  /** The id of its call in the log, or a hash of the call's content if the log has no ids. */
  call_key: string;
  workload: string;
  stratum: string;
  edge: string | null;
  cell: string;
  priority: number;
  prompt: string;
}

/** The requests drawn, with how many each represents, and how many near-duplicates were left out. */
export interface Drawn {
  kept: { candidate: Candidate; weight: number }[];
  leftOut: number;
}

/**
 * Keeps candidates in order until there are enough: first from the strata, then edge cases, then from the strata again
 * if there were too few edge cases. The candidates examined represent their group in equal parts: all strata together
 * are one group, drawn with one probability, and each kind of edge case is another.
 */
export function draw(
  candidates: readonly Candidate[],
  cells: readonly (Cell & { target: number })[],
  { size, similar }: { size: number; similar: number },
): Drawn {
  const drawn = sketches(candidates.map(({ prompt }) => prompt));
  const kept: number[] = [];
  // For each candidate examined: itself, or the one kept that it duplicates.
  const stands = new Map<number, number>();
  const take = (edge: boolean, until: number) => {
    for (const [at, candidate] of candidates.entries()) {
      if (kept.length >= until) return;
      if ((candidate.edge !== null) !== edge || stands.has(at)) continue;
      const like = kept.find((other) => isSimilar(drawn[at], drawn[other], similar));
      stands.set(at, like ?? at);
      if (like === undefined) kept.push(at);
    }
  };
  const edges = cells.reduce((sum, { edge, target }) => sum + (edge ? target : 0), 0);
  take(false, size - edges);
  take(true, size);
  take(false, size);

  const requests = new Map<string, number>();
  for (const { cell, edge, requests: n } of cells) {
    const group = edge ? cell : "";
    requests.set(group, (requests.get(group) ?? 0) + n);
  }
  const looked = new Map<string, number>();
  const groupOf = (at: number) => candidates[at].edge ?? "";
  for (const at of stands.keys()) looked.set(groupOf(at), (looked.get(groupOf(at)) ?? 0) + 1);
  const weights = new Map(kept.map((at) => [at, 0]));
  for (const [at, to] of stands)
    weights.set(to, weights.get(to)! + requests.get(groupOf(at))! / looked.get(groupOf(at))!);
  return {
    kept: kept.map((at) => ({ candidate: candidates[at], weight: weights.get(at)! })),
    leftOut: stands.size - kept.length,
  };
}
