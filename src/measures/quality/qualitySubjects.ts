import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { Refused } from "../../engines/refused";
import { clusterNamed, clusterNames, isTime, unclustered } from "../../facts/cluster";
import { attributesOf, hadOfAll, withNames } from "../../facts/names";
import { factsView } from "../../facts/place";
import { type Selection, select } from "../../facts/select";
import { grouped } from "../../stats/text";
import { parseExpression } from "../../store/expression";
import { didYouMean } from "../../store/nearest";
import type { Store } from "../../store/open";
import { quoteName, quoteText } from "../../store/quote";
import { rowsOf, run } from "../../store/run";
import { columnsOf } from "../../store/schema";
import { statements } from "../../store/statements";
import type { MeasureOptions } from "../options";

const sql = statements<"judged" | "placed" | "fillings" | "rated" | "names" | "lost">(
  join(__dirname, "qualitySubjects.sql"),
);

/** The kinds of rater, the most trusted first. "outcome" is a task's own outcome: resolved or not. */
export const raterKinds = ["outcome", "human", "rule", "judge", "user"] as const;

/** A score in the store, with how often each kind of rater gave it as a number. */
export interface ScoreName {
  name: string;
  raters: Record<string, number>;
}

/**
 * The scores in a store, and how often each kind of rater gave them. Tasks' outcomes are the score "resolved"; the
 * format of outputs is "json_valid" and "schema_valid", if some output of the workload is JSON or was checked against a
 * schema.
 *
 * @example
 * const store = await openDemo();
 * (await scoreNames(store))[0] // { name: "correct", raters: { rule: 4113 } }
 */
export async function scoreNames({ connection }: Store): Promise<ScoreName[]> {
  await factsView(connection);
  const rows = await rowsOf<{ name: string; rater: string; numbers: number }>(connection, sql.names);
  const names = new Map<string, ScoreName>();
  for (const { name, rater, numbers } of rows) {
    const one = names.get(name) ?? { name, raters: {} };
    one.raters[rater] = (one.raters[rater] ?? 0) + numbers;
    names.set(name, one);
  }
  return [...names.values()];
}

/** Throws if no score has this name, and names those that exist. */
export async function checkScore(measure: string, store: Store, score: string | undefined): Promise<string> {
  const known = await scoreNames(store);
  if (score !== undefined && known.some(({ name }) => name === score)) return score;
  const exist =
    known.length === 0
      ? "the log has no scores: ingest a file of them"
      : `there are ${known.map(scoreText).slice(0, 20).join("; ")}`;
  const near =
    score === undefined
      ? ""
      : didYouMean(
          score,
          known.map(({ name }) => name),
        ).replace(/^; /, "");
  const given = score === undefined ? "got none" : `got "${score}"`;
  throw new RangeError(
    `${measure} requires ${score === undefined ? "score, " : ""}the name of a score in the log, ${given}; ${near === "" ? "" : `${near} `}${exist}`,
  );
}

const scoreText = ({ name, raters }: ScoreName) =>
  `${name} (${Object.entries(raters)
    .map(([rater, n]) => `${rater} ${grouped(n)}`)
    .join(", ")})`;

/** The subjects judged by a score, as the table `rated` on the selection's connection. */
export interface Judged extends Selection {
  score: string;
}

/**
 * Creates the tables `judged`, `placed` and `rated` for a score: its subjects, including evaluation runs, each with the
 * group and cluster of its call. A task has those of its first answering call.
 */
export async function selectJudged(
  measure: string,
  store: Store,
  score: string,
  { judgements, ...options }: MeasureOptions & { judgements?: string },
): Promise<Judged> {
  const cluster = clusterNamed(options.cluster ?? "auto");
  if (cluster === undefined)
    throw new RangeError(
      `${measure} requires cluster to be one of ${clusterNames.join(", ")}, got "${options.cluster}"`,
    );
  const selection = await select(store, { ...options, cluster: unclustered, population: "judged" });
  try {
    const { connection } = selection;
    if (judgements !== undefined) await onlyScores(measure, store, connection, { score, judgements });
    await judgedBy(connection, score);
    const withoutTask = selection.by.length === 0 && options.where === undefined;
    await run(connection, `set variable without_task = ${withoutTask}`);
    await run(connection, sql.placed);
    const { clusterBy, note } = await chooseSubjectCluster(selection, cluster);
    await run(connection, `set variable cluster = ${quoteText(clusterBy)}`);
    await run(connection, sql.rated);
    const [{ judged, homeless }] = await rowsOf<{ judged: number; homeless: number }>(connection, sql.lost);
    const lost =
      homeless > 0
        ? [
            `${grouped(homeless)} of ${grouped(judged)} judged subjects match no call or task of the log and are left out.`,
          ]
        : [];
    return { ...selection, score, clusterBy, notes: [...selection.notes, ...note, ...lost] };
  } catch (error) {
    selection.close();
    throw error;
  }
}

/** Leaves only some of the scores on a selection's connection, which is closed after it. */
async function onlyScores(
  measure: string,
  store: Store,
  connection: DuckDBConnection,
  { score, judgements: text }: { score: string; judgements: string },
): Promise<void> {
  if (store.engine !== undefined) throw new Refused("a condition on judgements");
  const what = "judgements";
  const names = [
    ...Object.keys(columnsOf("scores")),
    ...(await attributesOf(connection, "scores")).map(({ name }) => name),
  ];
  const known = new Map(names.map((name) => [name, quoteName(name)]));
  const condition = await withNames(await parseExpression(text, what), known, what, text, "scores");
  await hadOfAll(connection, condition, `${measure}'s ${what}`, "scores");
  await run(connection, `create temp table scores as select * from scores where ${condition}`);
  const [{ some }] = await rowsOf<{ some: boolean }>(
    connection,
    "select exists (select 1 from scores where name = $score) as some",
    { score },
  );
  if (!some)
    throw new RangeError(
      `${measure} requires ${what} that some row of "${score}" in the table scores meets, got "${text}"; fieldnotes summarise "select * from scores" shows what there is`,
    );
}

/** Creates the table `judged`: one row per subject and kind of rater. */
export async function judgedBy(connection: DuckDBConnection, score: string): Promise<void> {
  await run(connection, `set variable score = ${quoteText(score)}`);
  await run(connection, sql.judged);
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
  const found = await rowsOf<Filling>(connection, sql.fillings);
  const by = new Map(found.map((one) => [one.name, one]));
  if (wanted !== "auto") {
    if (wanted === "call_id" || isTime(wanted) || found.length === 0 || by.has(wanted))
      return { clusterBy: wanted, note: [] };
    throw new RangeError(
      `cluster ${wanted} requires judged calls or tasks with a ${wanted}, and none has one; use auto`,
    );
  }
  const filled = (name: string) => {
    const one = by.get(name);
    return one !== undefined && one.filled >= filledShare * one.subjects ? one : undefined;
  };
  const prompt = filled("prompt_id");
  const said = (name: string) => [`Intervals treat what was judged of one ${name} as one cluster.`];
  if (prompt !== undefined && prompt.evaluation >= filledShare * prompt.subjects)
    return { clusterBy: "prompt_id", note: said("prompt_id") };
  for (const name of ["user_id", "conversation_id", "prompt_id", "task_id"]) {
    if (filled(name) !== undefined) return { clusterBy: name, note: said(name) };
  }
  const why =
    "every judged call or task counts as independent, since none has a user, conversation or prompt id";
  return { clusterBy: "call_id", note: found.length === 0 ? [] : [`${why}.`.replace(/^e/, "E")] };
}
