import { formatNumber } from "./number";
import { GRID } from "./palette";

/** An axis in plotly's format; on a logarithmic axis `range` holds base-10 logarithms. */
export type Axis = Record<string, unknown> & { type: "linear" | "log"; range: [number, number] };

const LINES = { gridcolor: GRID, zeroline: false, linecolor: GRID, ticks: "", automargin: true };

/** An axis that covers the finite values given, with padding at both ends and ticks at round numbers. */
export function axis(
  values: readonly number[],
  options: { log?: boolean; title?: string; percent?: boolean } = {},
): Axis {
  const { log = false, title = "", percent = false } = options;
  const finite = values.filter((x) => Number.isFinite(x) && (!log || x > 0));
  const head = { ...LINES, title: { text: title, standoff: 12, font: { size: 13 } } };
  if (finite.length === 0) return { ...head, type: "linear", range: [0, 1], showticklabels: false };
  const [least, most] = finite.reduce(([a, b], x) => [Math.min(a, x), Math.max(b, x)], [
    finite[0]!,
    finite[0]!,
  ] as const);
  if (log) {
    const room = Math.max((Math.log10(most) - Math.log10(least)) * 0.06, 0.05);
    const range: [number, number] = [Math.log10(least) - room, Math.log10(most) + room];
    const ticks = roundTicks(range);
    return {
      ...head,
      type: "log",
      range,
      tickvals: ticks,
      ticktext: ticks.map((x) => formatNumber(x, { digits: digitsOf(x) })),
      minorloglabels: "none",
    };
  }
  const room = Math.max((most - least || Math.abs(most) || 1) * 0.06, Number.MIN_VALUE);
  // An axis that nearly starts at zero starts there: so a share of 0.4 % looks close to zero.
  const low = least >= 0 && least - room < (most - least) * 0.3 ? 0 : least - room;
  const high = percent && most <= 100 && most + room > 100 ? 100 + (100 - low) * 0.02 : most + room;
  return {
    ...head,
    type: "linear",
    range: [Math.max(low, -Number.MAX_VALUE), Math.min(high, Number.MAX_VALUE)],
    nticks: 6,
    separatethousands: true,
    ...(percent ? { ticksuffix: " %" } : {}),
  };
}

/** Digits that write a tick in full. */
const digitsOf = (tick: number): number =>
  [1, 2, 3].find((digits) => Number(tick.toPrecision(digits)) === tick) ?? 4;

/** Fewest ticks from which a scale can be read. */
const FEWEST_TICKS = 3;

/** 1, 2, 5, 10, ... over a few decades, powers of ten over many, equal steps over less than one where these are too few. */
export function roundTicks([low, high]: readonly [number, number]): number[] {
  const decades = high - low;
  const steps = decades <= 2.2 ? [1, 2, 5] : decades <= 4.2 ? [1, 3] : [1];
  const every = Math.max(1, Math.ceil(decades / 8));
  const ticks: number[] = [];
  for (let power = Math.floor(low); power <= Math.ceil(high); power++) {
    if (power % every !== 0) continue;
    for (const step of steps) {
      const tick = Number(`${step}e${power}`);
      if (Math.log10(tick) >= low && Math.log10(tick) <= high) ticks.push(tick);
    }
  }
  return ticks.length < FEWEST_TICKS ? equalTicks(10 ** low, 10 ** high) : ticks;
}

/** Multiples of 1, 2 or 5 by a power of ten, of which the range holds three to nine. */
function equalTicks(low: number, high: number): number[] {
  const rough = (high - low) / 3;
  const power = Math.floor(Math.log10(rough));
  const step = [1, 2, 5].map((one) => Number(`${one}e${power}`)).findLast((one) => one <= rough);
  if (step === undefined || !(step > 0) || !Number.isFinite(high)) return [];
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, at) =>
    Number(((first + at) * step).toPrecision(6)),
  );
}
