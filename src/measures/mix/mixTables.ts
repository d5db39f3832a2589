import type { DuckDBConnection } from "@duckdb/node-api";
import { conversationFacts } from "../../facts/conversations";
import { isCopied } from "../../facts/copies";
import { leadingKinds, subjectScoresView } from "../../facts/judgements";
import type { Selection } from "../../facts/select";
import { taskFacts } from "../../facts/tasks";
import { openings } from "../../facts/turns";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { type Cut, cutAt, type StratumSum } from "./mixCells";
import { laddersOf, marginsOf } from "./mixLadders";
import { type Column, levelsOf, type Stratum } from "./mixLevels";
import type { Margin } from "./mixMargin";
import { type G, groupBy, keyOf, type MixMetric } from "./mixMetric";
import { pullsOf } from "./mixPulls";
import { kindsOf, type Spread, spreadOf } from "./mixSpread";
import { type Four, type Standard, standardOf } from "./mixStandard";
import { stratumSums } from "./mixSums";
import { basesOf, callUnits, mixRatios, type UnitBase, unitRelations } from "./mixUnits";
import { type SameWork, type Sided, sameWork } from "./sameWork";
import type { WeekWeight } from "./weekWeights";

const sql = statements(__dirname, "mix.sql");

/** The statement that makes the view `sided`, split at a moment. */
export const beforeAndAfter = sql.before_and_after;

/** The engine's sums for both sides, before any metric is estimated. */
export interface Prepared {
  strata: Stratum[];
  sums: StratumSum[];
  /** What the metrics are summed over, each base with those that are known of the same units. */
  bases: UnitBase[];
  /** True if a cluster is a call with its copies. */
  copied: boolean;
  /** Scores that are 0 or 1. */
  rates: Set<string>;
  /** The kind of rater used for each score: the one with the most scores. */
  raters: Map<string, string>;
  /** What is held fixed whichever model answers. */
  same: SameWork;
}

/** How the sides are prepared. */
export interface PrepareOptions extends Sided {
  /** The weight of a call by the hour of the week, once `call_units` exists. */
  weigh: () => Promise<readonly WeekWeight[]>;
  /** True if users on both sides form groups of their own as well. */
  returning: () => Promise<boolean>;
  /** Shares of calls to include, such as "duration within 2". */
  limits?: readonly string[];
  /** The metrics to read, and the waits behind quantiles; default: all. */
  only?: ReadonlySet<string>;
}

/** Assigns the calls of the view `sided` to hours of the week and strata of the mix, and sums them up. */
export async function prepareMix(
  selection: Selection,
  { weigh, returning, limits, only, ...sided }: PrepareOptions,
): Promise<Prepared> {
  const { connection, missesPrices } = selection;
  const reading = { missesPrices, limits, only };
  await taskFacts(selection);
  const ofConversations = [...(only ?? ["conversation_score:"])].some(
    (name) =>
      name.startsWith("conversation_score:") || mixRatios("conversations").some((one) => one.name === name),
  );
  if (ofConversations) {
    const parted =
      "select turns.* replace (sided.g as g, sided.chosen as chosen), second as side from turns join sided using (at_row)";
    await conversationFacts(selection, { parted });
  }
  await openings(selection);
  const same = await sameWork(selection, sided);
  for (const one of [sql.call_sides, callUnits(reading)]) await run(connection, one);
  if (await returning()) await run(connection, sql.returning);
  await subjectScoresView(connection);
  const talks = ofConversations ? [sql.conversation_units] : [];
  const units = [
    sql.task_units,
    ...talks,
    sql.score_units,
    ...(ofConversations ? [sql.conversation_scores] : []),
  ];
  for (const one of units) await run(connection, one);
  const raters = await ratersOf(connection);
  const kept = JSON.stringify([...raters].map(([metric, rater]) => `${metric} ${rater}`));
  await run(connection, sql.one_rater, { kept });
  await run(connection, sql.week_weights, { weights: JSON.stringify(await weigh()) });
  const strata = await rowsOf<Stratum>(connection, sql.strata);
  const bases: UnitBase[] = [];
  for (const relation of unitRelations(reading, [...raters.keys()]))
    bases.push(...(await basesOf(connection, relation)));
  const copied = isCopied(selection.clusterBy) && same.itemCluster === selection.clusterBy;
  const sums = await stratumSums(connection, bases, copied);
  const rates = await rowsOf<{ metric: string }>(connection, sql.zero_one);
  return { strata, sums, bases, copied, rates: new Set(rates.map(({ metric }) => metric)), raters, same };
}

