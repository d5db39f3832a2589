import type { PowerSums } from "../../stats/powerSums";
import { type SharedTime, sharedTime } from "../../stats/sharedTime";
import { atGrain, sparing } from "../../store/grain";
import { rowsOf, run } from "../../store/query";
import type { Selection } from "../../store/select";
import { type ClusterTotals, mostDrawn } from "./clusterTotals";
import { distributionSql } from "./distribution";

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
  /** What shared hours add to the variance of the mean, and of the share below each threshold. */
  shared?: SharedTime;
  sharedBelow?: SharedTime[];
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
    await run(selection.connection, distributionSql.thresholds, { thresholds: JSON.stringify(thresholds) });
    const rows = await rowsOf<Record<string, number>>(selection.connection, distributionSql.clusters);
    for (const row of rows) {
      const g = BigInt(row.g);
      const one = sums.get(g) ?? {
        clusters: row.clusters,
        n: row.n,
        sizeSquares: row.size_squares,
        sizeCubes: row.size_cubes,
        sizeFourths: row.size_fourths,
        residualSquares: settled(row.residual_squares),
        residualSizes: settled(row.residual_sizes),
        residualSizeSquares: settled(row.residual_size_squares),
        residualCubes: settled(row.residual_cubes),
        below: [],
        leaveOneOut: [],
        leaveOneOutCubes: [],
      };
      for (let at = 1; at <= thresholdsAtOnce; at++) {
        one.below.push(row[`below${at}`]);
        one.leaveOneOut.push(settled(row[`leave${at}`]));
        one.leaveOneOutCubes.push(settled(row[`cubes${at}`]));
      }
      sums.set(g, one);
    }
    if (selection.hours) await addHours(selection, sums, from);
  }
  return sums;
}

/** What hours that clusters share add, at the thresholds that stand. */
async function addHours(
  { connection }: Selection,
  sums: Map<bigint, ClusterSums>,
  from: number,
): Promise<void> {
  const shares = JSON.stringify(
    [...sums].map(([g, { below, n }]) => ({
      g: String(g),
      p: below.slice(from, from + thresholdsAtOnce).map((one) => one / n),
    })),
  );
  const squares = async () => {
    const rows = await rowsOf<Record<string, number>>(connection, distributionSql.squares, { shares });
    return new Map(rows.map((row) => [BigInt(row.g), row]));
  };
  const hours = await atGrain(connection, "hour", squares);
  const calls = [...sums.values()].reduce((all, { n }) => all + n, 0);
  const every = sparing(calls, sums.size);
  const both = await atGrain(connection, "both", squares, every);
  for (const [g, one] of sums) {
    const [hour, part] = [hours.get(g), both.get(g)];
    if (hour === undefined || part === undefined) continue;
    const { n } = one;
    const added = (units: number, name: string) =>
      sharedTime({
        units,
        hours: hour[name],
        both: every * part[name],
        count: hour.clusters,
        effective: (n * n) / hour.size_squares,
      });
    one.shared ??= added(one.residualSquares, "residual_squares");
    // Left-out clusters shift log odds, which are steeper than shares by 1 / (n p (1 - p)).
    one.sharedBelow = [
      ...(one.sharedBelow ?? []),
      ...one.below.slice(from, from + thresholdsAtOnce).map((below, at) => {
        const slope = (Math.max(below, 0.5) * Math.max(n - below, 0.5)) / n;
        return added(one.leaveOneOut[from + at] * slope * slope, `squares${at + 1}`);
      }),
    ];
  }
}

/** The power sums over clusters of every group's total and size, about its mean: the law of a bootstrapped mean. */
export async function meanPowerSums(
  { connection }: Selection,
  groups: readonly { g: bigint; mean: number }[],
): Promise<Map<bigint, PowerSums>> {
  const thresholds = groups.map(({ g, mean }) => ({ g: String(g), mean: finite(mean), t: [] }));
  await run(connection, distributionSql.thresholds, { thresholds: JSON.stringify(thresholds) });
  const rows = await rowsOf<PowerSums & { g: number | string }>(connection, distributionSql.power_sums);
  const means = new Map(groups.map(({ g, mean }) => [g, mean]));
  return new Map(
    rows.map(({ g, ...sums }) => [BigInt(g), { ...sums, centre: means.get(BigInt(g)) } as PowerSums]),
  );
}

/** The total and size of each cluster, for every group that has few of them. */
export async function meanTotals({ connection }: Selection): Promise<Map<bigint, ClusterTotals>> {
  const rows = await rowsOf<ClusterTotals & { g: number | string }>(connection, distributionSql.totals, {
    most: mostDrawn,
  });
  return new Map(rows.map(({ g, ...totals }) => [BigInt(g), totals]));
}

// JSON has no infinities; no threshold beyond the largest double tells values apart.
const finite = (x: number) => (Number.isFinite(x) ? x : x < 0 ? -Number.MAX_VALUE : Number.MAX_VALUE);

/** Twelve digits of a sum: the engine adds up in any order, and the last digits are no part of the answer. */
const settled = (sum: number) => Number(sum.toPrecision(12));
