// A made-up reader of a sheet of tasks, for the guide of causes.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drawTasks } from "../src/evalset/causeDraw";
import { importCauses } from "../src/evalset/importCauses";
import { nothingWrong } from "../src/measures/causes/causeFrame";
import { open } from "../src/store/open";
import { savedBy } from "../test/evalset/causeTasks";

/** Of ten failed tasks. */
const found =
  "wrong order|stale policy|wrong order|gave up|wrong order|stale policy|wrong order|wrong order|gave up|misread".split(
    "|",
  );

/** Draws a sheet as `causes sheet` does, and imports a cause for each of its tasks. */
export async function readSheet(db: string, where: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "fieldnotes-sheet-"));
  const store = await open(db);
  try {
    const { draw } = await drawTasks(store, { where });
    const file = savedBy(folder, draw, (kind, at) =>
      kind === "not resolved" ? found[at % 10] : nothingWrong,
    );
    await importCauses(store, file);
  } finally {
    store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
