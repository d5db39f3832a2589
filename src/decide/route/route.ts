import { labelOfBy } from "../../facts/names";
import { derived } from "../../facts/request";
import { workloadIfFilled } from "../../facts/selectOptions";
import type { Asked } from "../../measures/define";
import type { GivenTo } from "../../measures/given";
import { noCallSelected } from "../../measures/whyEmpty";
import { assumed } from "../../stats/assumed";
import type { AssumptionId } from "../../stats/claim";
import { twoSided } from "../../stats/twoSided";
import { nameList } from "../../store/nameList";
import { didYouMean } from "../../store/nearest";
import type { Store } from "../../store/open";
import { declaredIn } from "../assume";
import { type DecisionFunction, defineDecision } from "../define";
import type { Floor } from "../profile/criterion";
import { type CascadeOptions, cascade } from "./cascade";
import type { Cascades } from "./cascades";
import { boundedBy, estimateOf, openTasks, paired } from "./counterfactual";
import type { Series } from "./resampled";
import { parseFloors } from "./routeFloor";
import { routeOptions } from "./routeOptions";
import { type Picked, pick } from "./routePick";
import { bills, rowOf, savesClaim, sumOf } from "./routeRow";
import type { Routes, RouteTotal } from "./routes";
import { fewestTasks, type RouteTasks, routeTasks, statedOf } from "./routeTasks";
import { routeVerdict } from "./routeVerdict";

/**
 * Where each type of request could go: the cheapest model above the floor, and what that saves compared with
 * sending all to the flagship.
 *
 * A counterfactual from what each model did with such tasks, held equal in input length (thirds), including all
 * attempts, fallbacks and judges; only if both models have 30 tasks in 5 clusters. Without a floor on it, a
 * model's resolve rate must be shown to be within a margin of the flagship's, which takes more than a few tasks. n
 * counts tasks. `_at_mix` marks what is held equal in length; other names are a model's own tasks. JSON:
 * `{"rows":[{"workload","model","share","tasks","cost":E,
 * "cost_flagship":E,"saving":E,"resolve_rate_at_mix":E,"resolve_difference":E,"seconds_per_task_at_mix":E,
 * "seconds_difference":E}],"total":{"tasks","covered","days","cost":E,"cost_flagship":E,"saving":E,"saving_share":E},
 * "candidates":[...],"flagship","margin","verdict","notes"}`.
 *
 * With `cascade` and `validator` it shows instead from which score on a cheap model's answers are good enough,
 * with all others sent on to the dear one: `rows` has the threshold to use for each type, `curve` every threshold
 * with its cost and quality. This needs prompts that both answered, or a share of the scored answers that was escalated;
 * otherwise `identified` is null and `verdict` says why. Unless `assume` declares "random-escalation", answers without a
 * result of a model may be up to 3 times as often good, or bad, as others of about the same score: the claim's `lost_above` is
 * the factor that turns it, and `saves` is a claim of its own. n counts answers of the cheap model.
 *
 * @remarks Method: direct standardisation over lengths; whole clusters resampled once for all models, percentile
 * bounds. The margin is tested one-sided, Bonferroni over the models of a type. Costs come from the halves of the
 * clusters in which the model was not picked, and the rows' intervals are as wide as Benjamini & Yekutieli (2005),
 * doi:10.1198/016214504000001907, require for picked models; see docs/simulations/route.md. For a cascade: whole
 * clusters resampled, and bands that hold for all thresholds together; what was picked by Tan (2006), doi:10.1198/016214506000000023; see
 * docs/simulations/cascade.md.
 * @throws RangeError for an invalid floor, margin, flagship, column or level, and for a cascade of models or scores that
 * the log does not have
 * @example
 * const store = await openDemo();
 * const { flagship, candidates } = await route(store);
 * flagship // "orrery-apex"
 * candidates[0].resolve_rate.value.toFixed(2) // "0.76"
 * const made = await openDemo({ log: "cascade" });
 * const { rows } = await route(made, { cascade: "sorrel-mini,sorrel-large", validator: "check" });
 * rows[0].threshold // 0.7
 */
