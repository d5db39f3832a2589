import { described } from "./described";
import type { Figure } from "./figure";

/** The trace types that the page's plotly build draws. */
export const drawnTraces: readonly string[] = [
  ...["bar", "box", "contour", "heatmap", "histogram", "histogram2d", "histogram2dcontour", "image", "pie"],
  ...["scatter", "scatterternary", "violin"],
];

const isObject = (thing: unknown): thing is Record<string, unknown> =>
  typeof thing === "object" && thing !== null && !Array.isArray(thing);

/**
 * Returns any plotly figure as one of this library's: data and layout as plain JSON, and its own description or one
 * made from its titles and traces. Undefined if it isn't a figure. (A data frame or an Arrow table has `data` too, but
 * no traces in it.)
 */
export function anyFigure(thing: unknown): Figure | undefined {
  if (!isObject(thing) || !Array.isArray(thing.data)) return undefined;
  const { data, layout, description } = thing;
  if (layout !== undefined && layout !== null && !isObject(layout)) return undefined;
  const hasLayout = isObject(layout);
  if (!data.every((trace) => isObject(trace) && (hasLayout || isTrace(trace)))) return undefined;
  if (!hasLayout && data.length === 0) return undefined;
  const figure = titled(plain({ data, layout: layout ?? {} }) as Pick<Figure, "data" | "layout">);
  return {
    ...figure,
    description: typeof description === "string" && description !== "" ? description : described(figure),
  };
}

/** Turns titles given as plain text, which plotly no longer reads, into the objects that it does read. */
function titled({ data, layout }: Pick<Figure, "data" | "layout">): Pick<Figure, "data" | "layout"> {
  const of = (holder: Record<string, unknown>) =>
    typeof holder.title === "string" ? { ...holder, title: { text: holder.title } } : holder;
  const axes = Object.entries(of(layout)).map(([name, one]) => [
    name,
    /^([xyz]axis\d*|legend)$/.test(name) && isObject(one) ? of(one) : one,
  ]);
  return { data, layout: Object.fromEntries(axes) };
}

const isTrace = ({ type, x, y, z }: Record<string, unknown>) =>
  typeof type === "string" || [x, y, z].some((values) => Array.isArray(values) || ArrayBuffer.isView(values));

/** As in JSON: typed arrays become lists of numbers, dates become text. */
function plain(value: unknown): unknown {
  const text = JSON.stringify(value, (_, one: unknown) => {
    if (ArrayBuffer.isView(one) && !(one instanceof DataView))
      return Array.from(one as unknown as ArrayLike<unknown>, json);
    return json(one);
  });
  return JSON.parse(text);
}

const json = (one: unknown) => (typeof one === "bigint" ? Number(one) : one);

/** The kinds of trace in a figure that the page's plotly does not draw. */
export function lackingTraces({ data }: Pick<Figure, "data">): string[] {
  const kinds = data.map(({ type }) => (typeof type === "string" ? type : "scatter"));
  return [...new Set(kinds.filter((kind) => !drawnTraces.includes(kind)))];
}

/** Names the traces that a page cannot draw, and what can draw them. */
export function lackingText(figure: Pick<Figure, "data">): string {
  const lacking = lackingTraces(figure).map((kind) => `"${kind}"`);
  return `This page cannot draw traces of type ${lacking.join(", ")}: the plotly inside it has ${drawnTraces.join(", ")}. JupyterLab and VS Code draw every type when they open the notebook; for a page, draw it with one of these, or show a picture that the full plotly (npm install plotly.js-dist-min) has made of it.`;
}

/**
 * Whether it can be drawn as a still picture: lines and points on two axes with set ranges, as in this library's
 * figures.
 */
export function isPlain({ data, layout }: Figure): boolean {
  const axes = [layout.xaxis, layout.yaxis] as ({ range?: unknown } | undefined)[];
  return (
    axes.every((axis) => Array.isArray(axis?.range) && axis.range.every((end) => typeof end === "number")) &&
    data.every(({ type = "scatter" }) => type === "scatter")
  );
}
