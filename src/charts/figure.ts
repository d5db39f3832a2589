/** A plotly figure as plain JSON: at most 2,000 points a trace, and no computing, only drawing. */
export interface Figure {
  data: Record<string, unknown>[];
  layout: Record<string, unknown>;
  /** What the figure shows, in a sentence, for readers who cannot see it. */
  description: string;
}
