import { anyFigure, lackingText, lackingTraces } from "../charts/anyFigure";
import { formatCount } from "../charts/number";
import { escapeHtml, withoutAnsi } from "./escape";
import { figureText } from "./figure";
import { clipped, joined, LARGEST_OUTPUT } from "./limits";
import { markdownHtml } from "./markdown";
import type { GivenOutput } from "./notebook";
import { pageFigureHtml } from "./pageFigure";
import { sanitized } from "./sanitize";

/** The type by which notebooks draw a plotly figure. */
export const PLOTLY = "application/vnd.plotly.v1+json";

/** The class of the line below a table that suggests what to run next. */
export const NEXT_CELL = "fieldnotes-next";
const nextCell = new RegExp(`\\n?<p class="${NEXT_CELL}">[\\s\\S]*?</p>`, "g");

/** One output of a cell as HTML; `nextFigure` assigns ids to figures. */
export function outputHtml(output: GivenOutput, nextFigure: () => string): string {
  if (output.output_type === "stream") return streamHtml(output);
  if (output.output_type === "error") return errorHtml(output);
  const data = output.data ?? {};
  if (PLOTLY in data) {
    const figure = anyFigure(data[PLOTLY]);
    if (figure && lackingTraces(figure).length > 0)
      return note(lackingText(figure)) + textOf({ "text/plain": figureText(figure) });
    if (figure && JSON.stringify(figure).length <= LARGEST_OUTPUT)
      return pageFigureHtml(figure, nextFigure());
    return note("A figure could not be shown: it is damaged or too large.") + textOf(data);
  }
  const html = joined(data["text/html"]).replace(nextCell, "");
  if (html !== "") {
    if (html.length <= LARGEST_OUTPUT)
      return `<div class="scroll" tabindex="0" role="group" aria-label="Output">${sanitized(html)}</div>`;
    return (
      note(`An output of ${formatCount(html.length)} characters is too long to show in full.`) + textOf(data)
    );
  }
  const picture = pictureHtml(data);
  if (picture !== "") return picture;
  const markdown = joined(data["text/markdown"]);
  if (markdown !== "") return `<div class="prose">${markdownHtml(clipped(markdown))}</div>`;
  return textOf(data);
}

function streamHtml({ name, text }: GivenOutput): string {
  const shown = escapeHtml(clipped(terminalText(joined(text)))).trimEnd();
  if (shown === "") return "";
  if (name !== "stderr") return `<pre class="stream">${shown}</pre>`;
  return `<div class="stderr"><p>Messages</p><pre>${shown}</pre></div>`;
}

function errorHtml({ ename, evalue, traceback }: GivenOutput): string {
  const what = escapeHtml(clipped(terminalText(`${ename ?? "Error"}: ${evalue ?? ""}`), 2000));
  const where = escapeHtml(
    clipped(terminalText(joined((traceback ?? []).map((line) => `${line}\n`)))),
  ).trimEnd();
  const trace = where === "" ? "" : `<details><summary>Where</summary><pre>${where}</pre></details>`;
  return `<div class="failure" role="note"><p><strong>This cell failed.</strong> ${what}</p>${trace}</div>`;
}

function pictureHtml(data: Record<string, unknown>): string {
  for (const type of ["image/png", "image/jpeg", "image/gif", "image/webp"]) {
    const base64 = joined(data[type]).replace(/\s/g, "");
    if (base64 === "" || !/^[A-Za-z0-9+/]+=*$/.test(base64)) continue;
    if (base64.length > LARGEST_OUTPUT) return note("A picture is too large to be shown.");
    return `<img class="picture" src="data:${type};base64,${base64}" alt="${escapeHtml(clipped(joined(data["text/plain"]), 500)) || "Picture"}">`;
  }
  const svg = joined(data["image/svg+xml"]);
  // Inside an img element nothing in it can run or load.
  if (svg === "" || svg.length > LARGEST_OUTPUT) return "";
  return `<img class="picture" src="data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}" alt="Picture">`;
}

function textOf(data: Record<string, unknown>): string {
  const json = data["application/json"];
  const text = joined(data["text/plain"]) || (json === undefined ? "" : JSON.stringify(json, null, 2));
  return text === "" ? "" : `<pre class="text">${escapeHtml(clipped(terminalText(text)))}</pre>`;
}

/** Text as a terminal would leave it: without colours and without what a carriage return overwrote. */
function terminalText(text: string): string {
  return withoutAnsi(clipped(text, 2_000_000))
    .replace(/\r\n/g, "\n")
    .split("\n")
    .map((line) => line.slice(line.lastIndexOf("\r", line.length - 2) + 1))
    .join("\n");
}

export function note(text: string): string {
  return `<p class="note">${escapeHtml(text)}</p>`;
}
