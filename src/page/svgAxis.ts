import { formatNumber } from "../charts/number";
import { LETTER, plain, type Side, words } from "./svgTrace";

/** The fields of an axis that a still picture uses. */
export interface Axis {
  type?: string;
  range?: [number, number];
  tickvals?: number[];
  ticktext?: string[];
  ticksuffix?: string;
  tickangle?: number;
  showgrid?: boolean;
  title?: { text?: string };
}

/** Maps values to positions between two pixels, and gives the labels of an axis. */
export function side(axis: Axis | undefined, [from, to]: [number, number]): Side {
  const { type, range = [0, 1], tickvals, ticktext, ticksuffix = "" } = axis ?? {};
  const scale = (value: number) => (type === "log" ? Math.log10(value) : value);
  const place = (value: number) => from + ((scale(value) - range[0]) / (range[1] - range[0])) * (to - from);
  const values = tickvals ?? linearTicks(range);
  const ticks = values.map((value, at) => ({
    at: place(value),
    text: plain(ticktext?.[at] ?? `${tickText(value)}${ticksuffix}`),
  }));
  return { place, ticks };
}

function tickText(value: number): string {
  const text = formatNumber(value, { digits: 4 });
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** About six round steps over a range. */
function linearTicks([low, high]: [number, number]): number[] {
  const rough = (high - low) / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const ticks: number[] = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high + step * 1e-9 && ticks.length < 20; tick += step)
    ticks.push(Number(tick.toPrecision(12)));
  return ticks;
}

/** Labels below a plot, and the height they take. */
export interface Labels {
  svg: string;
  height: number;
}

const LINE = 18;
const TILT = 35;

/**
 * Arranges the labels of a horizontal axis so that none overlap: names are tilted if they have no room side by side;
 * numbers without room are left out.
 */
export function labelsBelow(axis: Axis | undefined, ticks: Side["ticks"], bottom: number): Labels {
  const widths = ticks.map(({ text }) => text.length * LETTER);
  const crowded = ticks.some(
    ({ at }, i) => i > 0 && Math.abs(at - ticks[i - 1].at) < (widths[i - 1] + widths[i]) / 2 + LETTER,
  );
  if (axis?.ticktext !== undefined && (crowded || (axis.tickangle ?? 0) !== 0)) {
    const svg = ticks.map(({ at, text }) => words(at, bottom + LINE, text, "end", -TILT)).join("");
    return { svg, height: LINE + Math.max(0, ...widths) * Math.sin((TILT * Math.PI) / 180) };
  }
  let free = Number.NEGATIVE_INFINITY;
  const kept = ticks.filter(({ at }, i) => {
    if (at - widths[i] / 2 < free) return false;
    free = at + widths[i] / 2 + LETTER;
    return true;
  });
  return { svg: kept.map(({ at, text }) => words(at, bottom + LINE, text, "middle")).join(""), height: LINE };
}
