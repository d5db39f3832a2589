import type { Estimate } from "../stats/estimate";
import type { Axis } from "./axis";
import { label } from "./label";
import { type Box, namePlaces } from "./namePlaces";
import { INK } from "./palette";
import { fittedApart } from "./text";

/** A row with both its numbers, as it is drawn. */
export interface Shown {
  /** The row, and its name as it is drawn. */
  row: string;
  name: string;
  cost: Estimate | undefined;
  quality: Estimate | undefined;
  /** Its place in the table, which its colour and symbol follow. */
  series: number;
  x: Ends;
  /** The cost that it is ranked by: the most that it may be. */
  ranked: number;
  y: Ends;
}

/** What names beside points keep clear of, and how they are shortened. */
interface Beside {
  ringed: readonly Shown[];
  front: readonly Shown[];
  apart(names: readonly string[]): string[];
}

/** Shortens names so that they differ from those of all points, also of those that have none beside them. */
export function apartFrom(shown: readonly Shown[]): Beside["apart"] {
  const all = shown.map(({ name }) => name);
  const short = fittedApart(all, LONGEST);
  return (names) => names.map((name) => short[all.indexOf(name)] ?? name);
}

/** The names of the points, the most important placed first; a ringed one is bold. */
export function namesBeside(inTurn: readonly Shown[], { ringed, front, apart }: Beside, x: Axis, y: Axis) {
  const names = apart(inTurn.map(({ name }) => name));
  const places = namePlaces(
    inTurn.map((point) => ({
      letters: Math.min(point.name.length, LONGEST),
      ring: ringed.includes(point),
      at: spot(point, x, y),
      bars: barsOf(point, x, y),
    })),
    lineOf(front, x, y),
  );
  return {
    type: "scatter",
    mode: "text",
    x: places.map((place) => onAxis(place.x, x)),
    y: places.map((place) => onAxis(place.y, y)),
    text: inTurn.map((point, at) => {
      const text = label(names[at], LONGEST);
      return ringed.includes(point) ? `<b>${text}</b>` : text;
    }),
    textposition: places.map(({ side }) => `middle ${side}`),
    textfont: { color: INK, size: 11 },
    cliponaxis: false,
    hoverinfo: "skip",
  };
}

/** An axis with room for names beyond its outermost points, in shares of its length. */
export function withRoom(axis: Axis, [before, after]: readonly [number, number]): Axis {
  const [low, high] = axis.range;
  const length = high - low;
  return { ...axis, range: [low - before * length, high + after * length] };
}

interface Point {
  x: { value: number };
  y: { value: number };
}

/** Not dearer and not worse, and better in at least one of the two. A cost counts as the most that it may be. */
export function beats(a: Shown, b: Shown): boolean {
  return a.ranked <= b.ranked && a.y.value >= b.y.value && (a.ranked < b.ranked || a.y.value > b.y.value);
}

/** The longest name that a small figure has room for, in letters, and the most names. */
const LONGEST = 18;
export const MOST_NAMED = 12;

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

export interface Ends {
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
