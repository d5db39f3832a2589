/** A plotly figure as plain JSON: at most 2,000 points per trace, and nothing left to compute. */
export interface Figure {
  data: Record<string, unknown>[];
  layout: Record<string, unknown>;
  /** What the figure shows, in a sentence, for readers who cannot see it. */
  description: string;
}

const isPlaced = (value: unknown): boolean =>
  typeof value === "number" ? Number.isFinite(value) : value !== null && value !== undefined;

/** The fields of traces, of any type, that hold what is drawn. */
const drawn =
  /^(x|y|z|a|b|c|r|theta|values|labels|parents|lat|lon|locations|open|high|low|close|source|dimensions|link|q1|median|q3|mean|lowerfence|upperfence|value|u|v|w)$/;

const hasValue = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.some(hasValue)
    : typeof value === "object" && value !== null
      ? Object.values(value).some(hasValue)
      : isPlaced(value);

/**
 * True if a figure has nothing to show: no point of any trace has a known position. Lines and points need both
 * coordinates if both are given; other traces need any value.
 */
export function isBlank({ data }: Pick<Figure, "data">): boolean {
  return !data.some((trace) => {
    const { type = "scatter", x, y, z } = trace;
    if (type === "scatter" && z === undefined && Array.isArray(x) && Array.isArray(y))
      return x.some((value, i) => isPlaced(value) && isPlaced(y[i]));
    return Object.entries(trace).some(([name, value]) => drawn.test(name) && hasValue(value));
  });
}
