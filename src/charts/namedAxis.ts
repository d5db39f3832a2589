import type { Axis } from "./axis";

/** An axis of names at places of their own. */
export const namedAxis = (range: Axis["range"], tickvals: number[], ticktext: string[]): Axis => ({
  type: "linear",
  range,
  tickvals,
  ticktext,
  showgrid: false,
  zeroline: false,
  automargin: true,
  ticks: "",
});

/** The names of lines, one below the other from 0 down. */
export const lineAxis = (names: string[]): Axis => ({
  ...namedAxis(
    [-names.length + 0.4, 0.6],
    names.map((_, at) => 0 - at),
    names,
  ),
  ticklabelstandoff: 6,
});

/** Numbers at the right of a figure's lines: a second axis over the first. */
export const numbersBeside = (y: Axis, ticktext: string[]): Axis => ({
  ...y,
  ticktext,
  overlaying: "y",
  side: "right",
  ticklabelstandoff: 12,
  tickfont: { size: 12 },
});

/** An empty trace keeps the second axis, which holds the numbers. */
export const keepsNumbers: Readonly<Record<string, unknown>> = {
  type: "scatter",
  mode: "markers",
  x: [null],
  y: [null],
  yaxis: "y2",
  hoverinfo: "skip",
  showlegend: false,
};
