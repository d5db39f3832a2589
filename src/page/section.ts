import { oneLine, shorten } from "../charts/text";
import { codeHtml } from "./code";
import { escapeHtml } from "./escape";
import { clipped, joined } from "./limits";
import { headingAndRest, markdownHtml } from "./markdown";
import { type GivenCell, type GivenOutput, outputsOf, type RunNotebook, statusOf } from "./notebook";
import { note, outputHtml } from "./output";
import { anchorHtml } from "./slug";

/** A notebook as a section of a page. */
export interface Section {
  id: string;
  title: string;
  status: "ok" | "skipped" | "failed";
  /** Why it was skipped or failed. */
  reason?: string;
  html: string;
}

/** Assigns ids to figures and headings, and tracks the room left on the page. */
export interface Budget {
  nextFigure: () => string;
  idOf: (title: string) => string;
  left: number;
}

/** A heading with its content, folded behind the heading on request. */
export function chapterHtml(id: string, heading: string, body: string, fold: boolean): string {
  if (!fold) return `${headingHtml(id, heading)}\n${body}`;
  // A fold's heading is a button, which must not contain a link.
  const title = `<h2><span id="${id}-title">${heading}</span></h2>`;
  return `<details class="fold"><summary>${title}</summary>\n${anchorHtml(id)}\n${body}\n</details>`;
}

/** A chapter's heading, with a link to itself; `heading` is HTML. */
export function headingHtml(id: string, heading: string): string {
  return `<h2><span id="${id}-title">${heading}</span> ${anchorHtml(id)}</h2>`;
}

/** What stands under a heading of a notebook. */
interface Room {
  title?: string;
  html: string[];
  /** Why its outputs have nothing to show. */
  reasons: string[];
  /** True if an output shows something. */
  shows: boolean;
}

/** Rooms in order; those with nothing to show are one line at the end, behind which their reasons are. */
function bodyOf(rooms: readonly Room[]): string {
  const isEmpty = ({ title, reasons, shows }: Room) => title !== undefined && !shows && reasons.length > 0;
  const empty = rooms.filter(isEmpty);
  const shown = rooms.filter((room) => !isEmpty(room)).flatMap(({ html }) => html);
  if (empty.length === 0) return shown.join("\n");
  const items = empty.map(
    ({ title = "", reasons }) =>
      `<li><strong>${escapeHtml(title)}</strong>: ${escapeHtml([...new Set(reasons)].join(" "))}</li>`,
  );
  const titles = empty.map(({ title = "" }) => escapeHtml(title)).join("; ");
  return [
    ...shown,
    `<details class="missing"><summary>Not in this log: ${titles}</summary>${prose(`<ul>${items.join("\n")}</ul>`)}</details>`,
  ].join("\n");
}

/** Why an output has nothing to show; undefined if it shows something. */
function missingFrom({ metadata }: GivenOutput): string | undefined {
  const why = (metadata?.fieldnotes as { missing?: unknown } | undefined)?.missing;
  return typeof why === "string" ? shorten(why, 2000) : undefined;
}

