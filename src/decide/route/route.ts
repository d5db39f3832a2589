import { checkOptions, type MeasureOptions } from "../../measures/options";
import { grouped } from "../../stats/text";
import { nameList } from "../../store/nameList";
import { didYouMean } from "../../store/nearest";
import type { Store } from "../../store/open";
import type { Floor } from "../profile/criterion";
import { workloadIfFilled } from "../workloadIfFilled";
import { estimateOf, paired, type Series } from "./counterfactual";
import { parseFloors } from "./routeFloor";
import { fewestTasks, type Routed, routed } from "./routeRow";
import type { Routes, RouteTotal } from "./routes";
import { boundsOf, type RouteTasks, routeTasks } from "./routeTasks";
import { routeVerdict } from "./routeVerdict";

/** What requests are told apart by, and what a model must be shown to keep. */
export interface RouteOptions extends MeasureOptions {
  /** Columns of the request type; "length" tells thirds of the input apart. Default: workload, where it is filled. */
  by?: string | readonly string[];
  /** Limits whose one-sided bound must hold: "resolve_rate>=0.8,duration_p95<=10". Default: none but the flagship's. */
  floor?: string | readonly string[];
  /** The model that everything is compared with. Default: the dearest a token. */
  flagship?: string;
}

/**
 * Where each type of request could go: the cheapest model above the floor, and what that saves against sending all to
 * the flagship.
 *
 * A counterfactual from what each model did with such tasks, held equal in input length (thirds), with all attempts,
 * fallbacks and judges; only where both models have 30 tasks of 5 clusters. The default floor is a resolve rate not
 * clearly below the flagship's, one-sided: that is no proof of being as good, which `resolve_difference` shows. n counts
 * tasks. JSON: `{"rows":[{"workload","model","share","tasks","cost":E,"cost_flagship":E,"saving":E,"resolve_rate":E,
 * "resolve_difference":E,"seconds_per_task":E,"seconds_difference":E}],"total":{"tasks","covered","days","cost":E,
 * "cost_flagship":E,"saving":E,"saving_share":E},"candidates":[...],"flagship","verdict","notes"}`.
 *
 * @remarks Method: direct standardisation over lengths; whole clusters resampled once for all models, percentile
 * bounds.
 * @throws RangeError for a floor, flagship, column or level that is none
 * @example
 * (await route(await open(":memory:"))).flagship // null
 */
export async function route(store: Store, options: RouteOptions = {}): Promise<Routes> {
  checkOptions("route", options);
  const floors = options.floor === undefined ? [] : parseFloors(options.floor);
  const by = nameList(options.by) ?? (await workloadIfFilled(store));
  const { where, timezone, cluster, seed, level = 0.95 } = options;
  const measure = { where, timezone, cluster, seed, level };
  const tasks = await routeTasks(store, by, measure);
  const flagship = flagshipOf(tasks, options.flagship);
  const others = floors.map((floor) => floor.metric).filter((name) => name !== "resolve_rate");
  const bounds = await boundsOf(store, [...new Set(others)], by, measure);
  const about = { level, clusterBy: tasks.clusterBy };
  const all = tasks.scopes.reduce(
    (sum, { groups, thirds }) => sum + tasks.data.series(groups, thirds, "tasks")[0],
    0,
  );
  const found = tasks.scopes.map((scope) => routed(scope, { tasks, all, flagship, floors, bounds, about }));
  const routes = {
    measure: "route",
    by: by.filter((name) => name !== "model"),
    rows: found.map(({ row }) => row),
    flagship,
    candidates: found.flatMap(({ candidates }) => candidates),
    total: totalOf(found, tasks, about),
  };
  return {
    ...routes,
    verdict: routeVerdict(routes),
    notes: said(found, tasks, { flagship, floors, by }),
  };
}

