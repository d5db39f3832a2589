import type { Estimate } from "../../stats/estimate";
import { noEnds, renoted, withNotesFirst } from "../../stats/estimate";
import { type Reservation, reserve } from "../../stats/reservation";
import { drawnEstimate } from "../../stats/sumDraws";
import { grouped } from "../../stats/text";
import { filled, type Name, type RequestType, type Resampled, resamples, type Series } from "./resampled";

/** US dollars with unknown costs at 0, and at the most that they may be: one and the same if all are known. */
export interface Cost {
  low: Series;
  high: Series;
}

/** What one model would achieve on all tasks of a request type, whichever model got them. */
export interface Counterfactual {
  /** For all of its tasks. */
  cost: Cost;
  resolveRate: Series;
  /** The same with every unknown outcome a failure, and every one resolved; and the share of unknown ones. */
  resolveWorst: { low: Series; high: Series; unknown: number };
  secondsPerTask: Series;
}

/**
 * All tasks of a request type given to one model: its mean in every third of the length, weighted by the tasks in
 * it.
 *
 * @param type whose tasks make the mix
 * @param byThird false if a model has too few tasks in some third: then lengths are not held equal
 */
export function counterfactual(
  data: Resampled,
  type: RequestType,
  model: string,
  byThird: boolean,
): Counterfactual {
  const strata = byThird ? filled(data, type).map((third) => [third]) : [type.thirds];
  const mixes = strata.map((thirds) => data.series(type.groups, thirds, "tasks"));
  const mean = (name: Name, over: Name): Series => {
    const parts = strata.map((thirds) => [
      data.series([model], thirds, name),
      data.series([model], thirds, over),
    ]);
    return mixes[0].map((_, draw) => {
      let [sum, tasks] = [0, 0];
      for (const [at, mix] of mixes.entries()) {
        if (mix[draw] === 0) continue;
        tasks += mix[draw];
        sum += (mix[draw] * parts[at][0][draw]) / parts[at][1][draw];
      }
      return sum / tasks;
    });
  };
  const [total] = data.series(type.groups, type.thirds, "tasks");
  const bill = (name: "cost" | "cost_high") => mean(name, "tasks").map((one) => one * total);
  const { open, tasks, with_outcome } = data.of(model, type.thirds);
  const low = bill("cost");
  const allFail = mean("resolved", "tasks");
  return {
    cost: { low, high: open > 0 ? bill("cost_high") : low },
    resolveRate: mean("resolved", "with_outcome"),
    resolveWorst: {
      low: allFail,
      high: paired(allFail, mean("with_outcome", "tasks"), (resolved, known) => resolved + 1 - known),
      unknown: tasks === 0 ? 0 : 1 - with_outcome / tasks,
    },
    secondsPerTask: mean("seconds", "timed"),
  };
}

/** An estimate from the whole and its resamples; `unknown` says why there is none, if there is none. */
export function estimateOf(
  series: Series,
  data: Resampled,
  { unknown, ...about }: { n: number; level: number; clusterBy: string; unit: string; unknown?: Reservation },
): Estimate {
  const estimate = drawnEstimate(series[0], series.subarray(1, 1 + resamples), {
    ...about,
    clusters: data.clusters,
  });
  if (Number.isNaN(estimate.value) && unknown !== undefined) return renoted(estimate, [unknown]);
  return estimate.high === Number.POSITIVE_INFINITY
    ? renoted({ ...estimate, ...noEnds }, [reserve("few.tasks")])
    : estimate;
}

/** Why nothing is known of how many tasks were resolved. */
export const noOutcome = reserve("none.has", { unit: "task", what: "a known outcome" });

/** Says that tasks have unknown costs, and how these count. */
export const openTasks = (tasks: number): string =>
  `${grouped(tasks)} ${tasks === 1 ? "task contains" : "tasks contain"} calls without a known cost: each costs at least 0, and at most its tokens at the log's highest price.`;

/** A shift of an end by less than this share of the value cannot be seen. */
const visible = 0.005;

/**
 * An estimate that unknown costs may move: the outer ends of what it is with unknown costs at 0, and of its `extremes`, with
 * some or all of them at their most.
 */
export function bounded(estimate: Estimate, ...extremes: readonly Estimate[]): Estimate {
  const { low, high } = widened(estimate, extremes);
  const shift = Math.max(estimate.low - low, high - estimate.high);
  return shift <= visible * Math.abs(estimate.value) || Number.isNaN(shift)
    ? { ...estimate, low, high }
    : withNotesFirst({ ...estimate, low, high }, [reserve("method.costs-bounded")]);
}

/** A number whose ends are the outermost of its own and of those at its extremes. */
export function widened(estimate: Estimate, extremes: readonly Estimate[]): Estimate {
  if (extremes.length === 0 || Number.isNaN(estimate.low)) return estimate;
  // What nothing bounds has no value at its extreme either.
  const ends = (end: "low" | "high") => [
    estimate[end],
    ...extremes.map((one) => (Number.isFinite(one.value) ? one[end] : one.value)),
  ];
  return { ...estimate, low: Math.min(...ends("low")), high: Math.max(...ends("high")) };
}

/** A number computed from two costs, with the ends that the unknown ones of either leave. */
export function boundedBy(
  [one, other]: readonly [Cost, Cost],
  of: (x: number, y: number) => number,
  estimate: (series: Series) => Estimate,
): Estimate {
  const at = (x: Series, y: Series) => estimate(paired(x, y, of));
  const extremes = [
    ...(one.low === one.high ? [] : [at(one.high, other.low)]),
    ...(other.low === other.high ? [] : [at(one.low, other.high)]),
  ];
  return bounded(at(one.low, other.low), ...extremes);
}

/** A series computed from two others, draw by draw. */
export function paired(one: Series, other: Series, of: (x: number, y: number) => number): Series {
  return one.map((x, draw) => of(x, other[draw]));
}
