import type { Figure } from "../charts/figure";
import { INK } from "../charts/palette";
import { fitted } from "../charts/text";
import { escapeHtml } from "./escape";
import { type Axis, labelsBelow, side } from "./svgAxis";
import { LETTER, line, marksOf, pathsOf, plain, safe, type Trace, words } from "./svgTrace";
import { symbolSvg } from "./symbol";

const WIDTH = 720;
const GRID_LINE = `stroke="#80868e" stroke-opacity="0.25"`;

/**
 * Draws a figure of this library as a still picture, for notebooks without plotly: lines, points, intervals and axes.
 *
 * Text sizes are estimated; wherever plotly is available the interactive figure is better.
 */
export function figureSvg(figure: Figure): string {
  const layout = figure.layout as {
    height?: number;
    xaxis?: Axis;
    yaxis?: Axis;
    yaxis2?: Axis;
    shapes?: { x0: number }[];
  };
  const traces = (figure.data as Trace[]).filter(({ visible }) => visible !== false);
  const named = traces.filter(({ name, showlegend }) => typeof name === "string" && showlegend !== false);
  const wanted = Math.min(Number(layout.height) || 400, 1600);
  const texts = layout.yaxis?.ticktext ?? [];
  const left = Math.ceil(
    Math.min(260, Math.max(56, ...texts.map((text) => plain(text).length * LETTER + 16))),
  );
  const beside = layout.yaxis2?.ticktext ?? [];
  const right =
    beside.length > 0
      ? Math.ceil(Math.min(220, Math.max(...beside.map((text) => text.length * LETTER + 24))))
      : 16;
  const top = 16;
  const bottom = wanted - 64;
  const x = side(layout.xaxis, [left, WIDTH - right]);
  const y = side(layout.yaxis, [bottom, top]);
  const below = labelsBelow(layout.xaxis, x.ticks, bottom);
  // Tilted labels need more room than the horizontal ones that the height allows for.
  const height = Math.ceil(bottom + Math.max(64, below.height + 46));
  const parts = [
    ...x.ticks.map(({ at }) => line(at, top, at, bottom, GRID_LINE)),
    below.svg,
    ...y.ticks.map(
      ({ at, text }) =>
        (layout.yaxis?.showgrid === false ? "" : line(left, at, WIDTH - right, at, GRID_LINE)) +
        words(left - 8, at + 4, text, "end"),
    ),
    ...(layout.yaxis2
      ? side(layout.yaxis2, [bottom, top]).ticks.map(({ at, text }) =>
          words(WIDTH - right + 12, at + 4, text, "start"),
        )
      : []),
    words(
      (left + WIDTH - right) / 2,
      bottom + below.height + 24,
      plain(layout.xaxis?.title?.text ?? ""),
      "middle",
    ),
    ...(layout.shapes ?? []).map(({ x0 }) =>
      line(x.place(x0), top, x.place(x0), bottom, `stroke="${INK}" stroke-dasharray="2 3"`),
    ),
    // Nested, so that curves end at the plot; points at its edge stay whole.
    `<svg x="${left}" y="${top - 4}" width="${WIDTH - right - left}" height="${bottom - top + 8}" viewBox="${left} ${top - 4} ${WIDTH - right - left} ${bottom - top + 8}">`,
    ...traces.map((trace) => pathsOf(trace, x, y)),
    "</svg>",
    ...traces.flatMap((trace) => marksOf(trace, x, y)),
  ];
  const legend =
    named.length < 2 ? "" : `<p class="fieldnotes-legend">${named.map(legendEntry).join(" &#160; ")}</p>`;
  return `${legend}<svg viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" style="max-width:100%;height:auto" font-family="system-ui, sans-serif" font-size="12" fill="${INK}" role="img" aria-label="${escapeHtml(fitted(figure.description, 600))}">${parts.join("")}</svg>`;
}

function legendEntry(trace: Trace): string {
  const { color, symbol } = (trace.marker ?? trace.line ?? {}) as { color?: string; symbol?: string };
  const swatch = `<svg width="12" height="12" aria-hidden="true">${symbolSvg(6, 6, typeof symbol === "string" ? symbol : "square", safe(color), 5)}</svg>`;
  return `<span style="white-space:nowrap">${swatch} ${escapeHtml(plain(String(trace.name)))}</span>`;
}
