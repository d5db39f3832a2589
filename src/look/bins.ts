import type { KeptValue } from "./selected";

/** Bins of time, finest first, and their length in seconds. */
const bins = { minute: 60, hour: 3600, day: 86_400, week: 7 * 86_400, month: 30 * 86_400 } as const;
export type Bin = keyof typeof bins;
/** More bins than this are narrower than a mark can be seen. */
const mostBins = 200;
/** More marks with intervals than this hide each other. */
const mostMarks = 400;

/** A group in a bin of time that has calls. */
interface Cell {
  time: string;
  value: KeptValue;
}

/** The item of `by` for bins of time. */
export const timeOf = (bin: Bin): string => `time=date_trunc('${bin}', started_at)`;

/** The finest bins of which a span has no more than can be seen. */
export const binOf = (seconds: number): Bin =>
  (Object.keys(bins) as Bin[]).find((bin) => seconds / bins[bin] <= mostBins) ?? "month";

/** The finest bins, no finer than those of the course, that keep the groups' marks apart and are at least four. */
export function markedBin({ bin }: { bin: Bin }, rows: readonly Cell[]): Bin {
  const times = new Set(rows.map(({ time }) => time));
  const names = Object.keys(bins) as Bin[];
  const coarser = names.slice(names.indexOf(bin)).filter((name) => {
    const starts = new Set([...times].map((time) => startOf(time, name)));
    return name === bin || starts.size >= 4;
  });
  return coarser.find((name) => cellsOf(rows, name) <= mostMarks) ?? (coarser.at(-1) as Bin);
}

/** How many groups in bins have calls. */
export const cellsOf = (rows: readonly Cell[], bin: Bin): number =>
  new Set(rows.map(({ time, value }) => `${startOf(time, bin)} ${JSON.stringify(value)}`)).size;

/** Which bin a moment lies in, as a text that others in it share. */
function startOf(time: string, bin: Bin): string {
  if (bin === "month") return time.slice(0, 7);
  if (bin === "day") return time.slice(0, 10);
  const seconds = Date.parse(`${time.slice(0, 19).replace(" ", "T")}Z`) / 1000;
  // 1970-01-05 was a Monday.
  const from = bin === "week" ? seconds - 4 * bins.day : seconds;
  return String(Math.floor(from / bins[bin]));
}
