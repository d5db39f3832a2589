import type { Row } from "../../measures/table";
import type { Estimate } from "../../stats/estimate";
import { failsOf } from "../choose/chooseFloors";
import type { Floor } from "../profile/criterion";
import {
  type Counterfactual,
  counterfactual,
  enoughByThird,
  estimateOf,
  paired,
  type Series,
} from "./counterfactual";
import { resolveBound } from "./routeFloor";
import type { RouteTasks, Scope } from "./routeTasks";

/** Where one request type goes, and what that changes. All sums are over all of its tasks in the log. */
export interface RouteRow extends Row {
  /** The cheapest model above the floor; null where the flagship had too few such tasks to compare with. */
  model: string | null;
  /** Of all tasks of the log, those of this type. */
  share: number;
  tasks: number;
  /** US dollars for all of them with `model`, with the flagship, and the difference. */
  cost: Estimate;
  cost_flagship: Estimate;
  saving: Estimate;
  /** Share of settled tasks that `model` resolves at this mix of lengths, less that of the flagship. */
  resolve_rate: Estimate;
  resolve_difference: Estimate;
  /** Seconds of all answering calls of a task, less those of the flagship. */
  seconds_per_task: Estimate;
  seconds_difference: Estimate;
}

/** A model looked at for a request type. */
export interface RouteCandidate extends Row {
  model: string;
  tasks: number;
  /** US dollars a task at this type's mix of lengths; at its own mix where it had too few tasks of some. */
  cost_per_task: Estimate;
  resolve_rate: Estimate;
  passes: boolean;
  /** What it is not shown to keep. */
  fails: string;
}

/** What all rows are made with. */
export interface RouteContext {
  tasks: RouteTasks;
  /** Tasks of the whole log. */
  all: number;
  flagship: string | null;
  floors: readonly Floor[];
  bounds: (keys: Row, model: string) => Record<string, Estimate>;
  about: { level: number; clusterBy: string };
}

/** A row with what the total is made of. */
export interface Routed {
  row: RouteRow;
  candidates: RouteCandidate[];
  costs?: { own: Series; flagship: Series };
  /** True where lengths could not be held equal. */
  uneven: boolean;
}

/** Tasks and clusters that a model needs of a request type to be sent all of it. */
export const fewestTasks = 30;
const fewestClusters = 5;

interface Looked {
  row: RouteCandidate;
  own: Counterfactual;
  against?: Counterfactual;
  even: boolean;
}

/** The cheapest model above the floor for one request type, against the flagship. */
export function routed(scope: Scope, context: RouteContext): Routed {
  const { tasks, all, flagship, about } = context;
  const { data } = tasks;
  const [count] = data.series(scope.groups, scope.thirds, "tasks");
  const unknown = "no outcome of a task is known";
  const estimate = (series: Series, unit: string) =>
    estimateOf(series, data, { n: count, ...about, unit, unknown });
  const looked = scope.models
    .filter(({ g }) => data.of(g, scope.thirds).tasks > 0)
    .map(({ g, model }) => candidate(scope, g, model, count, context));
  const candidates = looked.map(({ row }) => row);
  const able = looked.filter(({ row }) => row.passes && Number.isFinite(row.cost_per_task.value));
  const cheapest = able.reduce<Looked | undefined>(
    (least, one) => (least === undefined || one.own.cost[0] < least.own.cost[0] ? one : least),
    looked.find(({ row }) => row.model === flagship),
  );
  const share = count / all;
  if (cheapest?.against === undefined)
    return { row: { ...scope.keys, ...untold(count, share, context) }, candidates, uneven: false };
  const { own, against, row, even } = cheapest;
  const minus = (x: number, y: number) => x - y;
  return {
    row: {
      ...scope.keys,
      model: row.model,
      share,
      tasks: count,
      cost: estimate(own.cost, "USD"),
      cost_flagship: estimate(against.cost, "USD"),
      saving: estimate(paired(against.cost, own.cost, minus), "USD"),
      resolve_rate: row.resolve_rate,
      resolve_difference: estimate(paired(own.resolveRate, against.resolveRate, minus), "1"),
      seconds_per_task: estimate(own.secondsPerTask, "s/task"),
      seconds_difference: estimate(paired(own.secondsPerTask, against.secondsPerTask, minus), "s/task"),
    },
    candidates,
    costs: { own: own.cost, flagship: against.cost },
    uneven: !even,
  };
}

