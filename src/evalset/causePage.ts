import type { CauseDraw } from "../measures/causes/causeFrame";
import type { Cause } from "../measures/causes/causesFile";
import { keysPart, sheetPage } from "./sheetPage";

/** One task on a sheet, with nothing that shows whose it is or which model answered. */
export interface SheetTask {
  id: string;
  summary: string;
  steps: {
    title: string;
    /** A hash of its task, place, title and id. */
    mark: string;
    /** When, how long, tokens, cost, scores, in a line. */
    facts: string;
    depth: number;
    failed: boolean;
    texts: { name: string; text: string }[];
  }[];
}

/** What a page of tasks shows. */
interface CausePage {
  draw: CauseDraw;
  causes: readonly Cause[];
  tasks: readonly SheetTask[];
  nothingWrong: string;
  cannotTell: string;
}

/** Tasks to read step by step as one page, on which a reader names what went wrong. */
export function causePage(data: CausePage): string {
  const body = `<noscript><p>This sheet needs JavaScript, which is inside this file.</p></noscript>
<header>
<h1>What went wrong in this task, and where first?</h1>
<div class="progress">
<progress id="bar" aria-label="Tasks read" value="0" max="1"></progress>
<p id="count"></p>
</div>
</header>
<main>
<article id="task" aria-labelledby="place" tabindex="-1">
<h2 id="place"></h2>
<p id="summary" dir="auto"></p>
<fieldset id="steps-part"><legend>Steps: mark the first that went wrong</legend><ol id="steps"></ol></fieldset>
</article>
<section class="reading" aria-labelledby="cause-title">
<h2 id="cause-title">Cause</h2>
<div id="causes" class="labels" role="group" aria-labelledby="cause-title"></div>
<p id="definition" class="small" dir="auto"></p>
<p class="row"><label for="new">Another cause</label> <input id="new" autocomplete="off" maxlength="80"> <button type="button" id="add">Add</button></p>
<label for="note">Note <span class="small">enough without a cause: causes can be named when all notes are read</span></label>
<textarea id="note" rows="3" maxlength="2000" dir="auto"></textarea>
<div class="moves">
<button type="button" id="previous" aria-keyshortcuts="ArrowLeft">Back <kbd>\u2190</kbd></button>
<button type="button" id="next" aria-keyshortcuts="ArrowRight">Next <kbd>\u2192</kbd></button>
<button type="button" id="open" aria-keyshortcuts="n">Unread <kbd>n</kbd></button>
</div>
<p id="said" role="status"></p>
</section>
</main>
<footer>
<p class="row"><label for="rater">Your name or initials</label> <input id="rater" autocomplete="off" spellcheck="false" maxlength="80"></p>
<p class="row"><button type="button" id="save" aria-keyshortcuts="s">Save what you found (JSON) <kbd>s</kbd></button></p>
${keysPart([
  ["1 \u2026 9", "a cause; again: take it back"],
  ["0 u", "nothing went wrong, cannot tell"],
  ["j k", "mark a step further down, further up"],
  ["c e", "write another cause, a note"],
  ["\u2190 \u2192 n", "back, next, next unread"],
  ["s", "save"],
])}
<p class="small"><span id="kept">What you write stays in this browser until it is saved as a file</span>; nothing is sent. Read the tasks in this order: it is random.</p>
</footer>`;
  return sheetPage({
    title: "Tasks to read",
    kind: "causes",
    script: "causeBrowser.js",
    styles: "causes.css",
    body,
    data,
  });
}
