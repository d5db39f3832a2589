import type { Estimate } from "../stats/estimate";
import { rankedValue } from "../stats/worstCase";
import { axis } from "./axis";
import type { Figure } from "./figure";
import { frame } from "./frame";
import { apartFrom, beats, type Ends, MOST_NAMED, namesBeside, type Shown, withRoom } from "./frontNames";
import { hoverOf, valueAxis } from "./intervals";
import { label } from "./label";
import { metricLabel } from "./metricLabel";
import { formatEstimate } from "./number";
import { faint, INK, styleOf } from "./palette";
import { endsOf, estimateAt, labelColumns, nameOf, type Rows, rowsOf } from "./rows";
import { shorten, told } from "./text";

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
 * both, each unknown cost taken at its most. A row that costs nothing stands at the left edge, and its name says so.
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
  const edge = x.type === "log" ? 10 ** x.range[0] : Number.NaN;
  const shown: Shown[] = all
    .map((one, series) => ({
      ...one,
      row: one.name,
      name: one.cost?.value === 0 ? `${one.name} (0 USD)` : one.name,
      series,
      x: onLogAxis(endsOf(one.cost, scale.factor), edge),
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
  const ringed = shown.filter(({ row }) => marked.includes(row));
  const ringName = marked.length === 1 && !open ? "chosen" : "may be the best";
  // Among many, only those that matter have a name and intervals.
  const main =
    shown.length <= MOST_NAMED ? shown : shown.filter((one) => [...ringed, ...front].includes(one));
  const inTurn = [...ringed, ...main.filter((one) => !ringed.includes(one))].slice(0, MOST_NAMED);
  const crowd = small ? shown.filter((one) => !inTurn.includes(one)) : [];
  const data: Record<string, unknown>[] = [
    frontLine(front),
    ...(ringed.length === 0 ? [] : [rings(ringed, ringName)]),
    ...(crowd.length === 0 ? [] : [others(crowd, quality)]),
    ...shown.filter((one) => !crowd.includes(one)).map((point) => pointWithBars(point, { quality, small })),
    // Last, so that no interval is drawn over a name.
    ...(small ? [namesBeside(inTurn, { ringed, front, apart: apartFrom(shown) }, x, y)] : []),
  ];
  return {
    data,
    layout: frame({
      title: title && label(title, 120),
      x,
      y,
      height: small ? 300 : 420,
      legend: !small,
    }),
    description: `${shorten(title ?? `${metricLabel(cost)} against ${metricLabel(quality)}`, 120)}. ${pointsInWords(all, front, ringed, ringName)}`,
  };
}

/** The numbers of the rows, which of them are on the front, and which have a ring. */
function pointsInWords(
  rows: readonly Pick<Shown, "name" | "cost" | "quality">[],
  front: readonly Shown[],
  ringed: readonly Shown[],
  ringName: string,
): string {
  const text = (estimate: Estimate | undefined) => (estimate ? formatEstimate(estimate) : "not known");
  const numbers = told(
    rows,
    ({ name, cost, quality }) => `${shorten(name, 60)}: ${text(cost)}, ${text(quality)}`,
    { most: MOST_TOLD },
  );
  const namesOf = (points: readonly Shown[]) => points.map(({ name }) => shorten(name, 60)).join(", ");
  const parts = [
    numbers,
    front.length > 0 && `On the front: ${namesOf(front.slice(0, MOST_TOLD))}.`,
    ringed.length > 0 && `With a ring, ${ringName}: ${namesOf(ringed)}.`,
  ];
  return parts.filter(Boolean).join(" ");
}

/** The rows that the description tells at the most. */
const MOST_TOLD = 12;

/** A cost of 0 has no place on a logarithmic axis: it is drawn at its left edge. */
const onLogAxis = (ends: Ends, edge: number): Ends =>
  ends.value === 0 ? { low: edge, value: edge, high: Math.max(edge, ends.high) } : ends;

const placed = (points: readonly Shown[]) => ({
  x: points.map(({ x }) => x.value),
  y: points.map(({ y }) => y.value),
});

const frontLine = (front: readonly Shown[]) => ({
  type: "scatter",
  mode: "lines",
  name: "front",
  ...placed(front),
  line: { color: INK, width: 1.5, dash: "dot" },
  hoverinfo: "skip",
});

const rings = (ringed: readonly Shown[], name: string) => ({
  type: "scatter",
  mode: "markers",
  name,
  ...placed(ringed),
  marker: { color: INK, symbol: "circle-open", size: 24, line: { width: 2.5 } },
  hoverinfo: "skip",
});

/** The points of a crowd, in one colour: each says its name where it is pointed at. */
const others = (crowd: readonly Shown[], quality: string) => ({
  type: "scatter",
  mode: "markers",
  name: `${crowd.length} others`,
  ...placed(crowd),
  marker: { color: faint(INK, 0.5), symbol: "circle", size: 7 },
  hovertext: crowd.map((point) => hoverText(point, quality)),
  hoverinfo: "text",
});

const hoverText = (point: Shown, quality: string) =>
  `${hoverOf(point.name, point.cost)}<br>${hoverOf(metricLabel(quality), point.quality)}`;

function pointWithBars(point: Shown, { quality, small }: { quality: string; small: boolean }) {
  const { color, symbol } = styleOf(point.series);
  const barOf = ({ low, value, high }: Ends) => {
    const length = (end: number) => (Number.isFinite(end) ? Math.abs(end - value) : 0);
    const style = { type: "data", symmetric: false, color, thickness: 1.5, width: 3 };
    return { ...style, array: [length(high)], arrayminus: [length(low)] };
  };
  return {
    type: "scatter",
    mode: "markers",
    name: label(point.name),
    ...placed([point]),
    marker: { color, symbol, size: small ? 9 : 11 },
    error_x: barOf(point.x),
    error_y: barOf(point.y),
    hovertext: [hoverText(point, quality)],
    hoverinfo: "text",
  };
}
