import type { Figure } from "../charts/figure";
import { formatNumber } from "../charts/number";
import { INK } from "../charts/palette";
import { fitted } from "../charts/text";
import { escapeHtml } from "./escape";
import { line, marksOf, pathsOf, plain, type Side, safe, type Trace, words } from "./svgTrace";
import { symbolSvg } from "./symbol";

const WIDTH = 720;
const LETTER = 6.6;

/**
 * Draws a figure of this kit as a still picture, for notebooks without plotly: lines, points, intervals and axes.
 *
 * Text sizes are estimated; the interactive figure is the better one wherever plotly is at hand.
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
  const height = Math.min(Number(layout.height) || 400, 1600);
  const texts = layout.yaxis?.ticktext ?? [];
  const left = Math.min(260, Math.max(56, ...texts.map((text) => plain(text).length * LETTER + 16)));
  const beside = layout.yaxis2?.ticktext ?? [];
  const right =
    beside.length > 0 ? Math.min(220, Math.max(...beside.map((text) => text.length * LETTER + 24))) : 16;
  const top = 16;
  const bottom = height - 64;
  const x = side(layout.xaxis, [left, WIDTH - right]);
  const y = side(layout.yaxis, [bottom, top]);
  const parts = [
    ...x.ticks.map(
      ({ at, text }) => line(at, top, at, bottom, GRID_LINE) + words(at, bottom + 18, text, "middle"),
    ),
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
    words((left + WIDTH - right) / 2, bottom + 42, plain(layout.xaxis?.title?.text ?? ""), "middle"),
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

interface Axis {
  type?: string;
  range?: [number, number];
  tickvals?: number[];
  ticktext?: string[];
  ticksuffix?: string;
  showgrid?: boolean;
  title?: { text?: string };
}

const GRID_LINE = `stroke="#80868e" stroke-opacity="0.25"`;

function side(axis: Axis | undefined, [from, to]: [number, number]): Side {
  const { type, range = [0, 1], tickvals, ticktext, ticksuffix = "" } = axis ?? {};
  const scale = (value: number) => (type === "log" ? Math.log10(value) : value);
  const place = (value: number) => from + ((scale(value) - range[0]) / (range[1] - range[0])) * (to - from);
  const values = tickvals ?? linearTicks(range);
  const ticks = values.map((value, at) => ({
    at: place(value),
    text: plain(ticktext?.[at] ?? `${tickText(value)}${ticksuffix}`),
  }));
  return { place, ticks };
}

function tickText(value: number): string {
  const text = formatNumber(value, { digits: 4 });
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** About six round steps over a range. */
function linearTicks([low, high]: [number, number]): number[] {
  const rough = (high - low) / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const ticks: number[] = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high + step * 1e-9 && ticks.length < 20; tick += step)
    ticks.push(Number(tick.toPrecision(12)));
  return ticks;
}

function legendEntry(trace: Trace): string {
  const { color, symbol } = (trace.marker ?? trace.line ?? {}) as { color?: string; symbol?: string };
  const swatch = `<svg width="12" height="12" aria-hidden="true">${symbolSvg(6, 6, typeof symbol === "string" ? symbol : "square", safe(color), 5)}</svg>`;
  return `<span style="white-space:nowrap">${swatch} ${escapeHtml(plain(String(trace.name)))}</span>`;
}
