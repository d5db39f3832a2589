/** A plotly figure as plain JSON: at most 2,000 points a trace, and no computing, only drawing. */
export interface Figure {
  data: Record<string, unknown>[];
  layout: Record<string, unknown>;
  /** What the figure shows, in a sentence, for readers who cannot see it. */
  description: string;
}

const isPlaced = (value: unknown): boolean =>
  typeof value === "number" ? Number.isFinite(value) : value !== null && value !== undefined;

/** True where a figure has nothing to show: no point of any trace has a place that is known. */
export function isBlank({ data }: Figure): boolean {
  return !data.some(({ x, y, z }) => {
    if (Array.isArray(z)) return z.flat().some(isPlaced);
    return Array.isArray(x) && Array.isArray(y) && x.some((value, i) => isPlaced(value) && isPlaced(y[i]));
  });
}
