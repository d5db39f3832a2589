import {
  callsAlone,
  clusterNamed,
  clusterNames,
  isTime,
  unclustered,
  withoutIntervals,
} from "../../facts/cluster";
import { checkScore, type Grain, grains, judgedBy, judgementsCondition } from "../../facts/judgements";
import { aboutTasksView } from "../../facts/outcomes";
import { type Selection, select } from "../../facts/select";
import { taskUnit } from "../../facts/tasks";
import { counted, grouped } from "../../stats/text";
import type { Store } from "../../store/open";
import { quoteText } from "../../store/quote";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import type { OptionTable } from "../measure";
import { type MeasureRequest, ruleOption } from "../options";

const sql = statements(__dirname, "qualitySubjects.sql");

/** The options of a measure of judgements that say which of them count. */
export const judgedOptions = {
  score: {
    value: "<name>",
    about:
      "the score, or the form of outputs: json_valid, schema_valid; without it the scores of the log are listed",
    required: true,
  },
  judgements: {
    value: "<expression>",
    about: "which judgements count, over the columns and attributes of scores: \"attributes.rubric = 'v2'\"",
  },
  grain: {
    value: "<kind>",
    about:
      "what was judged: answer (calls and tasks), call, task or conversation (default: what has the score)",
    choices: grains,
  },
  outcomeRule: ruleOption,
} as const satisfies OptionTable;

/** What a measure of judgements was asked. */
interface JudgedAsked {
  store: Store;
  request: MeasureRequest;
  options: { score: string; judgements?: string; grain?: Grain };
  /**
   * Given: evaluation runs and load tests are left out where production was judged too (by this kind of rater, if one is
   * given), unless `by` or `where` names the environment.
   */
  onePopulation?: { rater?: string };
}

/** The subjects judged by a score, as the table `rated` on the selection's connection. */
export interface Judged extends Selection {
  score: string;
}

/**
 * Creates the tables `judged`, `placed` and `rated` for a score: its subjects, including evaluation runs, each with the
 * group and cluster of its call. A task has those of its first answering call.
 */
export async function selectJudged(
  caller: string,
  { store, request, options, onePopulation }: JudgedAsked,
): Promise<Judged> {
  const { judgements, grain } = options;
  const score = await checkScore(caller, store, options.score);
  const cluster = clusterNamed(request.cluster ?? "auto");
  if (cluster === undefined)
    throw new RangeError(
      `${caller} requires cluster to be one of ${clusterNames.join(", ")}, got "${request.cluster}"`,
    );
  // Judged production is clustered as its calls are, by what measures of traffic take for independent.
  const ofTraffic = onePopulation !== undefined && cluster === "auto";
  const selection = await select(store, request, {
    cluster: ofTraffic ? cluster : unclustered,
    hours: ofTraffic,
    population: "judged",
  });
  try {
    const { connection } = selection;
    const condition =
      judgements === undefined
        ? undefined
        : await judgementsCondition(caller, store, connection, { score, judgements });
    await judgedBy(selection, score, { condition, grain });
    await aboutTasksView(connection);
    const withoutTask = selection.by.length === 0 && request.where === undefined;
    await run(connection, `set variable without_task = ${withoutTask}`);
    await run(connection, sql.placed);
    const { leftOut, isProduction } = await leaveOut(selection, onePopulation);
    // An outcome is clustered as `cost` clusters the task: at the finest, the task is a cluster.
    const isOutcome = score === "resolved";
    const isTraffic = ofTraffic && isProduction && (isOutcome || !callsAlone(selection.clusterBy));
    const { clusterBy: unit, note } = isTraffic
      ? { clusterBy: selection.clusterBy, note: [] }
      : await chooseSubjectCluster(selection, cluster);
    const clusterBy = isOutcome ? taskUnit({ clusterBy: unit }) : unit;
    const told = isTraffic ? selection.notes : withoutIntervals(selection);
    await run(connection, `set variable cluster = ${quoteText(isTraffic ? "traffic" : unit)}`);
    await run(connection, sql.rated);
    const [{ judged, homeless }] = await rowsOf<{ judged: number; homeless: number }>(connection, sql.lost);
    const lost =
      homeless > 0
        ? [
            `${grouped(homeless)} of ${grouped(judged)} judged subjects match no call, task or conversation of the log and are left out.`,
          ]
        : [];
    const spanning = await spanningNotes(selection);
    return {
      ...selection,
      score,
      clusterBy,
      hours: isTraffic && selection.hours,
      intervalNote: isTraffic ? selection.intervalNote : note[0],
      notes: [...told, ...note, ...leftOut, ...lost, ...spanning],
    };
  } catch (error) {
    selection.close();
    throw error;
  }
}