function candidate(scope: Scope, g: string, model: string, count: number, context: RouteContext): Looked {
  const { tasks, flagship, floors, bounds, about } = context;
  const { data } = tasks;
  const top = scope.models.find((one) => one.model === flagship);
  const known = top !== undefined && enough(context, scope, top.g);
  const even = enoughByThird(data, scope, known ? [g, top.g] : [g]);
  const own = counterfactual(data, scope, g, even);
  const against = known ? counterfactual(data, scope, top.g, even) : undefined;
  const kept = { ...bounds(scope.keys, model), resolve_rate: resolveBound(data, g, scope.thirds, about) };
  const fails = enough(context, scope, g)
    ? [
        ...failsOf(kept, floors),
        ...(against === undefined || model === flagship ? [] : below(g, own, against, scope, context)),
      ]
    : [`too few tasks: ${fewestTasks} with a cost, of ${fewestClusters} clusters, are needed`];
  const { tasks: n, priced } = data.of(g, scope.thirds);
  const estimate = (series: Series, unit: string, unknown: string) =>
    estimateOf(series, data, { n, ...about, unit, unknown });
  const row = {
    ...scope.keys,
    model,
    tasks: n,
    // The few tasks that have a cost may be those that failed at once, for nothing.
    cost_per_task: estimate(
      own.cost.map((one) => (priced < fewestTasks ? Number.NaN : one / count)),
      "USD/task",
      `${priced} of ${n} tasks have a cost`,
    ),
    resolve_rate: estimate(own.resolveRate, "1", "no outcome of a task is known"),
    passes: fails.length === 0,
    fails: fails.join("; "),
  };
  return { row, own, even, ...(against === undefined ? {} : { against }) };
}

/** Without a floor of its own on the resolve rate a model must not resolve clearly less than the flagship. */
function below(
  g: string,
  own: Counterfactual,
  against: Counterfactual,
  scope: Scope,
  { tasks: { data }, floors, about }: RouteContext,
): string[] {
  if (floors.some((floor) => floor.metric === "resolve_rate")) return [];
  const { settled } = data.of(g, scope.thirds);
  // Where the log tells of no outcome at all, the floors that were asked for are what can be held against a model.
  const dark = scope.models.every((one) => data.of(one.g, scope.thirds).settled === 0);
  if (dark && floors.length > 0) return [];
  if (dark) return ["no outcome of a task is known: ingest outcomes, or ask for a floor of another metric"];
  if (settled < fewestTasks)
    return [`too few tasks whose outcome is known: ${settled}, and ${fewestTasks} are needed`];
  const difference = paired(own.resolveRate, against.resolveRate, (x, y) => x - y);
  const options = { n: settled, clusterBy: about.clusterBy, unit: "1", level: 2 * about.level - 1 };
  const { high, value } = estimateOf(difference, data, options);
  if (!Number.isFinite(value)) return ["the flagship has too few tasks whose outcome is known"];
  return high < 0
    ? [
        `resolve rate clearly below the flagship's: by ${Number((-100 * high).toPrecision(2))} points at least`,
      ]
    : [];
}

function enough({ tasks }: RouteContext, { thirds }: Scope, g: string): boolean {
  const { priced, clusters } = tasks.data.of(g, thirds);
  return priced >= fewestTasks && clusters >= fewestClusters;
}

function untold(tasks: number, share: number, { flagship, about }: RouteContext): RouteRow {
  const none = { value: Number.NaN, low: Number.NaN, high: Number.NaN, method: "none", n: 0, clusters: 0 };
  const note = `${flagship ?? "the flagship"} has fewer than ${fewestTasks} such tasks with a cost: what it would make of them is not known`;
  const one = (unit: string): Estimate => ({ ...none, ...about, unit, note });
  return {
    model: null,
    share,
    tasks,
    cost: one("USD"),
    cost_flagship: one("USD"),
    saving: one("USD"),
    resolve_rate: one("1"),
    resolve_difference: one("1"),
    seconds_per_task: one("s/task"),
    seconds_difference: one("s/task"),
  };
}
