import type { ReviewSheet } from "./reviewSheet";
import { sheetPage } from "./sheetPage";

/** A sheet of answers as one page. */
export function reviewPage(of: ReviewSheet): string {
  const { thing, choices } = of;
  const isPair = thing === "Pair";
  const body = `<noscript><p>This sheet needs JavaScript, which is inside this file; the CSV beside it does not.</p></noscript>
<header>
<h1 id="question" dir="auto"></h1>
<div class="progress">
<progress id="bar" aria-label="${thing}s labelled" value="0" max="1"></progress>
<p><span id="count"></span><span id="left"></span></p>
</div>
</header>
<main>
<article id="answer" aria-labelledby="place" tabindex="-1">
<h2 id="place"></h2>
<section><h3>Prompt</h3><div class="text" id="prompt" dir="auto" tabindex="0" role="region" aria-label="Prompt"></div></section>
<section id="expected-part"><h3>Expected</h3><div class="text" id="expected" dir="auto"></div></section>
<section id="sources-part"><h3>Sources</h3><div id="sources"></div></section>
<div class="answers">
${answer("output", isPair ? "Answer 1" : "Answer", "indented")}${isPair ? answer("other", "Answer 2", "other-indented") : ""}</div>
</article>
<div class="bar">
<div class="labels" role="group" aria-labelledby="question">
${choices.map(({ value, key, button }) => `<button type="button" data-value="${value}" aria-keyshortcuts="${key}">${button} <kbd>${key}</kbd></button>\n`).join("")}</div>
<div class="moves">
<button type="button" id="previous" aria-keyshortcuts="ArrowLeft">Back <kbd>\u2190</kbd></button>
<button type="button" id="next" aria-keyshortcuts="ArrowRight">Next <kbd>\u2192</kbd></button>
<button type="button" id="open" aria-keyshortcuts="n">Unlabelled <kbd>n</kbd></button>
</div>
<p id="said" role="status"></p>
<button type="button" id="undo" aria-keyshortcuts="z" disabled>Undo <kbd>z</kbd></button>
</div>
</main>
<footer>
<p class="row"><label for="rater">Your name or initials</label> <input id="rater" autocomplete="off" spellcheck="false" maxlength="80"></p>
<p class="row"><button type="button" id="json" aria-keyshortcuts="s">Save labels (JSON) <kbd>s</kbd></button> <button type="button" id="csv">Save labels (CSV)</button> <button type="button" id="again">Go on from a file</button><input type="file" id="file" accept=".json,application/json" aria-label="Labels saved earlier" hidden></p>
<details id="help" open>
<summary>Keys</summary>
<dl>
<div><dt>${choices.map(({ key }) => `<kbd>${key}</kbd>`).join(" ")}</dt><dd>${choices.map(({ word }) => word).join(", ")}</dd></div>
<div><dt><kbd>z</kbd></dt><dd>take the last label back</dd></div>
<div><dt><kbd>\u2190</kbd> <kbd>\u2192</kbd></dt><dd>back, next</dd></div>
<div><dt><kbd>n</kbd></dt><dd>next without a label</dd></div>
<div><dt><kbd>s</kbd></dt><dd>save the labels</dd></div>
<div><dt><kbd>?</kbd></dt><dd>show or hide the keys</dd></div>
</dl>
<p class="row"><label><input type="checkbox" id="keys" checked> Single keys label and move</label></p>
</details>
<p class="small"><span id="kept">Labels stay in this browser until they are saved as a file</span>; nothing is sent. Answers are shuffled, and which model gave them is not in this file.</p>
</footer>
<div id="print"></div>`;
  return sheetPage({
    title: "Review of answers",
    ...(isPair ? { kind: "pairs" } : {}),
    script: "reviewBrowser.js",
    body,
    data: of,
  });
}

function answer(id: string, title: string, indented: string): string {
  return `<section class="judged"><h3>${title} <span id="${indented}" class="indented" hidden>JSON, indented for reading</span></h3><div class="text" id="${id}" dir="auto"></div></section>\n`;
}