/** The kind of rater that counts for each score of calls and tasks, and of conversations. */
async function ratersOf(connection: DuckDBConnection): Promise<Map<string, string>> {
  const raters = new Map<string, string>();
  for (const start of ["score:", "conversation_score:"]) {
    const judged = `(select substr(metric, ${start.length + 1}) as name, rater from score_units where metric like '${start}%' and not again)`;
    for (const [name, rater] of await leadingKinds(connection, judged)) raters.set(`${start}${name}`, rater);
  }
  return raters;
}

/** The metrics whose sums some metrics need: themselves, and the waits behind quantiles. */
export const readBy = (metrics: readonly Pick<MixMetric, "name" | "of">[]): Set<string> =>
  new Set(metrics.flatMap(({ name, of }) => (of === undefined ? [name] : [name, of.metric])));

/** How metrics are brought to one mix. */
export interface MixOptions {
  /** The columns that define the mix, finest level first. */
  levels: readonly Column[][];
  level: number;
  /** True to allow for what calls of the same hour have in common. */
  byHour: boolean;
  clusterBy: string;
  /**
   * The groups whose combined mix each of them is brought to, instead of side a, by the name of the whole.
   */
  wholeOf?: (g: G) => string;
}

/** A metric of a group at one mix. */
export interface AtMix {
  standard: Standard;
  spread: Spread;
  margins: Four<Margin>;
}

/** The metrics of every group, as they are and at one mix. */
export async function atMix(
  connection: DuckDBConnection,
  { strata, sums, bases, same, copied }: Prepared,
  metrics: readonly MixMetric[],
  groups: readonly G[],
  { levels, level, byHour, clusterBy, wholeOf }: MixOptions,
): Promise<(g: G, metric: string) => AtMix | undefined> {
  const known = levelsOf(strata, levels);
  const read = readBy(metrics);
  const standardsOf = (found: readonly StratumSum[], of: readonly UnitBase[]) => {
    const own = found.filter(({ metric }) => read.has(metric));
    const all = wholeOf === undefined ? own : beside(own, wholeOf);
    const cuts = new Map<string, Cut>();
    return [...groupBy(all)].map(([key, one]) => {
      const [{ g, metric }] = one;
      const units = `${g} ${of.findIndex(({ metrics: some }) => some.some(({ name }) => name === metric))}`;
      const cut = cuts.get(units) ?? cutAt(one, known);
      cuts.set(units, cut);
      return [key, standardOf(one, cut)] as const;
    });
  };
  const standards = new Map(standardsOf(sums, bases));
  const ladders = await laddersOf(connection, metrics, groups, { standards, copied });
  for (const [key, one] of standardsOf(ladders.sums, ladders.bases)) standards.set(key, one);
  const asked = new Set(metrics.map(({ name }) => name));
  const own = [...bases, ...ladders.bases]
    .map((base) => ({ ...base, metrics: base.metrics.filter(({ name }) => asked.has(name)) }))
    .filter((base) => base.metrics.length > 0);
  await coefficientTables(connection, own, groups, standards);
  const pulls = await pullsOf(connection, own, {
    over: kindsOf(byHour, clusterBy),
    days: wholeOf === undefined,
  });
  const [sizes, covariances] = [groupBy(pulls.sizes), groupBy(pulls.covariances)];
  const days = wholeOf === undefined ? groupBy(pulls.days) : undefined;
  const byName = new Map(metrics.map((metric) => [metric.name, metric]));
  return (g, name) => {
    const key = keyOf({ metric: name, g });
    const [found, metric] = [standards.get(key), byName.get(name)];
    if (found === undefined || metric === undefined) return undefined;
    const items = same.items.get(String(g));
    const shared = Math.min(1, ...(items ?? []).map(({ covered }) => covered));
    const standard = { ...found, covered: Math.min(found.covered, shared) };
    if (standard.units.a === 0 || standard.units.b === 0) return undefined;
    const sides = wholeOf === undefined ? [false, true] : [true];
    const unit = items === undefined ? clusterBy : same.itemCluster;
    // Sides with the same prompts are paired by these, whatever their days.
    const { a, b } = standard.units;
    const daily =
      items === undefined ? days?.get(key)?.map((one) => ({ ...one, n: one.second ? b : a })) : undefined;
    const spread = spreadOf(covariances.get(key) ?? [], sizes.get(key) ?? [], unit, byHour, sides, daily);
    const ladder = ladders.of.get(`${g} ${metric.of?.metric}`);
    if (metric.of !== undefined && ladder === undefined) return undefined;
    // Timeouts alone do not show how a group's wait changes with its work: it is left as it is.
    if (wholeOf !== undefined && ladder?.b.censored.every((cut) => cut)) return undefined;
    return { standard, spread, margins: marginsOf(metric, standard, spread, ladder, level) };
  };
}

