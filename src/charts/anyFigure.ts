import { described } from "./described";
import type { Figure } from "./figure";

/** What the page's plotly draws. */
export const drawnTraces: readonly string[] = [
  ...["bar", "box", "contour", "heatmap", "histogram", "histogram2d", "histogram2dcontour", "image", "pie"],
  ...["scatter", "scatterternary", "violin"],
];

const isObject = (thing: unknown): thing is Record<string, unknown> =>
  typeof thing === "object" && thing !== null && !Array.isArray(thing);

/**
 * Any plotly figure as one of this library: its data and layout as plain JSON, and words of its own or made from its titles
 * and traces. Undefined for what is no figure. (A frame or an Arrow table has data as well, of which none is a trace.)
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

/** Titles written as a text, which plotly no longer reads, as the objects that it does. */
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

/** As JSON has it: typed arrays are lists of numbers, dates are texts. */
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

/** Says by name which traces a page cannot draw, and what can. */
export function lackingText(figure: Pick<Figure, "data">): string {
  const lacking = lackingTraces(figure).map((kind) => `"${kind}"`);
  return `This page cannot draw traces of type ${lacking.join(", ")}: the plotly inside it has ${drawnTraces.join(", ")}. JupyterLab and VS Code draw every type when they open the notebook; for a page, draw it with one of these, or show a picture that the full plotly (npm install plotly.js-dist-min) has made of it.`;
}

/** Whether a still picture can be made of it: lines and points on two axes whose ranges are set, as this library's figures have. */
export function isPlain({ data, layout }: Figure): boolean {
  const axes = [layout.xaxis, layout.yaxis] as ({ range?: unknown } | undefined)[];
  return (
    axes.every((axis) => Array.isArray(axis?.range) && axis.range.every((end) => typeof end === "number")) &&
    data.every(({ type = "scatter" }) => type === "scatter")
  );
}
