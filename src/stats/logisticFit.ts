import { type Comparisons, logistic } from "./comparisons";
import { choleskyOf, inverseOf, sandwich, timesVector } from "./symmetric";

/** What is regressed: for each comparison, the parameters that affect it and by how much. */
export interface Design {
  /** Indices of the comparisons among the models estimated. */
  rows: number[];
  parameters: number;
  /** Parameters of a row, and their factors. */
  at: number[][];
  factor: number[][];
  preferred: ArrayLike<number>;
  /** The parameter of the answer shown first, and those of the controls. */
  place?: number;
  controls: number[];
}

/** The regression of the comparisons among models with a column; the one with column 0 is the reference. */
export function designOf(comparisons: Comparisons, column: readonly number[]): Design {
  const { first, second, preferred, shown, controls = [] } = comparisons;
  const rows: number[] = [];
  for (let at = 0; at < first.length; at++)
    if (column[first[at]] >= 0 && column[second[at]] >= 0 && first[at] !== second[at]) rows.push(at);
  const estimated = column.filter((at) => at >= 0).length;
  let parameters = Math.max(0, estimated - 1);
  const place = shown !== undefined && rows.some((at) => shown[at] !== 0) ? parameters++ : undefined;
  const places = controls.map(() => parameters++);
  const design: Design = { rows, parameters, at: [], factor: [], preferred, controls: places };
  if (place !== undefined) design.place = place;
  for (const row of rows) {
    const at: number[] = [];
    const factor: number[] = [];
    const add = (parameter: number | undefined, by: number) => {
      if (parameter === undefined || parameter < 0 || by === 0) return;
      at.push(parameter);
      factor.push(by);
    };
    add(column[first[row]] - 1, 1);
    add(column[second[row]] - 1, -1);
    add(place, shown?.[row] ?? 0);
    for (const [k, one] of controls.entries()) add(places[k], one[row]);
    design.at.push(at);
    design.factor.push(factor);
  }
  return design;
}

export interface Fit {
  values: Float64Array;
  /** Inverse of the information. */
  inverse: Float64Array[];
  /** For each row, the preference less its expected value. */
  residuals: Float64Array;
  converged: boolean;
}

/** Beyond this a log-odds is not an estimate but a sign that the likelihood has no maximum. */
const TOO_LARGE = 20;

/** Maximum-likelihood values by Newton's method. */
export function fitted(design: Design): Fit {
  const { rows, parameters, at, factor, preferred } = design;
  const values = new Float64Array(parameters);
  const residuals = new Float64Array(rows.length);
  let inverse: Float64Array[] = [];
  let converged = parameters === 0;
  for (let round = 0; round < 50; round++) {
    const information = Array.from({ length: parameters }, () => new Float64Array(parameters));
    const score = new Float64Array(parameters);
    for (let row = 0; row < rows.length; row++) {
      let sum = 0;
      for (let k = 0; k < at[row].length; k++) sum += factor[row][k] * values[at[row][k]];
      const expected = logistic(sum);
      residuals[row] = preferred[rows[row]] - expected;
      addOuter(information, at[row], factor[row], expected * (1 - expected));
      for (let k = 0; k < at[row].length; k++) score[at[row][k]] += factor[row][k] * residuals[row];
    }
    inverse = inverseOf(choleskyOf(information));
    if (converged) break;
    const step = timesVector(inverse, score);
    const longest = step.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
    // A step that is too long is shortened, so that it does not land where the likelihood is flat.
    const shorter = Math.min(1, 5 / longest);
    for (let k = 0; k < parameters; k++) values[k] += shorter * step[k];
    if (!values.every((one) => Math.abs(one) < TOO_LARGE)) break;
    converged = longest < 1e-10;
  }
  return { values, inverse, residuals, converged };
}

function addOuter(into: Float64Array[], at: readonly number[], by: ArrayLike<number>, weight: number): void {
  for (let i = 0; i < at.length; i++)
    for (let k = 0; k < at.length; k++) into[at[i]][at[k]] += weight * by[i] * by[k];
}

/** Covariances of the values for each way of clustering and, if there are two, for both together, last. */
export interface Sandwiches {
  covariances: Float64Array[][];
  /**
   * Effective clusters, of the way of clustering that has the fewest: (sum of sizes)^2 over the sum of their
   * squares.
   */
  effective: number;
  clusters: number;
}

export function sandwichesOf(
  design: Design,
  { inverse, residuals }: Fit,
  ways: Comparisons["clusters"] = [],
): Sandwiches {
  const ofRows = (way: ArrayLike<number>) => design.rows.map((row) => way[row]);
  const each = ways.length === 0 ? [design.rows] : ways.map(ofRows);
  const found = each.map((ids) => clusteredSums(design, residuals, ids));
  const covariance = (sums: Float64Array[]) => sandwich(inverse, sums);
  const covariances = found.map(({ sums }) => covariance(sums));
  if (found.length === 2) {
    const both = clusteredSums(design, residuals, crossed(each[0], each[1]));
    const cross = covariance(both.sums);
    covariances.push(
      cross.map((row, i) => row.map((one, k) => covariances[0][i][k] + covariances[1][i][k] - one)),
    );
  }
  const fewest = found.reduce((a, b) => (b.effective < a.effective ? b : a));
  return { covariances, effective: fewest.effective, clusters: fewest.clusters };
}

function crossed(a: readonly number[], b: readonly number[]): number[] {
  const ids = new Map<string, number>();
  return a.map((one, at) => {
    const key = `${one} ${b[at]}`;
    const id = ids.get(key) ?? ids.size;
    ids.set(key, id);
    return id;
  });
}

/** Sum over clusters of the outer products of their scores, with the small-sample correction. */
function clusteredSums(
  { at, factor, parameters }: Design,
  residuals: Float64Array,
  ids: readonly number[],
): { sums: Float64Array[]; effective: number; clusters: number } {
  const sums = Array.from({ length: parameters }, () => new Float64Array(parameters));
  const order = ids.map((_, row) => row).sort((a, b) => ids[a] - ids[b]);
  const score = new Float64Array(parameters);
  let [clusters, squares] = [0, 0];
  for (let start = 0; start < order.length; ) {
    const touched = new Set<number>();
    let end = start;
    for (; end < order.length && ids[order[end]] === ids[order[start]]; end++) {
      const row = order[end];
      for (let k = 0; k < at[row].length; k++) {
        score[at[row][k]] += factor[row][k] * residuals[row];
        touched.add(at[row][k]);
      }
    }
    const own = [...touched];
    addOuter(
      sums,
      own,
      own.map((k) => score[k]),
      1,
    );
    for (const k of own) score[k] = 0;
    clusters += 1;
    squares += (end - start) ** 2;
    start = end;
  }
  const n = order.length;
  const correction = ((clusters / (clusters - 1)) * (n - 1)) / Math.max(1, n - parameters);
  for (const row of sums) for (let k = 0; k < parameters; k++) row[k] *= correction;
  return { sums, effective: n === 0 ? 0 : (n * n) / squares, clusters };
}
