import { join } from "node:path";
import { isTime } from "../../facts/cluster";
import { labelOfBy } from "../../facts/names";
import { groupsOf, type Selection, type SelectOptions } from "../../facts/select";
import { type Origin, originOf, withCallsOf } from "../../measures/behind";
import { ofRequests } from "../../measures/metric";
import { offeredMetrics } from "../../measures/metrics";
import { type MetricTableOptions, metricTable } from "../../measures/metricTable";
import { type BalanceRow, balanceOf } from "../../measures/mix/balance";
import { type Column, mixLevels } from "../../measures/mix/mixStrata";
import { beforeAndAfter, type Prepared, prepareMix } from "../../measures/mix/mixTables";
import { weekCells, weekWeights } from "../../measures/mix/weekWeights";
import { checkOptions } from "../../measures/options";
import { rowKey } from "../../measures/rowKey";
import { isEstimate, type Row, type Table } from "../../measures/table";
import { grouped, levelText } from "../../stats/text";
import { nameList } from "../../store/nameList";
import { didYouMean } from "../../store/nearest";
import type { Store } from "../../store/open";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import type { Assumption } from "../assumption";
import { assumptionsOf, otherUsers, type Users } from "./compareAssumptions";
import { type ItemsRow, itemsOf } from "./compareItems";
import { comparedMetric } from "./compareMetrics";
import type { CompareRow, UnjudgedRow } from "./compareRow";
import { compareRows, type Stated } from "./compareRows";
import { evenSides, type Sides, selectSides } from "./compareSides";
import { judged, verdictOfAll } from "./compareVerdict";
import { type Timeline, timeline } from "./timeline";

const sql = statements<"week_calls" | "sides" | "returning" | "groups_again">(join(__dirname, "compare.sql"));

/** Which two sides are compared, and in what. */
export interface CompareOptions extends Omit<SelectOptions, "population">, Sides {
  /** Columns that split the comparison: "workload". Default: one comparison of all calls. */
  by?: string | readonly string[];
  /**
   * Names as `metric` takes them, and "output_tokens". Default: all metrics of the log, and its six most frequent
   * scores.
   */
  metrics?: string | readonly string[];
  /** Confidence of the intervals. Default 0.95. */
  level?: number;
  /** Seed of the change point. Default 1. */
  seed?: number;
}

/** What one side is. */
export interface ComparedSide {
  /** The predicate or the time range that defines it. */
  what: string;
  /** Answering calls, and how many of them are in hours of the week that both sides have. */
  calls: number;
  matched: number;
  /** First and last hour, UTC; null if calls have no time. */
  from: string | null;
  to: string | null;
}

/** Two sides of a log, metric by metric. */
export interface Comparison extends Table<CompareRow> {
  a: ComparedSide;
  b: ComparedSide;
  /** Scores of the prompts that both sides have, item by item: two runs of an eval set. */
  items: ItemsRow[];
  /** What was fixed before the first answer, and how far the sides differ in it, unadjusted and at one mix. */
  balance: BalanceRow[];
  /** What the verdict takes for granted, and which of these would change it. */
  assumptions: Assumption[];
  /** The course of the durations over both sides; the search for a change is not told the date. */
  changePoint: Timeline;
  /** What can be said, in a sentence. */
  verdict: string;
}

/** Units per side below which a metric is not compared. */
const fewest = 10;
const mostScores = 6;

