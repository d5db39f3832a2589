import { rankedValue } from "../stats/worstCase";
import { type Axis, axis } from "./axis";
import type { Figure } from "./figure";
import { frame } from "./frame";
import { hoverOf, valueAxis } from "./intervals";
import { label } from "./label";
import { metricLabel } from "./metricLabel";
import { type Box, namePlaces } from "./namePlaces";
import { formatEstimate } from "./number";
import { INK, styleOf } from "./palette";
import { endsOf, estimateAt, labelColumns, nameOf, type Rows, rowsOf } from "./rows";
import { shorten } from "./text";

export interface FrontOptions {
  /** The column of costs. Default "cost_per_task". */
  cost?: string;
  /** The column of quality, a share. Default "resolve_rate". */
  quality?: string;
  title?: string;
  /** The rows that may be the best, each ringed: the chosen one, or those that are still candidates. */
  marked?: readonly string[];
  /** True if none of those is chosen yet, even if there is only one. Default false. */
  open?: boolean;
  /** A small figure, with names beside the points instead of a legend. Default false. */
  small?: boolean;
}

/**
 * Cost against quality, a point for each row with both intervals, and the front: the rows that no other row beats in
 * both, each unknown cost taken at its most.
 *
 * @example
 * costQualityFront([{ model: "alder", cost_per_task: { value: 2, low: 1.9, high: 2.1, level: 0.95, method: "wilson", n: 812, clusters: 120, clusterBy: "user_id", unit: "USD/task" }, resolve_rate: { value: 0.8, low: 0.7, high: 0.9, level: 0.95, method: "wilson", n: 812, clusters: 120, clusterBy: "user_id", unit: "1" } }]).description // "cost per task against resolve rate. alder: 2.00 USD/task [1.90, 2.10], 80 % [70, 90]. On the front: alder."
 */
export function costQualityFront(table: Rows, options: FrontOptions = {}): Figure {
  const {
    title,
    cost = "cost_per_task",
    quality = "resolve_rate",
    marked = [],
    small = false,
    open = false,
  } = options;
  const by = labelColumns(table);
  const all = rowsOf(table).map((row) => ({
    name: by.map((column) => nameOf(row[column])).join(" · ") || "all",
    cost: estimateAt(row, cost),
    quality: estimateAt(row, quality),
  }));
  const { x: costs, scale } = valueAxis(
    all.map((one) => one.cost),
    { log: true, title: metricLabel(cost) },
  );
  const x = small ? withRoom(costs, [0.12, 0.12]) : costs;
  const shown = all
    .map((one, series) => ({
      ...one,
      series,
      x: endsOf(one.cost, scale.factor),
      ranked: one.cost === undefined ? Number.NaN : rankedValue(one.cost) * scale.factor,
      y: endsOf(one.quality, 100),
    }))
    .filter((one) => one.x.value > 0 && Number.isFinite(one.x.value) && Number.isFinite(one.y.value));
  const front = shown
    .filter((one) => !shown.some((other) => beats(other, one)))
    .sort((a, b) => a.x.value - b.x.value);
  const shares = axis(
    shown.flatMap((one) => [one.y.value, one.y.low, one.y.high]),
    { percent: true, title: metricLabel(quality) },
  );
  const y = small ? withRoom(shares, [0, 0.08]) : shares;
  const ringed = shown.filter(({ name }) => marked.includes(name));
  const ringName = marked.length === 1 && !open ? "chosen" : "may be the best";
  // The most important names are placed first.
  const inTurn = [...ringed, ...shown.filter((one) => !ringed.includes(one))];
  const places = small
    ? namePlaces(
        inTurn.map((one) => ({
          letters: Math.min(one.name.length, LONGEST),
          ring: ringed.includes(one),
          at: spot(one, x, y),
          bars: barsOf(one, x, y),
        })),
        lineOf(front, x, y),
      )
    : [];
  const nameText = (one: (typeof shown)[number]) => {
    const text = label(one.name, LONGEST);
    return ringed.includes(one) ? `<b>${text}</b>` : text;
  };
  const data: Record<string, unknown>[] = [
    {
      type: "scatter",
      mode: "lines",
      name: "front",
      x: front.map((one) => one.x.value),
      y: front.map((one) => one.y.value),
      line: { color: INK, width: 1.5, dash: "dot" },
      hoverinfo: "skip",
    },
    ...(ringed.length === 0
      ? []
      : [
          {
            type: "scatter",
            mode: "markers",
            name: ringName,
            x: ringed.map((one) => one.x.value),
            y: ringed.map((one) => one.y.value),
            marker: { color: INK, symbol: "circle-open", size: 24, line: { width: 2.5 } },
            hoverinfo: "skip",
          },
        ]),
    ...shown.map((one) => {
      const { color, symbol } = styleOf(one.series);
      const side = (end: number, value: number) => (Number.isFinite(end) ? Math.abs(end - value) : 0);
      const error = { type: "data", symmetric: false, color, thickness: 1.5, width: 3 };
      return {
        type: "scatter",
        mode: "markers",
        name: label(one.name),
        x: [one.x.value],
        y: [one.y.value],
        marker: { color, symbol, size: small ? 9 : 11 },
        error_x: {
          ...error,
          array: [side(one.x.high, one.x.value)],
          arrayminus: [side(one.x.low, one.x.value)],
        },
        error_y: {
          ...error,
          array: [side(one.y.high, one.y.value)],
          arrayminus: [side(one.y.low, one.y.value)],
        },
        hovertext: [`${hoverOf(one.name, one.cost)}<br>${hoverOf(metricLabel(quality), one.quality)}`],
        hoverinfo: "text",
      };
    }),
    // Last, so that no interval is drawn over a name.
    ...(small
      ? [
          {
            type: "scatter",
            mode: "text",
            x: places.map((place) => onAxis(place.x, x)),
            y: places.map((place) => onAxis(place.y, y)),
            text: inTurn.map(nameText),
            textposition: places.map(({ side }) => `middle ${side}`),
            textfont: { color: INK, size: 11 },
            cliponaxis: false,
            hoverinfo: "skip",
          },
        ]
      : []),
  ];
  const parts = all.slice(0, 12).map((one) => {
    const text = (estimate: typeof one.cost) => (estimate ? formatEstimate(estimate) : "not known");
    return `${shorten(one.name, 60)}: ${text(one.cost)}, ${text(one.quality)}`;
  });
  const best = front.slice(0, 12).map((one) => shorten(one.name, 60));
  return {
    data,
    layout: frame({
      title: title && label(title, 120),
      x,
      y,
      height: small ? 300 : 420,
      legend: !small,
    }),
    description: `${shorten(title ?? `${metricLabel(cost)} against ${metricLabel(quality)}`, 120)}. ${parts.join("; ")}${all.length > 12 ? "; and others" : ""}.${best.length > 0 ? ` On the front: ${best.join(", ")}.` : ""}${ringed.length === 0 ? "" : ` With a ring, ${ringName}: ${ringed.map((one) => shorten(one.name, 60)).join(", ")}.`}`,
  };
}

