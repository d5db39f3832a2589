import { join } from "node:path";
import { hadOfAll } from "../../facts/names";
import { modelName } from "../../logs/models/modelName";
import { bradleyTerry } from "../../stats/bradleyTerry";
import { checkLevel } from "../../stats/checks";
import type { AssumptionId, Claim } from "../../stats/claim";
import { type Comparisons, numbered, waysBySize } from "../../stats/comparisons";
import { type Estimate, toldBy } from "../../stats/estimate";
import { firstClaim } from "../../stats/rankClaim";
import { grouped } from "../../stats/text";
import { parseExpression } from "../../store/expression";
import { nameList } from "../../store/nameList";
import { didYouMean } from "../../store/nearest";
import { checkStore, type Store } from "../../store/open";
import { rowsOf, run } from "../../store/run";
import { columnsOf } from "../../store/schema";
import { statements } from "../../store/statements";
import { keysOf } from "../rowKey";
import type { Keyed, Row, Table } from "../table";
import { areRatersOpen, preferenceNotes } from "./preferenceNotes";
import { type Style, styles } from "./styles";

const sql = statements<"compared" | "names" | "groups">(join(__dirname, "preferences.sql"));

/** Which comparisons to use, and what to hold equal. */
export interface PreferenceOptions {
  /** Columns besides the model that get rows of their own: "workload", "rater", "rater_id". Default: none. */
  by?: string | readonly string[];
  /** An SQL predicate over the columns of preferences. */
  where?: string;
  /** Style features to hold equal: "length", "lists", "headings", "bold", or "style" for all four. Default: none. */
  control?: string | readonly string[];
  /** The model that win rates are against. Default: all others, weighted equally. */
  baseline?: string;
  /** Confidence of the intervals. Default 0.95. */
  level?: number;
}

/** How often raters prefer one model. */
export type PreferenceRow = Keyed<{
  model: string;
  comparisons: number;
  /**
   * Share of comparisons won against each of the others equally often, or against the baseline, a tie counting as half a
   * win, with no advantage of position and all controls equal.
   */
  win_rate: Estimate;
  /** The same without controls, if there are any. */
  as_judged?: Estimate;
  /** Strength on Elo's scale, however many ties: 1,000 is the average, and 400 more wins ten times as often as it loses. */
  rating: Estimate;
  /** The ranks that the model may truly have, 1 the best: any, where one rating for each model does not fit. */
  rank_low: number;
  rank_high: number;
  /** That it is preferred to all others, or that it is not, and how far that stands. */
  claim: Claim;
}>;

/**
 * Which model raters prefer, from comparisons of two answers to the same prompt: win rates, ratings and ranks.
 *
 * The strengths of all models are fitted together with the advantage of the answer shown first, if the order is known,
 * and with the effects of the style features in `control`. n counts a model's comparisons. A win rate counts a tie as half a
 * win; a rating is of wins to losses, and ties only make it surer that two models are close. Intervals treat the
 * comparisons of one rater, and those of one prompt, as a cluster. A model that never lost or never won has no rating, and
 * its note says so.
 *
 * Ranks hold for all models at once. They and the intervals take raters and prompts into account where there are two or more:
 * of two to four, by how they differ over all models on average. With one rater, or one who judges nearly all, they are about
 * that rater's taste, and a first place leads only if others judge alike. They assume that
 * one rating for each model explains all pairs, which is tested up to 1,000 pairs of models: where preferences go
 * round in a circle and the test of that finds it, no model is first and the notes name the pairs furthest from it. A weak
 * circle in few comparisons (300 of three models) went unseen in 48 % of simulated logs, and put a model first in 17 %.
 *
 * @remarks Methods: `bradleyTerry`, simulated in docs/simulations/ranks.md. Style control as in Chatbot Arena (relative differences).
 * @throws RangeError for an invalid column, control, model or level, and if a control is known for no comparison
 * @example
 * const store = await openDemo();
 * const { rows } = await preferences(store, { control: "length" });
 * `${rows[0].model} ${rows[0].win_rate.value.toFixed(2)}` // "tamarisk-large 0.63"
 */
