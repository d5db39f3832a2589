import { type Axis, axis } from "./axis";
import type { Figure } from "./figure";
import { frame } from "./frame";
import { hoverOf, valueAxis } from "./intervals";
import { label } from "./label";
import { metricLabel } from "./metricLabel";
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
  /** A small figure, with names beside the points instead of a legend. Default false. */
  small?: boolean;
}

/**
 * Cost against quality, a point for each row with both intervals, and the front: the rows that no other row beats in
 * both.
 *
 * @example
 * costQualityFront([{ model: "alder", cost_per_task: { value: 2, low: 1.9, high: 2.1, level: 0.95, method: "wilson", n: 812, clusters: 120, clusterBy: "user_id", unit: "USD/task" }, resolve_rate: { value: 0.8, low: 0.7, high: 0.9, level: 0.95, method: "wilson", n: 812, clusters: 120, clusterBy: "user_id", unit: "1" } }]).description // "cost per task against resolve rate. alder: 2.00 USD/task [1.90, 2.10], 80 % [70, 90]. On the front: alder."
 */
export function costQualityFront(table: Rows, options: FrontOptions = {}): Figure {
  const { title, cost = "cost_per_task", quality = "resolve_rate", marked = [], small = false } = options;
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
  const x = small ? withRoom(costs) : costs;
  const shown = all
    .map((one, series) => ({
      ...one,
      series,
      x: endsOf(one.cost, scale.factor),
      y: endsOf(one.quality, 100),
    }))
    .filter((one) => one.x.value > 0 && Number.isFinite(one.x.value) && Number.isFinite(one.y.value));
  const front = shown
    .filter((one) => !shown.some((other) => beats(other, one)))
    .sort((a, b) => a.x.value - b.x.value);
  const y = axis(
    shown.flatMap((one) => [one.y.value, one.y.low, one.y.high]),
    { percent: true, title: metricLabel(quality) },
  );
  const ringed = shown.filter(({ name }) => marked.includes(name));
  const ringName = marked.length === 1 ? "chosen" : "may be the best";
  // The most important names are placed first.
  const inTurn = [...ringed, ...shown.filter((one) => !ringed.includes(one))];
  const places = small
    ? namePlaces(
        inTurn.map((one) => ({ ...one, ring: ringed.includes(one), at: spot(one, x, y) })),
        inTurn.flatMap((one) => barsOf(one, x, y)),
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
            x: inTurn.map((one) => one.x.value),
            y: inTurn.map((one) => one.y.value),
            text: inTurn.map(nameText),
            textposition: places,
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

/** An axis with room for names beside its outermost points. */
function withRoom(axis: Axis): Axis {
  const [low, high] = axis.range;
  const more = 0.12 * (high - low);
  return { ...axis, range: [low - more, high + more] };
}

interface Point {
  x: { value: number };
  y: { value: number };
}

/** Not dearer and not worse, and better in at least one of the two. */
function beats(a: Point, b: Point): boolean {
  return a.x.value <= b.x.value && a.y.value >= b.y.value && (a.x.value < b.x.value || a.y.value > b.y.value);
}

/** Letters of a name in a small figure, and the share of the figure's width and height that one letter takes. */
const LONGEST = 18;
const [LETTER, LINE] = [0.03, 0.07];
/** The distance of a name from its point, and from a ring around it. */
const [BESIDE, BESIDE_RING] = [0.035, 0.085];

/** A point's position along both axes, from 0 to 1. */
function spot({ x: { value }, y: { value: height } }: Point, x: Axis, y: Axis): { x: number; y: number } {
  const share = (at: number, [low, high]: readonly [number, number]) => (at - low) / (high - low);
  return { x: share(x.type === "log" ? Math.log10(value) : value, x.range), y: share(height, y.range) };
}

interface Box {
  left: number;
  right: number;
  low: number;
  high: number;
}

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

/** Rounds in which names look for a better place once all have one. */
const ROUNDS = 3;

/** Places each name beside its point so that, if possible, it hides no other name, point or interval. */
function namePlaces(
  points: readonly { name: string; ring: boolean; at: { x: number; y: number } }[],
  bars: readonly Box[],
): string[] {
  const dots = points.map(({ at, ring }): Box => {
    const half = ring ? BESIDE_RING - 0.02 : BESIDE - 0.01;
    return { left: at.x - half, right: at.x + half, low: at.y - half, high: at.y + half };
  });
  const candidates = points.map(({ name, ring, at }) => {
    // A name with a ring is bold, and so wider.
    const width = (ring ? 1.15 : 1) * LETTER * Math.min(name.length, LONGEST);
    const off = ring ? BESIDE_RING : BESIDE;
    const [right, left, middle] = [at.x + off, at.x - off - width, at.x - width / 2];
    const [above, below] = [at.y + off, at.y - off - LINE];
    return [
      { place: "top center", left: middle, low: above },
      { place: "bottom center", left: middle, low: below },
      { place: "top right", left: right, low: above },
      { place: "bottom right", left: right, low: below },
      { place: "top left", left, low: above },
      { place: "bottom left", left, low: below },
      { place: "middle right", left: right, low: at.y - LINE / 2 },
    ].map((one) => ({ ...one, right: one.left + width, high: one.low + LINE }));
  });
  const alone = candidates.map((boxes) =>
    boxes.map((box) => 4 * outside(box) + hidden(box, dots) + 0.4 * hidden(box, bars)),
  );
  // A name over another is read by nobody; one over a point is still there by pointing.
  const together = (at: number, place: number, without = -1) =>
    3 *
    hidden(
      candidates[at]![place]!,
      chosen.flatMap((one, other) => (other === at || other === without ? [] : [candidates[other]![one]!])),
    );
  const chosen = points.map((_, at) => smallest(alone[at]!));
  // Two names are moved at a time: one alone often has no better place until the other leaves its own.
  for (let round = 0; round < ROUNDS; round++)
    for (let one = 0; one < points.length; one++)
      for (let two = one; two < points.length; two++) {
        const costs = candidates[one]!.flatMap((box, a) =>
          candidates[two]!.map((other, b) =>
            one === two
              ? a === b
                ? alone[one]![a]! + together(one, a)
                : Number.POSITIVE_INFINITY
              : alone[one]![a]! +
                alone[two]![b]! +
                together(one, a, two) +
                together(two, b, one) +
                3 * hidden(box, [other]),
          ),
        );
        const best = smallest(costs);
        const places = candidates[two]!.length;
        chosen[one] = Math.floor(best / places);
        chosen[two] = best % places;
      }
  return chosen.map((place, at) => candidates[at]![place]!.place);
}

const smallest = (values: readonly number[]) => values.indexOf(Math.min(...values));

const outside = ({ left, right, low, high }: Box) =>
  Number(left < -0.01) + Number(right > 1.1) + Number(low < 0) + Number(high > 1.15);

const hidden = (box: Box, others: readonly (Box | undefined)[]) =>
  others.filter(
    (one) => one && one.left < box.right && box.left < one.right && one.low < box.high && box.low < one.high,
  ).length;
