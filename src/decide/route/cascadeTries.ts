import { withoutIntervals } from "../../facts/cluster";
import { checkScore } from "../../facts/judgements";
import { labelOfBy } from "../../facts/names";
import { aboutTasksView } from "../../facts/outcomes";
import { groupsOf, type Selection, select } from "../../facts/select";
import { taskUnit } from "../../facts/tasks";
import { metric } from "../../measures/metric";
import type { MeasureRequest } from "../../measures/options";
import { keysOf } from "../../measures/rowKey";
import type { Row } from "../../measures/table";
import { grouped, percent } from "../../stats/text";
import type { Store } from "../../store/open";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { fewestOfBin } from "./cascadeCurve";
import type { CascadeCell } from "./cascadeSums";
import type { Cascades } from "./cascades";
import { checkModels, goodTable, validatorTable } from "./cascadeTables";
import { openTasks } from "./counterfactual";

const sql = statements(__dirname, "cascade.sql");
const shared = statements(__dirname, "counterfactual.sql");

/** Clusters to resample; very many are merged. */
const mostClusters = 1000;
/** Pairs that a bin of the score should have on average. */
const pairsOfBin = 2.5 * fewestOfBin;

/** What to read from a log about two models and a score. */
export interface CascadeModels {
  cheap: string;
  dear: string;
  validator: string;
  /** The score for how good an answer is; "resolved" for the outcomes of tasks. */
  score: string;
}

/** One type of requests. */
export interface CascadeScope {
  keys: Row;
  /** Tasks of each model in the log. */
  tasks: number;
  /** Thresholds in the score's own unit, loosest first; the first accepts every answer. */
  thresholds: number[];
  cells: CascadeCell[];
}

/** What a log knows about two models on the same work. */
export interface CascadeTries {
  scopes: CascadeScope[];
  identified: Cascades["identified"];
  /** Why not. */
  unknown: string;
  clusterBy: string;
  days: number;
  evaluation: boolean;
  /** Whether an answer is accepted from the threshold upwards, or downwards. */
  accepts: "at least" | "at most";
  notes: string[];
}

interface Counted {
  cheap: number;
  dear: number;
  both: number;
  scored: number;
  unscored: number;
  in_tasks: number;
  in_prompts: number;
  /** Tasks with a call whose cost is not known. */
  open: number;
  c_good: number;
  d_good: number;
  shares: boolean;
  evaluation: boolean;
}

/**
 * Reads the results of both models on the same tasks or prompts, by type of request, bin of the score and cluster.
 */
export async function cascadeTries(
  store: Store,
  models: CascadeModels,
  by: readonly string[],
  request: MeasureRequest,
): Promise<CascadeTries> {
  const { cheap, dear, validator, score } = models;
  await checkScore("route", store, validator);
  if (score !== "resolved") await checkScore("route", store, score);
  const selection = await select(store, request, { by, population: "tasks" });
  try {
    const { connection } = selection;
    await checkModels(selection, cheap, dear);
    const low = (name: string) => name !== "resolved" && metric(`score:${name}`).better === "lower";
    await validatorTable(store, selection, validator, low(validator));
    const rater = await goodTable(selection, score, low(score));
    await aboutTasksView(connection);
    await run(connection, sql.tries, { cheap, dear });
    await run(connection, sql.matches);
    const [counted] = await rowsOf<Counted>(connection, sql.counted);
    const [{ days }] = await rowsOf<{ days: number }>(connection, shared.days);
    if (!counted.shares)
      throw new RangeError(
        `route requires a score from 0 to 1 to say how good an answer is, got ${score}, which has others; name another with --score`,
      );
    const accepts = low(validator) ? "at most" : "at least";
    const base = { days, evaluation: counted.evaluation, accepts } as const;
    const unknown = unknownOf(counted, models);
    if (unknown !== "")
      return {
        ...base,
        scopes: [],
        identified: null,
        unknown,
        clusterBy: taskUnit(selection),
        notes: selection.notes,
      };
    const inPrompts = counted.in_prompts > counted.in_tasks;
    let clusterBy = taskUnit(selection);
    if (inPrompts) {
      const [{ so }] = await rowsOf<{ so: boolean }>(connection, sql.nested);
      if (!so) clusterBy = "prompt_id";
      await run(connection, sql.in_prompts, { nested: so });
    } else await run(connection, sql.in_tasks);
    const scopes = await scopesOf(selection, by, low(validator));
    return {
      ...base,
      scopes,
      identified: inPrompts ? "prompts of both" : "tasks sent on",
      unknown: "",
      clusterBy,
      notes: [
        ...said(counted, models, inPrompts, rater, low(score)),
        ...clusterNotesOf(selection, clusterBy),
      ],
    };
  } finally {
    selection.close();
  }
}