/**
 * Compares two sides of a log, before and after a switch or any two predicates, and separates a change of the
 * model from a change of the mix.
 *
 * `a` and `b` are what the other measures give for these calls. Every difference b - a is the sum of `within`,
 * what is left in the hours of the week that both sides have (weighted to the calendar of side a) when b is given
 * a's mix of workload, model and prompt version (where both sides have the same), input length of the first turn
 * and working hours, and of `mix`, the rest. If the users differ, a change is stated only if those on both sides
 * (`returning`) show it too. n counts calls, tasks or scores; clusters are users and hours together.
 *
 * JSON: `{"a","b","rows":[{"metric","a":E,"b":E,"difference":E,"ratio":E,"within":E,"mix":E,
 * "within_ratio":E,"mix_ratio":E,"p_holm","mix_p_holm","returning":E,"seen","unlogged","verdict"}],"balance","assumptions","changePoint":{"bin","at","low","high","p","before",
 * "after","at_switch","verdict","points":[...]},"items":[{"score","items","difference":E,"higher_a","higher_b","p_holm",
 * "verdict","flips"}],"verdict","notes"}`. If both sides have the same prompts, `items` compares them prompt by
 * prompt.
 *
 * @remarks Method: direct standardisation with a regression on length in each stratum (see `standardise`); two-way
 * clustered errors, Cameron, Gelbach & Miller (2011),
 * doi:10.1198/jbes.2010.07136; differences by MOVER, Zou (2007), doi:10.1037/1082-989X.12.4.399; Holm over all rows.
 * @param options `a` and `b`, or `switch`; see `CompareOptions`
 * @throws RangeError if the sides are not given, or for an invalid date, column, metric or level
 * @example
 * const store = await openDemo();
 * const where = "workload = 'chat-assistant'";
 * const { rows } = await compare(store, { switch: "2026-03-04 23:00", where, metrics: ["duration_p50"] });
 * rows[0].ratio.value.toFixed(1) // "1.3"
 */
export async function compare(store: Store, options: CompareOptions): Promise<Comparison> {
  const { level = 0.95, seed = 1, cluster = "auto" } = options;
  return withSides(store, options, async (found) => {
    const { selection, at, prepared, levels, users, matched } = found;
    const { connection, by } = selection;
    const rows = judged(found.rows, level);
    const balance = balanceOf(prepared.strata, levels);
    const both = await sidesOf(selection, options);
    return withCallsOf(
      {
        measure: "compare",
        by: [...by, "metric"],
        rows,
        ...both,
        items: await itemsOf(connection, { level, seed }),
        balance,
        assumptions: assumptionsOf(rows, balance, users),
        changePoint: await timeline(connection, { at, level, seed }),
        verdict: emptySide(both) ?? verdictOfAll(rows, { by, level, a: both.a.what, b: both.b.what }),
        notes: [
          ...matched,
          ...mixNotes(levels[0], balance),
          ...raterNotes(prepared, rows),
          ...(await notesOf(selection, rows, { byHour: cluster === "auto", level, at })),
        ],
      },
      (row) => {
        const { a, b } = found.stated(row, row.metric)?.origins ?? {};
        return { b, a };
      },
    );
  });
}

interface Found {
  selection: Selection;
  at?: string;
  prepared: Prepared;
  levels: Column[][];
  users: Users;
  matched: string[];
  rows: UnjudgedRow[];
  stated: StatedRow;
}

/** The measures' estimates for both sides, and the calls they are for. */
type StatedRow = (
  by: Row,
  metric: string,
) => (ReturnType<Stated> & { origins: Record<"a" | "b", Origin | undefined> }) | undefined;