/** Says which row a conversation counts for whose answers are of several. */
async function spanningNotes({ connection, by }: Selection): Promise<string[]> {
  if (by.length === 0) return [];
  type Spanning = { conversations: number; spanning: number };
  const [{ conversations, spanning }] = await rowsOf<Spanning>(connection, sql.spanning);
  return spanning === 0
    ? []
    : [
        `${grouped(spanning)} of ${counted(conversations, "judged conversation")} ${spanning === 1 ? "spans" : "span"} several rows (${by.join(", ")}); each counts for the row of its first answering call.`,
      ];
}

/** Leaves out what was not judged in production, where anything was, and says so. */
async function leaveOut(
  { connection }: Selection,
  onePopulation: JudgedAsked["onePopulation"],
): Promise<{ leftOut: string[]; isProduction: boolean }> {
  await run(connection, `set variable by_rater = ${quoteText(onePopulation?.rater ?? "")}`);
  type Populations = { others: number; evaluated: boolean; production: boolean };
  const [{ others, evaluated, production }] = await rowsOf<Populations>(connection, sql.populations);
  const isLeftOut = onePopulation !== undefined && others > 0 && production;
  await run(connection, `set variable production_alone = ${isLeftOut}; ${sql.kept}`);
  const isProduction = production && !evaluated && (isLeftOut || others === 0);
  if (!isLeftOut) return { leftOut: [], isProduction };
  const leftOut = [
    `Left out: ${grouped(others)} calls and tasks judged in evaluation runs or load tests (--by environment shows them, where: "environment = 'evaluation'" alone).`,
  ];
  return { leftOut, isProduction };
}

/** The share of subjects that must have a value in a column. */
const filledShare = 0.9;

/**
 * What counts as one independent unit. "auto": the prompt if most subjects are from an evaluation; else the coarsest of
 * user, conversation, prompt and task that is known for 90 % of the subjects, however few clusters that makes.
 */
async function chooseSubjectCluster(
  { connection }: Selection,
  wanted: string,
): Promise<{ clusterBy: string; note: string[] }> {
  type Filling = { name: string; filled: number; effective: number; subjects: number; evaluation: number };
  const fillings = await rowsOf<Filling>(connection, sql.fillings);
  const fillingOf = new Map(fillings.map((filling) => [filling.name, filling]));
  if (wanted !== "auto") {
    if (wanted === "call_id" || isTime(wanted) || fillings.length === 0 || fillingOf.has(wanted))
      return { clusterBy: wanted, note: [] };
    throw new RangeError(
      `cluster ${wanted} requires judged calls or tasks with a ${wanted}, and none has one; use auto`,
    );
  }
  const filled = (name: string) => {
    const filling = fillingOf.get(name);
    return filling !== undefined && filling.filled >= filledShare * filling.subjects ? filling : undefined;
  };
  const prompt = filled("prompt_id");
  const noteOf = (name: string) => [`Intervals treat what was judged of one ${name} as one cluster.`];
  if (prompt !== undefined && prompt.evaluation >= filledShare * prompt.subjects)
    return { clusterBy: "prompt_id", note: noteOf("prompt_id") };
  for (const name of ["user_id", "conversation_id", "prompt_id", "task_id"]) {
    if (filled(name) !== undefined) return { clusterBy: name, note: noteOf(name) };
  }
  const why =
    "every judged call or task counts as independent, since none has a user, conversation or prompt id";
  return { clusterBy: "call_id", note: fillings.length === 0 ? [] : [`${why}.`.replace(/^e/, "E")] };
}
