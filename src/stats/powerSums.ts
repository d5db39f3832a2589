import type { Labels } from "./sample";
import { clusterCodes, type NanPolicy, readNumbers } from "./sample";

/**
 * The fourteen sums over clusters from which means, rates and ratios of sums get their intervals. A cluster (a task,
 * a user) has a numerator c (its cost, the sum of its values) and a denominator r (its resolved tasks, the count of
 * its values; 1 for a value alone); with d = c - centre * r, the field `d2r1` is the sum of d^2 r over clusters.
 */
export interface PowerSums {
  clusters: number;
  /** Any constant near the ratio; it preserves digits if values are far from 0. Default 0: d is then c. */
  centre?: number;
  d1r0: number;
  d0r1: number;
  d2r0: number;
  d1r1: number;
  d0r2: number;
  d3r0: number;
  d2r1: number;
  d1r2: number;
  d0r3: number;
  d4r0: number;
  d3r1: number;
  d2r2: number;
  d1r3: number;
  d0r4: number;
}

type SumName = Exclude<keyof PowerSums, "clusters" | "centre">;

/**
 * The names of the sums, with the powers of d and r that they add up; an engine can compute them in one GROUP BY.
 */
export const POWER_SUMS: readonly { name: SumName; d: number; r: number }[] = [1, 2, 3, 4].flatMap((order) =>
  Array.from({ length: order + 1 }, (_, r) => ({ name: `d${order - r}r${r}` as SumName, d: order - r, r })),
);

const CHOOSE = [[1], [1, 1], [1, 2, 1], [1, 3, 3, 1], [1, 4, 6, 4, 1]] as const;

function emptySums(clusters: number, centre: number): PowerSums {
  const sums = { clusters, centre } as PowerSums;
  for (const { name } of POWER_SUMS) sums[name] = 0;
  return sums;
}

/**
 * The same sums about another centre, exactly as if they had been computed about it.
 *
 * @example
 * recentred(powerSums([1, 2, 4], [1, 1, 1], { centre: 0 }), 2).d1r0 // 1
 */
export function recentred(sums: PowerSums, centre: number): PowerSums {
  const shift = centre - (sums.centre ?? 0);
  if (shift === 0) return { ...sums, centre };
  const moved = emptySums(sums.clusters, centre);
  for (const { name, d, r } of POWER_SUMS) {
    let sum = 0;
    // (d - shift r)^d r^r, expanded.
    for (let j = 0; j <= d; j++)
      sum += CHOOSE[d]![j]! * (-shift) ** j * sums[`d${d - j}r${r + j}` as SumName];
    moved[name] = sum;
  }
  return moved;
}

/**
 * The sums of two sets of clusters together: what summing over all of them at once would give.
 *
 * @example
 * mergePowerSums(powerSums([1], [1]), powerSums([2], [1])).clusters // 2
 */
export function mergePowerSums(a: PowerSums, b: PowerSums): PowerSums {
  const other = recentred(b, a.centre ?? 0);
  const merged = emptySums(a.clusters + b.clusters, a.centre ?? 0);
  for (const { name } of POWER_SUMS) merged[name] = a[name] + other[name];
  return merged;
}

/** The sum of c and the sum of r. */
export function totals(sums: PowerSums): { numerator: number; denominator: number } {
  return { numerator: sums.d1r0 + (sums.centre ?? 0) * sums.d0r1, denominator: sums.d0r1 };
}

/** Sums over clusters of two columns of rows: c and r of each cluster, in order of first appearance. */
export interface ClusterTotals {
  numerators: Float64Array;
  denominators: Float64Array;
  rows: number;
  dropped: number;
}

/**
 * Adds up two columns by cluster label; with `nan: "drop"`, a row with a missing number in either column is
 * dropped.
 */
export function clusterTotals(
  caller: string,
  numerators: ArrayLike<number>,
  denominators: ArrayLike<number>,
  { clusters, nan = "throw" }: { clusters?: Labels; nan?: NanPolicy } = {},
): ClusterTotals {
  if (numerators.length !== denominators.length)
    throw new RangeError(
      `${caller} requires one denominator for each numerator, got ${numerators.length} and ${denominators.length}`,
    );
  const whole = Array.from(numerators, (value, i) =>
    nan === "drop" &&
    (Number.isNaN(denominators[i]) || denominators[i] === null || denominators[i] === undefined)
      ? Number.NaN
      : value,
  );
  const first = readNumbers(caller, whole, nan);
  const kept = first.rows ?? Int32Array.from({ length: first.values.length }, (_, i) => i);
  const second = readNumbers(
    caller,
    Array.from(kept, (row) => denominators[row]!),
    nan,
  ).values;
  if (clusters === undefined)
    return { numerators: first.values, denominators: second, rows: second.length, dropped: first.dropped };
  const { codes, count } = clusterCodes(caller, clusters, numerators.length, kept);
  const sums = { numerators: new Float64Array(count), denominators: new Float64Array(count) };
  for (let i = 0; i < codes.length; i++) {
    sums.numerators[codes[i]!]! += first.values[i]!;
    sums.denominators[codes[i]!]! += second[i]!;
  }
  return { ...sums, rows: second.length, dropped: first.dropped };
}

/**
 * The power sums of clusters.
 *
 * @param numerators c of each cluster
 * @param denominators r of each cluster
 * @param options `centre`: default the ratio of the two sums, which preserves the most digits
 * @example
 * powerSums([1, 2, 3], [1, 1, 1]).d2r0 // 2
 */
export function powerSums(
  numerators: ArrayLike<number>,
  denominators: ArrayLike<number>,
  { centre }: { centre?: number } = {},
): PowerSums {
  let [c, r] = [0, 0];
  for (let k = 0; k < numerators.length; k++) {
    c += numerators[k]!;
    r += denominators[k]!;
  }
  const about = centre ?? (r !== 0 && Number.isFinite(c / r) ? c / r : 0);
  const s = new Float64Array(14);
  for (let k = 0; k < numerators.length; k++) {
    const y = denominators[k]!;
    const x = numerators[k]! - about * y;
    const [xx, xy, yy] = [x * x, x * y, y * y];
    s[0]! += x;
    s[1]! += y;
    s[2]! += xx;
    s[3]! += xy;
    s[4]! += yy;
    s[5]! += xx * x;
    s[6]! += xx * y;
    s[7]! += x * yy;
    s[8]! += yy * y;
    s[9]! += xx * xx;
    s[10]! += xx * xy;
    s[11]! += xx * yy;
    s[12]! += xy * yy;
    s[13]! += yy * yy;
  }
  const sums = emptySums(numerators.length, about);
  for (const [i, { name }] of POWER_SUMS.entries()) sums[name] = s[i]!;
  return sums;
}
