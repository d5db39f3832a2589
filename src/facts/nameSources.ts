import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOnce } from "../store/once";
import { quoteName, quoteText } from "../store/quote";
import { rowsOf, run } from "../store/run";
import type { FilledTable } from "../store/schema";

/** The values of names with an order of their own. */
export const inOrder: Readonly<Record<string, readonly string[]>> = {
  weekday: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
  input_third: ["short", "middle", "long"],
};
export const enumOf = (name: string) => `enum(${inOrder[name].map(quoteText).join(", ")})`;

const besideTasks = quoteName("attributes of tasks");

/** A column's one value if all rows of a group that have one agree, else none. */
function agreed({ name }: { name: string }): string {
  const column = quoteName(name);
  return `case when min(${column}) = max(${column}) then min(${column}) end as ${column}`;
}

/** What the logs have about a call's task beyond our columns: one value if all of its files that have one agree, else none. */
export async function ofTasks(connection: DuckDBConnection): Promise<[name: string, sql: string][]> {
  const found = await attributesOf(connection, "tasks");
  if (found.length === 0) return [];
  await run(
    connection,
    `create or replace temp view ${besideTasks} as select task_id as of_task,
       ${found.map(agreed).join(", ")}
     from tasks where task_id is not null group by task_id`,
  );
  return found.map(({ name }) => [
    name,
    `(select own.${quoteName(name)} from ${besideTasks} as own where own.of_task = task_id)`,
  ]);
}

const besideScores = quoteName("attributes of scores");

/**
 * What the logs have about the scores of a call, or else of its task, beyond our columns: one value if all of these
 * scores that have one agree, else none.
 */
export async function ofScores(connection: DuckDBConnection): Promise<[name: string, sql: string][]> {
  const found = await attributesOf(connection, "scores");
  if (found.length === 0) return [];
  await run(
    connection,
    `create or replace temp view ${besideScores} as select subject as of_subject, subject_id as of_id, ${found.map(agreed).join(", ")}
     from scores where subject_id is not null group by subject, subject_id`,
  );
  const of = (name: string, subject: "call" | "task") =>
    `(select own.${quoteName(name)} from ${besideScores} as own where own.of_subject = '${subject}' and own.of_id = ${subject}_id)`;
  return found.map(({ name }) => [name, `coalesce(${of(name, "call")}, ${of(name, "task")})`]);
}

/** The columns of a table for what the logs have beyond our own: "attributes.tenant". */
export function attributesOf(
  connection: DuckDBConnection,
  table: FilledTable = "calls",
): Promise<readonly { name: string; type: string }[]> {
  return rowsOnce(
    connection,
    `select name, type from pragma_table_info('${table}') where starts_with(name, 'attributes.') order by cid`,
  );
}

/**
 * The third of the input lengths that a call falls into, over all calls of the store, so that rows of any
 * selection compare.
 */
export async function thirdSql(connection: DuckDBConnection): Promise<string> {
  const [{ cut }] = await rowsOf<{ cut: [number, number] | null }>(
    connection,
    "select quantile_disc(input_tokens, [0.3333333333333333, 0.6666666666666666]) as cut from calls",
  );
  if (cut === null) return "null::varchar";
  // Of a type that sorts by length.
  return `(case when input_tokens <= ${cut[0]} then 'short' when input_tokens <= ${cut[1]} then 'middle'
    when input_tokens is not null then 'long' end)::${enumOf("input_third")}`;
}

/** The family of a call's model. A read-only store may date from before families were stored. */
export async function familySql(connection: DuckDBConnection): Promise<string> {
  const rows = await rowsOf<{ model: string; family: string }>(
    connection,
    "select model, family from families",
  ).catch(() => []);
  const cases = rows.map(({ model, family }) => `when ${quoteText(model)} then ${quoteText(family)}`);
  return cases.length === 0 ? "null::varchar" : `(case model ${cases.join(" ")} end)`;
}
