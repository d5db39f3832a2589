import { unclustered } from "../../facts/cluster";
import { checkScore, judgementsView, scoreByOneKind } from "../../facts/judgements";
import { aboutTasksView, outcomesView } from "../../facts/outcomes";
import { type Selection, select } from "../../facts/select";
import { checkFinite } from "../../stats/checks";
import { grouped } from "../../stats/text";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { type Behind, worstFirst } from "../behind";
import type { Asked } from "../define";
import { type OptionTable, raterOption } from "../measure";
import { metric, ofRequests } from "../metric";
import { uncorrectedNotes } from "../quality/corrections";
import type { PromptSums, RunGroup } from "./consistencyRow";

const sql = statements(__dirname, "consistency.sql");

/** The options that say which score a run has, and when it passes. */
export const runScore = {
  score: {
    value: "<name>",
    about:
      "the score of a run, or its form: json_valid, schema_valid (default: whether tasks are resolved, or the only score)",
  },
  rater: raterOption,
} as const satisfies OptionTable;

/** The same, for a measure of runs that pass. */
export const repeatOptions = {
  ...runScore,
  pass: {
    value: "<score>",
    about: "the score from which a run passes",
    as: "number",
    check: (caller: string, pass: number) => checkFinite(caller, "pass", pass),
  },
} as const satisfies OptionTable;

/** The option that lists numbers of runs. */
export const runsOption = <const N extends readonly number[]>(about: string, rule: string, usual: N) =>
  ({
    value: "<list>",
    about,
    as: "numbers",
    default: usual,
    check: (caller: string, runs: readonly number[]) => {
      for (const count of runs)
        if (!(Number.isSafeInteger(count) && count >= 1))
          throw new RangeError(`${caller} requires whole numbers ${rule} >= 1, got ${String(count)}`);
    },
  }) as const;

/** The repeated runs, as the table `scored` on a connection. */
export interface Repeats {
  selection: Selection;
  score: string | undefined;
  /** True if lower scores are better. */
  down: boolean;
  pass: number | undefined;
  groups: RunGroup[];
  /** Notes on the score and whose judgement it is. */
  about: string[];
}

/**
 * Finds the runs of every prompt and their scores. A run is a task, or a call without one; runs repeat each other if
 * they have the same prompt_id, prompt_version and workload, in evaluation or production. Close the selection when
 * done.
 */
export async function findRepeats(
  caller: string,
  { store, request, options }: Asked<typeof runScore> & { options: { pass?: number } },
): Promise<Repeats> {
  const { pass } = options;
  const given = options.score === undefined ? undefined : await checkScore(caller, store, options.score);
  const selection = await select(store, request, { cluster: unclustered, population: "judged" });
  try {
    const { connection } = selection;
    await aboutTasksView(connection);
    await run(connection, sql.runs);
    const { score, note } = given === undefined ? await ownScore(selection) : { score: given, note: [] };
    if (score === undefined) await run(connection, sql.no_scores);
    const kinds = score === undefined ? [] : await scoreByOneKind(caller, selection, score, options.rater);
    await run(connection, sql.scored);
    const down = score !== undefined && metric(`score:${score}`).better === "lower";
    const { level, seed } = request;
    const uncorrected =
      score === undefined
        ? []
        : await uncorrectedNotes(connection, { level, seed, clusterBy: "call_id" }, sql.units);
    const groups = await rowsOf<RunGroup>(connection, sql.groups, passing({ pass, down }));
    return { selection, score, down, pass, groups, about: [...note, ...kinds, ...uncorrected] };
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