export const route = defineDecision({
  name: "route",
  about:
    "the cheapest model that meets the floor for each type of request, and what it saves against the flagship",
  options: routeOptions,
  words: {
    by: "request types: workload (default), or workload,length, ...",
    where: "only tasks whose first call meets this SQL predicate",
    level: "confidence of the intervals and bounds",
    interval: false,
  },
  async decide(asked): Promise<Routes | Cascades> {
    return asked.options.cascade === undefined ? routesOf(asked) : cascade(asked);
  },
}) as ((store: Store, options: CascadeOptions) => Promise<Cascades>) &
  DecisionFunction<typeof routeOptions, Routes>;

/** How request types are grouped, and which limits a model must be shown to meet; or a cascade. */
export type RouteOptions = GivenTo<typeof routeOptions>;

async function routesOf({ store, request, options }: Asked<typeof routeOptions>): Promise<Routes> {
  const { floor, margin, level = 0.95 } = options;
  const ofCascade = (["validator", "score", "tasks"] as const).find((name) => options[name] !== undefined);
  if (ofCascade !== undefined)
    throw new RangeError(`route requires cascade, two models, with ${ofCascade}; got none`);
  const floors = floor === undefined ? [] : parseFloors(floor);
  const by = nameList(options.by) ?? (await workloadIfFilled(store));
  twoSided("route", level);
  const tasks = await routeTasks(store, by, request);
  const flagshipAt = flagshipsOf(tasks, options.flagship);
  const flagship = flagshipAt(0);
  const others = floors.map((floor) => floor.metric).filter((name) => name !== "resolve_rate");
  // Tables have no row for a third of the lengths.
  const ofTasks = by.includes("length") ? [] : ["cost_per_task", "resolve_rate"];
  const stated = await statedOf(store, ofTasks, by, request);
  const oneSided = derived(request, { level: twoSided("route", level) });
  const bounds = await statedOf(store, [...new Set([...others, ...ofTasks.slice(1)])], by, oneSided);
  const about = { level, clusterBy: tasks.clusterBy };
  const all = tasks.scopes.reduce(
    (sum, { groups, thirds }) => sum + tasks.data.series(groups, thirds, "tasks")[0],
    0,
  );
  const declared = declaredIn(options.assume);
  const context = { tasks, all, flagship, flagshipAt, floors, margin, stated, bounds, about, declared };
  const found = tasks.scopes.map((scope) => pick(scope, context));
  const moved = found.filter(({ picked }) => picked !== undefined && picked.row.model !== flagship).length;
  const tried = found.reduce((sum, one) => sum + one.tried, 0);
  const selected = moved === 0 ? level : 1 - ((1 - level) * moved) / Math.max(moved, tried);
  const total = totalOf(found, tasks, about);
  const routes = {
    measure: "route",
    by: by.map(labelOfBy).filter((name) => name !== "model"),
    rows: found.map((one) => rowOf(one, context, selected)),
    flagship,
    margin,
    candidates: found.flatMap(({ candidates }) => candidates),
    total,
    claim: savesClaim(total.saving, declared),
  };
  return {
    ...routes,
    verdict: routeVerdict(routes, floors),
    notes: said(found, tasks, { flagship, floors, margin, by, declared }),
  };
}

function totalOf(
  found: readonly Picked[],
  { data, days }: RouteTasks,
  about: { level: number; clusterBy: string },
): RouteTotal {
  const sum = (some: readonly Picked[]) => some.reduce((all, { count }) => all + count, 0);
  const priced = found.filter(({ costs }) => costs !== undefined);
  const [n, tasks] = [sum(priced), sum(found)];
  const costs = sumOf(priced.flatMap((one) => one.costs ?? []));
  const estimate = (unit: string) => (series: Series) => estimateOf(series, data, { n, ...about, unit });
  return {
    tasks,
    covered: tasks === 0 ? 0 : n / tasks,
    days,
    ...bills(costs, estimate("USD")),
    saving_share: boundedBy(costs.saved, (x, y) => 1 - y / x, estimate("1")),
  };
}

