import { isSettled } from "../../stats/claim";
import { counted, grouped, percent } from "../../stats/text";
import type { StoredDraw } from "./causeFrame";
import type { OrderStep } from "./causeShares";

/** That readers wrote notes of tasks and named no cause, and what to do. */
export const unnamedNote = (tasks: number): string =>
  `${counted(tasks, "task")} ${tasks === 1 ? "has" : "have"} a note and no cause: put the notes in causes (fieldnotes causes code), and import again with --causes and the file that its page saves.`;

/** Why there is no row. */
export const noneRead = (
  draws: readonly StoredDraw[],
  { unmatched, unnamed = 0 }: { unmatched?: Unmatched; unnamed?: number } = {},
) =>
  unnamed > 0
    ? `${unnamedNote(unnamed)} Without them the shares would be wrong.`
    : draws.length === 0
      ? (unmatchedNote(unmatched)[0] ??
        "No sheet was read: fieldnotes causes sheet draws tasks to read, and fieldnotes causes import reads what was said of them. fieldnotes causes --score NAME reads labels that people gave in another tool.")
      : "Nobody named a cause for any of the drawn tasks.";

/** Tasks and calls that people labelled in another tool, and those of them that belong to no selected task. */
export interface Unmatched {
  labelled: number;
  lost: number;
}

const unmatchedNote = ({ labelled, lost }: Unmatched = { labelled: 0, lost: 0 }): string[] =>
  lost === 0
    ? []
    : [
        `${grouped(lost)} of ${grouped(labelled)} tasks and calls that people labelled ${lost === 1 ? "belongs" : "belong"} to no selected task, and ${lost === 1 ? "is" : "are"} left out: their ids must be those of the log.`,
      ];

/** What was read of what was drawn, and whether the order of the first causes is settled. */
export function notesOf({
  by,
  draws,
  earlier,
  drawn,
  read,
  tasks,
  told,
  order,
  score,
  resolved,
  unmatched,
}: {
  by: readonly string[];
  draws: readonly StoredDraw[];
  earlier: number;
  /** The drawn tasks of the selection, and those of them that were read; and how many of these have a cause. */
  drawn: number;
  read: number;
  told: number;
  tasks: number;
  order: readonly OrderStep[];
  /** The name of the labels. */
  score: string;
  /** The share of tasks that are resolved as it is. */
  resolved: number;
  unmatched: Unmatched | undefined;
}): string[] {
  const failed = "Failed: not resolved, or, where the outcome is not known, answered by no call.";
  if (draws.length === 0)
    return [
      `Of ${counted(told, "task")} that people labelled with ${score}, as they came: nobody drew them, so shares are of such tasks, and do not stand for the others. fieldnotes causes sheet draws tasks that do.`,
      ...unmatchedNote(unmatched),
      failed,
      ...orderNotes(order, ` that were labelled${by.length === 0 ? "" : ", of all rows together"}`),
    ];
  const until = draws[0].until === "" ? "" : ` that began until ${draws[0].until.slice(0, 16)} UTC`;
  const untold = read - told;
  return [
    `${grouped(read)} of ${counted(drawn, "drawn task")} were read, of ${counted(tasks, "task")}${until}.${untold === 0 ? "" : ` Readers cannot tell the cause of ${grouped(untold)} of them.`} Tasks without a cause are taken to be like the others of their kind.`,
    ...(earlier > 0
      ? [`${counted(earlier, "earlier sheet")} of other tasks ${earlier === 1 ? "is" : "are"} left out.`]
      : []),
    failed,
    "resolved_at_most counts every task that has the cause and was not resolved as resolved. It is a bound: without this cause, such a task may still fail from another.",
    ...todayNotes(resolved, by),
    ...orderNotes(order, by.length === 0 ? "" : " of all rows together"),
  ];
}

/** What resolved_at_most starts from. */
export const todayNotes = (resolved: number, by: readonly string[] = []): string[] =>
  Number.isNaN(resolved)
    ? []
    : [
        `As it is, ${percent(resolved, 3)} of tasks${by.length === 0 ? "" : " of all rows together"} are resolved.`,
      ];

/** Whether the order of the first causes is settled, and how many more tasks to read if it is not; of one step, whether the first is. */
export function orderNotes(order: readonly OrderStep[], of = ""): string[] {
  if (order.length === 0) return [];
  if (order.length === 1) return [firstNote(order[0], of)];
  const open = order.filter(({ claim }) => !isSettled(claim));
  const ranked = order.map(({ cause }) => cause).join(", ");
  if (open.length === 0)
    return [`Settled: the first ${order.length} causes of failed tasks${of}, in this order: ${ranked}.`];
  const most = Math.max(...open.map(({ more_to_read }) => more_to_read));
  const pairs = open.map(({ cause, next }) => `${cause} before ${next}`).join(", ");
  return [
    `Not settled among failed tasks${of}: ${pairs}. ${
      Number.isFinite(most)
        ? `About ${grouped(most)} more failed tasks to read would settle the order of the first three, if the shares stay as they are.`
        : "Two of them are equally frequent in what was read: how many more to read cannot be said."
    }`,
  ];
}

function firstNote({ cause, next, claim, more_to_read }: OrderStep, of: string): string {
  if (isSettled(claim))
    return `Settled: ${cause} is the most frequent cause of failed tasks${of}, before ${next}.`;
  const more = Number.isFinite(more_to_read)
    ? `About ${counted(more_to_read, "more failed task")} to read would settle it, if the shares stay as they are.`
    : "They are equally frequent in what was read.";
  return `Not settled: whether ${cause} or ${next} is the most frequent cause of failed tasks${of}. ${more}`;
}
