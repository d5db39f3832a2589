import { type Comparisons, isSideFixed } from "./comparisons";
import { choleskyOf, inverseOf, timesVector } from "./symmetric";

/** What is regressed: the kinds of comparison, and the parameters that affect each and by how much. */
export interface Design {
  /** Indices of the comparisons among the models estimated. */
  rows: number[];
  /** The kind of each row: what affects one affects all of its kind alike. */
  kind: ArrayLike<number>;
  parameters: number;
  /** Parameters of a kind, and their factors. */
  at: number[][];
  factor: number[][];
  preferred: ArrayLike<number>;
  /** The parameter of the answer shown first, if its advantage can be told from the models'; and those of the controls. */
  place?: number;
  /** True if it cannot, though the order is known. */
  isSideFixed?: true;
  controls: number[];
  /** The parameter of ties, the last: the logarithm of how many there are for each win between equals. */
  tie?: number;
}

const TIE = 0.5;

/** The regression of the comparisons among models with a column; the one with column 0 is the reference. */
export function designOf(comparisons: Comparisons, column: readonly number[]): Design {
  const { first, second, preferred, shown, controls = [] } = comparisons;
  const rows: number[] = [];
  for (let at = 0; at < first.length; at++)
    if (column[first[at]] >= 0 && column[second[at]] >= 0 && first[at] !== second[at]) rows.push(at);
  const estimated = column.filter((at) => at >= 0).length;
  let parameters = Math.max(0, estimated - 1);
  const isOrdered = shown !== undefined && rows.some((at) => shown[at] !== 0);
  const isFixed = isSideFixed(comparisons, rows);
  const place = isOrdered && !isFixed ? parameters++ : undefined;
  const places = controls.map(() => parameters++);
  const tie = rows.some((at) => preferred[at] === TIE) ? parameters++ : undefined;
  const kinds = new Map<number, number>();
  const [ats, factors]: [number[][], number[][]] = [[], []];
  const kind = rows.map((row) => {
    const side = place === undefined ? 0 : (shown?.[row] ?? 0);
    // Controls differ from row to row; without any, rows are few kinds.
    const key = (column[first[row]] * estimated + column[second[row]]) * 3 + side + 1;
    const known = controls.length === 0 ? kinds.get(key) : undefined;
    if (known !== undefined) return known;
    const at: number[] = [];
    const factor: number[] = [];
    const add = (parameter: number | undefined, by: number) => {
      if (parameter === undefined || parameter < 0 || by === 0) return;
      at.push(parameter);
      factor.push(by);
    };
    add(column[first[row]] - 1, 1);
    add(column[second[row]] - 1, -1);
    add(place, side);
    for (const [k, one] of controls.entries()) add(places[k], one[row]);
    if (controls.length === 0) kinds.set(key, ats.length);
    factors.push(factor);
    return ats.push(at) - 1;
  });
  const design: Design = { rows, kind, parameters, at: ats, factor: factors, preferred, controls: places };
  if (isFixed) design.isSideFixed = true;
  if (place !== undefined) design.place = place;
  if (tie !== undefined) design.tie = tie;
  return design;
}

/** What is expected of comparisons: of each kind, or of one alone. */
export interface Expected<Numbers = Float64Array> {
  /** The share that the first wins, a tie counting as half a win; how it moves with the log-odds, and with the log of ties. */
  share: Numbers;
  byOdds: Numbers;
  byTies: Numbers;
  /** The chance of a tie. */
  tie: Numbers;
}

/**
 * What to expect of a comparison with these log-odds of a win to a loss, if two equal models tie `ties` times for each
 * time that one of them wins.
 *
 * @remarks Davidson 1970, https://doi.org/10.1080/01621459.1970.10481082: win, loss and tie are as exp(d / 2), exp(-d / 2)
 * and nu. Without ties it is the logistic function.
 */
export function expectedOf(logOdds: number, ties: number): Expected<number> {
  const up = Math.exp(logOdds / 2);
  const total = up + 1 / up + ties;
  const [win, loss, tie] = [up / total, 1 / up / total, ties / total];
  return {
    share: win + tie / 2,
    byOdds: (tie * (1 - tie)) / 4 + win * loss,
    byTies: (-tie * (win - loss)) / 2,
    tie,
  };
}

export interface Fit {
  values: Float64Array;
  /** Ties for each win between equal models. */
  ties: number;
  /** The information, and its inverse. */
  information: Float64Array[];
  inverse: Float64Array[];
  /** For each kind, what is expected. */
  expected: Expected;
  /** For each row, the preference less its expected value, and with ties a tie's 1 less its chance. */
  residuals: Float64Array;
  tieResiduals: Float64Array;
  converged: boolean;
}

