import type { DuckDBConnection } from "@duckdb/node-api";
import { judgementsView } from "../../facts/judgements";
import { within } from "../../facts/request";
import type { Selection } from "../../facts/select";
import { didYouMean } from "../../store/nearest";
import { rowsOf, run } from "../../store/run";
import type { Asked } from "../define";
import type { Row } from "../table";
import { cannotTell, causeScores, causesSql, type StoredDraw, selectFrame, storedDraws } from "./causeFrame";
import { labelTasks } from "./causeLabels";
import type { Unmatched } from "./causeNotes";
import type { KindSize, ReadTask } from "./causeShares";
import { readCauses } from "./causesFile";
import type { WorthRead, WorthSize } from "./causeWorth";

/** Selects the tasks that the newest sheet was drawn from, with all sheets that were drawn from the same; by labels of another tool all tasks. */
export async function openReading(
  { store, request }: Pick<Asked<unknown>, "store" | "request">,
  score: string = causeScores.cause,
) {
  const all = score === causeScores.cause ? await storedDraws(store) : [];
  const draws = all.filter((draw) => isSameFrame(draw, all[0]));
  const { where = "", until = "" } = draws[0] ?? {};
  const by = request.by ?? "";
  return {
    selection: await selectFrame(store, within(request, where === "" ? undefined : where), { by, until }),
    draws,
    earlier: all.length - draws.length,
  };
}

/** The tasks behind a cause of a group. */
export const tasksBehind = {
  from: causesSql.behind,
  amount: { name: "tasks", first: "first" },
  counted: "tasks read",
  n: ({ tasks_read }: { tasks_read: number }) => tasks_read,
};

/** The tasks of a group, and those of them that were read. */
interface ReadingPart {
  g: string;
  by: Row;
  /** When its first task began. */
  from: string;
  sizes: (KindSize & WorthSize)[];
  read: (ReadTask & WorthRead)[];
}

/**
 * What was read of the tasks of a selection, whole and by group; makes the table `read_tasks`.
 *
 * @param options `undrawn`: whether tasks that people labelled count where no sheet drew any; they stand for themselves then
 */
export async function readingOf(
  selection: Selection,
  draws: readonly StoredDraw[],
  {
    rules,
    score = causeScores.cause,
    undrawn = false,
  }: { rules?: string; score?: string; undrawn?: boolean },
) {
  const { connection } = selection;
  await judgementsView(connection);
  if (score !== causeScores.cause) await knownLabels(connection, score);
  await run(connection, causesSql.named, { score });
  const isDrawn = draws.length > 0 || !undrawn;
  const [unmatched] = isDrawn ? [] : await rowsOf<Unmatched>(connection, causesSql.unmatched, { score });
  if (!isDrawn) await run(connection, causesSql.frame_named, { open: cannotTell });
  const taxonomy = rules === undefined ? [] : readCauses(rules);
  if (!isDrawn && taxonomy.length > 0)
    throw new RangeError("causes requires tasks that a sheet drew with rules: nothing else corrects these");
  const labelled = await labelTasks(selection, taxonomy, isDrawn ? score : undefined);
  const drawn = JSON.stringify(isDrawn ? weightsOf(draws) : await rowsOf(connection, causesSql.frame_drawn));
  await run(connection, causesSql.read_tasks, { drawn, open: cannotTell });
  type Size = ReadingPart["sizes"][number] & { g: string; by: Row; from: string | null };
  const sizes = await rowsOf<Size>(connection, causesSql.sizes);
  // What has a note went wrong: the tasks with a cause do not stand for these.
  const [{ unnamed }] =
    draws.length > 0 ? await rowsOf<{ unnamed: number }>(connection, causesSql.unnamed) : [{ unnamed: 0 }];
  const read =
    unnamed > 0 ? [] : await rowsOf<ReadingPart["read"][number] & { g: string }>(connection, causesSql.read);
  const parts = [...new Set(sizes.map(({ g }) => g))].map((g): ReadingPart => {
    const own = sizes.filter((one) => one.g === g);
    return {
      g,
      by: own[0].by,
      from: own.flatMap(({ from }) => from ?? []).sort()[0] ?? "",
      sizes: own,
      read: read.filter((one) => one.g === g),
    };
  });
  return { sizes, read, parts, labelled, drawn, unmatched, unnamed };
}

/** Throws if people gave other labels than these; where they gave none, the empty table says so. */
async function knownLabels(connection: DuckDBConnection, score: string): Promise<void> {
  const found = await rowsOf<{ name: string }>(connection, causesSql.labels);
  const names = found.map(({ name }) => name);
  if (names.length > 0 && !names.includes(score))
    throw new RangeError(
      `causes requires score to name labels that people gave to tasks or calls, got "${score}"${didYouMean(score, names) || `; the log has ${names.join(", ")}`}`,
    );
}

/** True of draws of the same tasks: what was said of both counts together. */
const isSameFrame = (one: StoredDraw, other: StoredDraw) => frameOf(one) === frameOf(other);
const frameOf = ({ where, until, kinds }: StoredDraw) =>
  JSON.stringify([where, until, kinds.map(({ kind, tasks }) => [kind, tasks])]);

/** Each drawn task with one over its chance of being in at least one of the draws. */
function weightsOf(draws: readonly StoredDraw[]): { task_id: string; weight: number }[] {
  const missed = new Map<string, number>();
  for (const { kinds } of draws)
    for (const { kind, tasks, drawn } of kinds)
      missed.set(kind, (missed.get(kind) ?? 1) * (1 - drawn / tasks));
  const kindOf = new Map(
    draws.flatMap(({ tasks }) => tasks.map(({ task_id, kind }) => [task_id, kind] as const)),
  );
  return [...kindOf].map(([task_id, kind]) => ({ task_id, weight: 1 / (1 - (missed.get(kind) ?? 0)) }));
}
