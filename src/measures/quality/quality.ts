import { join } from "node:path";
import { clusterSampleRate } from "../../facts/grain";
import { checkRater, kindsNote, ratersInOrder, ratersOfLog, withoutKindNote } from "../../facts/judgements";
import { type Estimate, noEnds, renoted } from "../../stats/estimate";
import { type Reservation, reserve } from "../../stats/reservation";
import { rateAtWorst } from "../../stats/worstCase";
import type { Store } from "../../store/open";
import { rowsOf } from "../../store/run";
import { statements } from "../../store/statements";
import { type Behind, worstFirst } from "../behind";
import { defineMeasure, type Result } from "../define";
import { ratioSums, regroupedBy } from "../estimate/duckdbRatios";
import { type Ratios, ratiosOf } from "../estimate/ratios";
import { raterOption } from "../measure";
import type { MeasureOptions } from "../options";
import { groupedBy } from "../rowKey";
import type { Keyed, Row } from "../table";
import { correctedByGroup } from "./judged";
import { meanOfScore, type ScoreSums, scoreSums, standardError } from "./qualityMean";
import { type Judged, judgedOptions, selectJudged } from "./qualitySubjects";

const sql = statements<"rater_sums" | "owned">(join(__dirname, "quality.sql"));

const { score, ...which } = judgedOptions;

/** The options of the mean of a score. */
export const qualityOptions = {
  score,
  rater: raterOption,
  ...which,
  guarantee: { about: "rates with an interval that covers at least as often as it says" },
} as const;

/** One line of a quality table. */
export type QualityRow = Keyed<{
  /** Judged calls and tasks. */
  n: number;
  /** The kind of rater who made these judgements. */
  rater: string;
  /** The mean of the score: a rate if it is 0 or 1. For outcomes, includes `worst_case` if over 5 % are unknown. */
  mean: Estimate;
  /** Standard error of the mean over clusters, as leaderboards print it; NaN with fewer than two clusters. */
  standard_error: number;
  /** If people labelled some of what a judge judged: the rate corrected for the judge's errors (see `judged`). */
  corrected?: Estimate;
}>;

/**
 * The mean of a score over judged calls and tasks: of production where any of it was judged, else of evaluation runs.
 *
 * Naming the environment shows both (`by: "environment,model"`) or one (`where: "environment = 'evaluation'"`).
 * A score of 0 or 1 is a rate. n counts judged calls and tasks; several judgements of one call or task by the same kind
 * of rater are averaged. Kinds of rater are never mixed: a row shows the kind that judged most in the log, unless
 * `rater` names one. A task belongs to the row of its first answering call. Clusters are prompts in an evaluation; in
 * production what clusters its calls in other measures, users and the hours that they share; scores that aren't numbers are left out. The rate describes only what was
 * judged: if one workload is judged more often than another, use `by: "workload"`. If more than 5 % of outcomes are
 * unknown, the worst-case bounds are given as well as the interval.
 *
 * @remarks Method: rates by Wilson at the effective number of clusters (see `rateFromSums`), other scores by t over
 * clusters (see `meanFromSums`); `guarantee` by Korn & Graubard (1998), Survey Methodology 24, 193.
 * @returns a table with a row for each group of `by` that has the score
 * @throws RangeError for a score or rater that the log does not have, and for an invalid column, cluster or level
 * @example
 * const store = await openDemo();
 * const { rows } = await quality(store, { score: "hallucination", by: "model" });
 * rows[0].mean.value.toFixed(2) // "0.09"
 */
