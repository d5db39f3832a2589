import type { Estimate } from "../stats/estimate";
import { axis } from "./axis";
import type { Figure } from "./figure";
import { frame } from "./frame";
import { label } from "./label";
import { formatCount, formatEstimate } from "./number";
import { styleOf } from "./palette";
import { endsOf } from "./rows";
import { shorten } from "./text";
import { thin } from "./thin";
import { convert, type Scale } from "./unit";

/** A distribution as a curve: the share `y[i]` (0 to 1) of the values is at most `x[i]`; both ascend. */
export interface Curve {
  name: string;
  points: { x: readonly number[]; y: readonly number[] };
  /** Observations behind the curve. */
  n: number;
  /** Quantiles to mark, with their intervals. */
  marks?: readonly { p: number; estimate: Estimate }[];
}

export interface EcdfOptions {
  /** Use a logarithmic axis of values, which cannot show values of 0 and below. Default false. */
  log?: boolean;
  title?: string;
  /** The unit of the values: "s" is shown in ms if all marked or drawn values are below 1. */
  unit?: string;
  /** What the values are, as the axis title: "duration". */
  quantity?: string;
}

/**
 * The empirical distribution function: for every value, the share of observations up to it.
 *
 * Each curve is one trace of at most 2,000 points; marked quantiles are drawn on it with their intervals.
 *
 * @example
 * ecdf([{ name: "alder", points: { x: [1, 2, 4], y: [1 / 3, 2 / 3, 1] }, n: 3 }], { unit: "s" }).description // "Cumulative distribution for alder (n 3)."
 */
export function ecdf(curves: readonly Curve[], options: EcdfOptions = {}): Figure {
  const { log = false, title, quantity = "" } = options;
  const scale = scaleOf(curves, options.unit);
  const drawn = curves.map((curve) => shapeOf(curve, scale, (y) => y * 100, log));
  const marks = curves.map((curve) => marksOf(curve, scale, (p) => p * 100, log));
  const words = [quantity, scale.unit].filter(Boolean).map((word) => label(word));
  return {
    data: traces(curves, drawn, marks, scale, "%{y:.1f} % within %{x:.4~g}"),
    layout: frame({
      title: title && label(title, 120),
      x: axis(
        [...drawn.flatMap(({ x }) => ends(x)), ...marks.flatMap(({ low, high }) => [...low, ...high])],
        { log, title: words.join(", ") },
      ),
      y: {
        ...axis([0, 100], { percent: true }),
        range: [0, 101],
        title: { text: "share within", standoff: 8, font: { size: 13 } },
      },
      height: 400,
      legend: curves.length > 1,
    }),
    description: describe("Cumulative distribution", curves, quantity),
  };
}

/** One curve and its marks, as coordinates to draw. */
export interface Shape {
  x: number[];
  y: number[];
}
export interface Marks extends Shape {
  low: number[];
  high: number[];
  text: string[];
}

export function scaleOf(curves: readonly Curve[], unit: string | undefined): Scale {
  const marked = curves.flatMap(({ marks = [] }) => marks.map(({ estimate }) => endsOf(estimate).value));
  const medians = curves.map(({ points: { x } }) => x[Math.floor(x.length / 2)] ?? Number.NaN);
  const sizes = [...marked, ...medians].filter(Number.isFinite).map(Math.abs);
  return convert(unit, undefined, [sizes.reduce((a, b) => Math.max(a, b), 0)]);
}

export function shapeOf(curve: Curve, scale: Scale, toY: (p: number) => number, log: boolean): Shape {
  const { x, y } = curve.points;
  const usable: number[] = [];
  for (let at = 0; at < x.length; at++) {
    if (Number.isFinite(x[at]) && (!log || x[at]! > 0) && Number.isFinite(toY(y[at]!))) usable.push(at);
  }
  const kept = thin(usable.length).map((at) => usable[at]!);
  return { x: kept.map((at) => x[at]! * scale.factor), y: kept.map((at) => toY(y[at]!)) };
}

/** An interval with an unbounded or unknown end is drawn only to the value; the hover text says so. */
export function marksOf(curve: Curve, scale: Scale, toY: (p: number) => number, log: boolean): Marks {
  const shown = (curve.marks ?? [])
    .map(({ p, estimate }) => ({ p, estimate, ...endsOf(estimate, scale.factor) }))
    .filter(({ value, p }) => Number.isFinite(value) && Number.isFinite(toY(p)) && (!log || value > 0));
  const end = (x: number, value: number) => (Number.isFinite(x) && (!log || x > 0) ? x : value);
  return {
    x: shown.map(({ value }) => value),
    y: shown.map(({ p }) => toY(p)),
    low: shown.map(({ low, value }) => end(low, value)),
    high: shown.map(({ high, value }) => end(high, value)),
    text: shown.map(
      ({ p, estimate }) =>
        `${label(curve.name)}<br>${quantileName(p)} ${label(formatEstimate(estimate), 80)}`,
    ),
  };
}

/** One trace for each curve, and one for its marks with intervals, which the legend hides and shows along with it. */
export function traces(
  curves: readonly Curve[],
  drawn: Shape[],
  marks: Marks[],
  scale: Scale,
  hover: string,
): Figure["data"] {
  return curves.flatMap((curve, at) => {
    const { color, symbol, dash } = styleOf(at);
    const name = label(curve.name);
    const group = `curve ${at}`;
    const line = {
      type: "scatter",
      mode: "lines",
      name,
      legendgroup: group,
      ...drawn[at]!,
      line: { color, dash, width: 2, shape: "hv" },
      hovertemplate: `${hover} ${label(scale.unit)}`,
    };
    const { x, y, low, high, text } = marks[at]!;
    if (x.length === 0) return [line];
    return [
      line,
      {
        type: "scatter",
        mode: "markers",
        name,
        legendgroup: group,
        showlegend: false,
        x,
        y,
        marker: { color, symbol, size: 7 },
        error_x: {
          type: "data",
          symmetric: false,
          array: high.map((end, i) => end - x[i]!),
          arrayminus: low.map((end, i) => x[i]! - end),
          color,
          thickness: 1.5,
          width: 3,
        },
        hovertext: text,
        hoverinfo: "text",
      },
    ];
  });
}

/** "p99.9" for 0.999. */
export function quantileName(p: number): string {
  return `p${Number((p * 100).toPrecision(12))}`;
}

export function describe(what: string, curves: readonly Curve[], quantity: string): string {
  const parts = curves.slice(0, 12).map(({ name, n, marks = [] }) => {
    const quantiles = marks.map(({ p, estimate }) => `${quantileName(p)} ${formatEstimate(estimate)}`);
    return `${shorten(name, 60)} (n ${formatCount(n)}${quantiles.length > 0 ? `; ${quantiles.join(", ")}` : ""})`;
  });
  return `${what}${quantity ? ` of ${shorten(quantity, 60)}` : ""} for ${parts.join("; ")}${curves.length > 12 ? " and others" : ""}.`;
}

function ends(x: number[]): number[] {
  return x.length === 0 ? [] : [x[0]!, x[x.length - 1]!];
}
