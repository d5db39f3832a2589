import { checkLevel, checkSameLength } from "./checks";
import { clusterNotes, FEWEST_CLUSTERS } from "./clusterError";
import { sandwichesOf, sandwichOf } from "./clusterSandwich";
import { type Comparisons, countsOf, joined, logistic } from "./comparisons";
import { defined } from "./defined";
import { type Estimate, noEnds, noted } from "./estimate";
import { type LackOfFit, lackOfFit } from "./lackOfFit";
import { type Design, designOf, expectedOf, type Fit, fitted } from "./logisticFit";
import { type Reservation, reserve } from "./reservation";
import { clusterEffects, sharedDegrees, strengthRanks } from "./strengthRanks";
import { studentTQuantile } from "./studentT";
import { quadraticForm } from "./symmetric";

export interface BradleyTerryOptions {
  /** Number of models. */
  models: number;
  /** The model that win rates are measured against. Default: each of the others, equally often. */
  baseline?: number;
  /** Confidence. Default 0.95. */
  level?: number;
  /** False to leave out ranks and whether the strengths fit, which take about as long as the rest. Default true. */
  ranked?: boolean;
}

/** What the comparisons say about the models. */
export interface BradleyTerry {
  /** Log-odds of a win to a loss of each model against the average of the models that have a strength. */
  strength: Estimate[];
  /**
   * Share of comparisons that each model wins if neither is shown first and all controls are equal; a tie is
   * half a win.
   */
  winRate: Estimate[];
  /** The ranks that each model may truly have, all at once; NaN without a strength or an interval, or if not asked for. */
  ranks: Estimate[];
  /** That one strength for each model does not explain how the pairs went, so that no rank stands; absent if it may. */
  misfit?: LackOfFit;
  /** How many comparisons of two equal models are ties for each that one of them wins. */
  ties: number;
  /** Share of even pairs that the answer shown first wins; absent if the order is unknown, or `isSideFixed`. */
  shownFirst?: Estimate;
  /** True if the order follows from the models, as where one of two is always shown first: its advantage is in their strengths. */
  isSideFixed?: true;
  /** What a step of 1 in each control adds to the log-odds. */
  controls: Estimate[];
  /** Why a model has no strength. */
  without: ReadonlyMap<number, Reservation>;
}

/**
 * Strengths of models from comparisons of two at a time (Bradley-Terry), with intervals by cluster, and ranks.
 *
 * In: comparisons; the strengths, how often equals tie, the advantage of the answer shown first and the controls are
 * fitted together. A preference of exactly 0.5 is a tie. n counts a model's comparisons. A model that never won or never
 * lost, or that no chain of wins and losses connects with the others, has no strength: its win rate is NaN, and its note
 * says why. Where one strength for each model does not explain how the pairs went, no strength carries a decision.
 *
 * @remarks Ties by Davidson (1970), doi:10.1080/01621459.1970.10481082, without ties Bradley and Terry's model, by Newton's
 * method; strengths exist by Ford (1957), doi:10.1080/00029890.1957.11989117. Covariance clustered in one way or two
 * (Cameron, Gelbach and Miller 2011, doi:10.1198/jbes.2010.07136), with no variance smaller than either way alone or leaving
 * out one cluster at a time gives; t quantiles with the effective clusters less 1. Clusters of which fewer than five are
 * effective enter by one design effect for all models, with their number less 1 for each model less 1. Win rates by the delta method on the scale of log-odds. Ranks by the
 * studentised range with one design effect for all pairs, lack of fit by Rao and Scott (1984), doi:10.1214/aos/1176346391.
 * Controls as in the style control of Chatbot Arena.
 * @throws RangeError for arrays of different lengths, values outside 0 to 1, or an invalid level
 * @example
 * const wins = { first: [0, 0, 0, 0, 0, 0], second: [1, 1, 1, 1, 1, 1], preferred: [1, 1, 1, 0.5, 1, 0] };
 * bradleyTerry(wins, { models: 2 }).winRate[0].value.toFixed(3) // "0.750"
 */
