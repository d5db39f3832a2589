import { join } from "node:path";
import type { PowerSums } from "../stats/powerSums";
import { type Columns, columnsOfResult } from "../store/columns";
import { rowsOf, run } from "../store/query";
import type { Selection } from "../store/select";
import { statements } from "../store/statements";
import { type ClusterTotals, mostDrawn } from "./clusterTotals";

type Name =
  | "views"
  | "odd"
  | "some_groups"
  | "groups"
  | "histogram"
  | "order_statistics"
  | "thresholds"
  | "clusters"
  | "power_sums"
  | "totals";
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

const failedBucket = -1073741824;
const missingBucket = -1073741823;

/** Sums up the view `measured` by group. The selection's connection must have it. */
export async function groupSummaries(selection: Selection): Promise<GroupSummary[]> {
  const { connection } = selection;
  await run(connection, sql.views);
  let cells = await histogram(selection);
  if (!complete(cells)) {
    await run(connection, sql.odd);
    cells = await histogram(selection);
  }
  const groups = new Map<bigint, GroupSummary>();
  const buckets = new Map<bigint, Map<number, Bucket>>();
  for (let row = 0; row < cells.rows; row++) {
    if (cells.outcome[row] === -1) continue;
    const g = cells.g[row] as bigint;
    const bucket = cells.bucket[row] as number;
    const n = cells.n[row] as number;
    let group = groups.get(g);
    if (group === undefined) {
      group = { g, by: {}, n: 0, censored: 0, failed: 0, missing: 0, total: 0, buckets: [] };
      groups.set(g, group);
      buckets.set(g, new Map());
    }
    if (bucket === failedBucket) group.failed += n;
    else if (bucket === missingBucket) group.missing += n;
    else {
      const total = cells.total[row] as number;
      const censored = cells.outcome[row] === 1 ? n : 0;
      const own = buckets.get(g) as Map<number, Bucket>;
      const one = own.get(bucket) ?? { bucket, n: 0, censored: 0, total: 0, squares: 0 };
      own.set(bucket, one);
      one.n += n;
      one.censored += censored;
      one.total += total;
      one.squares += cells.squares[row] as number;
      group.n += n;
      group.censored += censored;
      group.total += total;
    }
  }
  for (const group of groups.values()) {
    group.buckets = [...(buckets.get(group.g) as Map<number, Bucket>).values()].sort(
      (a, b) => a.bucket - b.bucket,
    );
  }
  return named(selection, groups);
}

type Cells = Columns<"g" | "bucket" | "outcome" | "n" | "total" | "squares">;

async function histogram({ connection }: Selection): Promise<Cells> {
  return columnsOfResult(connection, sql.histogram);
}

// True where every call is in a bucket: the row of outcome -1 has the number of all.
function complete({ n, outcome, rows }: Cells): boolean {
  let left = 0;
  for (let row = 0; row < rows; row++) left += (outcome[row] === -1 ? 1 : -1) * (n[row] as number);
  return left === 0;
}

/** Gives every group its `by` columns, in their order. */
async function named(selection: Selection, groups: Map<bigint, GroupSummary>): Promise<GroupSummary[]> {
  if (selection.by.length === 0) return [...groups.values()];
  // A full pass for the names costs as much as the counts; nearly always the first rows have them all.
  let names = await namesOf(selection, sql.some_groups);
  if (names.filter(({ g }) => groups.has(g)).length < groups.size)
    names = await namesOf(selection, sql.groups);
  for (const { g, by } of names) {
    const group = groups.get(g);
    if (group !== undefined) group.by = by;
  }
  return [...groups.values()].sort((a, b) => compare(selection.by, a.by, b.by));
}

async function namesOf({ connection }: Selection, query: string) {
  const rows = await rowsOf<{ g: number | string; by: GroupSummary["by"] }>(connection, query);
  return rows.map(({ g, by }) => ({ g: BigInt(g), by }));
}

function compare(by: readonly string[], a: GroupSummary["by"], b: GroupSummary["by"]): number {
  for (const name of by) {
    const [left, right] = [a[name], b[name]];
    if (left === right) continue;
    if (left === null || right === null) return left === null ? 1 : -1;
    return left < right ? -1 : 1;
  }
  return 0;
}

/** Exact order statistics of one group, at the ranks that were fetched. */
export interface Fetched {
  /** Censored values stand at what they are known to be at least. */
  atLeast: (rank: number) => number;
  /** Censored values stand at Infinity. */
  atMost: (rank: number) => number;
}

/** Fetches order statistics for many groups in one scan. */
export async function fetchOrderStatistics(
  selection: Selection,
  groups: readonly GroupSummary[],
  ranks: (group: GroupSummary) => readonly number[],
): Promise<Map<bigint, Fetched>> {
  const wanted: Wanted[] = [];
  for (const group of groups) {
    const asked = [...new Set(ranks(group))]
      .filter((rank) => rank >= 1 && rank <= group.n)
      .sort((a, b) => a - b);
    wanted.push(...placesOf(group, asked));
  }
  const values = new Map(
    groups.map(({ g }) => [g, { all: new Map<number, number>(), open: new Map<number, number>() }]),
  );
  if (wanted.length > 0) await lookUp(selection, wanted, values);
  return new Map(
    groups.map((group) => {
      const { all, open } = values.get(group.g) as { all: Map<number, number>; open: Map<number, number> };
      const uncensored = group.n - group.censored;
      const at = (found: Map<number, number>, rank: number) => {
        const value = found.get(rank);
        if (value === undefined) throw new Error(`order statistic ${rank} of ${group.n} was not fetched`);
        return value;
      };
      const atLeast = (rank: number) => at(all, rank);
      const atMost = (rank: number) =>
        group.censored === 0 ? at(all, rank) : rank > uncensored ? Number.POSITIVE_INFINITY : at(open, rank);
      return [group.g, { atLeast, atMost }];
    }),
  );
}