/** Why the log cannot show what a cascade would do; empty if it can. */
function unknownOf(counted: Counted, { cheap, dear, validator, score }: CascadeModels): string {
  const { scored, in_tasks, in_prompts, c_good, d_good } = counted;
  if (scored === 0)
    return `No answer by ${cheap} has the score ${validator} (${grouped(counted.cheap + counted.both)} tasks), so which of them it would accept is unknown.`;
  const good = score === "resolved" ? "a known outcome" : `the score ${score}`;
  for (const [model, n] of [
    [cheap, c_good],
    [dear, d_good],
  ] as const)
    if (n === 0) return `No answer by ${model} has ${good}, so the quality of a cascade is unknown.`;
  if (Math.max(in_tasks, in_prompts) === 0)
    return `${dear} answered none of the tasks or prompts that ${cheap} has a score on (${grouped(counted.cheap)} tasks of ${cheap} alone, ${grouped(counted.dear)} of ${dear}): what it makes of those that the score would send on is not what it makes of its own. Send a random share of ${cheap}'s scored answers on to ${dear} as well, or ask both the same prompts.`;
  return "";
}

async function scopesOf(selection: Selection, by: readonly string[], low: boolean): Promise<CascadeScope[]> {
  const { connection } = selection;
  type Scores = {
    g: string | number;
    known: number;
    first_scores: number[];
    deciles: number[];
    part: number;
    tasks: number;
  };
  const found = await rowsOf<Scores>(connection, sql.scores);
  const edges = found.map(({ g, known, first_scores, deciles, part }) => ({
    g,
    part,
    edges: edgesOf(known, first_scores, deciles),
    least: first_scores[0],
  }));
  const cells = await rowsOf<CascadeCell & { g: string | number }>(connection, sql.cells, {
    edges: JSON.stringify(edges.map(({ g, part, edges }) => ({ g, part, edges }))),
    most: mostClusters,
  });
  const labels = by.map(labelOfBy);
  return (await groupsOf(selection)).flatMap(({ g, by: row }) => {
    const own = edges.find((one) => String(one.g) === String(g));
    if (own === undefined) return [];
    return [
      {
        keys: keysOf(labels, row),
        tasks: found.find((one) => String(one.g) === String(g))?.tasks ?? 0,
        thresholds: [own.least, ...own.edges].map((one) => (low ? 0 - one : one)),
        cells: cells.filter((cell) => String(cell.g) === String(g)),
      },
    ];
  });
}

/**
 * Where bins of the score start after the first: at each value if there are few, else at as many quantiles as the
 * pairs allow.
 */
function edgesOf(known: number, values: readonly number[], deciles: readonly number[]): number[] {
  if (values.length <= 10) return values.slice(1);
  const bins = [10, 5, 2].find((count) => known >= count * pairsOfBin) ?? 1;
  const at = deciles.filter((_, i) => ((i + 1) * bins) % 10 === 0);
  return [...new Set(at)].filter((edge) => edge > values[0]);
}

function said(
  counted: Counted,
  { cheap, dear, validator, score }: CascadeModels,
  inPrompts: boolean,
  rater: string,
  low: boolean,
): string[] {
  const { scored, unscored } = counted;
  return [
    inPrompts
      ? `Replayed on ${grouped(counted.in_prompts)} answers of ${cheap} to prompts that ${dear} answered too: it holds for prompts like these.`
      : `Replayed on ${grouped(scored)} scored answers of ${cheap}, of which ${grouped(counted.in_tasks)} went on to ${dear}.`,
    ...(score === "resolved"
      ? []
      : [
          `An answer is as good as ${low ? `1 - ${score}` : score} (${rater}); a failed one is not good at all.`,
        ]),
    ...(unscored > 0
      ? [
          `${grouped(unscored)} of ${grouped(scored + unscored)} answers of ${cheap} (${percent(unscored / (scored + unscored))}) have no ${validator} and are assumed to be like the others.`,
        ]
      : []),
    ...(counted.open > 0 ? [openTasks(counted.open)] : []),
    `Failed answers always go on to ${dear}, and the cost of ${cheap} and its helpers is paid for all tasks.`,
  ];
}

function clusterNotesOf(selection: Selection, clusterBy: string): string[] {
  if (clusterBy !== "prompt_id") return selection.notes;
  return [...withoutIntervals(selection), "Intervals take what is known of one prompt_id as one cluster."];
}
