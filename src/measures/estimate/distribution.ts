import { join } from "node:path";
import { type Columns, columnsOfResult } from "../../store/columns";
import { rowsOf, run } from "../../store/query";
import { type Selection, weekdays } from "../../store/select";
import { statements } from "../../store/statements";

type Name =
  | "views"
  | "odd"
  | "some_groups"
  | "groups"
  | "histogram"
  | "order_statistics"
  | "thresholds"
  | "clusters"
  | "squares"
  | "power_sums"
  | "totals";
/** The statements that tell of a distribution. */
export const distributionSql = statements<Name>(join(__dirname, "distribution.sql"));

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
  await run(connection, distributionSql.views);
  let cells = await histogram(selection);
  if (!complete(cells)) {
    await run(connection, distributionSql.odd);
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
  return columnsOfResult(connection, distributionSql.histogram);
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
  let names = await namesOf(selection, distributionSql.some_groups);
  if (names.filter(({ g }) => groups.has(g)).length < groups.size)
    names = await namesOf(selection, distributionSql.groups);
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
    if (name === "weekday") return weekdays.indexOf(String(left)) - weekdays.indexOf(String(right));
    return left < right ? -1 : 1;
  }
  return 0;
}