/** Beyond this a log-odds is not an estimate but a sign that the likelihood has no maximum. */
const TOO_LARGE = 20;

/** Maximum-likelihood values by Newton's method. */
export function fitted(design: Design): Fit {
  const { parameters, tie, at } = design;
  const values = new Float64Array(parameters);
  const of = kindSums(design);
  const all = (sums: Float64Array) => sums.reduce((sum, x) => sum + x, 0);
  if (tie !== undefined) values[tie] = Math.log((2 * all(of.ties)) / Math.max(0.5, all(of.n) - all(of.ties)));
  const [share, byOdds, byTies, chance] = [0, 0, 0, 0].map(() => new Float64Array(at.length));
  const expected: Expected = { share, byOdds, byTies, tie: chance };
  let converged = parameters === 0;
  for (let round = 0; ; round++) {
    const { information, score } = likelihoodAt(design, of, values, expected);
    const inverse = inverseOf(choleskyOf(information));
    const step = timesVector(inverse, score);
    const longest = step.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
    if (converged || round === 50 || !values.every((one) => Math.abs(one) < TOO_LARGE)) {
      const ties = tie === undefined ? 0 : Math.exp(values[tie]);
      return { values, ties, information, inverse, expected, ...residualsOf(design, expected), converged };
    }
    // A step that is too long is shortened, so that it does not land where the likelihood is flat.
    const shorter = Math.min(1, 5 / longest);
    for (let k = 0; k < parameters; k++) values[k] += shorter * step[k];
    converged = longest < 1e-10;
  }
}

/** The rows of each kind: how many, their preferences together, and how many are ties. */
function kindSums({ rows, kind, at, preferred }: Design) {
  const [n, won, ties] = [0, 0, 0].map(() => new Float64Array(at.length));
  for (let row = 0; row < rows.length; row++) {
    const one = preferred[rows[row]];
    n[kind[row]] += 1;
    won[kind[row]] += one;
    if (one === TIE) ties[kind[row]] += 1;
  }
  return { n, won, ties };
}

/** The information and the score at these values; fills in what is expected of each kind. */
function likelihoodAt(
  design: Design,
  of: ReturnType<typeof kindSums>,
  values: Float64Array,
  expected: Expected,
): { information: Float64Array[]; score: Float64Array } {
  const { parameters, at, factor, tie } = design;
  const information = squareOf(parameters);
  const score = new Float64Array(parameters);
  const ties = tie === undefined ? 0 : Math.exp(values[tie]);
  for (let kind = 0; kind < at.length; kind++) {
    const [own, by, n] = [at[kind], factor[kind], of.n[kind]];
    let sum = 0;
    for (let k = 0; k < own.length; k++) sum += by[k] * values[own[k]];
    const found = expectedOf(sum, ties);
    expected.share[kind] = found.share;
    expected.byOdds[kind] = found.byOdds;
    expected.byTies[kind] = found.byTies;
    expected.tie[kind] = found.tie;
    addInformation(information, design, kind, expected, n);
    const residual = of.won[kind] - n * found.share;
    for (let k = 0; k < own.length; k++) score[own[k]] += by[k] * residual;
    if (tie !== undefined) score[tie] += of.ties[kind] - n * found.tie;
  }
  return { information, score };
}

/** Adds the information of `n` rows of a kind. */
export function addInformation(
  into: Float64Array[],
  { at, factor, tie }: Design,
  kind: number,
  expected: Expected,
  n: number,
): void {
  const [own, by] = [at[kind], factor[kind]];
  const weight = n * expected.byOdds[kind];
  for (let i = 0; i < own.length; i++) {
    const row = into[own[i]];
    for (let k = 0; k < own.length; k++) row[own[k]] += weight * by[i] * by[k];
    if (tie === undefined) continue;
    const shared = n * by[i] * expected.byTies[kind];
    row[tie] += shared;
    into[tie][own[i]] += shared;
  }
  if (tie !== undefined) into[tie][tie] += n * expected.tie[kind] * (1 - expected.tie[kind]);
}

function residualsOf({ rows, kind, preferred, tie }: Design, { share, tie: chance }: Expected) {
  const residuals = Float64Array.from(rows, (row, at) => preferred[row] - share[kind[at]]);
  const tieResiduals = Float64Array.from(
    tie === undefined ? [] : rows,
    (row, at) => Number(preferred[row] === TIE) - chance[kind[at]],
  );
  return { residuals, tieResiduals };
}

export const squareOf = (size: number): Float64Array[] =>
  Array.from({ length: size }, () => new Float64Array(size));
