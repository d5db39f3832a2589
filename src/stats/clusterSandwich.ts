import type { Comparisons } from "./comparisons";
import { type Design, type Fit, squareOf } from "./logisticFit";
import { sandwich } from "./symmetric";

/** Rows in the order of their clusters, and where each cluster begins; the last is where they end. */
interface Clusters {
  order: Int32Array;
  starts: number[];
}

/** The covariance of the values for one way of clustering. */
export interface Sandwich extends Clusters {
  covariance: Float64Array[];
  /** Effective clusters: (sum of sizes)^2 over the sum of their squares. */
  effective: number;
  clusters: number;
}

/** Covariances of the values for each way of clustering and, if there are two, for both together, last. */
export interface Sandwiches {
  ways: Sandwich[];
  covariances: Float64Array[][];
  /** Effective clusters, of the way of clustering that has the fewest. */
  effective: number;
  clusters: number;
}

export function sandwichesOf(design: Design, fit: Fit, ways: Comparisons["clusters"] = []): Sandwiches {
  const found =
    ways.length === 0
      ? [clustered(design, fit, design.rows)]
      : ways.map((way) => sandwichOf(design, fit, way));
  const covariances = found.map(({ covariance }) => covariance);
  if (ways.length === 2) {
    const both = clustered(design, fit, crossed(design, ways[0], ways[1])).covariance;
    covariances.push(
      both.map((row, i) => row.map((one, k) => covariances[0][i][k] + covariances[1][i][k] - one)),
    );
  }
  const fewest = found.reduce((a, b) => (b.effective < a.effective ? b : a));
  return { ways: found, covariances, effective: fewest.effective, clusters: fewest.clusters };
}

/** The covariance if the comparisons of one cluster belong together. */
export const sandwichOf = (design: Design, fit: Fit, way: ArrayLike<number>): Sandwich =>
  clustered(
    design,
    fit,
    design.rows.map((row) => way[row]),
  );

function crossed({ rows }: Design, a: ArrayLike<number>, b: ArrayLike<number>): number[] {
  const ids = new Map<string, number>();
  return rows.map((row) => {
    const key = `${a[row]} ${b[row]}`;
    const id = ids.get(key) ?? ids.size;
    ids.set(key, id);
    return id;
  });
}

function clustersOf(ids: readonly number[]): Clusters {
  const order = Int32Array.from(ids, (_, row) => row).sort((a, b) => ids[a] - ids[b]);
  const starts: number[] = [];
  for (let at = 0; at < order.length; at++)
    if (at === 0 || ids[order[at]] !== ids[order[at - 1]]) starts.push(at);
  return { order, starts: [...starts, order.length] };
}

/**
 * Calls `visit` for each cluster of the rows: with its rows, the parameters that these touch, and the sums of their scores,
 * which are 0 at all others.
 */
export function eachCluster(
  { kind, at, factor, parameters, tie }: Design,
  { residuals, tieResiduals }: Fit,
  { order, starts }: Clusters,
  visit: (rows: Int32Array, touched: readonly number[], score: Float64Array) => void,
): void {
  const score = new Float64Array(parameters);
  const isTouched = new Uint8Array(parameters);
  for (let cluster = 0; cluster + 1 < starts.length; cluster++) {
    const rows = order.subarray(starts[cluster], starts[cluster + 1]);
    const touched: number[] = [];
    const add = (place: number, by: number) => {
      score[place] += by;
      if (isTouched[place] === 1) return;
      isTouched[place] = 1;
      touched.push(place);
    };
    for (let k = 0; k < rows.length; k++) {
      const row = rows[k];
      const [own, by] = [at[kind[row]], factor[kind[row]]];
      for (let i = 0; i < own.length; i++) add(own[i], by[i] * residuals[row]);
      if (tie !== undefined) add(tie, tieResiduals[row]);
    }
    visit(rows, touched, score);
    for (const place of touched) score[place] = isTouched[place] = 0;
  }
}

/** The sandwich over clusters, with the small-sample correction. */
function clustered(design: Design, fit: Fit, ids: readonly number[]): Sandwich {
  const found = clustersOf(ids);
  const clusters = found.starts.length - 1;
  const sums = squareOf(design.parameters);
  let squares = 0;
  eachCluster(design, fit, found, (rows, touched, score) => {
    for (const i of touched) for (const k of touched) sums[i][k] += score[i] * score[k];
    squares += rows.length ** 2;
  });
  const n = ids.length;
  // How often equals tie takes no part in how far the preferences lie from their fit.
  const slopes = design.parameters - (design.tie === undefined ? 0 : 1);
  const correction = ((clusters / (clusters - 1)) * (n - 1)) / Math.max(1, n - slopes);
  for (const row of sums) for (let k = 0; k < row.length; k++) row[k] *= correction;
  const covariance = sandwich(fit.inverse, sums);
  return { ...found, covariance, effective: n === 0 ? 0 : (n * n) / squares, clusters };
}