/**
 * The requested model, or the most expensive per token among those with enough tasks, in the whole log (0) or in
 * any resample; of equals, the most used.
 */
function flagshipsOf(
  { scopes, data }: RouteTasks,
  given: string | undefined,
): (draw: number) => string | null {
  const models = new Map<string, { price: Series; tasks: number; priced: number }>();
  const known = [...new Set(scopes.flatMap((scope) => scope.models.map(({ model }) => model)))];
  if (given !== undefined) {
    if (!known.includes(given))
      throw new RangeError(
        `route requires a flagship of the log's models, got "${given}"${didYouMean(given, known)}`,
      );
    return () => given;
  }
  for (const model of known) {
    const groups = [
      ...new Set(
        scopes.flatMap((scope) => scope.models.filter((one) => one.model === model).map(({ g }) => g)),
      ),
    ];
    const all = (name: "cost" | "tokens" | "tasks" | "priced") => data.series(groups, data.thirds, name);
    const price = paired(all("cost"), all("tokens"), (cost, tokens) => (tokens > 0 ? cost / tokens : 0));
    models.set(model, { price, tasks: all("tasks")[0], priced: all("priced")[0] });
  }
  const able = [...models].filter(([, { priced }]) => priced >= fewestTasks);
  return (draw) =>
    [...able].sort(([, a], [, b]) => b.price[draw] - a.price[draw] || b.tasks - a.tasks)[0]?.[0] ?? null;
}

function said(
  found: readonly Picked[],
  { notes, scopes, data, byLength }: RouteTasks,
  {
    flagship,
    floors,
    margin,
    by,
    declared,
  }: {
    flagship: string | null;
    floors: readonly Floor[];
    margin: number;
    by: readonly string[];
    declared: readonly AssumptionId[];
  },
): string[] {
  if (found.length === 0) return [noCallSelected];
  if (flagship === null)
    return [`No model has ${fewestTasks} tasks with a cost: nothing can be routed.`, ...notes];
  const unpriced = scopes.reduce(
    (sum, { groups, thirds }) => sum + data.series(groups, thirds, "open")[0],
    0,
  );
  const dark = found.filter(({ picked }) => picked === undefined).length;
  const uneven = found.some(({ picked }) => picked?.even === false) && !by.includes("length");
  const anyOutcome = found.some(({ candidates }) =>
    candidates.some((one) => !Number.isNaN(one.resolve_rate.value)),
  );
  const floor = floors.map(({ metric, at_least, at_most }) =>
    at_most === undefined ? `${metric} >= ${at_least}` : `${metric} <= ${at_most}`,
  );
  return [
    `Everything is compared with ${flagship} for every task; bills are for the tasks in the log.`,
    floor.length > 0 && (floors.some((one) => one.metric === "resolve_rate") || !anyOutcome)
      ? `Floor, by one-sided bounds: ${floor.join(", ")}.`
      : `Floor, by one-sided bounds: ${[...floor, `a resolve rate at most ${Number((100 * margin).toPrecision(3))} points below the flagship's (--margin)`].join(", ")}.`,
    ...(anyOutcome
      ? []
      : ["No task has a known outcome, so nothing can be said about how many would be resolved."]),
    ...(dark > 0
      ? [
          `${dark} of ${found.length} request types cannot be judged, since ${flagship} has too few such tasks; the total excludes them.`,
        ]
      : []),
    ...(unpriced > 0 ? [openTasks(unpriced)] : []),
    ...(uneven
      ? ["Where a model has too few tasks of some third of the input lengths, lengths are not held equal."]
      : []),
    ...declared.map((id) => `Declared, not shown by the log: ${assumed[id]}.`),
    `${byLength ? "Only the input length is held equal: a model that got easier tasks in another way" : "Nothing of the work is held equal, not even its input length, since each model counts tokens in its own way, and these share too few prompts to tell how: a model that got easier tasks"} looks better than it is, one that got harder ones worse.`,
    "Costs come from the half of the log in which the model was not picked; the rows' intervals allow for the selection.",
    ...notes,
  ];
}