export async function preferences(
  store: Store,
  options: PreferenceOptions = {},
): Promise<Table<PreferenceRow>> {
  checkStore("preferences", store);
  const { level = 0.95 } = options;
  checkLevel("preferences", level);
  const by = columnsIn("by", options.by, ["workload", "rater", "rater_id"]);
  const named = nameList(options.control) ?? [];
  const controls = named.includes("style") ? [...styles] : (columnsIn("control", named, styles) as Style[]);
  const where = await predicate(options.where);
  const connection = await store.connect();
  try {
    await run(connection, sql.compared);
    await hadOfAll(connection, where, "where's expressions", "compared");
    const names = await rowsOf<{ name: string }>(connection, sql.names);
    const model = new Map(names.map(({ name }) => [name, modelName(name).model]));
    const baseline = baselineIn(options.baseline, [...new Set(model.values())]);
    await run(connection, chosenSql(by, where));
    const groups = await rowsOf<Group>(connection, sql.groups);
    const notes: string[] = groups.length === 0 ? ["There are no comparisons of two models."] : [];
    const rows: PreferenceRow[] = [];
    for (const group of groups) {
      const found = rowsOfGroup(group, { by, controls, model, baseline, level });
      rows.push(...found.rows);
      notes.push(...found.notes);
    }
    return { measure: "preferences", by: [...by, "model"], rows, notes };
  } finally {
    connection.closeSync();
  }
}

/** The comparisons of one group, as columns. */
interface Group extends Record<string, unknown> {
  by: Row;
  n: number;
  ties: number;
  raters: number;
  model_a: string[];
  model_b: string[];
  preferred: number[];
  shown: number[];
  rater_id: (string | null)[];
  prompt_id: (string | null)[];
}

interface GroupOptions {
  by: readonly string[];
  controls: readonly Style[];
  model: ReadonlyMap<string, string>;
  baseline: string | undefined;
  level: number;
}

function rowsOfGroup(group: Group, chosen: GroupOptions): { rows: PreferenceRow[]; notes: string[] } {
  const { by, controls, baseline, level } = chosen;
  const place = by.map((name) => String(group.by[name] ?? "not given")).join(" · ");
  const kept = group.preferred.flatMap((_, at) => {
    const same = chosen.model.get(group.model_a[at]) === chosen.model.get(group.model_b[at]);
    return same || controls.some((one) => (group[one] as (number | null)[])[at] === null) ? [] : [at];
  });
  if (kept.length === 0) {
    const lacking = `comparisons in which ${controls.join(", ") || "two models"} ${controls.length === 1 ? "is" : "are"} known, got none of ${grouped(group.n)}`;
    if (place === "") throw new RangeError(`preferences requires ${lacking}`);
    return { rows: [], notes: [`${place} is left out: it needs ${lacking}.`] };
  }
  const of = <T>(list: readonly T[]) => kept.map((at) => list[at]);
  const nameA = of(group.model_a).map((name) => chosen.model.get(name)!);
  const nameB = of(group.model_b).map((name) => chosen.model.get(name)!);
  const names = [...new Set([...nameA, ...nameB])].sort();
  const number = new Map(names.map((name, at) => [name, at]));
  const { enough: ways, few } = waysBySize([
    { name: "rater_id", ids: numbered(of(group.rater_id)) },
    { name: "prompt_id", ids: numbered(of(group.prompt_id)) },
  ]);
  const comparisons: Comparisons = {
    first: nameA.map((name) => number.get(name)!),
    second: nameB.map((name) => number.get(name)!),
    preferred: of(group.preferred),
    shown: of(group.shown),
    clusters: ways.map(({ ids }) => ids),
    fewClusters: few.map(({ ids }) => ids),
  };
  const against = baseline === undefined ? undefined : number.get(baseline);
  const options = { models: names.length, baseline: against, level };
  const clusterBy = ways.map(({ name }) => name).join(", ") || "comparison_id";
  const plain = bradleyTerry(comparisons, { ...options, ranked: controls.length === 0 });
  const equal =
    controls.length === 0
      ? plain
      : bradleyTerry(
          { ...comparisons, controls: controls.map((one) => of(group[one] as number[])) },
          options,
        );
  const counts = { all: group.n, kept: kept.length, ties: group.ties, raters: group.raters };
  const needs: AssumptionId[] = [
    ...(equal.shownFirst === undefined ? ["nothing-unlogged" as const] : []),
    ...(areRatersOpen({ counts, ways: ways.map(({ name }) => name) }) ? ["raters-alike" as const] : []),
  ];
  const rows = names.map((name, at): PreferenceRow => {
    const own = (estimate: Estimate) => ({ ...estimate, clusterBy });
    return {
      ...keysOf(by, group.by),
      model: name,
      comparisons: equal.winRate[at].n,
      win_rate: own(equal.winRate[at]),
      ...(controls.length === 0 ? {} : { as_judged: own(plain.winRate[at]) }),
      rating: rating(own(equal.strength[at])),
      ...ranksIn(equal.ranks[at], equal.misfit !== undefined),
      claim: firstClaim("preferences", ranksIn(equal.ranks[at]), toldBy(equal.strength[at]), { needs }),
    };
  });
  rows.sort((a, b) => order(b) - order(a) || (a.model < b.model ? -1 : 1));
  const notes = preferenceNotes({
    place,
    counts,
    controls,
    ways: ways.map(({ name }) => name),
    few: few.map(({ name }) => name),
    names,
    plain,
    equal,
  });
  return { rows, notes };
}