export function bradleyTerry(comparisons: Comparisons, options: BradleyTerryOptions): BradleyTerry {
  const { models, level = 0.95, ranked = true } = options;
  check(comparisons, level);
  const { column, without, design, fit } = fitOf(comparisons, models);
  const { ways, covariances, effective, clusters } = sandwichesOf(design, fit, comparisons.clusters);
  const isKnown = effective >= FEWEST_CLUSTERS && fit.converged;
  const known = column.flatMap((at, model) => (at >= 0 ? [model] : []));
  const few = (comparisons.fewClusters ?? []).map((way) => sandwichOf(design, fit, way));
  const given = [...(comparisons.clusters?.length ? ways : []), ...few];
  const all = { design, fit, ways: given.length > 0 ? given : ways };
  const effects = clusterEffects(design, fit, isKnown && known.length > 1 ? given : [], known.length - 1);
  // Few clusters show how they differ over all strengths together, not over each.
  const pooled = few.length > 0 ? [fit.inverse.map((row) => row.map((x) => effects.pooled * x))] : [];
  const every = [...covariances, ...effects.own, ...pooled];
  const degrees =
    few.length > 0 ? Math.min(effective - 1, sharedDegrees(design, few, known.length)) : effective - 1;
  const quantile = isKnown ? studentTQuantile((1 + level) / 2, degrees) : Number.NaN;
  const tested = ranked && isKnown ? lackOfFit(comparisons, all) : undefined;
  const misfit = tested !== undefined && tested.p < 1 - level ? tested : undefined;
  const circle = misfit === undefined ? undefined : reserve("doubt.circle");
  const [fewClusters] = clusterNotes(effective);
  const estimate: Estimator = (value, gradient, n, { back = same, held } = {}) => {
    const error = Math.sqrt(every.reduce((most, one) => Math.max(most, quadraticForm(one, gradient)), 0));
    return defined({
      value: back(value),
      low: back(value - quantile * error),
      high: back(value + quantile * error),
      level,
      method: "bradley-terry",
      n,
      clusters,
      clusterBy: "",
      ...noted([held, fewClusters]),
    });
  };
  const counts = countsOf(comparisons, models);
  const values = centred(fit.values, column, known);
  const reasonOf = (model: number) =>
    without.get(model) ?? (fit.converged ? undefined : reserve("none.fit", { what: "strengths" }));
  const strength = counts.map((n, model): Estimate => {
    const reason = reasonOf(model);
    if (reason !== undefined) return unknown(n, level, reason);
    const gradient = centredGradient(model, known, column, design.parameters);
    return estimate(values[model], gradient, n, { held: circle });
  });
  const share = shareOf({ values, column, design, fit });
  const winRate = counts.map((n, model): Estimate => {
    const others = options.baseline === undefined ? known.filter((one) => one !== model) : [options.baseline];
    const reason = reasonOf(model) ?? againstNothing(model, others, column);
    if (reason !== undefined) return { ...unknown(n, level, reason), unit: "1" };
    const { logit, gradient } = share(model, others);
    return { ...estimate(logit, gradient, n, { back: logistic, held: circle }), unit: "1" };
  });
  const order = [...known].sort((a, b) => column[a] - column[b]);
  const ranks =
    ranked && isKnown && known.length > 1
      ? strengthRanks(
          order.map((model) => values[model]),
          { design, fit, ways: given, effects, level },
        )
      : [];
  return defined({
    strength,
    winRate,
    ranks: counts.map((n, model) => {
      const rank = ranks[order.indexOf(model)];
      return rank === undefined
        ? { ...unknown(n, level, reasonOf(model) ?? fewClusters), unit: "rank" }
        : { ...rank, ...noted([circle]) };
    }),
    misfit,
    ties: fit.ties,
    isSideFixed: design.isSideFixed,
    shownFirst: design.place === undefined ? undefined : firstShown(design, fit, estimate),
    controls: design.controls.map((place) =>
      estimate(fit.values[place], unitVector(design.parameters, place), design.rows.length),
    ),
    without,
  });
}

type Estimator = (
  value: number,
  gradient: Float64Array,
  n: number,
  how?: { back?: (x: number) => number; held?: Reservation | undefined },
) => Estimate;

const same = (x: number) => x;

