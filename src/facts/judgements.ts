import type { DuckDBConnection } from "@duckdb/node-api";
import { Refused } from "../engines/refused";
import { Session } from "../engines/session";
import { counted, grouped } from "../stats/text";
import { parseExpression } from "../store/expression";
import { didYouMean } from "../store/nearest";
import { rowsOnce } from "../store/once";
import { isUnchanging, type Store } from "../store/open";
import { quoteName, quoteText } from "../store/quote";
import { rowsOf, run } from "../store/run";
import { columnsOf } from "../store/schema";
import { statements } from "../store/statements";
import { inBrackets } from "./allOf";
import { attributesOf } from "./nameSources";
import { hadOfAll, withNames } from "./names";
import { conversationOutcomes, type Noted, noteContradictions, outcomesView } from "./outcomes";
import { factsView } from "./place";
import { checkRater, kindsNote, ratersInOrder, withoutKindNote } from "./raters";

const sql = statements(__dirname, "judgements.sql");

/** The SQL of a score's judgements that reads `facts`. */
export const givenRead: readonly string[] = [sql.given];

/** What a score may be of: "answer" stands for calls and tasks. */
export const grains = ["answer", "call", "task", "conversation"] as const;

/** What was judged. */
export type Grain = (typeof grains)[number];

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
export async function scoreNames(store: Store): Promise<ScoreName[]> {
  if (!isUnchanging(store)) return namesOf(store);
  const found = known.get(store) ?? namesOf(store);
  known.set(store, found);
  // Another one may have been stopped while it asked; and nobody may change what others read.
  return found.then(
    (names) => names.map(({ name, raters }) => ({ name, raters: { ...raters } })),
    () => namesOf(store),
  );
}

/** The scores of stores that do not change, which every metric asks for. */
const known = new WeakMap<Store, Promise<ScoreName[]>>();

