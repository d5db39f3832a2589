import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { forest } from "../charts/forest";
import { selectedOf } from "../look/selected";
import { type LookOptions, type ShownView, serveLook } from "../look/serve";
import { viewOf } from "../look/views";
import { escapeHtml } from "../page/escape";
import { figureHtml } from "../page/figure";
import { tableHtml, tableText } from "../page/table";
import { counted } from "../stats/text";
import type { Store } from "../store/open";
import { markDrawn, showBundle, updatingBundle } from "./display";
import type { MimeBundle } from "./read";

/** A page that is open to explore. */
export interface Looking {
  /** Its address, with the token that it needs after `#`. */
  url: string;
  /** Ends it; the end of the process does so as well. */
  close(): Promise<void>;
}

/**
 * Opens a log to explore: select a time range, a model or any attribute, and every number follows, each with its interval and
 * computed by this library; a click goes down to the calls.
 *
 * In a notebook it shows two outputs: a picture with its table, which follows what is selected and is saved with the notebook,
 * and the page itself, where the browser runs on the kernel's machine; otherwise a line says how to forward the port. In a
 * script it prints the address. The page listens on 127.0.0.1 alone, needs the token of its address, and ends with the process.
 *
 * @param options `where`, `by`, `metric`: what it shows first, as measures take them; `limits`, which the verdict can check,
 * as `check` takes them; `withText`: traces have prompts and outputs, if the store kept them (default false); `port` of
 * 127.0.0.1 (default any that is free)
 * @returns its address, and `close`
 * @throws RangeError for limits that are none, a port in use, a column, metric or predicate that the log does not have
 * @example
 * const store = await openDemo({ log: "cascade" });
 * const page = await look(store, { by: "model", port: 0 });
 * page.url.split("#")[1].length // 22
 * await page.close();
 */
export async function look(store: Store, options: LookOptions = {}): Promise<Looking> {
  const still = updatingBundle();
  const draw = (view: ShownView) => still?.(stillBundle(view));
  // What cannot be asked is said before a page is opened.
  if (still !== undefined) draw(await viewOf(store, selectedOf(options)));
  const { url, port, close } = await serveLook(store, options, draw);
  showBundle(pageBundle(url, port), still === undefined ? {} : { fieldnotes: { progress: true } });
  return markDrawn({ url, close });
}

/** What is selected as a picture with its table: what stays in a saved notebook. */
function stillBundle({ head, table }: ShownView): MimeBundle {
  const { where, metric, calls, users } = head;
  const about = `${counted(calls, "call")} of ${counted(users, "user")}${where === undefined ? "" : `, where ${where}`}`;
  const isMeasured = table.rows.some((row) => row[metric] !== undefined);
  const picture = isMeasured ? `${figureHtml(forest(table, { value: metric, label: table.by }))}\n` : "";
  return {
    "text/html": `<p>${escapeHtml(about)}</p>\n${picture}${tableHtml(table)}`,
    "text/plain": `${about}\n${tableText(table)}`,
  };
}

/** The page in a frame, which is hidden until the page says that it is there: elsewhere nothing answers its address. */
function pageBundle(url: string, port: number): MimeBundle {
  const id = `fieldnotes-look-${randomUUID()}`;
  const forward = `ssh -L ${port}:127.0.0.1:${port} ${hostname()}`;
  const line = `If no page is shown here, the browser runs on another machine than the kernel, or the kernel has ended. Forward the port, ${forward}, and open ${url}`;
  return {
    "text/html": `<p id="${id}-line">${escapeHtml(line)}</p>
<iframe id="${id}" src="${escapeHtml(url)}" title="fieldnotes look" style="display:none;width:100%;height:48rem;border:0"></iframe>
<script>
(() => {
  const frame = document.getElementById("${id}");
  addEventListener("message", ({ source, data }) => {
    if (source !== frame.contentWindow || data !== "fieldnotes-look") return;
    frame.style.display = "block";
    document.getElementById("${id}-line").style.display = "none";
  });
})();
</script>`,
    "text/plain": url,
  };
}