/** Renders a notebook: its question as the heading, prose, outputs, and the code folded behind each output. */
export function sectionOf(run: RunNotebook, budget: Budget, fold = false): Section {
  const cells = (run.notebook.cells ?? []).filter(
    (cell) => !(cell.metadata?.tags ?? []).includes("remove-cell"),
  );
  const { status, reason } = statusOf(run);
  const name = run.path === undefined ? "" : oneLine(run.path).replace(/^.*[/\\]|\.ipynb$/g, "");
  const id = budget.idOf(name || "notebook");
  let heading: { html: string; text: string } | undefined;
  let code: string[] = [];
  let part: Room = { html: [], reasons: [], shows: false };
  const rooms = [part];
  let stopped = false;
  const add = (html: string) => {
    if (html === "") return;
    if (budget.left - html.length < 0) {
      if (budget.left > 0)
        part.html.push(note("What follows was left out to keep the page small; the notebook has it."));
      budget.left = 0;
      return;
    }
    budget.left -= html.length;
    part.html.push(html);
  };
  const flush = () => {
    add(codeBlock(code));
    code = [];
  };
  for (const cell of cells) {
    const source = clipped(joined(cell.source));
    if (cell.cell_type === "markdown") {
      flush();
      const of = { attachments: cell.attachments, idOf: budget.idOf };
      if (heading === undefined) {
        const split = headingAndRest(source, of);
        heading = split.heading;
        add(prose(split.rest));
        continue;
      }
      const title = /^## /.test(source) ? headingAndRest(source).heading?.text : undefined;
      if (title !== undefined) rooms.push((part = { title, html: [], reasons: [], shows: false }));
      add(prose(markdownHtml(source, of)));
    } else if (cell.cell_type === "code") {
      if (isNotRun(cell) && !stopped) {
        flush();
        add(note("The run stopped here: this cell and those below were not run."));
        stopped = true;
        part.shows = true;
      }
      if (source.trim() !== "" && !(cell.metadata?.tags ?? []).includes("remove-input"))
        code.push(source.trim());
      for (const output of merged(cell)) {
        const why = missingFrom(output);
        if (why === undefined) part.shows = true;
        else part.reasons.push(why);
      }
      const outputs = merged(cell)
        .map((output) => safely(output, budget))
        .filter(Boolean);
      if (outputs.length === 0) continue;
      outputs.forEach(add);
      flush();
    }
  }
  flush();
  const title = shorten(heading?.text || name || "Notebook", 300);
  const badge = status === "ok" ? "" : statusHtml(status, reason);
  return {
    id,
    title,
    status,
    reason,
    html: `<section id="${id}" aria-labelledby="${id}-title" class="notebook ${status}">
${chapterHtml(id, heading?.html ?? escapeHtml(title), `${badge}${bodyOf(rooms)}`, fold && status !== "failed")}
</section>`,
  };
}

/** Sections with those that were skipped as one at the end, each with its reason: a page has no empty rooms. */
export function withoutEmpty(sections: readonly Section[], idOf: (title: string) => string): Section[] {
  const skipped = sections.filter(({ status }) => status === "skipped");
  if (skipped.length === 0) return [...sections];
  const title = "What this log cannot answer";
  const id = idOf(title);
  const items = skipped.map(
    (one) =>
      `<li><strong>${escapeHtml(one.title)}</strong> ${escapeHtml(shorten(one.reason ?? "", 2000))}</li>`,
  );
  const html = `<section id="${id}" aria-labelledby="${id}-title">
${chapterHtml(id, title, `<ul>${items.join("\n")}</ul>`, true)}
</section>`;
  return [...sections.filter((one) => !skipped.includes(one)), { id, title, status: "ok", html }];
}

/** Whether a run marked the cell as not reached. */
function isNotRun({ metadata }: GivenCell): boolean {
  const mark = metadata?.fieldnotes;
  return typeof mark === "object" && mark !== null && (mark as { status?: unknown }).status === "not run";
}

/** A damaged output must not break the page. */
function safely(output: GivenOutput, budget: Budget): string {
  try {
    return outputHtml(output, budget.nextFigure);
  } catch (error) {
    return note(`An output could not be shown: ${shorten(String(error), 300)}`);
  }
}

/** Kernels send streams in pieces: adjacent ones with the same name are one output. */
function merged(cell: GivenCell): GivenOutput[] {
  const outputs: GivenOutput[] = [];
  for (const output of outputsOf(cell)) {
    const last = outputs.at(-1);
    if (output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name) {
      outputs[outputs.length - 1] = { ...last, text: joined(last.text) + joined(output.text) };
    } else outputs.push(output);
  }
  return outputs;
}

function prose(html: string): string {
  return html.trim() === "" ? "" : `<div class="prose">\n${html}</div>`;
}

function codeBlock(code: string[]): string {
  if (code.length === 0) return "";
  return `<details class="code"><summary>Code</summary><pre tabindex="0"><code>${codeHtml(code.join("\n\n"))}</code></pre></details>`;
}

function statusHtml(status: "skipped" | "failed", reason: string): string {
  const words =
    status === "failed"
      ? "This notebook failed; what it shows may be incomplete."
      : "This notebook was skipped.";
  return `<div class="${status === "failed" ? "failure" : "skip"}" role="note"><p><strong>${words}</strong> ${escapeHtml(shorten(reason, 2000))}</p></div>\n`;
}