/** The cell of each stratum by the units that a metric is known of, named by their first, and what each metric takes of a cell. */
async function coefficientTables(
  connection: DuckDBConnection,
  bases: readonly UnitBase[],
  groups: readonly G[],
  standards: ReadonlyMap<string, Standard>,
): Promise<void> {
  const of = (metric: string) =>
    groups.flatMap((g) => {
      const standard = standards.get(keyOf({ metric, g }));
      return standard === undefined ? [] : [{ about: { metric, g: String(g) }, standard }];
    });
  const cells = bases.flatMap(({ metrics: [{ name }] }) =>
    of(name).flatMap(({ about, standard }) =>
      [...standard.cellOf].map(([stratum, cell]) => ({ ...about, stratum, cell })),
    ),
  );
  // Written side by side: to copy an object of so many fields takes longer than all else here.
  const coefficients = bases.flatMap(({ metrics }) =>
    metrics.flatMap(({ name }) =>
      of(name).flatMap(({ about, standard }) => {
        const start = JSON.stringify(about).slice(0, -1);
        return standard.coefficients.map((one) => `${start},${JSON.stringify(one).slice(1)}`);
      }),
    ),
  );
  await run(connection, sql.cells, { cells: JSON.stringify(cells) });
  await run(connection, sql.coefficients, { coefficients: `[${coefficients.join(",")}]` });
}

/** The combined sums of all groups of a whole, as side a of each. */
function beside(sums: readonly StratumSum[], wholeOf: (g: G) => string): StratumSum[] {
  const whole = new Map<string, StratumSum>();
  const groups = new Map<string, Set<G>>();
  for (const one of sums) {
    const place = `${wholeOf(one.g)} ${one.metric}`;
    const key = `${place} ${one.stratum}`;
    const into = whole.get(key);
    if (into === undefined) whole.set(key, { ...one, second: false });
    else
      for (const [name, value] of Object.entries(one))
        if (typeof value === "number" && !["g", "stratum"].includes(name))
          (into as unknown as Record<string, number>)[name] += value;
    groups.set(place, (groups.get(place) ?? new Set()).add(one.g));
  }
  const targets = [...whole.values()].flatMap((one) =>
    [...(groups.get(`${wholeOf(one.g)} ${one.metric}`) as Set<G>)].map((g) => ({ ...one, g })),
  );
  return [...sums, ...targets];
}
