import { isPlain } from "../charts/anyFigure";
import type { Figure } from "../charts/figure";
import { oneLine } from "../charts/text";
import { escapeHtml } from "./escape";
import { figureTitle } from "./pageFigure";
import { figureSvg } from "./svg";

/** The replacement for a figure that cannot be drawn: its title and description. */
export function figureText(figure: Figure): string {
  return [figureTitle(figure), oneLine(figure.description)].filter(Boolean).join("\n");
}

/**
 * Returns a figure as HTML that needs neither script nor network: a still picture with its title and description, or
 * the words alone if the figure is not this library's.
 *
 * A notebook stores it beside the plotly JSON, for viewers that cannot draw that.
 */
export function figureHtml(figure: Figure): string {
  const title = figureTitle(figure);
  return `<figure class="fieldnotes-figure" style="margin:0">
${title ? `<p><strong>${escapeHtml(title)}</strong></p>\n` : ""}${isPlain(figure) ? figureSvg(figure) : ""}
<figcaption><details${isPlain(figure) ? "" : " open"}><summary>In words</summary><p>${escapeHtml(oneLine(figure.description))}</p></details></figcaption>
</figure>`;
}
