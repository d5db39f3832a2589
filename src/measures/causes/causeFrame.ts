import { derived } from "../../facts/request";
import { type Selection, select } from "../../facts/select";
import type { Store } from "../../store/open";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import type { MeasureRequest } from "../options";
import { tabulateSteps } from "../service/trajectories";

/** The SQL of causes and of the sheets that are drawn for them. */
export const causesSql = statements(__dirname, "causes.sql");

/** The kinds of task that a sheet is drawn from, in the order in which a task is of the first that fits. */
export const taskKinds = {
  "not resolved": "failed",
  "no answer": "failed",
  looped: "doubtful",
  "failed step": "doubtful",
  costly: "doubtful",
  other: "other",
} as const;

export type TaskKind = keyof typeof taskKinds;

/**
 * The score of a task that says what went wrong in it, and those beside it: where first (the title of the step; its place in the
 * task, and the call or span that it is, as "3 call c7"), and in the reader's own words.
 */
export const causeScores = {
  cause: "cause",
  step: "first wrong step",
  place: "first wrong step place",
  note: "cause note",
} as const;

/** What a reader may say instead of a cause. */
export const nothingWrong = "nothing went wrong";
export const cannotTell = "cannot tell";

/** How a sheet was drawn: kept in the store beside what was said of its tasks. */
export interface CauseDraw {
  /** A hash of the rest: a draw that was changed is refused. */
  sheet: string;
  seed: number;
  /** The predicate over calls that the tasks were drawn within; empty if all. */
  where: string;
  /** When the last task began that could be drawn, in UTC; empty if that is not known. */
  until: string;
  /** The kinds of task with how many there were, and how many of them were drawn, each with the same chance. */
  kinds: { kind: TaskKind; tasks: number; drawn: number }[];
  /** The drawn tasks in the order of the sheet, by their id on it. */
  tasks: { id: string; kind: TaskKind }[];
}

/** The format of an ingest of people's labels; of a sheet of causes, its constants hold the draw, with each task's own id. */
export const labelsFormat = "evalset labels";

/** Selects whole tasks and makes the table `frame` of them. */
export async function selectFrame(
  store: Store,
  request: MeasureRequest,
  { by, until }: { by: MeasureRequest["by"]; until: string },
): Promise<Selection & { frameNotes: string[] }> {
  const selection = await select(store, derived(request, { by }), { population: "tasks" });
  try {
    const { notes } = await tabulateSteps(selection);
    await run(selection.connection, causesSql.frame, { until });
    return Object.assign(selection, { frameNotes: notes });
  } catch (error) {
    selection.close();
    throw error;
  }
}

/** A draw as the store keeps it. */
export type StoredDraw = Omit<CauseDraw, "tasks"> & { tasks: { task_id: string; kind: TaskKind }[] };

/** The draws of the sheets that were imported, the newest first. */
export async function storedDraws(store: Store): Promise<StoredDraw[]> {
  const rows = await rowsOf<{ constants: string }>(
    store.connection,
    "select constants from ingests where format = $format and constants like '%\"kinds\"%' order by ingest_id desc",
    { format: labelsFormat },
  );
  const bySheet = new Map(
    rows.map(({ constants }) => JSON.parse(constants) as StoredDraw).map((one) => [one.sheet, one]),
  );
  return [...bySheet.values()];
}