/** Runs work on the rows of two sides before they are judged as one family of tests. */
export async function withSides<T>(
  store: Store,
  options: CompareOptions,
  work: (found: Found) => T | Promise<T>,
): Promise<T> {
  checkOptions("compare", options);
  const { level = 0.95, seed = 1, by = [], cluster = "auto", timezone, where, candidate } = options;
  const { a, b, switch: moment } = options;
  const requested = nameList(options.metrics)?.map((name) => comparedMetric(name).name);
  const sides = await evenSides({ a, b, switch: moment });
  const selected = { by, cluster, timezone, where, candidate };
  const { selection, at } = await selectSides(store, sides, selected, beforeAndAfter);
  try {
    const { connection } = selection;
    const matched: string[] = [];
    let users: Users = { known: 0, returning: 0 };
    const prepared = await prepareMix(selection, {
      returning: async () => {
        users = await usersOf(connection);
        return otherUsers(users);
      },
      weigh: async () => {
        await run(connection, sql.week_calls);
        const { weights, notes } = weekWeights(await weekCells(connection));
        matched.push(...notes);
        return weights;
      },
    });
    const names = metricsOf(prepared, requested);
    const metrics = names.map((name) => comparedMetric(name, prepared.rates));
    const groups = (await groupsOf(selection)).map(({ g, by: own }) => ({ g, by: own as Row }));
    const stated = await statedBy(store, names, whereOf(sides, where, at), {
      ...{ by: selection.requested, cluster, timezone, candidate, level, seed },
      raters: prepared.raters,
    });
    const levels = mixLevels(prepared.strata);
    const again = otherUsers(users) ? await groupsAgain(connection) : undefined;
    const asking = { level, byHour: cluster === "auto", levels, stated, again };
    const rows = await compareRows(selection, prepared, metrics, groups, asking);
    return await work({ selection, at, prepared, levels, users, matched, rows, stated });
  } finally {
    selection.close();
  }
}

/** The predicates of both sides: a call on both counts on neither. */
function whereOf(
  { a, b }: Sides,
  where: string | undefined,
  at: string | undefined,
): Record<"a" | "b", string> {
  const both = (own: string) => (where === undefined ? own : `(${where}) and ${own}`);
  return at === undefined
    ? { a: both(`(${a}) and ((${b}) is not true)`), b: both(`(${b}) and ((${a}) is not true)`) }
    : { a: both(`started_at < '${at}'`), b: both(`started_at >= '${at}'`) };
}

/** The measures' estimates for each side. */
async function statedBy(
  store: Store,
  names: readonly string[],
  where: Record<"a" | "b", string>,
  options: Omit<MetricTableOptions, "metrics">,
): Promise<StatedRow> {
  if (names.length === 0) return () => undefined;
  const side = async (which: "a" | "b") => {
    const { by, rows } = await metricTable(store, { ...options, where: where[which], metrics: names });
    return new Map(rows.map((row) => [rowKey(by, row), row]));
  };
  const [a, b] = [await side("a"), await side("b")];
  return (by, metric) => {
    const key = rowKey((options.by as string[]).map(labelOfBy), by);
    const [one, other] = [a.get(key), b.get(key)];
    const [x, y] = [one?.[metric], other?.[metric]];
    if (!isEstimate(x) || !isEstimate(y) || x.n === 0 || y.n === 0) return undefined;
    const origins = { a: originOf(one as Row, metric), b: originOf(other as Row, metric) };
    return { a: x, b: y, origins };
  };
}

/** The requested metrics, or all that have enough units on both sides. */
function metricsOf({ sums }: Prepared, requested: string[] | undefined): string[] {
  const units = new Map<string, [number, number]>();
  for (const { metric, second, n } of sums) {
    const own = units.get(metric) ?? [0, 0];
    own[second ? 1 : 0] += n;
    units.set(metric, own);
  }
  const scores = [...units].filter(([name]) => name.startsWith("score:"));
  if (requested !== undefined) {
    const known = scores.map(([name]) => name);
    for (const name of requested)
      if (name.startsWith("score:") && !known.includes(name))
        throw new RangeError(`compare requires a score of the log, got "${name}"${didYouMean(name, known)}`);
    return [...new Set(requested)];
  }
  const enough = (name: string) => Math.min(...(units.get(name) ?? [0])) >= fewest;
  const base = (name: string) => comparedMetric(name).of?.metric ?? name;
  const common = scores
    .filter(([name]) => enough(name) && !ofRequests.includes(name.replace("score:", "")))
    .sort(([one, x], [two, y]) => Math.min(...y) - Math.min(...x) || (one < two ? -1 : 1))
    .slice(0, mostScores);
  const offered = offeredMetrics("compare").map(({ name }) => name);
  return [...offered.filter((name) => enough(base(name))), ...common.map(([name]) => name)];
}

