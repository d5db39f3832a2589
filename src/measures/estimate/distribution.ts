import { inOrder } from "../../facts/nameSources";
import type { GroupKey, Summaries } from "./summaries";

/** One group: counts and sums, and the histogram in order of value. */
export interface GroupSummary {
  g: GroupKey;
  by: Record<string, string | number | boolean | null>;
  /** Values, censored ones included. */
  n: number;
  /** Censored values: known only to be at least that large. */
  censored: number;
  /** Calls that failed: they have no value, but are not gaps in the log. */
  failed: number;
  /** Calls that should have a value but have none. */
  missing: number;
  total: number;
  /**
   * Buckets in ascending order: the values in each, how many of them are censored, their sum and sum of
   * squares.
   */
  buckets: Bucket[];
}

/** One bucket of the histogram. */
export interface Bucket {
  bucket: number;
  n: number;
  censored: number;
  total: number;
  squares: number;
}

/**
 * Sums of squared and cubed deviations from the mean. Combined from the buckets, whose values lie close
 * together, they lose no digits to cancellation; the cubes leave out only the skewness inside a bucket.
 */
export function deviations({ buckets, n, total }: GroupSummary): { squares: number; cubes: number } {
  const mean = total / n;
  let squares = 0;
  let cubes = 0;
  for (const bucket of buckets) {
    const shift = bucket.total / bucket.n - mean;
    const inside = Math.max(0, bucket.squares - (bucket.total * bucket.total) / bucket.n);
    squares += inside + bucket.n * shift * shift;
    cubes += 3 * shift * inside + bucket.n * shift * shift * shift;
  }
  return { squares, cubes };
}

/** Summarises a metric by group, in the order of the columns `by`. */
export async function groupSummaries(
  summaries: Summaries,
  by: readonly string[] = [],
): Promise<GroupSummary[]> {
  const groups = new Map<GroupKey, GroupSummary & { own: Map<number, Bucket> }>();
  for (const { g, bucket, cut, failed, n, total, squares } of await summaries.histogram()) {
    let group = groups.get(g);
    if (group === undefined) {
      group = { g, by: {}, n: 0, censored: 0, failed: 0, missing: 0, total: 0, buckets: [], own: new Map() };
      groups.set(g, group);
    }
    if (failed) group.failed += n;
    else if (bucket === null) group.missing += n;
    else {
      const one = group.own.get(bucket) ?? { bucket, n: 0, censored: 0, total: 0, squares: 0 };
      group.own.set(bucket, one);
      const censored = cut ? n : 0;
      for (const sums of [one, group]) {
        sums.n += n;
        sums.censored += censored;
        sums.total += total;
      }
      one.squares += squares;
    }
  }
  if (by.length > 0)
    for (const { g, by: own } of await summaries.names(groups.size)) {
      const group = groups.get(g);
      if (group !== undefined) group.by = own;
    }
  return [...groups.values()]
    .map(({ own, ...group }) => ({
      ...group,
      buckets: [...own.values()].sort((a, b) => a.bucket - b.bucket),
    }))
    .sort((a, b) => compare(by, a.by, b.by));
}

function compare(by: readonly string[], a: GroupSummary["by"], b: GroupSummary["by"]): number {
  for (const name of by) {
    const [left, right] = [a[name], b[name]];
    if (left === right) continue;
    if (left === null || right === null) return left === null ? 1 : -1;
    const order = inOrder[name];
    if (order !== undefined) return order.indexOf(String(left)) - order.indexOf(String(right));
    return left < right ? -1 : 1;
  }
  return 0;
}
