import { join } from "node:path";
import { unclustered } from "../../facts/cluster";
import {
  checkRater,
  checkScore,
  judgedBy,
  judgementsView,
  kindsNote,
  ratersInOrder,
} from "../../facts/judgements";
import { aboutTasksView, outcomesView } from "../../facts/outcomes";
import { type Selection, select } from "../../facts/select";
import { grouped } from "../../stats/text";
import type { Store } from "../../store/open";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { type Behind, worstFirst } from "../behind";
import { metric, ofRequests } from "../metric";
import { type MeasureOptions, requestOf } from "../options";
import type { PromptSums, RunGroup } from "./consistencyRow";

type Name =
  | "runs"
  | "no_scores"
  | "coverage"
  | "scored"
  | "raters"
  | "groups"
  | "prompts"
  | "measured"
  | "behind";
const sql = statements<Name>(join(__dirname, "consistency.sql"));

/** Which score says how good a run is, and when a run passes. */
export interface RepeatOptions extends MeasureOptions {
  /**
   * The name of the score; "json_valid" and "schema_valid" say whether the output's format is valid. Default: the
   * tasks' outcome, "resolved", or the only score that the runs have.
   */
  score?: string;
  /** The kind of rater. Default: the kind that judged most. */
  rater?: string;
  /** The score from which a run passes (up to which, for a score such as "hallucination"). Default: the better of 0 and 1. */
  pass?: number;
}

/** The repeated runs, as the table `scored` on a connection. */
export interface Repeats {
  selection: Selection;
  score: string | undefined;
  /** True if lower scores are better. */
  down: boolean;
  pass: number | undefined;
  groups: RunGroup[];
  notes: string[];
}

/**
 * Finds the runs of every prompt and their scores. A run is a task, or a call without one; runs repeat each other if
 * they have the same prompt_id, prompt_version and workload, in evaluation or production. Close the selection when
 * done.
 */
export async function findRepeats(measure: string, store: Store, options: RepeatOptions): Promise<Repeats> {
  const request = requestOf(measure, options);
  const { pass } = options;
  if (pass !== undefined && !Number.isFinite(pass))
    throw new RangeError(`${measure} requires a finite pass, got ${String(pass)}`);
  const given = options.score === undefined ? undefined : await checkScore(measure, store, options.score);
  const selection = await select(store, request, { cluster: unclustered, population: "judged" });
  try {
    const { connection } = selection;
    await aboutTasksView(connection);
    await run(connection, sql.runs);
    const { score, note } = given === undefined ? await ownScore(selection) : { score: given, note: [] };
    if (score === undefined) await run(connection, sql.no_scores);
    else await judgedBy(connection, score);
    const rater = await raterOf(measure, selection, options.rater);
    await run(connection, sql.scored, { rater: rater.name });
    const down = score !== undefined && metric(`score:${score}`).better === "lower";
    const groups = await rowsOf<RunGroup>(connection, sql.groups, passing({ pass, down }));
    const notes = [...selection.notes, ...note, ...rater.note];
    return { selection, score, down, pass, groups, notes };
  } catch (error) {
    selection.close();
    throw error;
  }
}

/** The repeated runs, each listed by its first answering call, the worst first. */
export function behindRuns({ score }: Repeats): Pick<Behind, "from" | "amount" | "counted"> {
  return {
    from: sql.behind,
    amount: score === undefined ? { name: "score", first: "first" } : worstFirst(score),
    counted: "runs",
  };
}

/** The sums of every prompt that was asked at least twice. */
export function promptSums({ selection, pass, down }: Repeats): Promise<PromptSums[]> {
  return rowsOf<PromptSums>(selection.connection, sql.prompts, passing({ pass, down }));
}

const passing = ({ pass, down }: Pick<Repeats, "pass" | "down">) => ({ pass: pass ?? (down ? 0 : 1), down });

/** Creates the view `measured` of the scores of repeated runs. */
export function measureScores({ selection }: Repeats): Promise<number> {
  return run(selection.connection, sql.measured);
}

async function ownScore({ connection }: Selection): Promise<{ score: string | undefined; note: string[] }> {
  await judgementsView(connection);
  await outcomesView(connection);
  const found = (await rowsOf<{ name: string; runs: number; of: number }>(connection, sql.coverage)).filter(
    ({ name }) => !ofRequests.includes(name),
  );
  const covering = found.filter((one) => one.runs >= one.of / 2);
  const [only] = covering.length === 1 ? covering : found.length === 1 ? found : [];
  const score = covering.find(({ name }) => name === "resolved")?.name ?? only?.name;
  if (found.length === 0)
    return { score, note: ["No repeated run has a score: the table is about outputs only."] };
  const names = found.map(({ name, runs }) => `${name} (${grouped(runs)} runs)`).join(", ");
  if (score === undefined)
    return { score, note: [`Repeated runs have several scores, and none was chosen: ${names}.`] };
  return {
    score,
    note:
      found.length === 1
        ? [`Runs are judged by the score "${score}".`]
        : [`Runs are judged by "${score}"; there are ${names}.`],
  };
}

async function raterOf(
  measure: string,
  { connection }: Selection,
  given: string | undefined,
): Promise<{ name: string; note: string[] }> {
  const kinds = ratersInOrder(await rowsOf<{ rater: string; n: number }>(connection, sql.raters));
  const names = kinds.map(({ rater }) => rater);
  if (given !== undefined && kinds.length > 0) checkRater(measure, names, given);
  const name = given ?? names[0] ?? "";
  return { name, note: given === undefined ? kindsNote(kinds, `the scores are those of ${name}`) : [] };
}