export const quality = defineMeasure({
  name: "quality",
  about: "how good answers are by a score of the log: its mean or rate",
  needs: ["scores or tasks.resolved"],
  options: {
    ...qualityOptions,
    alike: { about: "rows of one kind of rater alone, to compare them; others are unknown", hidden: true },
  },
  open: async (asked) => {
    const onePopulation = { rater: asked.options.rater };
    return { selection: await selectJudged("quality", { ...asked, onePopulation }) };
  },
  async table({ selection, store, options }): Promise<Result<QualityRow>> {
    const { by, clusterBy, score } = selection;
    const { level, guarantee, interval } = options;
    const sums = await scoreSums(selection);
    const chosen = await chosenRater("quality", store, sums, { ...options, score });
    const ratios = await scoreRatios(selection, sums, options);
    const settings = { level, clusterBy, guarantee, interval, ratios };
    const corrected = await corrections(selection, sums, options);
    const tasks = await tasksOf(selection, chosen.rows);
    const rows = chosen.rows.map((group) => {
      const mean = withUnknown(meanOfScore(group, settings), group, tasks.get(String(group.g)));
      const other = chosen.other.get(group);
      const own = { ...(by.length === 0 ? {} : group.by), n: group.n, rater: group.rater };
      if (other !== undefined) {
        const { worst_case: _case, ...known } = mean;
        const unknown = renoted({ ...known, value: Number.NaN, ...noEnds }, [other]);
        return { ...own, mean: unknown, standard_error: Number.NaN };
      }
      return {
        ...own,
        mean,
        standard_error: standardError(group, clusterBy),
        ...(group.rater === "judge" && corrected?.has(group.g)
          ? { corrected: corrected.get(group.g)?.rates.corrected }
          : {}),
      };
    });
    return {
      rows,
      notes: [...chosen.notes, ...mixed(chosen.rows), ...unscored(sums, score)],
      behind: behindScores(score, by),
    };
  },
});

/** For rows on the outcome of tasks: how many tasks each has, including those with an unknown outcome. */
async function tasksOf({ connection }: Judged, rows: readonly ScoreSums[]): Promise<Map<string, number>> {
  if (!rows.some(({ rater }) => rater === outcome)) return new Map();
  const owned = await rowsOf<{ g: ScoreSums["g"]; tasks: number }>(connection, sql.owned);
  return new Map(owned.map(({ g, tasks }) => [String(g), tasks]));
}

/** The name used as the kind of rater for a task's own outcome. */
const outcome = "outcome";

const withUnknown = (mean: Estimate, { rater, n }: ScoreSums, all: number | undefined): Estimate =>
  rater === outcome && all !== undefined && all > n ? rateAtWorst(mean, { known: n, all }) : mean;

/** The subjects behind a row, the worst first. */
export function behindScores<R extends Row & { n: number; rater: string; mean: Estimate }>(
  score: string,
  by: readonly string[],
): Behind<R> {
  return {
    from: "select g, at_row, value as amount, subject || ' ' || subject_id as unit, rater from rated",
    amount: worstFirst(score),
    counted: "judged calls and tasks",
    keys: (row) => ({ by: [...by, "rater"], rows: [row] }),
    n: ({ n }) => n,
    total: ({ n, mean }) => n * mean.value,
  };
}

/** A judge's rates corrected for its errors, if people labelled some of the same subjects. */
async function corrections(
  selection: Judged,
  sums: ScoreSums[],
  { rater, level, seed }: MeasureOptions & { rater?: string },
) {
  const has = (kind: string) => sums.some((group) => group.rater === kind);
  if ((rater ?? "judge") !== "judge" || !has("judge") || !has("human")) return undefined;
  const corrected = await correctedByGroup(selection, sums, { level, seed });
  return [...corrected.values()].some(({ labelled }) => labelled > 0) ? corrected : undefined;
}

/** The scores as ratios over clusters, where clusters share hours or a bootstrap is asked for. */
async function scoreRatios(
  selection: Judged,
  sums: readonly ScoreSums[],
  options: MeasureOptions,
): Promise<Ratios | undefined> {
  const { connection, clusterBy, hours } = selection;
  if (!hours && options.interval !== "bootstrap") return undefined;
  const judged = sums.reduce((all, { n }) => all + n, 0);
  const regrouped = regroupedBy(selection, (unit, there) =>
    ratioSums(
      connection,
      `select g, rater as kind, fsum(value) as c, count(*)::double as r, ${unit} as unit
       from (select * replace (hash(cluster) as cluster) from rated) where ${there} group by g, rater, ${unit}`,
    ),
  );
  const every = clusterSampleRate(judged, sums.length);
  return ratiosOf({ connection, regrouped }, sql.rater_sums, { ...options, clusterBy, hours, every });
}

