import { type Estimate, noteOf, toldBy } from "../stats/estimate";
import { type Axis, axis } from "./axis";
import { label } from "./label";
import { wrapped } from "./lines";
import { formatEstimate, formatNumber } from "./number";
import { faint, INK, styleOf } from "./palette";
import { endsOf } from "./rows";
import { convert, type Scale, unitAfter } from "./unit";

/** One estimate in a figure, at height `y`. */
export interface Item {
  name: string;
  estimate: Estimate | undefined;
  /** Which of the figure's colours: the number of its series. */
  series: number;
  y: number;
  /** The text shown instead of a missing estimate. Default "not known". */
  instead?: string;
}

/** The scale of a figure's values and an axis that holds all of their finite ends. */
export function valueAxis(
  estimates: readonly (Estimate | undefined)[],
  options: { unit?: string | undefined; log?: boolean; title?: string; also?: readonly number[] },
): { x: Axis; scale: Scale } {
  const from = options.unit ?? estimates.find((estimate) => estimate?.unit !== undefined)?.unit;
  const raw = estimates.map((estimate) => endsOf(estimate));
  const sizes = raw
    .flatMap(({ value, low }) => [value, low].filter(Number.isFinite).slice(0, 1))
    .map(Math.abs);
  const scale = convert(from, undefined, [sizes.reduce((a, b) => Math.max(a, b), 0)]);
  const values = [...raw.flatMap(({ value, low, high }) => [value, low, high]), ...(options.also ?? [])];
  const title = [options.title ?? "", scale.unit === "%" ? "" : unitAfter(options.title ?? "", scale.unit)]
    .filter(Boolean)
    .map((word) => label(word, 60));
  return {
    scale,
    x: axis(
      values.map((value) => value * scale.factor),
      { log: options.log ?? false, title: title.join(", "), percent: scale.unit === "%" },
    ),
  };
}

/**
 * Draws estimates as points with intervals along x: an unbounded end is an arrow to the edge, an unknown interval
 * leaves an open point, and an unknown value is given in words.
 */
export function intervalTraces(items: readonly Item[], x: Axis, scale: Scale): Record<string, unknown>[] {
  const log = x.type === "log";
  const [left, right] = x.range.map((end) => (log ? 10 ** end : end)) as [number, number];
  const within = (end: number) => Math.min(Math.max(end, left), right);
  const series = [...new Set(items.map((item) => item.series))];
  const traces = series.flatMap((at) => {
    const { color, symbol } = styleOf(at);
    const own = items
      .filter((item) => item.series === at)
      .map((item) => ({ ...item, ...endsOf(item.estimate, scale.factor) }));
    const bars = own.filter(
      ({ value, low, high }) => !Number.isNaN(low) || !Number.isNaN(high) || !Number.isNaN(value),
    );
    const points = own.filter(({ value }) => Number.isFinite(value) && (!log || value > 0));
    const arrows = own.flatMap(({ y, high, low, value }) => [
      ...(high === Infinity ? [{ y, at: right, symbol: "triangle-right" }] : []),
      ...(low === -Infinity || (log && low <= 0 && value > 0)
        ? [{ y, at: left, symbol: "triangle-left" }]
        : []),
    ]);
    const gap = <T>(list: T[]) => list;
    return [
      {
        type: "scatter",
        mode: "lines",
        // Each bar is two points and a gap; an unknown end stops at the value.
        x: gap(
          bars.flatMap(({ value, low, high }) => [
            within(Number.isNaN(low) ? (Number.isFinite(value) ? value : high) : low),
            within(Number.isNaN(high) ? (Number.isFinite(value) ? value : low) : high),
            null,
          ]),
        ),
        y: bars.flatMap(({ y }) => [y, y, null]),
        line: { color: faint(color, 0.55), width: 5 },
        hoverinfo: "skip",
      },
      {
        type: "scatter",
        mode: "markers",
        x: points.map(({ value }) => value),
        y: points.map(({ y }) => y),
        marker: {
          color,
          size: 10,
          symbol: points.map(({ low, high }) =>
            Number.isNaN(low) && Number.isNaN(high) ? `${symbol}-open` : symbol,
          ),
        },
        hovertext: points.map(({ name, estimate }) => hoverOf(name, estimate)),
        hoverinfo: "text",
        cliponaxis: false,
      },
      ...(arrows.length === 0
        ? []
        : [
            {
              type: "scatter",
              mode: "markers",
              x: arrows.map((arrow) => arrow.at),
              y: arrows.map(({ y }) => y),
              marker: { color, size: 11, symbol: arrows.map((arrow) => arrow.symbol) },
              hoverinfo: "skip",
              cliponaxis: false,
            },
          ]),
    ];
  });
  const unknown = items.filter(({ estimate }) => {
    const { value, low, high } = endsOf(estimate);
    return Number.isNaN(value) && Number.isNaN(low) && Number.isNaN(high);
  });
  return [
    ...traces,
    ...(unknown.length === 0
      ? []
      : [
          ...notKnown(
            unknown.map(({ y }) => y),
            x,
            unknown.map(({ instead }) => instead),
          ).map((trace) => ({
            ...trace,
            hovertext: unknown.map(({ name, estimate }) => hoverOf(name, estimate)),
            hoverinfo: "text",
          })),
        ]),
  ].map((trace) => ({ ...trace, showlegend: false }));
}

/** The words shown if a line has no value: on one line, and on several where a narrow screen would cut them. */
export function notKnown(
  heights: readonly number[],
  x: Axis,
  texts: readonly (string | undefined)[] = [],
): Record<string, unknown>[] {
  const left = x.type === "log" ? 10 ** x.range[0] : x.range[0];
  const shown = heights.map((_, at) => texts[at] ?? "not known");
  const narrow = shown.map(narrowReason);
  const isLong = narrow.some((text) => text.includes("<br>"));
  const own = {
    type: "scatter",
    mode: "text",
    x: heights.map(() => left),
    y: [...heights],
    text: shown.map((text) => `  ${label(text, 80)}`),
    textposition: "middle right",
    textfont: { color: INK, size: 12 },
    hoverinfo: "skip",
    showlegend: false,
  };
  return isLong
    ? [
        { ...own, meta: { wide: true } },
        { ...own, text: narrow, textfont: { color: INK, size: 10 }, visible: false, meta: { narrow: true } },
      ]
    : [own];
}

/** A reason on as many lines as a narrow figure needs for it. */
export const narrowReason = (text: string): string => wrapped(text, 24);

export function hoverOf(name: string, estimate: Estimate | undefined): string {
  if (estimate === undefined) return label(name);
  const level = `${formatNumber(estimate.level * 100, { digits: 4 }).replace(/\.?0+$/, "")} %`;
  const lines = [
    label(name),
    `${label(formatEstimate(estimate), 80)}`,
    `${level} interval, ${label(String(estimate.method))}`,
  ];
  // What keeps an end from deciding comes first, since a long text is cut.
  const told = [...toldBy(estimate)].sort((a, b) => Number(a.decides) - Number(b.decides));
  const note = noteOf(told);
  return [...lines, ...(note === undefined ? [] : [label(note, 120)])].join("<br>");
}
