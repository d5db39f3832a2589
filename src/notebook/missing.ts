import { inspect } from "node:util";
import { visible } from "../charts/text";
import type { Table } from "../measures/table";
import { escapeHtml } from "../page/escape";
import { counted } from "../stats/text";
import { inNotebook, showBundle, updatingBundle } from "./display";
import type { MimeBundle } from "./read";
import { saidBy } from "./skip";

/** The mark of an output that only says why there is nothing to show. */
const markMissing = (why: string) => ({ fieldnotes: { missing: visible(why) } });

/** What has nothing to show since the last line of reasons, in order; `fold` takes the reason from its place. */
let gathered: { why: string; fold: () => void }[] = [];
/** Set once their line was shown: the next reason begins anew. */
let isTold = false;

/** Shows the sentence in place of what is missing, until `missing()` gathers it. */
export function showMissing(bundle: MimeBundle, reason: string): void {
  const update = updatingBundle();
  if (update === undefined) {
    showBundle(bundle, markMissing(reason));
    return;
  }
  update(bundle, markMissing(reason));
  if (isTold) gathered = [];
  isTold = false;
  gathered.push({ why: String(bundle["text/plain"]), fold: () => update(folded, markMissing(reason)) });
}

const folded = { "text/html": "<p><small>Not in this log.</small></p>", "text/plain": "Not in this log." };

/** One line for all that is missing, behind which the reasons are; none where nothing is. */
function tellGathered(): void {
  if (gathered.length === 0 || !inNotebook()) return;
  for (const { fold } of gathered) fold();
  isTold = true;
  const reasons = [...new Set(gathered.map(({ why }) => why))];
  const line = `Not in this log: ${counted(gathered.length, "thing")} this notebook looks for`;
  const items = reasons.map((why) => `<li>${escapeHtml(why)}</li>`).join("\n");
  showBundle({
    "text/html": `<details><summary>${line}</summary><ul>${items}</ul></details>`,
    "text/plain": `${line}. ${reasons.join(" ")}`,
  });
}

/**
 * Says why a section of a notebook has nothing to show; without a reason, gathers all those above in one line.
 *
 * The line belongs at the end of a notebook. It takes the reasons from their places, those of tables without rows and
 * of figures without points too. A report does so by itself, with the titles of the sections.
 *
 * @param why A sentence, or a table whose notes say it.
 * @example
 * const store = await openDemo();
 * const table = await latency(store, { where: "model = 'nobody'" });
 * if (table.rows.length === 0) missing(table);
 * table.rows.length // 0
 */
export function missing(...why: [] | [string | Table]): void {
  if (why.length === 0) {
    tellGathered();
    return;
  }
  const said = saidBy(why[0]);
  if (said === undefined)
    throw new TypeError(`missing requires a sentence or a table, got ${inspect(why[0])}`);
  const text = visible(said);
  showMissing({ "text/html": `<p>${escapeHtml(text)}</p>`, "text/plain": text }, text);
}
