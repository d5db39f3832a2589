import type { Axis } from "./axis";
import { CLEAR, INK } from "./palette";

/** What all figures have in common: type, background, margins, a legend that does not cover the data. */
export interface Frame {
  title?: string | undefined;
  x: Axis;
  y: Axis;
  height?: number;
  legend?: boolean;
  /** Layout changes for a narrow screen, where labels beside the plot would leave it no room. */
  narrow?: Record<string, unknown>;
  /** The same for paper, on which a label that was cut cannot be pointed at. */
  print?: Record<string, unknown>;
  more?: Record<string, unknown>;
}

const FONT = {
  family: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif",
  size: 13,
  color: INK,
};

/** The layout of a figure; its texts must already be labels. */
export function frame({
  title,
  x,
  y,
  height = 380,
  legend = false,
  narrow = {},
  print = {},
  more = {},
}: Frame): Record<string, unknown> {
  return {
    ...(title
      ? {
          title: { text: title, x: 0, xref: "container", xanchor: "left", pad: { l: 8 }, font: { size: 15 } },
        }
      : {}),
    font: FONT,
    paper_bgcolor: CLEAR,
    plot_bgcolor: CLEAR,
    height,
    margin: { l: 8, r: 16, t: (title ? 44 : 16) + (legend ? 24 : 0), b: 48, pad: 0 },
    showlegend: legend,
    legend: {
      orientation: "h",
      x: 0,
      xanchor: "left",
      y: 1.02,
      yanchor: "bottom",
      bgcolor: CLEAR,
    },
    hovermode: "closest",
    dragmode: false,
    hoverlabel: { font: { family: FONT.family, size: 13 }, align: "left" },
    xaxis: x,
    yaxis: y,
    meta: { narrow: { "font.size": 12, "yaxis.title.text": "", ...narrow }, print },
    ...more,
  };
}