/** The fit of the models that have a strength. A tie joins two models, unless there is no fit where it does. */
function fitOf(comparisons: Comparisons, models: number) {
  const fitting = (tiesJoin: boolean) => {
    const { column, without } = joined(comparisons, models, tiesJoin);
    const design = designOf(comparisons, column);
    return { column, without, design, fit: fitted(design) };
  };
  const found = fitting(true);
  return found.fit.converged || found.design.tie === undefined ? found : fitting(false);
}

/** The log-odds of the share that a model wins against each of others, equally often, and how they move with the parameters. */
function shareOf({
  values,
  column,
  design,
  fit,
}: {
  values: Float64Array;
  column: readonly number[];
  design: Design;
  fit: Fit;
}) {
  return (model: number, others: readonly number[]) => {
    const gradient = new Float64Array(design.parameters);
    let rate = 0;
    for (const other of others) {
      const { share, byOdds, byTies } = expectedOf(values[model] - values[other], fit.ties);
      rate += share / others.length;
      if (column[model] > 0) gradient[column[model] - 1] += byOdds / others.length;
      if (column[other] > 0) gradient[column[other] - 1] -= byOdds / others.length;
      if (design.tie !== undefined) gradient[design.tie] += byTies / others.length;
    }
    return {
      logit: Math.log(rate / (1 - rate)),
      gradient: gradient.map((slope) => slope / (rate * (1 - rate))),
    };
  };
}

/** The share that the answer shown first wins of two equal models. */
function firstShown(design: Design, fit: Fit, estimate: Estimator): Estimate {
  const { share, byOdds, byTies } = expectedOf(fit.values[design.place!], fit.ties);
  const gradient = new Float64Array(design.parameters);
  gradient[design.place!] = byOdds / (share * (1 - share));
  if (design.tie !== undefined) gradient[design.tie] = byTies / (share * (1 - share));
  const logit = Math.log(share / (1 - share));
  return { ...estimate(logit, gradient, design.rows.length, { back: logistic }), unit: "1" };
}

function check(
  { first, second, preferred, shown, controls = [], clusters = [], fewClusters = [] }: Comparisons,
  level: number,
) {
  checkLevel("bradleyTerry", level);
  for (const [name, side] of Object.entries({ second, preferred, shown }))
    if (side !== undefined) checkSameLength("bradleyTerry", "first", first.length, name, side.length);
  for (const one of controls) checkSameLength("bradleyTerry", "first", first.length, "a control", one.length);
  for (const one of [...clusters, ...fewClusters])
    checkSameLength("bradleyTerry", "first", first.length, "a cluster", one.length);
  for (let at = 0; at < preferred.length; at++)
    if (!(preferred[at] >= 0 && preferred[at] <= 1))
      throw new RangeError(`bradleyTerry requires preferred from 0 to 1, got ${preferred[at]}`);
}

/** Strengths around the mean of the known ones; the reference is column 0 and has no parameter of its own. */
function centred(values: Float64Array, column: readonly number[], known: readonly number[]): Float64Array {
  const own = (model: number) => (column[model] === 0 ? 0 : values[column[model] - 1]);
  const centre = known.reduce((sum, model) => sum + own(model), 0) / known.length;
  return Float64Array.from(column, (at, model) => (at < 0 ? Number.NaN : own(model) - centre));
}

/** How the centred strength of a model moves with the parameters. */
function centredGradient(
  model: number,
  known: readonly number[],
  column: readonly number[],
  parameters: number,
): Float64Array {
  const gradient = new Float64Array(parameters);
  for (const one of known) if (column[one] > 0) gradient[column[one] - 1] -= 1 / known.length;
  if (column[model] > 0) gradient[column[model] - 1] += 1;
  return gradient;
}

function againstNothing(model: number, others: readonly number[], column: readonly number[]) {
  if (others.includes(model)) return reserve("none.itself");
  return others.some((one) => column[one] < 0) ? reserve("none.baseline") : undefined;
}

function unknown(n: number, level: number, why: Reservation | undefined): Estimate {
  const none = { value: Number.NaN, ...noEnds };
  return { ...none, level, method: "none", n, clusters: 0, clusterBy: "", ...noted([why]) };
}

function unitVector(length: number, at: number): Float64Array {
  const vector = new Float64Array(length);
  vector[at] = 1;
  return vector;
}
