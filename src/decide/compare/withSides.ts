import { join } from "node:path";
import { inBrackets } from "../../facts/allOf";
import { carrierOf, scoreByOneKind } from "../../facts/judgements";
import { labelOfBy } from "../../facts/names";
import { derived, within } from "../../facts/request";
import { groupsOf, type Selection } from "../../facts/select";
import { originOf } from "../../measures/behind";
import type { Asked } from "../../measures/define";
import { ofRequests } from "../../measures/metric";
import { atGrain, leftAtCalls } from "../../measures/metricGrain";
import type { MetricTableOptions } from "../../measures/metricReaders";
import { offeredMetrics } from "../../measures/metrics";
import { metricTable } from "../../measures/metricTable";
import { balanceOf } from "../../measures/mix/balance";
import { mixLevels } from "../../measures/mix/mixLevels";
import { beforeAndAfter, type Prepared, prepareMix } from "../../measures/mix/mixTables";
import { weekCells, weekWeights } from "../../measures/mix/weekWeights";
import type { MeasureRequest } from "../../measures/options";
import { correctedMethod } from "../../measures/quality/judgedRates";
import { rowKey } from "../../measures/rowKey";
import { isEstimate, type Row } from "../../measures/table";
import type { Estimate } from "../../stats/estimate";
import { listed } from "../../stats/text";
import { nameList } from "../../store/nameList";
import { didYouMean } from "../../store/nearest";
import type { Store } from "../../store/open";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { otherUsers, type Users } from "./compareAssumptions";
import { causeRows, causeSides, causeSidesNotes } from "./compareCauses";
import { withDrift } from "./compareDrift";
import { comparedMetric, isRead } from "./compareMetrics";
import { type compareOptions, type Found, readIn, type StatedRow } from "./compareOptions";
import type { UnjudgedRow } from "./compareRow";
import { compareRows } from "./compareRows";
import { evenSides, type Sides, selectSides } from "./compareSides";
import { controlAt } from "./controlAt";

const sql = statements<"week_calls" | "returning" | "groups_again">(join(__dirname, "compare.sql"));

/** Units per side below which a metric is not compared. */
const fewest = 10;
const mostScores = 6;

/** Runs work on the rows of two sides before they are judged as one family of tests. */
export async function withSides<T>(
  { store, request, options }: Asked<typeof compareOptions>,
  work: (found: Found) => T | Promise<T>,
): Promise<T> {
  const { a, b, switch: moment, level = 0.95, by = [], cluster = "auto" } = options;
  const offered = atGrain(
    "compare",
    nameList(options.metrics) ?? offeredMetrics("compare").map(({ name }) => name),
    options,
    { usual: options.metrics === undefined },
  ).map((name) => comparedMetric(name).name);
  // Causes are known of the tasks that were read alone: too few to bring to one mix.
  const mixed = offered.filter((name) => !isRead(name));
  const causes = offered.filter(isRead);
  const requested = options.metrics === undefined ? undefined : mixed;
  const sides = await evenSides({ a, b, switch: moment });
  const ofGroups = derived(request, { by });
  const { selection, at } = await selectSides(store, sides, ofGroups, beforeAndAfter);
  try {
    const { connection } = selection;
    const matched: string[] = leftAtCalls(offered, options);
    let users: Users = { known: 0, returning: 0 };
    const groups = await groupsOf(selection);
    const sided = {
      ...{ together: false, candidates: options.candidate !== undefined, freely: cluster === "auto" },
      weigh: () => hoursOf(connection, matched),
    };
    const only = readIn(mixed);
    const asked = {
      offered: mixed,
      requested,
      scores: options.grain === "conversation" ? ofTalks : ofAnswers,
    };
    const prepare = (asCounted: boolean) =>
      prepareMix(selection, {
        ...sided,
        only,
        wholeOf: new Map(groups.map(({ g }) => [g, g])),
        asCounted,
        returning: async () => {
          users = await usersOf(connection);
          return otherUsers(users);
        },
      });
    const namesIn = async (found: Prepared) => requested ?? metricsOf(connection, found, asked);
    // Nothing is left for a control where all calls are compared.
    const hasOthers = at !== undefined && request.where !== undefined;
    const control = hasOthers ? await controlAt(selection, sided, { level, namesIn }) : undefined;
    const switched = at === undefined ? undefined : { control };
    const prepared = await prepare(false);
    const names = await metricsOf(connection, prepared, asked);
    const metrics = names.map((name) => comparedMetric(name, prepared.rates));
    const asJudged: string[] = [];
    const stated = await statedBy(
      store,
      [...names, ...causes],
      ofGroups,
      predicatesOf(sides, at),
      prepared.raters,
      asJudged,
    );
    const levels = mixLevels(prepared.strata);
    const again = otherUsers(users) ? await groupsAgain(connection) : undefined;
    const asking = { level, byHour: cluster === "auto", levels, stated, again, switched };
    const found = await compareRows(selection, prepared, metrics, groups, asking);
    // What goes once tokens are taken alike may be longer inputs: nothing in the log tells.
    const taken = prepared.same.leftOut
      ? doubtedBy(found, await compareRows(selection, await prepare(true), metrics, groups, asking))
      : found;
    // On another engine each statement is paid for, and none shows the same there.
    const rows =
      store.engine === undefined
        ? await withDrift(selection, prepared, taken, { level, seed: options.seed ?? 1 })
        : taken;
    const sideOf = () => causeSides(connection, balanceOf(prepared.strata, levels), otherUsers(users));
    const ofCauses =
      causes.length === 0 ? [] : causeRows(causes, groups, { stated, sides: await sideOf(), level });
    return await work({
      selection,
      at,
      prepared,
      levels,
      users,
      matched: [...matched, ...asJudged],
      rows: [...rows, ...ofCauses],
      asMeasured: causeSidesNotes(causes, ofCauses),
      stated,
    });
  } finally {
    selection.close();
  }
}

