import type { Keyed } from "../../measures/table";
import type { Claim } from "../../stats/claim";
import { defined } from "../../stats/defined";
import { type Estimate, renoted, toldBy, withNotes } from "../../stats/estimate";
import { type Reservation, reserve } from "../../stats/reservation";
import { twoSided } from "../../stats/twoSided";
import { rateAtWorst } from "../../stats/worstCase";
import {
  bounded,
  type Cost,
  type Counterfactual,
  counterfactual,
  estimateOf,
  noOutcome,
} from "./counterfactual";
import { enoughByThird, halves, type Series } from "./resampled";
import { judged } from "./routeClaim";
import { resolveBound } from "./routeFloor";
import { fewestTasks, type RouteContext, type Scope } from "./routeTasks";

/** A model considered for a request type. */
export type RouteCandidate = Keyed<{
  model: string;
  tasks: number;
  /** US dollars per task, and the share of resolved tasks among those with a known outcome, over its own tasks. */
  cost_per_task: Estimate;
  resolve_rate: Estimate;
  /**
   * The same at this type's mix of lengths; if the model had too few tasks of some length, over its own tasks as
   * they are.
   */
  cost_per_task_at_mix: Estimate;
  resolve_rate_at_mix: Estimate;
  passes: boolean;
  /** The limits it is not shown to keep. */
  fails: string;
  /** How far it stands that the model keeps them; absent of the flagship, and of a model with too few tasks. */
  claim?: Claim;
}>;

/** The models considered for a request type, and the one that was picked. */
export interface Picked {
  scope: Scope;
  count: number;
  candidates: RouteCandidate[];
  /** How many models other than the flagship could have been picked. */
  tried: number;
  picked?: Looked & { against: Counterfactual };
  /** Costs of the model and of the flagship, from clusters that had no part in picking them. */
  costs?: Costs;
}

/** What a model and the flagship cost; one and the same if the model is the flagship. */
export interface Costs {
  own: Cost;
  flagship: Cost;
}

/** The minimum clusters of a request type for a model to be given all of that type. */
const fewestClusters = 5;

interface Looked {
  row: RouteCandidate;
  own: Counterfactual;
  against?: Counterfactual;
  even: boolean;
}

/** The cheapest model above the floor for one request type. */
export function pick(scope: Scope, context: RouteContext): Picked {
  const { tasks, flagship } = context;
  const { data } = tasks;
  const [count] = data.series(scope.groups, scope.thirds, "tasks");
  const had = scope.models.filter(({ g }) => data.of(g, scope.thirds).tasks > 0);
  const rivals = had.filter(({ g, model }) => model !== flagship && enough(context, scope, g)).length;
  const looked = had.map(({ g, model }) => candidate(scope, g, model, { count, rivals }, context));
  const top = looked.find(({ row }) => row.model === flagship);
  const able = looked.filter(({ row }) => row.passes && Number.isFinite(row.cost_per_task_at_mix.value));
  const cheapest = cheapestOf(top === undefined ? able : [top, ...able], 0);
  const found = { scope, count, candidates: looked.map(({ row }) => row), tried: rivals };
  if (cheapest?.against === undefined || top === undefined) return { ...found, tried: 0 };
  const picked = { ...cheapest, against: cheapest.against };
  return {
    ...found,
    picked,
    costs: heldOut(picked, [top, ...able], looked, context),
  };
}

/** The cheapest by the most that each may have cost; instead of the first, only one that costs less than the least that it may have. */
function cheapestOf(models: readonly Looked[], draw: number): Looked | undefined {
  const [first] = models;
  return models.reduce((least, one) => {
    const { low, high } = least.own.cost;
    return one.own.cost.high[draw] < (least === first ? low : high)[draw] ? one : least;
  }, first);
}

/**
 * The costs of the picked model and of the flagship, corrected by the halves of the log that had no part in
 * picking them: the cheapest of several is picked partly for its luck.
 */
function heldOut(
  { row, own, against }: Looked & { against: Counterfactual },
  able: readonly Looked[],
  looked: readonly Looked[],
  { flagship, flagshipAt }: RouteContext,
): Costs {
  if (row.model === flagship) return { own: own.cost, flagship: own.cost };
  const held = halves.flatMap(([half, other]) => {
    const chosen = cheapestOf(able, half) as Looked;
    const dearest = looked.find((one) => one.row.model === flagshipAt(half))?.own ?? against;
    const [x, y] = [chosen.own.cost.low[other], dearest.cost.low[other]];
    return Number.isFinite(x + y) ? [[x, y]] : [];
  });
  const moved = ({ low, high }: Cost, side: 0 | 1): Cost => {
    if (held.length === 0) return { low, high };
    const by = held.reduce((sum, one) => sum + one[side], 0) / held.length - low[0];
    const shifted = low.map((one) => one + by);
    return { low: shifted, high: high === low ? shifted : high.map((one) => one + by) };
  };
  return { own: moved(own.cost, 0), flagship: moved(against.cost, 1) };
}

