import type { Figure } from "../charts/figure";
import { unlabel } from "../charts/label";
import { oneLine } from "../charts/text";
import { jsonInScript } from "../store/jsonInScript";
import { withoutAddresses } from "./addresses";
import { escapeHtml } from "./escape";
import { sentence } from "./sentence";
import { slugOf } from "./slug";

export function figureTitle({ layout }: Pick<Figure, "layout">): string {
  const { title } = layout as { title?: unknown };
  const text = typeof title === "object" && title !== null ? (title as { text?: unknown }).text : title;
  return typeof text === "string" ? oneLine(unlabel(text)) : "";
}

/**
 * Places a figure in a page: its title as text that wraps, the plot, and its description for readers who cannot see it.
 * The data are beside it as JSON that nothing inside can end early.
 */
export function pageFigureHtml(figure: Figure, id: string): string {
  const title = figureTitle(figure);
  const {
    title: _,
    margin,
    ...layout
  } = figure.layout as { title?: unknown; margin?: { t?: number } & Record<string, unknown> };
  const drawn = withoutAddresses({
    data: figure.data,
    layout: { ...layout, margin: { ...margin, t: (margin?.t ?? 60) - (title ? 28 : 0) } },
  });
  const height =
    typeof layout === "object" && "height" in layout && Number.isFinite(layout.height)
      ? Math.min(Number(layout.height), 2000)
      : 420;
  const name = escapeHtml(slugOf(title, id));
  const saveButton = (format: string) =>
    `<button type="button" data-save="${format}" data-figure="${id}" data-name="${name}">${format.toUpperCase()}</button>`;
  return `<figure class="plotted" aria-labelledby="${id}-title" aria-describedby="${id}-words">
<p class="figure-title" id="${id}-title">${sentence(title || "Figure", 300)}</p>
<div class="plot" id="${id}" data-height="${height}" role="group" aria-labelledby="${id}-title" aria-describedby="${id}-words"></div>
<script type="application/json" id="${id}-data">${jsonInScript(drawn)}</script>
<figcaption><details><summary>In words</summary><p id="${id}-words">${sentence(figure.description, 4000)}</p></details><span class="out">${saveButton("png")}${saveButton("svg")}</span></figcaption>
</figure>`;
}
