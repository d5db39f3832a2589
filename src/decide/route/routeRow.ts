import type { Keyed } from "../../measures/table";
import { type AssumptionId, type Claim, claim, hangingOn } from "../../stats/claim";
import type { Estimate } from "../../stats/estimate";
import { noted } from "../../stats/estimate";
import { reserve } from "../../stats/reservation";
import { boundedBy, type Cost, estimateOf, noOutcome, paired } from "./counterfactual";
import type { Series } from "./resampled";
import type { Costs, Picked, RouteCandidate } from "./routePick";
import { fewestTasks, type RouteContext } from "./routeTasks";

/** Where one request type goes, and what that changes. All sums are over all of its tasks in the log. */
export type RouteRow = Keyed<{
  /** The third of the input lengths: "short", "middle", "long" or "not known". Only if `by` asks for "length". */
  length?: string;
  /** The cheapest model above the floor; null if the flagship had too few such tasks to compare with. */
  model: string | null;
  /** This type's share of all tasks of the log. */
  share: number;
  tasks: number;
  /** US dollars for all of them with `model`, with the flagship, and the difference. */
  cost: Estimate;
  cost_flagship: Estimate;
  saving: Estimate;
  /**
   * Share of tasks with a known outcome that `model` resolves at this type's mix of lengths, and the same less the
   * flagship's.
   */
  resolve_rate_at_mix: Estimate;
  resolve_difference: Estimate;
  /** Seconds of all answering calls of a task at that mix, and the same less the flagship's. */
  seconds_per_task_at_mix: Estimate;
  seconds_difference: Estimate;
  /** How far it stands that `model` is not worse; if it is the flagship, that the cheapest of the models nearest to it is not. */
  claim: Claim;
  /** How far it stands that money is saved. */
  saves: Claim;
}>;

/** @param level of the row's intervals, which is higher if models were picked from many */
export function rowOf(
  { scope, count, candidates, picked, costs }: Picked,
  context: RouteContext,
  level: number,
): RouteRow {
  const { tasks, all, about } = context;
  const share = count / all;
  if (picked === undefined || costs === undefined)
    return { ...scope.keys, ...unknownRow(count, share, context) };
  const estimate = (series: Series, unit: string): Estimate => ({
    ...estimateOf(series, tasks.data, { n: count, ...about, level, unit, unknown: noOutcome }),
    level: about.level,
  });
  const { own, against, row } = picked;
  const minus = (x: number, y: number) => x - y;
  const paid = bills(sumOf([costs]), (series) => estimate(series, "USD"));
  return {
    ...scope.keys,
    model: row.model,
    share,
    tasks: count,
    ...paid,
    resolve_rate_at_mix: estimate(own.resolveRate, "1"),
    resolve_difference: estimate(paired(own.resolveRate, against.resolveRate, minus), "1"),
    seconds_per_task_at_mix: estimate(own.secondsPerTask, "s/task"),
    seconds_difference: estimate(paired(own.secondsPerTask, against.secondsPerTask, minus), "s/task"),
    claim:
      row.claim === undefined
        ? (nearest(candidates, row)?.claim ?? undecided)
        : ifAssigned(row.claim, context.declared),
    saves: savesClaim(paid.saving, context.declared),
  };
}

/** How far it stands that money is saved. */
export const savesClaim = (saving: Estimate, declared: readonly AssumptionId[]): Claim =>
  ifAssigned(
    claim("route.saves", "saves", [{ estimate: saving, end: "low", holds: (x) => x > 0 }]),
    declared,
  );

/** What moved tasks would have cost or resolved holds if those of one type and length were given to models at random. */
const ifAssigned = (own: Claim, declared: readonly AssumptionId[]) =>
  hangingOn(own, "random-assignment", declared);

/** Of the models that seem to cost less, the one that is nearest to taking over: first by its claim, then by its cost. */
export function nearest(
  candidates: readonly RouteCandidate[],
  { cost_per_task_at_mix }: RouteCandidate,
): RouteCandidate | undefined {
  const costOf = (one: RouteCandidate) => one.cost_per_task_at_mix.value;
  const cheaper = candidates.filter(
    (one) => one.claim !== undefined && costOf(one) < cost_per_task_at_mix.value,
  );
  const isNear = ({ claim: own }: RouteCandidate) => own?.status === "leads if";
  return cheaper.sort((x, y) => Number(isNear(y)) - Number(isNear(x)) || costOf(x) - costOf(y))[0];
}

const undecided: Claim = { id: "route.not-worse", kind: "not worse", status: "not to be decided" };

/** Costs added up, and the pair that a saving compares: where all stays with the flagship, what is unknown is so on both sides. */
export interface Bills extends Costs {
  saved: readonly [flagship: Cost, own: Cost];
}

export function sumOf(types: readonly Costs[]): Bills {
  const add = (all: Series, one: Series) => paired(all, one, (x, y) => x + y);
  const total = (costs: readonly Cost[]): Cost => {
    if (costs.length === 0) return { low: Float64Array.of(Number.NaN), high: Float64Array.of(Number.NaN) };
    const low = costs.map((one) => one.low).reduce(add);
    const isKnown = costs.every((one) => one.low === one.high);
    return { low, high: isKnown ? low : costs.map((one) => one.high).reduce(add) };
  };
  const sides = (of: (one: Costs, cost: Cost) => Cost) =>
    [total(types.map((one) => of(one, one.flagship))), total(types.map((one) => of(one, one.own)))] as const;
  const [flagship, own] = sides((_, cost) => cost);
  const saved = sides(({ own, flagship }, cost) =>
    own === flagship ? { low: cost.low, high: cost.low } : cost,
  );
  return { own, flagship, saved };
}

/** A model's bill, the flagship's, and what the one saves of the other. */
export function bills(
  { own, flagship, saved }: Bills,
  estimate: (series: Series) => Estimate,
): Pick<RouteRow, "cost" | "cost_flagship" | "saving"> {
  const bill = (one: Cost) => boundedBy([one, one], (x) => x, estimate);
  return {
    cost: bill(own),
    cost_flagship: bill(flagship),
    saving: boundedBy(saved, (x, y) => x - y, estimate),
  };
}

function unknownRow(tasks: number, share: number, { flagship, about }: RouteContext): RouteRow {
  const none = { value: Number.NaN, low: Number.NaN, high: Number.NaN, method: "none", n: 0, clusters: 0 };
  const note = reserve("none.flagship", { model: flagship ?? "the flagship", needed: fewestTasks });
  const one = (unit: string): Estimate => ({ ...none, ...about, unit, ...noted([note]) });
  return {
    model: null,
    share,
    tasks,
    cost: one("USD"),
    cost_flagship: one("USD"),
    saving: one("USD"),
    resolve_rate_at_mix: one("1"),
    resolve_difference: one("1"),
    seconds_per_task_at_mix: one("s/task"),
    seconds_difference: one("s/task"),
    claim: undecided,
    saves: savesClaim(one("USD"), []),
  };
}