/**
 * Picks one kind of rater for all rows: the one given, else the one that judged most in the whole log, so that parts of
 * the log use the same kind. A row without judgements by that kind gets the next one, or is `other` where rows are `alike`:
 * it has no number that those of its workload compare with.
 */
export async function chosenRater(
  caller: string,
  store: Store,
  sums: ScoreSums[],
  { score, rater: given, alike = false }: { score: string; rater: string | undefined; alike?: boolean },
): Promise<{ rows: ScoreSums[]; notes: string[]; other: ReadonlyMap<ScoreSums, Reservation> }> {
  const inLog: Readonly<Record<string, number>> = await ratersOfLog(store, score);
  if (given !== undefined) {
    checkRater(caller, Object.keys(inLog), given);
    return { rows: sums.filter(({ rater }) => rater === given), notes: [], other: new Map() };
  }
  const counts = new Map<string, number>();
  for (const { rater, n } of sums) counts.set(rater, (counts.get(rater) ?? 0) + n);
  const kinds = ratersInOrder([...counts].map(([rater, n]) => ({ rater, n: inLog[rater] ?? n }))).map(
    ({ rater }) => rater,
  );
  const groups = new Map<unknown, ScoreSums>();
  for (const kind of kinds)
    for (const group of sums) if (group.rater === kind && !groups.has(group.g)) groups.set(group.g, group);
  const rows = sums.filter((group) => groups.get(group.g) === group);
  const judged = kinds.map((rater) => ({ rater, subjects: counts.get(rater) ?? 0 }));
  if (alike) return { rows, ...alikeOf(rows, kinds, judged) };
  const which =
    new Set(rows.map(({ rater }) => rater)).size === 1
      ? `the rows are about ${kinds[0]}`
      : "the column rater says whose judgement a row is";
  return { rows, notes: kindsNote(judged, which), other: new Map() };
}

/** The rows that are not by the kind of rater that leads among those of their workload, and what to say of them. */
function alikeOf(
  rows: readonly ScoreSums[],
  kinds: readonly string[],
  judged: Parameters<typeof kindsNote>[0],
): { notes: string[]; other: Map<ScoreSums, Reservation> } {
  const other = new Map<ScoreSums, Reservation>();
  const without = new Map<string, string[]>();
  for (const inWorkload of groupedBy(rows, ({ by }) => String(by?.workload)).values()) {
    const kind = kinds.find((one) => inWorkload.some(({ rater }) => rater === one)) as string;
    const others = inWorkload.filter(({ rater }) => rater !== kind);
    for (const row of others) other.set(row, reserve("raters.other", { own: row.rater, kind }));
    const names = others.map(({ by }) => Object.values(by).join(" "));
    without.set(kind, [...(without.get(kind) ?? []), ...names]);
  }
  const some = without.size > 1 ? ", one kind for each workload" : "";
  const which = `compared are the scores by ${[...without.keys()].join(" or ")}${some}`;
  const left = [...without].flatMap(([kind, names]) => withoutKindNote(kind, names));
  return { notes: [...kindsNote(judged, which), ...left], other };
}

function mixed(rows: ScoreSums[]): string[] {
  const part = rows.filter(({ evaluation, n }) => evaluation > 0 && evaluation < n);
  if (part.length === 0) return [];
  return [
    "Some rows mix evaluation runs and production; separate them with where: \"environment = 'evaluation'\".",
  ];
}

function unscored(sums: ScoreSums[], score: string): string[] {
  return sums.length === 0
    ? [`No selected call, task or conversation has a score "${score}" that is a number.`]
    : [];
}
