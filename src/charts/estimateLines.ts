import type { Estimate } from "../stats/estimate";
import { hoverOf } from "./intervals";
import { label } from "./label";
import { styleOf } from "./palette";
import { endsOf } from "./rows";

/** Estimates joined by a line: one series of a figure. */
export interface EstimateLine {
  name: string;
  /** Which of the figure's colours. */
  series: number;
  points: readonly { x: number; at: string; estimate: Estimate }[];
  /** Dotted, for a line beside the main one. */
  dotted?: boolean;
}

/** One trace per line: markers with their intervals, joined; unknown values leave a gap. */
export function estimateLines(lines: readonly EstimateLine[], factor: number): Record<string, unknown>[] {
  return lines.map(({ name, series, points, dotted = false }) => {
    const { color, symbol, dash } = styleOf(series);
    const shown = points.map((point) => ({ ...point, ends: endsOf(point.estimate, factor) }));
    const side = (end: number, value: number) => (Number.isFinite(end) ? Math.abs(end - value) : 0);
    return {
      type: "scatter",
      mode: "lines+markers",
      name: label(name),
      x: shown.map(({ x }) => x),
      y: shown.map(({ ends }) => (Number.isFinite(ends.value) ? ends.value : null)),
      line: { color, width: dotted ? 1.5 : 2, dash: dotted ? "dot" : dash },
      marker: { color, symbol: dotted ? `${symbol}-open` : symbol, size: dotted ? 6 : 9 },
      error_y: {
        type: "data",
        symmetric: false,
        color,
        thickness: dotted ? 0 : 1.2,
        width: 3,
        visible: !dotted,
        array: shown.map(({ ends }) => side(ends.high, ends.value)),
        arrayminus: shown.map(({ ends }) => side(ends.low, ends.value)),
      },
      hovertext: shown.map(({ at, estimate }) => `${label(name)}<br>${hoverOf(at, estimate)}`),
      hoverinfo: "text",
      connectgaps: false,
      showlegend: !dotted,
    };
  });
}
