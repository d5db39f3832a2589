import { type CauseDraw, cannotTell, causeScores, nothingWrong } from "../measures/causes/causeFrame";
import { checkCauses } from "../measures/causes/causesFile";
import { traces } from "../measures/service/trace";
import { mask } from "../store/mask";
import type { Store } from "../store/open";
import { type CauseSheetOptions, drawTasks } from "./causeDraw";
import { causePage, type SheetTask } from "./causePage";
import { modelNames, withoutNames } from "./modelNames";
import { sheetTask } from "./sheetTask";

/** A sheet of tasks to read. */
export interface CauseSheet {
  draw: CauseDraw;
  tasks: SheetTask[];
  /** The page: it works from disk without network, and saves a file for `importCauses`. */
  html: string;
  notes: string[];
}

/**
 * Draws tasks for a person to read, so that shares of what is found hold for all: a seeded random sample of each kind of
 * failed and doubtful task, and of the others.
 *
 * Each task of a kind has the same chance to be drawn, which the sheet keeps. The sheet shows no models' names, users or
 * ids: a task's id is a hash, by which `importCauses` finds it. Texts are on it if the store keeps them.
 *
 * @throws RangeError for an invalid size, seed or predicate, and for a store without tasks
 * @example
 * const store = await openDemo();
 * (await causeSheet(store, { size: 20 })).tasks.length // 20
 */
export async function causeSheet(store: Store, options: CauseSheetOptions = {}): Promise<CauseSheet> {
  const { mask: masking = true } = options;
  const causes = checkCauses({ causes: options.causes ?? [] }, "causes");
  const { draw, ids } = await drawTasks(store, options);
  const found = await traces(store, ids, {
    withText: true,
    withUser: false,
    withoutScores: Object.values(causeScores),
  });
  const models = found.flatMap(({ trace }) =>
    trace.rows.flatMap(({ model }) => (model === null ? [] : [{ model }])),
  );
  const names = masking ? modelNames(models) : undefined;
  const bare = (text: string) => (masking ? withoutNames(mask(text).text, names) : text);
  const tasks = found.map((one) => sheetTask(one, bare));
  const notes = tasks.every(({ steps }) => steps.every(({ texts }) => texts.length === 0))
    ? ["The store has no texts of these tasks: ingest stores them only with --text keep."]
    : [];
  return { draw, tasks, notes, html: causePage({ draw, causes, tasks, nothingWrong, cannotTell }) };
}
