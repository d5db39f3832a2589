import type { Selection } from "../../facts/select";
import { counted, grouped, listed } from "../../stats/text";
import { quoteText } from "../../store/quote";
import { rowsOf, run } from "../../store/run";
import { cannotTell, causesSql, nothingWrong } from "./causeFrame";
import { hasLabel, type KindSize, type ReadTask } from "./causeShares";
import type { Cause } from "./causesFile";

/** What a rule may name beside the names of `where`, as SQL over `rule_facts`: all of it is of the whole task. */
const taskNames = new Map([
  ["looped", "rule_looped"],
  ["failed_step", "rule_failed"],
  ["steps", "rule_steps"],
  ["tool_uses", "rule_uses"],
  ["task_cost", "rule_cost"],
  ["tools", "rule_tools"],
  ["failed_tools", "rule_failed_tools"],
  ["stages", "rule_stages"],
  ["failed_stages", "rule_failed_stages"],
]);

/**
 * Makes the table `machine_labels` of the tasks that rules find, or, without rules, of those that a judge labelled.
 *
 * @param score the judge's labels; undefined if none counts
 * @returns the causes that may be labelled
 */
export async function labelTasks(
  selection: Selection,
  causes: readonly Cause[],
  score: string | undefined,
): Promise<string[]> {
  const { connection } = selection;
  const ruled = causes.flatMap(({ name, rule }) => (rule === undefined ? [] : [{ name, rule }]));
  if (ruled.length === 0) {
    await run(connection, causesSql.judged, { score: score ?? "", nothing: nothingWrong, open: cannotTell });
    const found = await rowsOf<{ label: string }>(
      connection,
      "select distinct unnest(labels) as label from machine_labels order by all",
    );
    return found.map(({ label }) => label);
  }
  await run(connection, causesSql.rule_facts);
  const parts = await Promise.all(
    ruled.map(async ({ name, rule }) => {
      const sql = await selection.predicate(rule, `the rule of "${name}"`, taskNames);
      return `case when bool_or(coalesce((${sql})::boolean, false)) then ${quoteText(name)} end`;
    }),
  );
  await run(
    connection,
    `create or replace temp table machine_labels as
     select rule_task as task, list_filter([${parts.join(", ")}], lambda one: one is not null) as labels
     from selected join rule_facts on hash(task_id) = rule_task
     group by rule_task`,
  );
  return ruled.map(({ name }) => name);
}

/** What labels are worth, for each cause that rules or a judge name. */
export function labelNotes(
  labelled: readonly string[],
  sizes: readonly KindSize[],
  read: readonly ReadTask[],
  isRule: boolean,
): string[] {
  const each = labelled.map((cause) => {
    const tasks = sizes.reduce((sum, one) => sum + (hasLabel(one, cause) ? one.tasks : 0), 0);
    const found = read.filter((one) => hasLabel(one, cause));
    const others = read.length - found.length;
    const right = found.filter((one) => one.cause === cause).length;
    const missed = read.filter((one) => one.cause === cause).length - right;
    return `${cause} in ${counted(tasks, "task")} (right in ${grouped(right)} of ${grouped(found.length)} read, missed in ${grouped(missed)} of ${grouped(others)} others)`;
  });
  if (each.length === 0) return [];
  return [
    `${isRule ? "Rules find" : "Judges name"} ${listed(each)}. These labels divide the tasks of a kind into those with and without one, each with the share that readers found in it: none is taken as it is, and those of a kind in which fewer than five of either were read change nothing.`,
  ];
}
