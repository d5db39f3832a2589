import { FEWEST_CLUSTERS } from "./clusterError";
import { type Reservation, reserve } from "./reservation";

/** Comparisons of two models each; the i-th entry of every array belongs to the same comparison. */
export interface Comparisons {
  /** Index of the first model, from 0, and of the second. */
  first: ArrayLike<number>;
  second: ArrayLike<number>;
  /**
   * 1 if the first is preferred, 0 if the second is, 0.5 for a tie; other values are a rater's probability.
   */
  preferred: ArrayLike<number>;
  /** 1 if the first was shown first, -1 if the second was, 0 if unknown. Default: unknown. */
  shown?: ArrayLike<number>;
  /** Other things that may sway a rater, as the first answer's value less the second's. */
  controls?: readonly ArrayLike<number>[];
  /** What counts as independent, in one way or two: codes of raters, of prompts. Default: each comparison. */
  clusters?: readonly ArrayLike<number>[];
  /** What else belongs together, in clusters too few to show how they differ over one model, only over all. Default: none. */
  fewClusters?: readonly ArrayLike<number>[];
}

/**
 * True if who is shown first follows from which models are compared, as where one of two always is: then no fit can tell an
 * advantage of the first from that of a model.
 *
 * @param rows the comparisons to look at
 * @example
 * isSideFixed({ first: [0, 0], second: [1, 1], preferred: [1, 0], shown: [1, 1] }, [0, 1]) // true
 */
export function isSideFixed({ first, second, shown }: Comparisons, rows: readonly number[]): boolean {
  if (shown === undefined || rows.every((at) => shown[at] === 0)) return false;
  // How far each model would have to be above another for strengths alone to do what the order does.
  const above = new Map<number, { to: number; by: number }>();
  const rootOf = (model: number) => {
    let [root, by] = [model, 0];
    for (let up = above.get(root); up !== undefined; up = above.get(root)) [root, by] = [up.to, by + up.by];
    return { root, by };
  };
  return rows.every((at) => {
    const [a, b] = [rootOf(first[at]), rootOf(second[at])];
    const apart = shown[at] - a.by + b.by;
    if (a.root === b.root) return apart === 0;
    above.set(a.root, { to: b.root, by: apart });
    return true;
  });
}

/** Codes for cluster ids; a row without an id is a cluster of its own. */
export function numbered(ids: readonly (string | null)[]): number[] {
  const known = new Map<string, number>();
  let next = 0;
  return ids.map((id) => {
    const found = id === null ? undefined : known.get(id);
    if (found !== undefined) return found;
    if (id !== null) known.set(id, next);
    return next++;
  });
}

/** Effective clusters from which on they show at all how they differ: fewer are hardly more than one. */
const FEWEST_TO_DIFFER = 1.5;

/** Ways of clustering by what can rest on them: intervals, or ranks alone. One that joins no comparisons is left out. */
export function waysBySize<Way extends { ids: readonly number[] }>(
  ways: readonly Way[],
): { enough: Way[]; few: Way[] } {
  const sized = ways.map((way) => ({ way, effective: effectiveOf(way.ids) }));
  const some = sized.filter(({ way, effective }) => effective < way.ids.length);
  return {
    enough: some.flatMap(({ way, effective }) => (effective >= FEWEST_CLUSTERS ? [way] : [])),
    few: some.flatMap(({ way, effective }) =>
      effective < FEWEST_CLUSTERS && effective >= FEWEST_TO_DIFFER ? [way] : [],
    ),
  };
}

/** Clusters that would say as much if all were of one size, of the cluster ids of each value. */
export function effectiveOf(ids: readonly (string | number)[]): number {
  const sizes = new Map<string | number, number>();
  for (const id of ids) sizes.set(id, (sizes.get(id) ?? 0) + 1);
  let squares = 0;
  for (const size of sizes.values()) squares += size * size;
  return squares === 0 ? 0 : (ids.length * ids.length) / squares;
}

export const logistic = (x: number) => 1 / (1 + Math.exp(-x));

/** Comparisons of each model. */
export function countsOf({ first, second }: Comparisons, models: number): number[] {
  const counts = new Array<number>(models).fill(0);
  for (let at = 0; at < first.length; at++) {
    counts[first[at]] += 1;
    counts[second[at]] += 1;
  }
  return counts;
}

/** The models whose strengths exist, as columns from 0 (else -1), and why the others have none. */
export interface Joined {
  column: number[];
  without: Map<number, Reservation>;
}

/**
 * Strengths exist if every model is connected with every other by a chain of wins, in both directions. Of
 * several such groups, the one with the most comparisons is used. Its model with the most comparisons is the
 * reference, column 0.
 *
 * @param tiesJoin whether a tie counts as a win of either
 */
export function joined(comparisons: Comparisons, models: number, tiesJoin = true): Joined {
  const { first, second, preferred } = comparisons;
  const beats = Array.from({ length: models }, () => new Set<number>());
  const losesTo = Array.from({ length: models }, () => new Set<number>());
  const win = (one: number, other: number) => {
    beats[one].add(other);
    losesTo[other].add(one);
  };
  for (let at = 0; at < first.length; at++) {
    if (preferred[at] === 0.5 && !tiesJoin) continue;
    if (preferred[at] > 0) win(first[at], second[at]);
    if (preferred[at] < 1) win(second[at], first[at]);
  }
  const counts = countsOf(comparisons, models);
  const byCount = counts.map((_, model) => model).sort((a, b) => counts[b] - counts[a] || a - b);
  const group = new Array<number>(models).fill(-1);
  const groups: number[][] = [];
  for (const model of byCount) {
    if (group[model] >= 0) continue;
    const below = reached(model, beats);
    const own = [...reached(model, losesTo)].filter((one) => below.has(one));
    for (const one of own) group[one] = groups.length;
    groups.push(own);
  }
  const total = (own: readonly number[]) => own.reduce((sum, one) => sum + counts[one], 0);
  const taken = groups.reduce((best, own, at) => (total(own) > total(groups[best]) ? at : best), 0);
  const column = new Array<number>(models).fill(-1);
  let next = 0;
  for (const model of byCount) if (group[model] === taken && groups[taken].length > 1) column[model] = next++;
  const without = new Map<number, Reservation>();
  for (let model = 0; model < models; model++)
    if (column[model] < 0)
      without.set(
        model,
        counts[model] === 0
          ? reserve("none.counted", { counted: "comparisons" })
          : losesTo[model].size === 0
            ? reserve("none.lost")
            : beats[model].size === 0
              ? reserve("none.won")
              : reserve("none.chain"),
      );
  return { column, without };
}

function reached(from: number, edges: readonly Set<number>[]): Set<number> {
  const found = new Set([from]);
  const open = [from];
  for (let model = open.pop(); model !== undefined; model = open.pop())
    for (const next of edges[model])
      if (!found.has(next)) {
        found.add(next);
        open.push(next);
      }
  return found;
}
