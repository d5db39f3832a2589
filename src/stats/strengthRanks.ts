import { FEW_CLUSTERS } from "./clusterError";
import { eachCluster, type Sandwich } from "./clusterSandwich";
import type { Estimate } from "./estimate";
import { addInformation, type Design, type Fit, squareOf } from "./logisticFit";
import { rankEstimates } from "./rankSets";
import { studentisedRangeQuantile } from "./studentisedRange";
import { choleskyOf, inverseOf, timesVector } from "./symmetric";

/** Clusters up to which each is left out in turn; with more, the sandwich finds the same. */
const MOST_LEFT_OUT = 2 * FEW_CLUSTERS;

/** How much more strengths vary over raters or prompts than comparisons alone would let them. */
export interface ClusterEffects {
  /** The mean over all strengths, as a multiple of what comparisons that have nothing in common would have. */
  pooled: number;
  /** The covariance of the values by each way of clustering. */
  own: Float64Array[][];
}

/**
 * What clusters do to the errors of strengths, by leaving out one cluster at a time, since one of many comparisons draws the
 * fit to itself; and pooled, since a few clusters show their mean over all models where they do not show each.
 *
 * @remarks MacKinnon, Nielsen and Webb 2023, https://doi.org/10.1016/j.jeconom.2022.04.001.
 */
export function clusterEffects(
  design: Design,
  fit: Fit,
  ways: readonly Sandwich[],
  strengths: number,
): ClusterEffects {
  const own = ways.map((way) => (way.clusters > MOST_LEFT_OUT ? way.covariance : leftOut(design, fit, way)));
  return { pooled: pooledEffect(fit, own, strengths), own };
}

/**
 * The ranks that each model may truly have, for all models at once, from their strengths.
 *
 * The errors of all pairs share one design effect; a pair over which clusters differ more keeps its own error.
 *
 * @remarks The largest of all differences by the studentised range (Mogstad, Romano, Shaikh and Wilhelm 2024,
 * https://doi.org/10.1093/restud/rdad006) with as many degrees of freedom as there are clusters less 1 for each model
 * less 1. Simulated in docs/simulations/ranks.md.
 * @param strengths of the models in the order of their columns; that of column 0 is the reference
 * @param ways of clustering, none if each comparison is its own
 */
export function strengthRanks(
  strengths: readonly number[],
  {
    design,
    fit,
    ways,
    effects: { pooled, own },
    level,
  }: { design: Design; fit: Fit; ways: readonly Sandwich[]; effects: ClusterEffects; level: number },
): Estimate[] {
  const models = strengths.length;
  const degrees = sharedDegrees(design, ways, models);
  const far = studentisedRangeQuantile(level, models, degrees) / Math.SQRT2;
  const better = new Uint8Array(models * models);
  for (let i = 0; i < models; i++)
    for (let j = 0; j < models; j++) {
      const variance = Math.max(pooled * between(fit.inverse, i, j), ...own.map((one) => between(one, i, j)));
      if (strengths[i] - strengths[j] > far * Math.sqrt(variance)) better[i * models + j] = 1;
    }
  return rankEstimates(strengths, better, { level });
}

/** The degrees of freedom of one design effect for all models. */
export function sharedDegrees(design: Design, ways: readonly Sandwich[], models: number): number {
  const clusters = Math.min(design.rows.length, ...ways.map(({ effective }) => effective));
  return Math.max(1, (clusters - 1) * (models - 1));
}

/** The variance of the difference of two models, from the covariance of the parameters. */
function between(covariance: readonly Float64Array[], first: number, second: number): number {
  const [i, k] = [first - 1, second - 1];
  const at = (a: number, b: number) => (a < 0 || b < 0 ? 0 : covariance[a][b]);
  return at(i, i) + at(k, k) - 2 * at(i, k);
}

/** The variance over clusters of both kinds, as a multiple of what comparisons that have nothing in common would have. */
function pooledEffect({ inverse }: Fit, covariances: readonly Float64Array[][], strengths: number): number {
  const own = (matrix: readonly Float64Array[]) =>
    matrix.slice(0, strengths).map((row) => row.slice(0, strengths));
  const information = inverseOf(choleskyOf(own(inverse)));
  const effects = covariances.map((covariance) => {
    let trace = 0;
    for (const [i, row] of information.entries())
      for (const [k, x] of row.entries()) trace += x * covariance[k][i];
    return trace / strengths;
  });
  const both = effects.reduce((sum, one) => sum + one - 1, 1);
  return Math.max(1, both, ...effects);
}

/** The covariance of the values from leaving out one cluster at a time, with one step of Newton's method for each. */
function leftOut(design: Design, fit: Fit, way: Sandwich): Float64Array[] {
  const sums = squareOf(design.parameters);
  const share = (way.clusters - 1) / way.clusters;
  eachCluster(design, fit, way, (rows, _, score) => {
    const rest = fit.information.map((row) => row.slice());
    for (const row of rows) addInformation(rest, design, design.kind[row], fit.expected, -1);
    const moved = timesVector(inverseOf(choleskyOf(rest)), score);
    for (const [i, row] of sums.entries())
      for (const [k, one] of moved.entries()) row[k] += share * moved[i] * one;
  });
  return sums;
}
