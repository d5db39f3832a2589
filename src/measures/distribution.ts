import { join } from "node:path";
import { columnsOfResult } from "../store/columns";
import { rowsOf, run } from "../store/query";
import type { Selection } from "../store/select";
import { statements } from "../store/statements";

type Name = "bucketed" | "groups" | "histogram" | "order_statistics" | "clusters";
const sql = statements<Name>(join(__dirname, "distribution.sql"));

/** What the engine tells of one group: counts and sums, and the histogram in order of value. */
export interface GroupSummary {
  /** The group's key in the engine. */
  g: bigint;
  by: Record<string, string | number | boolean | null>;
  /** Values, censored ones included. */
  n: number;
  /** Values known only to be at least what they are. */
  censored: number;
  /** Calls that failed: they have no value, and are no gap in the log. */
  failed: number;
  /** Calls that should have a value and have none. */
  missing: number;
  total: number;
  /** Buckets ascending: values in each, how many of them are censored, their sum and sum of squares. */
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
 * Sums of squared and cubed deviations from the mean. Put together from the buckets, whose values lie close
 * together, they lose no digits to cancellation; of the cubes only what happens inside a bucket is left out.
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

const failedCode = -2147483647;
const missingCode = -2147483646;

/** Sums up the view `measured` by group. The selection's connection must have it. */
export async function groupSummaries(selection: Selection): Promise<GroupSummary[]> {
  const { connection } = selection;
  await run(connection, sql.bucketed);
  const groups = await rowsOf<{ g: number | string; by: GroupSummary["by"] }>(connection, sql.groups);
  const cells = await columnsOfResult<"g" | "code" | "n" | "total" | "squares">(connection, sql.histogram);
  const byKey = new Map<bigint, GroupSummary>();
  for (const { g, by } of groups) {
    const key = BigInt(g);
    const empty = { n: 0, censored: 0, failed: 0, missing: 0, total: 0, buckets: [] };
    byKey.set(key, {
      g: key,
      by: Object.keys(by).includes("all") && selection.by.length === 0 ? {} : by,
      ...empty,
    });
  }
  if (byKey.size !== groups.length) throw new Error("two groups have one key; ask for fewer columns in by");
  for (let row = 0; row < cells.rows; row++) {
    const group = byKey.get(cells.g[row] as bigint) as GroupSummary;
    const code = cells.code[row] as number;
    const n = cells.n[row] as number;
    if (code === failedCode) group.failed += n;
    else if (code === missingCode) group.missing += n;
    else {
      const bucket = code >> 1;
      const isCensored = (code & 1) === 1;
      const total = cells.total[row] as number;
      let last = group.buckets.at(-1);
      if (last?.bucket !== bucket) {
        last = { bucket, n: 0, censored: 0, total: 0, squares: 0 };
        group.buckets.push(last);
      }
      last.n += n;
      last.total += total;
      last.squares += cells.squares[row] as number;
      if (isCensored) last.censored += n;
      group.n += n;
      if (isCensored) group.censored += n;
      group.total += total;
    }
  }
  return [...byKey.values()];
}

/** Exact order statistics of one group, at the ranks that were fetched. */
export interface Fetched {
  /** Censored values stand at what they are known to be at least. */
  atLeast: (rank: number) => number;
  /** Censored values stand at Infinity. */
  atMost: (rank: number) => number;
}

/** Fetches order statistics for many groups in one scan, two where some values are censored. */
export async function fetchOrderStatistics(
  selection: Selection,
  groups: readonly GroupSummary[],
  ranks: (group: GroupSummary) => readonly number[],
): Promise<Map<bigint, Fetched>> {
  const all = await lookUp(selection, groups, ranks, true);
  const someCensored = groups.filter((group) => group.censored > 0);
  const certain = someCensored.length === 0 ? all : await lookUp(selection, someCensored, ranks, false);
  return new Map(
    groups.map((group) => {
      const atLeast = (rank: number) => valueAt(all, group, rank);
      const uncensored = group.n - group.censored;
      const atMost = (rank: number) =>
        group.censored === 0 ? atLeast(rank) : rank > uncensored ? Infinity : valueAt(certain, group, rank);
      return [group.g, { atLeast, atMost }];
    }),
  );
}

type Values = Map<bigint, Map<number, number>>;

function valueAt(values: Values, group: GroupSummary, rank: number): number {
  const value = values.get(group.g)?.get(rank);
  if (value === undefined) throw new Error(`order statistic ${rank} of ${group.n} was not fetched`);
  return value;
}

async function lookUp(
  selection: Selection,
  groups: readonly GroupSummary[],
  ranks: (group: GroupSummary) => readonly number[],
  censored: boolean,
): Promise<Values> {
  const wanted: { g: string; bucket: number; places: number[] }[] = [];
  const before = new Map<string, number>();
  const values: Values = new Map();
  for (const group of groups) {
    values.set(group.g, new Map());
    const n = censored ? group.n : group.n - group.censored;
    const asked = [...new Set(ranks(group))].filter((rank) => rank >= 1 && rank <= n).sort((a, b) => a - b);
    let below = 0;
    let next = 0;
    for (const one of group.buckets) {
      const here = censored ? one.n : one.n - one.censored;
      const places: number[] = [];
      for (; next < asked.length && asked[next] <= below + here; next++) places.push(asked[next] - below);
      if (places.length > 0) {
        wanted.push({ g: String(group.g), bucket: one.bucket, places });
        before.set(`${group.g} ${one.bucket}`, below);
      }
      below += here;
    }
  }
  if (wanted.length === 0) return values;
  const found = await columnsOfResult<"g" | "bucket" | "place" | "x">(
    selection.connection,
    sql.order_statistics,
    {
      wanted: JSON.stringify(wanted),
      censored,
    },
  );
  for (let row = 0; row < found.rows; row++) {
    const g = found.g[row] as bigint;
    const below = before.get(`${g} ${found.bucket[row]}`) as number;
    values.get(g)?.set(below + Number(found.place[row]), found.x[row] as number);
  }
  return values;
}

/** Sums over the clusters of one group: for the mean, and for each threshold asked. */
export interface ClusterSums {
  clusters: number;
  n: number;
  /** Sums of the squares, cubes and fourth powers of the clusters' sizes. */
  sizeSquares: number;
  sizeCubes: number;
  sizeFourths: number;
  /** Sums of d^2, d^2 m, d^2 m^2 and d^3, where d is the total of a cluster less the mean times its size m. */
  residualSquares: number;
  residualSizes: number;
  residualSizeSquares: number;
  residualCubes: number;
  /** For each threshold: values below it, those equal counted half. */
  below: number[];
  /** For each threshold: squared differences of the log odds with a cluster left out. */
  leaveOneOut: number[];
}

const thresholdsAtOnce = 4;

/** Sums over clusters, for every group at its mean and thresholds (as many for each group). */
export async function clusterSums(
  selection: Selection,
  groups: readonly { g: bigint; mean: number; thresholds: readonly number[] }[],
): Promise<Map<bigint, ClusterSums>> {
  const sums = new Map<bigint, ClusterSums>();
  const most = Math.max(1, ...groups.map(({ thresholds }) => thresholds.length));
  for (let from = 0; from < most; from += thresholdsAtOnce) {
    const thresholds = groups.map((group) => ({
      g: String(group.g),
      mean: finite(group.mean),
      t: group.thresholds.slice(from, from + thresholdsAtOnce).map(finite),
    }));
    const rows = await rowsOf<Record<string, number>>(selection.connection, sql.clusters, {
      thresholds: JSON.stringify(thresholds),
    });
    for (const row of rows) {
      const g = BigInt(row.g);
      const one = sums.get(g) ?? {
        clusters: row.clusters,
        n: row.n,
        sizeSquares: row.size_squares,
        sizeCubes: row.size_cubes,
        sizeFourths: row.size_fourths,
        residualSquares: row.residual_squares,
        residualSizes: row.residual_sizes,
        residualSizeSquares: row.residual_size_squares,
        residualCubes: row.residual_cubes,
        below: [],
        leaveOneOut: [],
      };
      for (let at = 1; at <= thresholdsAtOnce; at++) {
        one.below.push(row[`below${at}`]);
        one.leaveOneOut.push(row[`leave${at}`]);
      }
      sums.set(g, one);
    }
  }
  return sums;
}

// JSON has no infinities; no threshold beyond the largest double tells values apart.
const finite = (x: number) => (Number.isFinite(x) ? x : x < 0 ? -Number.MAX_VALUE : Number.MAX_VALUE);
