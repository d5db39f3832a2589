import { within } from "../facts/request";
import {
  type CauseDraw,
  causesSql,
  selectFrame,
  type TaskKind,
  taskKinds,
} from "../measures/causes/causeFrame";
import type { Cause } from "../measures/causes/causesFile";
import { requestOf } from "../measures/options";
import type { Store } from "../store/open";
import { rowsOf } from "../store/run";
import { reviewId, sha256 } from "./review";

/** Options of a sheet of tasks. */
export interface CauseSheetOptions {
  /** How many, if there are as many. Default 100. */
  size?: number;
  /** Seed of the draw and of the order. Default 1. */
  seed?: number;
  /** A predicate over calls: only tasks of such calls are drawn. */
  where?: string;
  /** The causes to choose from, as a file of them holds; readers may name others. */
  causes?: readonly Cause[];
  /** Whether to remove personal data and models' names, as far as they are found. Default true. */
  mask?: boolean;
}

/** Of the tasks on a sheet: how many failed, how many look odd, and how many are neither. */
const shares = { failed: 0.6, doubtful: 0.2, other: 0.2 };
/** Fewer of a kind show nothing of how much its tasks differ. */
const fewestOfKind = 2;

/**
 * Draws tasks to read: a seeded random sample of each kind, in random order.
 *
 * @throws RangeError for an invalid size, seed or predicate, and for a store without tasks
 */
export async function drawTasks(
  store: Store,
  { size = 100, seed = 1, where = "" }: Pick<CauseSheetOptions, "size" | "seed" | "where">,
): Promise<{ draw: CauseDraw; ids: string[] }> {
  if (!(Number.isSafeInteger(size) && size >= 1))
    throw new RangeError(`causeSheet requires a whole number of tasks >= 1, got ${String(size)}`);
  const request = within(requestOf("causeSheet", { seed }), where === "" ? undefined : where);
  const selection = await selectFrame(store, request, { by: "", until: "" });
  try {
    const { connection } = selection;
    const found = await rowsOf<{ kind: TaskKind; tasks: number }>(connection, causesSql.kinds);
    const [{ until }] = await rowsOf<{ until: string }>(connection, causesSql.until);
    const kinds = allotted(found, size);
    const sizes = JSON.stringify(kinds.map(({ kind, drawn }) => ({ kind, size: drawn })));
    const drawn = await rowsOf<{ task_id: string; kind: TaskKind }>(connection, causesSql.drawn, {
      sizes,
      seed: String(seed),
    });
    if (drawn.length === 0)
      throw new RangeError(
        `causeSheet requires tasks with a task_id, got none. ${[...selection.notes, ...selection.frameNotes].join(" ")}`,
      );
    const tasks = drawn.map(({ task_id, kind }) => ({ id: reviewId(task_id), kind }));
    return { draw: signed({ seed, where, until, kinds, tasks }), ids: drawn.map(({ task_id }) => task_id) };
  } finally {
    selection.close();
  }
}

/**
 * How many tasks of each kind are drawn: of failed, doubtful and other ones by their shares of a sheet, and within these in
 * proportion. What one has too few of goes to the others, failed ones first.
 *
 * @example
 * allotted([{ kind: "not resolved", tasks: 30 }, { kind: "other", tasks: 900 }], 100).map(({ drawn }) => drawn) // [30, 70]
 */
export function allotted(
  found: readonly { kind: TaskKind; tasks: number }[],
  size: number,
): CauseDraw["kinds"] {
  const kinds = (Object.keys(taskKinds) as TaskKind[]).flatMap((kind) =>
    found.filter((one) => one.kind === kind),
  );
  const drawn = new Map(kinds.map(({ kind, tasks }) => [kind, Math.min(tasks, fewestOfKind)]));
  const total = () => [...drawn.values()].reduce((sum, n) => sum + n, 0);
  const most = Math.min(
    size,
    kinds.reduce((sum, { tasks }) => sum + tasks, 0),
  );
  const give = (of: string, until: number) => {
    const own = kinds.filter(({ kind }) => taskKinds[kind] === of);
    const has = () => own.reduce((sum, { kind }) => sum + (drawn.get(kind) ?? 0), 0);
    while (has() < until && total() < most) {
      // The kind of which the smallest part is drawn yet.
      const [next] = own
        .filter(({ kind, tasks }) => (drawn.get(kind) ?? 0) < tasks)
        .sort((a, b) => (drawn.get(a.kind) ?? 0) / a.tasks - (drawn.get(b.kind) ?? 0) / b.tasks);
      if (next === undefined) return;
      drawn.set(next.kind, (drawn.get(next.kind) ?? 0) + 1);
    }
  };
  for (const [of, share] of Object.entries(shares)) give(of, Math.round(share * size));
  for (const of of Object.keys(shares)) give(of, size);
  return kinds.map(({ kind, tasks }) => ({ kind, tasks, drawn: drawn.get(kind) ?? 0 }));
}

/** A draw with the hash by which one that was changed is told. */
export function signed(draw: Omit<CauseDraw, "sheet">): CauseDraw {
  const { seed, where, until, kinds, tasks } = draw;
  const parts = [
    ...[seed, where, until],
    kinds.map(({ kind, tasks: all, drawn }) => [kind, all, drawn]),
    tasks.map(({ id, kind }) => [id, kind]),
  ];
  return { sheet: sha256(JSON.stringify(parts)).slice(0, 16), ...draw };
}
