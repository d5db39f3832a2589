import type { Row } from "../../measures/table";
import type { Estimate } from "../../stats/estimate";
import { estimateOf, open, paired, type Series } from "./counterfactual";
import { fewestTasks, fromBelow, type Picked, type RouteContext } from "./routePick";

/** Where one request type goes, and what that changes. All sums are over all of its tasks in the log. */
export interface RouteRow extends Row {
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
}

/** @param level of the row's intervals, which is higher if models were picked from many */
export function rowOf(
  { scope, count, picked, costs, unpriced }: Picked,
  context: RouteContext,
  level: number,
): RouteRow {
  const { tasks, all, about } = context;
  const share = count / all;
  if (picked === undefined || costs === undefined)
    return { ...scope.keys, ...unknownRow(count, share, context) };
  const unknown = "no task has a known outcome";
  const estimate = (series: Series, unit: string): Estimate => ({
    ...estimateOf(series, tasks.data, { n: count, ...about, level, unit, unknown }),
    level: about.level,
  });
  const { own, against, row } = picked;
  const minus = (x: number, y: number) => x - y;
  const both = estimate(paired(costs.flagship, costs.own, minus), "USD");
  return {
    ...scope.keys,
    model: row.model,
    share,
    tasks: count,
    cost: open(estimate(costs.own, "USD"), unpriced.own ? "high" : "none", fromBelow),
    cost_flagship: open(estimate(costs.flagship, "USD"), unpriced.flagship ? "high" : "none", fromBelow),
    saving: row.model === context.flagship ? both : open(both, openEnds(unpriced), fromBelow),
    resolve_rate_at_mix: estimate(own.resolveRate, "1"),
    resolve_difference: estimate(paired(own.resolveRate, against.resolveRate, minus), "1"),
    seconds_per_task_at_mix: estimate(own.secondsPerTask, "s/task"),
    seconds_difference: estimate(paired(own.secondsPerTask, against.secondsPerTask, minus), "s/task"),
  };
}

/** Which ends of the flagship's cost less another's are open. */
export function openEnds({ own, flagship }: { own: boolean; flagship: boolean }) {
  return own && flagship ? "both" : own ? "low" : flagship ? "high" : "none";
}

function unknownRow(tasks: number, share: number, { flagship, about }: RouteContext): RouteRow {
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
    resolve_rate_at_mix: one("1"),
    resolve_difference: one("1"),
    seconds_per_task_at_mix: one("s/task"),
    seconds_difference: one("s/task"),
  };
}