/** An axis with room for names beyond its outermost points, in shares of its length. */
function withRoom(axis: Axis, [before, after]: readonly [number, number]): Axis {
  const [low, high] = axis.range;
  const length = high - low;
  return { ...axis, range: [low - before * length, high + after * length] };
}

interface Point {
  x: { value: number };
  y: { value: number };
}

/** Not dearer and not worse, and better in at least one of the two. A cost counts as the most that it may be. */
function beats(a: Point & { ranked: number }, b: Point & { ranked: number }): boolean {
  return a.ranked <= b.ranked && a.y.value >= b.y.value && (a.ranked < b.ranked || a.y.value > b.y.value);
}

/** The longest name that a small figure has room for, in letters. */
const LONGEST = 18;

/** A point's position along both axes, from 0 to 1. */
function spot({ x: { value }, y: { value: height } }: Point, x: Axis, y: Axis): { x: number; y: number } {
  const share = (at: number, [low, high]: readonly [number, number]) => (at - low) / (high - low);
  return { x: share(x.type === "log" ? Math.log10(value) : value, x.range), y: share(height, y.range) };
}

/** What `spot` took a share of, on the axis. */
const onAxis = (share: number, { type, range: [low, high] }: Axis) => {
  const at = low + share * (high - low);
  return type === "log" ? 10 ** at : at;
};

/** The two intervals of a point as thin boxes; an open end reaches to the edge. */
function barsOf(one: { x: Ends; y: Ends }, x: Axis, y: Axis): Box[] {
  const [from, at, to] = (["low", "value", "high"] as const).map((end) =>
    spot({ x: { value: one.x[end] }, y: { value: one.y[end] } }, x, y),
  );
  const within = (share: number, open: number) => (Number.isFinite(share) ? share : open);
  const thin = 0.005;
  return [
    { left: within(from.x, 0), right: within(to.x, 1), low: at.y - thin, high: at.y + thin },
    { left: at.x - thin, right: at.x + thin, low: within(from.y, 0), high: within(to.y, 1) },
  ];
}

interface Ends {
  low: number;
  value: number;
  high: number;
}

/** The line along the front, as small boxes. */
function lineOf(front: readonly Point[], x: Axis, y: Axis): Box[] {
  const spots = front.map((one) => spot(one, x, y));
  return spots.slice(1).flatMap((to, at) => {
    const from = spots[at]!;
    return Array.from({ length: STEPS }, (_, step) => {
      const share = (step + 0.5) / STEPS;
      const [left, low] = [from.x + share * (to.x - from.x), from.y + share * (to.y - from.y)];
      return { left, right: left, low, high: low };
    });
  });
}
const STEPS = 12;