function candidate(
  scope: Scope,
  g: string,
  model: string,
  { count, rivals }: { count: number; rivals: number },
  context: RouteContext,
): Looked {
  const { tasks, flagship, stated, bounds, about } = context;
  const { data } = tasks;
  const top = scope.models.find((one) => one.model === flagship);
  const known = top !== undefined && enough(context, scope, top.g);
  const even = enoughByThird(data, scope, known ? [g, top.g] : [g]);
  const own = counterfactual(data, scope, g, even);
  const plain = counterfactual(data, { ...scope, groups: [g] }, g, false);
  const against = known ? counterfactual(data, scope, top.g, even) : undefined;
  const { tasks: n, priced, with_outcome } = data.of(g, scope.thirds);
  const home = stated(scope.keys, model);
  const rateOf = (level: number) =>
    resolveBound(data, g, scope.thirds, { ...about, level }, home.resolve_rate);
  const bound = bounds(scope.keys, model);
  // Tasks of the log's tables are those with an id; here calls without one count as well, with an unknown outcome.
  const isWhole = home.cost_per_task?.n === n;
  const kept = {
    ...bound,
    resolve_rate:
      isWhole && bound.resolve_rate !== undefined
        ? bound.resolve_rate
        : rateAtWorst(withoutCase(rateOf(twoSided("route", about.level))), { known: with_outcome, all: n }),
  };
  const { fails, claim } = enough(context, scope, g)
    ? judged(
        {
          scope,
          side: { g, own, stated: home.resolve_rate },
          top: against &&
            top && { g: top.g, own: against, stated: stated(scope.keys, top.model).resolve_rate },
          kept,
          rivals,
        },
        context,
      )
    : {
        fails: [`too few tasks: ${fewestTasks} with a cost, of ${fewestClusters} clusters, are needed`],
        claim: undefined,
      };
  const estimate = (series: Series, unit: string, unknown: Reservation) =>
    estimateOf(series, data, { n, ...about, unit, unknown });
  // The few tasks with a known cost may be those that failed at once, at no cost.
  const perTask = ({ cost: { low, high } }: Counterfactual, tasksOf: number) => {
    const of = (series: Series) =>
      estimate(
        series.map((one) => (priced < fewestTasks ? Number.NaN : one / tasksOf)),
        "USD/task",
        reserve("none.priced", { priced, n }),
      );
    return bounded(of(low), ...(high === low ? [] : [of(high)]));
  };
  const resolved = rateOf(about.level);
  const row = {
    ...scope.keys,
    model,
    tasks: n,
    cost_per_task:
      isWhole && priced >= fewestTasks
        ? home.cost_per_task
        : withCallsAlone(perTask(plain, n), home.cost_per_task),
    resolve_rate: with_outcome === 0 ? renoted(resolved, [noOutcome]) : resolved,
    cost_per_task_at_mix: perTask(own, count),
    resolve_rate_at_mix: estimate(own.resolveRate, "1", noOutcome),
    passes: fails.length === 0,
    fails: fails.join("; "),
    ...(model !== flagship && claim !== undefined && { claim }),
  };
  return defined({ row, own, even, against });
}

/** A rate as it was before its unknown outcomes were bounded. */
function withoutCase({ worst_case: _case, ...rate }: Estimate): Estimate {
  return renoted(
    rate,
    toldBy(rate).filter(({ id }) => id !== "outcomes.unknown"),
  );
}

/** A cost per task that counts calls without a task as well says so, where that of the tables does not. */
const withCallsAlone = (cost: Estimate, stated: Estimate | undefined): Estimate =>
  stated === undefined || stated.n === cost.n
    ? cost
    : withNotes(cost, [reserve("method.calls-alone", { calls: cost.n - stated.n })]);

function enough({ tasks }: RouteContext, { thirds }: Scope, g: string): boolean {
  const { priced, clusters } = tasks.data.of(g, thirds);
  return priced >= fewestTasks && clusters >= fewestClusters;
}