async function namesOf({ connection }: Store): Promise<ScoreName[]> {
  await factsView(connection);
  await givenView(connection);
  const rows = await rowsOf<{ name: string; rater: string; numbers: number }>(connection, sql.names);
  const names = new Map<string, ScoreName>();
  for (const { name, rater, numbers } of rows) {
    const score = names.get(name) ?? { name, raters: {} };
    score.raters[rater] = (score.raters[rater] ?? 0) + numbers;
    names.set(name, score);
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
  const names = known.map(({ name }) => name);
  const near = score === undefined ? "" : didYouMean(score, names).replace(/^; /, "");
  const given = score === undefined ? "got none" : `got "${score}"`;
  throw new RangeError(
    `${measure} requires ${score === undefined ? "score, " : ""}the name of a score in the log, ${given}; ${near === "" ? "" : `${near} `}${exist}`,
  );
}

const scoreText = ({ name, raters }: ScoreName) =>
  `${name} (${Object.entries(raters)
    .map(([rater, n]) => `${rater} ${grouped(n)}`)
    .join(", ")})`;

/**
 * Makes the views `all_judgements`, and `judgements` with the newest of each rater on each thing, which count; with a condition
 * over the table scores, only of those that meet it.
 */
export async function judgementsView(connection: DuckDBConnection, condition?: string): Promise<void> {
  const met = condition === undefined ? "" : ` and ${inBrackets(condition)}`;
  const counting = (await anyJudgedAgain(connection)) ? sql.newest : sql.judgements;
  await run(connection, `${sql.all_judgements}${met}; ${counting}`);
}

/** Whether a rater judged something at several times; on another engine, where each statement is paid for, not asked. */
const anyJudgedAgain = async (connection: DuckDBConnection): Promise<boolean> =>
  !((connection as unknown) instanceof Session) &&
  (await rowsOnce<{ again: boolean }>(connection, sql.any_again))[0].again;

/** Makes the views `refusal_labels` and `harmless_requests`, what scores say of refusals, which metrics read. */
export async function labelViews(connection: DuckDBConnection): Promise<void> {
  await judgementsView(connection);
  await run(connection, `${sql.refusal_labels}; ${sql.harmless_requests}`);
}

/**
 * Where no outcome is known: which score of tasks reads like one, and the commands that make it the outcome; empty if there is none.
 * Reads the view `facts`. On another engine, where each statement is paid for, it is not asked.
 */
export async function likeOutcome(connection: DuckDBConnection): Promise<string> {
  if ((connection as unknown) instanceof Session) return "";
  const [score] = await rowsOf<{ name: string; rater: string | null; tasks: number }>(
    connection,
    sql.like_outcomes,
  );
  if (score === undefined) return "";
  const { name, rater, tasks } = score;
  const by = rater === null ? "rater is null" : `rater = ${quoteText(rater)}`;
  const query = `select subject_id as task_id, max(scores.at) as resolved_at, last(value order by scores.at nulls first, value desc) > 0.5 as resolved from scores where subject = 'task' and name = ${quoteText(name)} and ${by} and value is not null group by 1`;
  return `the score ${name} (${rater ?? "rater not given"}, ${counted(tasks, "task")}) reads like an outcome, and becomes one by: fieldnotes query "${query}" --out outcomes.csv && fieldnotes ingest outcomes.csv`;
}

/** How a call ended, as the fact `ending`: by a score that says whether it was refused, or else by why the model stopped. */
export const endingJudged =
  "case when call_id in (select call_id from refusal_labels where refused) then 'refused' when call_id in (select call_id from refusal_labels) then coalesce(nullif(ending, 'refused'), 'complete') else ending end";

/** A request that a score calls harmless, itself or its task. */
export const harmless =
  "(coalesce(call_id in (select subject_id from harmless_requests where subject = 'call'), false) or coalesce(task_id in (select subject_id from harmless_requests where subject = 'task'), false))";

/** Makes the view `subject_scores`: the mean of each logged score per subject and kind of rater. */
export async function subjectScoresView(connection: DuckDBConnection): Promise<void> {
  await judgementsView(connection);
  await run(connection, sql.subject_scores);
}

/** Makes the view `given`, the judgements of the score that the variable `score` names; it reads the view `facts`. */
async function givenView(connection: DuckDBConnection, condition?: string): Promise<void> {
  await outcomesView(connection);
  await judgementsView(connection, condition);
  await run(connection, sql.given);
}

/**
 * Makes the table `judged`: one row per subject and kind of rater, with the value, the number of judgements, and whether
 * all of them are 0 or 1 (`plain`). Whoever counts outcomes says in the notes where files disagree on them.
 *
 * @param options `condition`: over the table scores, for the judgements that count; `grain`: what was judged, by default
 * calls and tasks, or conversations where nothing else has the score
 */
export async function judgedBy(
  noted: Noted,
  score: string,
  { condition, grain }: { condition?: string; grain?: Grain } = {},
): Promise<void> {
  const { connection, outcomeRule } = noted;
  await run(connection, `set variable score = ${quoteText(score)}`);
  await givenView(connection, condition);
  if (grain === "conversation" && score === "resolved") {
    await conversationOutcomes(noted);
    // A rule may err as a judge does, and labels by people correct it alike.
    const rater = outcomeRule === undefined ? "outcome" : "judge";
    await run(connection, `set variable ended_by = '${rater}'; ${sql.given_of_conversations}`);
  }
  const [{ answers, conversations }] = await rowsOf<{ answers: boolean; conversations: boolean }>(
    connection,
    sql.grains,
  );
  const judged = grain ?? (conversations && !answers ? "conversation" : "answer");
  await run(connection, `set variable grain = '${judged}'; ${sql.judged}`);
  if (score !== "resolved" || judged === "call" || outcomeRule !== undefined) return;
  await noteContradictions(noted, judged === "conversation" ? "conversation" : "task");
}

/** The condition of an option `judgements` over the table scores; fails if no judgement of the score meets it. */
export async function judgementsCondition(
  measure: string,
  store: Store,
  connection: DuckDBConnection,
  { score, judgements: text }: { score: string; judgements: string },
): Promise<string> {
  if (store.engine !== undefined) throw new Refused("a condition on judgements");
  const what = "judgements";
  const names = [
    ...Object.keys(columnsOf("scores")),
    ...(await attributesOf(connection, "scores")).map(({ name }) => name),
  ];
  const known = new Map(names.map((name) => [name, quoteName(name)]));
  const condition = await withNames(await parseExpression(text, what), known, what, text, "scores");
  await hadOfAll(connection, condition, `${measure}'s ${what}`, "scores");
  await judgementsView(connection, condition);
  const [{ some }] = await rowsOf<{ some: boolean }>(
    connection,
    "select exists (select 1 from judgements where name = $score) as some",
    { score },
  );
  if (!some)
    throw new RangeError(
      `${measure} requires ${what} that some row of "${score}" in the table scores meets, got "${text}"; fieldnotes query --summary "select * from scores" shows what there is`,
    );
  return condition;
}

/**
 * Of the kinds of rater in a relation of scores (name, rater), the one that counts for each score: the kind that judged
 * most in the whole log. Reads the view `judgements`.
 */
export async function leadingKinds(connection: DuckDBConnection, from: string): Promise<Map<string, string>> {
  const found = await rowsOf<{ name: string; rater: string; n: number }>(
    connection,
    `select name, rater, count(*)::double as n from judgements
     where value is not null and isfinite(value) and (name, rater) in (select (name, rater) from ${from})
     group by name, rater`,
  );
  const kinds = new Map<string, string>();
  for (const { name, rater } of ratersInOrder(found)) if (!kinds.has(name)) kinds.set(name, rater);
  return kinds;
}

/** How often each kind of rater gave a score in the whole log, not only in the selected part. */
export async function ratersOfLog(store: Store, score: string): Promise<Readonly<Record<string, number>>> {
  return (await scoreNames(store)).find(({ name }) => name === score)?.raters ?? {};
}

/**
 * Makes the view `scored_subjects` of a selection: subject, subject_id, value and plain of a score by one kind of rater,
 * the one given or else the one that judged most in the log, of those that judged something selected.
 *
 * @returns what to say about kinds that are left out
 */
export async function scoreByOneKind(
  measure: string,
  selection: Noted,
  score: string,
  given?: string,
): Promise<string[]> {
  const { connection } = selection;
  await judgedBy(selection, score);
  const all = ratersInOrder(
    await rowsOf<{ rater: string; n: number; subjects: number }>(connection, sql.kinds_of),
  );
  if (given !== undefined && all.length > 0) {
    const kinds = all.map(({ rater }) => rater);
    checkRater(measure, kinds, given);
  }
  const here = all.filter(({ subjects }) => subjects > 0);
  const rater = given ?? here[0]?.rater ?? all[0]?.rater ?? "";
  await run(connection, `set variable rater = ${quoteText(rater)}; ${sql.scored_subjects}`);
  const models =
    here.length < 2 && given === undefined
      ? []
      : await rowsOf<{ model: string }>(connection, sql.without_kind);
  return [
    ...(given === undefined ? kindsNote(here, `the score "${score}" is that of ${rater}`) : []),
    ...withoutKindNote(
      rater,
      models.map(({ model }) => model),
    ),
  ];
}

/**
 * Whether a measure that counts either calls or tasks counts those with the score of `scored_subjects`: calls where any
 * selected one has it, else tasks; the variable `carrier` says which. `none` is for a table without rows, `elsewhere` says
 * how many conversations have the score and what measures those.
 */
export async function carrierOf(
  connection: DuckDBConnection,
  score: string,
): Promise<{ carrier: "call" | "task"; notes: string[]; none: string; elsewhere: string }> {
  const [{ call, task, conversation }] = await rowsOf<Record<Exclude<Grain, "answer">, number>>(
    connection,
    sql.carriers,
  );
  const carrier = call === 0 && task > 0 ? "task" : "call";
  await run(connection, `set variable carrier = '${carrier}'`);
  const elsewhere =
    conversation === 0
      ? ""
      : `; ${counted(conversation, "conversation")} ${conversation === 1 ? "has" : "have"} it: quality --score ${score} measures those`;
  return {
    carrier,
    elsewhere,
    none: `No selected call or task has a score "${score}"${elsewhere}.`,
    notes:
      call > 0 && task > 0
        ? [
            `The score "${score}" is counted for the ${counted(call, "call")} with it; ${counted(task, "task")} with it ${task === 1 ? "is" : "are"} left out.`,
          ]
        : [],
  };
}
