import type { Figure } from "../charts/figure";
import { oneLine } from "../charts/text";
import { escapeHtml } from "./escape";

/** What stands in for a figure where it cannot be drawn: its title and its description. */
export function figureText(figure: Figure): string {
  return [titleOf(figure), oneLine(figure.description)].filter(Boolean).join("\n");
}

/** A figure as HTML for notebooks without plotly. */
export function figureHtml(figure: Figure): string {
  return `<figure class="fieldnotes-figure"><figcaption>${escapeHtml(oneLine(figure.description))}</figcaption></figure>`;
}

function titleOf(figure: Figure): string {
  const { title } = figure.layout as { title?: string | { text?: string } };
  return oneLine(String((typeof title === "object" ? title.text : title) ?? ""));
}