async function sidesOf(
  { connection }: Selection,
  { a, b, switch: moment }: CompareOptions,
): Promise<{ a: ComparedSide; b: ComparedSide }> {
  const rows = await rowsOf<ComparedSide & { second: boolean }>(connection, sql.sides);
  const side = (second: boolean, what: string): ComparedSide => {
    const {
      calls = 0,
      matched = 0,
      from = null,
      to = null,
    } = rows.find((row) => row.second === second) ?? {};
    return { what, calls, matched, from, to };
  };
  return { a: side(false, a ?? `before ${moment}`), b: side(true, b ?? `from ${moment} on`) };
}

/** The message if a side has no calls. */
function emptySide(sides: { a: ComparedSide; b: ComparedSide }): string | undefined {
  const empty = Object.entries(sides).filter(([, { calls }]) => calls === 0);
  if (empty.length === 0) return undefined;
  const named = empty.map(([name, { what }]) => `side ${name} (${what})`).join(" or ");
  return `Nothing to compare: no call is on ${named}.`;
}

async function usersOf(connection: Selection["connection"]): Promise<Users> {
  const sides = await rowsOf<{ calls: number; known: number; again: number }>(connection, sql.returning);
  const least = (of: (side: { calls: number; known: number; again: number }) => number) =>
    sides.length < 2 ? 0 : Math.min(...sides.map(of));
  return {
    known: least(({ calls, known }) => known / calls),
    returning: least(({ known, again }) => again / known),
  };
}

async function groupsAgain(connection: Selection["connection"]): Promise<Map<string, string>> {
  const found = await rowsOf<{ g: string; again: string }>(connection, sql.groups_again);
  return new Map(found.map(({ g, again }) => [g, again]));
}

const mixNames: Record<string, string> = {
  workload: "workload",
  model: "model",
  version: "prompt version",
  length: "input length of the first turn (in up to eight parts, with its slope inside)",
  working: "working hours",
};

function mixNotes(columns: readonly string[], balance: readonly BalanceRow[]): string[] {
  const left = balance.filter(({ adjusted }) => !adjusted).map(({ what }) => what);
  return [
    `The mix is compared by ${columns.map((column) => mixNames[column]).join(", ")}, as finely as the calls of both sides allow.`,
    ...(left.length === 0 ? [] : [`Not adjusted, since the sides do not share it: ${left.join(", ")}.`]),
  ];
}

/** Whose scores are compared: the same kind of rater on both sides. */
function raterNotes({ raters }: Prepared, rows: readonly CompareRow[]): string[] {
  const scores = [...new Set(rows.map(({ metric }) => metric))].filter((name) => raters.has(name));
  return scores.map((name) => `${name} is by the kind of rater that judged most: ${raters.get(name)}.`);
}

async function notesOf(
  { connection, notes, clusterBy }: Selection,
  rows: readonly CompareRow[],
  { byHour, level, at }: { byHour: boolean; level: number; at?: string },
): Promise<string[]> {
  const [left] = await rowsOf<{ both: number; unpriced: number }>(
    connection,
    `select (select count(*) from sided where chosen and production and answers and second is null) as both,
            (select count(*) from task_units where unpriced > 0) as unpriced`,
  );
  const both = byHour && !isTime(clusterBy) && rows.some(({ a }) => a.clusterBy.includes("hour"));
  return [
    ...(both
      ? ["Calls of one hour also count as one cluster, since they share what happens in that hour."]
      : []),
    ...(rows.length > 1
      ? [`Verdicts hold for all ${rows.length} rows together at ${levelText(level)} (Holm).`]
      : []),
    ...(left.both > 0
      ? [
          `${grouped(left.both)} calls are ${at === undefined ? "on both sides" : "without a time"} and are left out.`,
        ]
      : []),
    ...(left.unpriced > 0
      ? [`${grouped(left.unpriced)} tasks contain calls without a cost: their costs are lower bounds.`]
      : []),
    ...notes,
  ];
}
