import type { Cause, Coded } from "../measures/causes/causesFile";
import { type CodedLabel, noCause } from "./codedCauses";
import { sha256 } from "./review";
import { keysPart, sheetPage } from "./sheetPage";
import type { SimilarNote } from "./similarNotes";

/** A note on the page of coding. */
export interface NoteCard extends Omit<CodedLabel, "cause"> {
  /** The cause that it begins in, by its place; -1: nothing went wrong, -2: cannot tell; null: in none. */
  in: number | null;
  sheet: string;
  rater: string;
  similar: SimilarNote[];
}

/** What the page of coding shows. */
export interface CodingPage {
  cards: NoteCard[];
  causes: Cause[];
  /** What was coded of other sheets and readers. */
  others: Coded[];
}

/** Notes as one page, on which a person puts them in causes. */
export function codingPage(of: CodingPage): string {
  const body = `<noscript><p>This page needs JavaScript, which is inside this file.</p></noscript>
<header>
<h1>Which of these notes name the same cause?</h1>
<div class="progress">
<progress id="bar" aria-label="Notes in a cause" value="0" max="1"></progress>
<p id="count"></p>
</div>
</header>
<main>
<section id="loose" class="drop" aria-labelledby="loose-title" data-group="">
<h2 id="loose-title">Notes without a cause <span class="count"></span></h2>
<p class="none small">All notes are in a cause.</p>
<ul class="cards"></ul>
</section>
<section id="causes-part" aria-labelledby="causes-title">
<h2 id="causes-title">Causes</h2>
<div id="causes"></div>
<button type="button" id="add" class="drop" data-group="new" aria-keyshortcuts="c">New cause <kbd>c</kbd></button>
<div id="fixed"></div>
</section>
</main>
<section class="bar" aria-label="Selected notes">
<p id="picked"></p>
<div class="moves">
<label for="to">Put in</label> <select id="to"></select>
<button type="button" id="put">Put</button>
<button type="button" id="undo" aria-keyshortcuts="z" disabled>Undo <kbd>z</kbd></button>
</div>
<p id="said" role="status"></p>
</section>
<footer>
<p class="row"><button type="button" id="save" aria-keyshortcuts="s">Save causes and notes (JSON) <kbd>s</kbd></button></p>
${keysPart([
  ["j k", "next card, card before"],
  ["x", "select the card, or take it out"],
  ["a", "select it with its similar notes"],
  ["1 \u2026 9", "put the selected notes, or the card, in a cause"],
  ["0 u", "in: nothing went wrong, cannot tell"],
  ["l", "take them out of their cause"],
  ["c m", "in a new cause, in one of a list"],
  ["e", "make it an example, or take that back"],
  ["y", "it was read again, and still fits"],
  ["z s", "undo, save"],
])}
<p class="small"><span id="kept">What you do stays in this browser until it is saved as a file</span>; nothing is sent. Similar notes have at least a quarter of their words in common; a rare word counts for more.</p>
</footer>`;
  const data = { ...of, page: sha256(JSON.stringify(of)).slice(0, 16), noCause };
  return sheetPage({
    title: "Notes to put in causes",
    kind: "coding",
    script: "codingBrowser.js",
    styles: "coding.css",
    body,
    data,
  });
}