/** The weights of the hours of the week that both sides have; what they leave out is noted. */
async function hoursOf(connection: Selection["connection"], notes: string[]) {
  await run(connection, sql.week_calls);
  const { weights, notes: left } = weekWeights(await weekCells(connection));
  for (const note of left) if (!notes.includes(note)) notes.push(note);
  return weights;
}

/** The predicates of both sides: a call on both counts on neither. */
function predicatesOf({ a, b }: Sides, at: string | undefined): Record<"a" | "b", string[]> {
  const isNot = (side: string) => `${inBrackets(side)} is not true`;
  return a === undefined || b === undefined
    ? { a: [`started_at < '${at}'`], b: [`started_at >= '${at}'`] }
    : { a: [a, isNot(b)], b: [b, isNot(a)] };
}

/** The measures' estimates for each side. */
async function statedBy(
  store: Store,
  names: readonly string[],
  request: MeasureRequest,
  predicates: Record<"a" | "b", string[]>,
  raters: MetricTableOptions["raters"],
  notes: string[],
): Promise<StatedRow> {
  if (names.length === 0) return () => undefined;
  const sidesOf = (metrics: readonly string[], corrections: MetricTableOptions["corrections"]) =>
    Promise.all(
      [predicates.a, predicates.b].map(async (side) => {
        const options = { ...within(request, ...side), metrics, raters, corrections };
        const { by, rows } = await metricTable(store, options);
        return new Map(rows.map((row) => [rowKey(by, row), row]));
      }),
    );
  const corrected = await sidesOf(names, "each");
  const partly = names.filter((name) => {
    const scores = corrected.flatMap((rows) => [...rows.values()]).map((row) => row[name] as Estimate);
    const isCorrected = ({ method }: Estimate) => method === correctedMethod;
    return scores.some(isCorrected) && scores.some((score) => score.n > 0 && !isCorrected(score));
  });
  const asJudged = partly.length === 0 ? corrected : await sidesOf(partly, "none");
  if (partly.length > 0)
    notes.push(
      `${listed(partly)} ${partly.length === 1 ? "is" : "are"} compared as judged: people labelled too few answers of some rows or of one side, so the judge's errors there are not known.`,
    );
  return (by, metric) => {
    const key = rowKey(nameList(request.by ?? []).map(labelOfBy), by);
    const [one, other] = (partly.includes(metric) ? asJudged : corrected).map((rows) => rows.get(key));
    const [x, y] = [one?.[metric], other?.[metric]];
    if (!isEstimate(x) || !isEstimate(y) || x.n === 0 || y.n === 0) return undefined;
    const origins = { a: originOf(one as Row, metric), b: originOf(other as Row, metric) };
    return { a: x, b: y, origins };
  };
}

/** How the names of scores begin, of calls and tasks, and of conversations. */
const ofAnswers = "score:";
const ofTalks = "conversation_score:";

/** The requested metrics, or all of those offered, and the scores, that have enough units on both sides. */
async function metricsOf(
  connection: Selection["connection"],
  { sums }: Prepared,
  asked: { offered: readonly string[]; requested: string[] | undefined; scores: string },
): Promise<string[]> {
  const { offered, requested } = asked;
  const units = new Map<string, [number, number]>();
  for (const { metric, second, n } of sums) {
    const own = units.get(metric) ?? [0, 0];
    own[second ? 1 : 0] += n;
    units.set(metric, own);
  }
  const isScore = (name: string) => name.startsWith(ofAnswers) || name.startsWith(ofTalks);
  const scores = [...units].filter(([name]) => isScore(name));
  if (requested !== undefined) {
    const known = scores.map(([name]) => name);
    for (const name of requested)
      if (isScore(name) && !known.includes(name)) {
        const score = name.replace(/^(conversation_)?score:/, "");
        await scoreByOneKind("compare", { connection, notes: [] }, score);
        const { elsewhere } = await carrierOf(connection, score);
        const others = didYouMean(name, known) || `; they have ${known.join(", ") || "none"}`;
        throw new RangeError(
          `compare requires a score of ${name.startsWith(ofTalks) ? "conversations" : "calls or tasks"} on both sides, got "${name}"${elsewhere || others}`,
        );
      }
    return [...new Set(requested)];
  }
  const enough = (name: string) => Math.min(...(units.get(name) ?? [0])) >= fewest;
  const base = (name: string) => comparedMetric(name).of?.metric ?? name;
  const common = scores
    .filter(([name]) => name.startsWith(asked.scores) && enough(name))
    .filter(([name]) => !ofRequests.includes(name.replace(asked.scores, "")))
    .sort(([one, x], [two, y]) => Math.min(...y) - Math.min(...x) || (one < two ? -1 : 1))
    .slice(0, mostScores);
  return [...offered.filter((name) => enough(base(name))), ...common.map(([name]) => name)];
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

/** The rows with the larger p-value of each and its doubt: 1 where they disagree on the direction. */
function doubtedBy(rows: readonly UnjudgedRow[], doubts: readonly UnjudgedRow[]): UnjudgedRow[] {
  return rows.map((one, at) => {
    const doubt = doubts.at(at);
    if (doubt === undefined) return one;
    const agrees = one.row.within.value * doubt.row.within.value > 0;
    const larger = (name: "p" | "bothP") =>
      Number.isNaN(one[name]) ? one[name] : agrees ? Math.max(one[name], doubt[name]) : 1;
    return { ...one, p: larger("p"), bothP: larger("bothP") };
  });
}
