import { isPlain } from "../charts/anyFigure";
import type { Figure } from "../charts/figure";
import { oneLine } from "../charts/text";
import { escapeHtml } from "./escape";
import { figureTitle } from "./pageFigure";
import { figureSvg } from "./svg";

/** What stands in for a figure where it cannot be drawn: its title and its description. */
export function figureText(figure: Figure): string {
  return [figureTitle(figure), oneLine(figure.description)].filter(Boolean).join("\n");
}

/**
 * A figure as HTML that needs neither script nor network: a still picture with its title and description; of figures that
 * are not this library's, the words alone.
 *
 * It stands beside the plotly JSON in a notebook, for viewers that cannot draw that.
 */
export function figureHtml(figure: Figure): string {
  const title = figureTitle(figure);
  return `<figure class="fieldnotes-figure" style="margin:0">
${title ? `<p><strong>${escapeHtml(title)}</strong></p>\n` : ""}${isPlain(figure) ? figureSvg(figure) : ""}
<figcaption><details${isPlain(figure) ? "" : " open"}><summary>In words</summary><p>${escapeHtml(oneLine(figure.description))}</p></details></figcaption>
</figure>`;
}