function totalOf(
  found: readonly Routed[],
  { data, days }: RouteTasks,
  about: { level: number; clusterBy: string },
): RouteTotal {
  const sum = (some: readonly Routed[]) => some.reduce((all, { row }) => all + row.tasks, 0);
  const told = found.flatMap((one) => (one.costs === undefined ? [] : [one]));
  const [n, tasks] = [sum(told), sum(found)];
  const add = (which: "own" | "flagship"): Series => {
    const [first, ...others] = told.map(({ costs }) => (costs as NonNullable<Routed["costs"]>)[which]);
    return others.reduce(
      (all, one) => paired(all, one, (x, y) => x + y),
      first ?? Float64Array.of(Number.NaN),
    );
  };
  const [own, top] = [add("own"), add("flagship")];
  const estimate = (series: Series, unit: string) => estimateOf(series, data, { n, ...about, unit });
  return {
    tasks,
    covered: tasks === 0 ? 0 : n / tasks,
    days,
    cost: estimate(own, "USD"),
    cost_flagship: estimate(top, "USD"),
    saving: estimate(
      paired(top, own, (x, y) => x - y),
      "USD",
    ),
    saving_share: estimate(
      paired(top, own, (x, y) => 1 - y / x),
      "1",
    ),
  };
}

/** The model asked for, or the dearest a token among those with tasks enough; of equals the most used. */
function flagshipOf({ scopes, data }: RouteTasks, asked: string | undefined): string | null {
  const models = new Map<string, { cost: number; tokens: number; tasks: number; priced: number }>();
  for (const scope of scopes)
    for (const { g, model } of scope.models) {
      const { cost, tokens, tasks, priced } = data.of(g, scope.thirds);
      const own = models.get(model) ?? { cost: 0, tokens: 0, tasks: 0, priced: 0 };
      const more = {
        cost: own.cost + cost,
        tokens: own.tokens + tokens,
        tasks: own.tasks + tasks,
        priced: own.priced + priced,
      };
      models.set(model, more);
    }
  const known = [...models.keys()];
  if (asked !== undefined) {
    if (!known.includes(asked))
      throw new RangeError(
        `route requires a flagship of the log's models, got "${asked}"${didYouMean(asked, known)}`,
      );
    return asked;
  }
  const price = ({ cost, tokens }: { cost: number; tokens: number }) => (tokens > 0 ? cost / tokens : 0);
  const able = [...models].filter(([, { priced }]) => priced >= fewestTasks);
  able.sort(([, a], [, b]) => price(b) - price(a) || b.tasks - a.tasks);
  return able[0]?.[0] ?? null;
}

function said(
  found: readonly Routed[],
  { notes, scopes, data }: RouteTasks,
  { flagship, floors, by }: { flagship: string | null; floors: readonly Floor[]; by: readonly string[] },
): string[] {
  if (found.length === 0) return ["No call is selected."];
  if (flagship === null)
    return [`No model has ${fewestTasks} tasks with a cost: nothing can be routed.`, ...notes];
  const count = (name: "tasks" | "priced") =>
    scopes.reduce((sum, { groups, thirds }) => sum + data.series(groups, thirds, name)[0], 0);
  const unpriced = count("tasks") - count("priced");
  const dark = found.filter(({ row }) => row.model === null).length;
  const uneven = found.some(({ uneven: one }) => one) && !by.includes("length");
  const settled = found.some(({ candidates }) =>
    candidates.some((one) => !Number.isNaN(one.resolve_rate.value)),
  );
  const floor = floors.map(({ metric, at_least, at_most }) =>
    at_most === undefined ? `${metric} >= ${at_least}` : `${metric} <= ${at_most}`,
  );
  return [
    `All is compared with ${flagship} for every task; bills are those of the tasks in the log.`,
    floor.length > 0 && (floors.some((one) => one.metric === "resolve_rate") || !settled)
      ? `Floor, by one-sided bounds: ${floor.join(", ")}.`
      : `Floor: ${[...floor, "a resolve rate not clearly below the flagship's"].join(", ")}. Not clearly below is no proof of being as good: look at the difference.`,
    ...(settled ? [] : ["No outcome of a task is known: nothing is said of how many would be resolved."]),
    ...(dark > 0
      ? [
          `${dark} of ${found.length} types of request cannot be told, since ${flagship} has too few such tasks; the total leaves them out.`,
        ]
      : []),
    ...(unpriced > 0
      ? [`${grouped(unpriced)} tasks hold calls without a cost: their costs are known from below only.`]
      : []),
    ...(uneven
      ? ["Where a model has too few tasks of some third of the input lengths, lengths are not held equal."]
      : []),
    "Models are held equal in the length of the input alone: where harder tasks went to one of them, it looks worse than it is.",
    "The cheapest model was picked by the same data: some of its saving may be luck.",
    ...notes,
  ];
}
