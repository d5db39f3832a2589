import { withoutIntervals } from "../../facts/cluster";
import type { Selection } from "../../facts/select";
import { grouped, percent } from "../../stats/text";
import { noCallSelected } from "../whyEmpty";
import type { CostCounts } from "./costRatios";
import { unpricedNote } from "./costUnpriced";

/** Tasks without a known outcome, and those among them that may have been under way when the log ended. */
export interface OpenTasks {
  unknown: number;
  open: number;
}

/** What a cost table leaves out, assumes or chooses, in whole sentences. */
export function costNotes(
  counts: readonly CostCounts[],
  {
    selection,
    open,
    credit,
    like,
  }: { selection: Selection; open: OpenTasks; credit: "first" | "last"; like: string },
): string[] {
  const total = (name: Exclude<keyof CostCounts, "g" | "by" | "none_known">) =>
    counts.reduce((sum, row) => sum + row[name], 0);
  const calls = total("calls");
  if (calls === 0) return [...withoutIntervals(selection), noCallSelected];
  const tasks = total("tasks");
  const said: string[] = [];
  if (tasks > 0 && selection.clusterBy === "call_id") {
    said.push("Every call counts as independent in the cost per call, and every task in the costs of tasks.");
  } else said.push(...selection.notes);
  const unpriced = calls - total("priced");
  if (unpriced > 0 && total("priced") === total("unbilled"))
    said.push("No call has a cost: ingest prices, or map cost.");
  else if (unpriced > 0) said.push(unpricedNote(unpriced, calls));
  if (total("free") > 0 && total("priced") > total("unbilled")) {
    said.push(
      `${of(total("free"), calls)} calls failed before a token was read and have no cost: they count as free.`,
    );
  }
  const alone = total("without_task");
  if (alone > 0)
    said.push(
      `${of(alone, calls)} calls belong to no task: they count in the total cost and the cost per call, not in what a task costs.`,
    );
  const serving = counts.filter((row) => row.calls > 0 && row.tasks === 0 && row.without_task < row.calls);
  if (tasks > 0 && serving.length > 0)
    said.push(
      `Rows without tasks (${serving
        .map(({ by }) =>
          Object.values(by)
            .map((one) => one ?? "not given")
            .join(", "),
        )
        .join("; ")}) made calls for tasks of other rows, whose costs include them.`,
    );
  if (tasks === 0) {
    const why =
      alone === calls
        ? "No call has a task"
        : "No task belongs to these calls, which serve tasks of other rows";
    return [...said, `${why}: costs per task cannot be measured.`];
  }
  const known = total("with_outcome");
  if (known === 0)
    said.push(noOutcome("No task is known to be resolved or not: ingest outcomes into tasks", like));
  else said.push(...outcomeNotes(tasks, known, open, total("cost") / total("cost_with_outcome")));
  const mixed = total("mixed");
  if (mixed > 0) {
    const other = credit === "first" ? "last" : "first";
    said.push(
      `${of(mixed, tasks)} tasks (${percent(mixed / tasks, 2)}) were answered by calls of several rows; each counts with all its calls for that of its ${credit} answering call (credit "${other}" gives the other reading).`,
    );
  }
  return said;
}

/** That no outcome is known, with the score that may be one, as `likeOutcome` says it. */
export const noOutcome = (said: string, like: string): string => `${said}${like === "" ? "." : `; ${like}`}`;

function outcomeNotes(tasks: number, known: number, { unknown, open }: OpenTasks, rise: number): string[] {
  if (known === tasks) return [];
  const edge =
    open === 0
      ? "none of them was still under way when the log ends"
      : `${open} of them may have been under way when the log ends`;
  const rest = unknown - open;
  const others = open > 0 && rest > 0 ? `, ${rest} have no outcome for another reason` : "";
  const most =
    rise > 1 ? `; if unresolved, they would raise it by ${percent(rise - 1, 2)} over all rows` : "";
  return [
    `${of(tasks - known, tasks)} tasks have no known outcome (${edge}${others}) and are left out of the cost per resolved task${most}.`,
  ];
}

const of = (some: number, all: number) => `${grouped(some)} of ${grouped(all)}`;
