import { inspect } from "node:util";
import { visible } from "../charts/text";
import type { Table } from "../measures/table";
import { escapeHtml } from "../page/escape";
import { showBundle } from "./display";
import { saidBy } from "./skip";

/** The mark of an output that only says why there is nothing to show. */
export const markMissing = (why: string) => ({ fieldnotes: { missing: visible(why) } });

/**
 * Says why a section of a notebook has nothing to show; a report gathers these reasons at the end of the chapter.
 *
 * @param why A sentence, or a table whose notes say it.
 * @example
 * const store = await openDemo();
 * const table = await latency(store, { where: "model = 'nobody'" });
 * if (table.rows.length === 0) missing(table);
 * table.rows.length // 0
 */
export function missing(why: string | Table): void {
  const said = saidBy(why);
  if (said === undefined) throw new TypeError(`missing requires a sentence or a table, got ${inspect(why)}`);
  const text = visible(said);
  showBundle({ "text/html": `<p>${escapeHtml(text)}</p>`, "text/plain": text }, markMissing(text));
}