/** Places within one bucket: of all its values, and of those that are not censored. */
interface Wanted {
  g: string;
  bucket: number;
  places: number[];
  open_places: number[];
  /** Values in lower buckets, all and uncensored. */
  below: number;
  openBelow: number;
}

function placesOf(group: GroupSummary, ranks: number[]): Wanted[] {
  const wanted: Wanted[] = [];
  let below = 0;
  let openBelow = 0;
  let next = 0;
  let nextOpen = 0;
  for (const { bucket, n, censored } of group.buckets) {
    const places: number[] = [];
    const openPlaces: number[] = [];
    for (; next < ranks.length && ranks[next] <= below + n; next++) places.push(ranks[next] - below);
    if (group.censored > 0) {
      const open = n - censored;
      for (; nextOpen < ranks.length && ranks[nextOpen] <= openBelow + open; nextOpen++) {
        openPlaces.push(ranks[nextOpen] - openBelow);
      }
    }
    if (places.length + openPlaces.length > 0) {
      wanted.push({ g: String(group.g), bucket, places, open_places: openPlaces, below, openBelow });
    }
    below += n;
    openBelow += n - censored;
  }
  return wanted;
}

async function lookUp(
  { connection }: Selection,
  wanted: Wanted[],
  values: Map<bigint, { all: Map<number, number>; open: Map<number, number> }>,
): Promise<void> {
  const found = await columnsOfResult<"g" | "bucket" | "values" | "open_values">(
    connection,
    sql.order_statistics,
    {
      wanted: JSON.stringify(
        wanted.map(({ g, bucket, places, open_places }) => ({ g, bucket, places, open_places })),
      ),
    },
  );
  const asked = new Map(wanted.map((one) => [`${one.g} ${one.bucket}`, one]));
  for (let row = 0; row < found.rows; row++) {
    const g = found.g[row] as bigint;
    const one = asked.get(`${g} ${found.bucket[row]}`) as Wanted;
    const own = values.get(g) as { all: Map<number, number>; open: Map<number, number> };
    const put = (into: Map<number, number>, places: number[], before: number, list: unknown) => {
      const items = (list as { items: readonly number[] } | null)?.items ?? [];
      for (const [at, place] of places.entries()) into.set(before + place, items[at]);
    };
    put(own.all, one.places, one.below, found.values[row]);
    put(own.open, one.open_places, one.openBelow, found.open_values[row]);
  }
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
  /** For each threshold: the same differences cubed. */
  leaveOneOutCubes: number[];
}

const thresholdsAtOnce = 4;

/** Sums over clusters, for every group at its mean and thresholds (as many for each group). */
export async function clusterSums(
  selection: Selection,
  groups: readonly { g: bigint; mean: number; thresholds: readonly number[] }[],
): Promise<Map<bigint, ClusterSums>> {
  const sums = new Map<bigint, ClusterSums>();
  const most = Math.max(1, groups[0]?.thresholds.length ?? 0);
  for (let from = 0; from < most; from += thresholdsAtOnce) {
    const thresholds = groups.map((group) => ({
      g: String(group.g),
      mean: finite(group.mean),
      t: group.thresholds.slice(from, from + thresholdsAtOnce).map(finite),
    }));
    await run(selection.connection, sql.thresholds, { thresholds: JSON.stringify(thresholds) });
    const rows = await rowsOf<Record<string, number>>(selection.connection, sql.clusters);
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
        leaveOneOutCubes: [],
      };
      for (let at = 1; at <= thresholdsAtOnce; at++) {
        one.below.push(row[`below${at}`]);
        one.leaveOneOut.push(row[`leave${at}`]);
        one.leaveOneOutCubes.push(row[`cubes${at}`]);
      }
      sums.set(g, one);
    }
  }
  return sums;
}

/** The power sums over clusters of every group's total and size, about its mean: the law of a bootstrapped mean. */
export async function meanPowerSums(
  { connection }: Selection,
  groups: readonly { g: bigint; mean: number }[],
): Promise<Map<bigint, PowerSums>> {
  const thresholds = groups.map(({ g, mean }) => ({ g: String(g), mean: finite(mean), t: [] }));
  await run(connection, sql.thresholds, { thresholds: JSON.stringify(thresholds) });
  const rows = await rowsOf<PowerSums & { g: number | string }>(connection, sql.power_sums);
  const means = new Map(groups.map(({ g, mean }) => [g, mean]));
  return new Map(
    rows.map(({ g, ...sums }) => [BigInt(g), { ...sums, centre: means.get(BigInt(g)) } as PowerSums]),
  );
}

/** The total and size of each cluster, for every group that has few of them. */
export async function meanTotals({ connection }: Selection): Promise<Map<bigint, ClusterTotals>> {
  const rows = await rowsOf<ClusterTotals & { g: number | string }>(connection, sql.totals, {
    most: mostDrawn,
  });
  return new Map(rows.map(({ g, ...totals }) => [BigInt(g), totals]));
}

// JSON has no infinities; no threshold beyond the largest double tells values apart.
const finite = (x: number) => (Number.isFinite(x) ? x : x < 0 ? -Number.MAX_VALUE : Number.MAX_VALUE);