const order = ({ win_rate, rating }: PreferenceRow) =>
  Number.isNaN(win_rate.value) ? (Number.isNaN(rating.value) ? -2 : 0.5) : win_rate.value;

/** The ranks a model may have: any, where no order explains the comparisons. */
const ranksIn = ({ low, high, n }: Estimate, any = false) =>
  any && !Number.isNaN(low) ? { rank_low: 1, rank_high: n } : { rank_low: low, rank_high: high };

/** Converts log-odds to Elo points. */
function rating(strength: Estimate): Estimate {
  const points = (x: number) => 1000 + (400 / Math.LN10) * x;
  const { value, low, high } = strength;
  return { ...strength, value: points(value), low: points(low), high: points(high), unit: "points" };
}

function chosenSql(by: readonly string[], where: string): string {
  const fields = by.map((one) => `'${one}': ${one}`).join(", ") || "'all': true";
  return `create or replace temp view chosen_comparisons as select {${fields}} as "by", * from compared where ${where}`;
}

function columnsIn(
  option: string,
  given: string | readonly string[] | undefined,
  known: readonly string[],
): string[] {
  const names = nameList(given) ?? [];
  for (const name of names)
    if (!known.includes(name))
      throw new RangeError(
        `preferences requires ${option} of ${known.join(", ")}, got "${name}"${didYouMean(name, known)}`,
      );
  return [...new Set(names)];
}

function baselineIn(given: string | undefined, models: readonly string[]): string | undefined {
  if (given === undefined || models.length === 0) return undefined;
  const { model } = modelName(given);
  if (models.includes(model)) return model;
  throw new RangeError(
    `preferences requires a baseline among the models compared, got "${given}"${didYouMean(model, models)}`,
  );
}

async function predicate(where: string | undefined): Promise<string> {
  if (where === undefined) return "true";
  const { sql, columns } = await parseExpression(where, "where");
  const known = Object.keys(columnsOf("preferences"));
  for (const [name] of columns)
    if (!known.includes(name.toLowerCase()))
      throw new RangeError(
        `where: unknown column "${name}" of preferences${didYouMean(name, known)}; it has ${known.join(", ")}`,
      );
  return `coalesce((${sql})::boolean, false)`;
}
