import type { Figure } from "../charts/figure";
import { histogramFigure } from "../charts/histogramFigure";

/** Bins of a histogram for each tenfold. */
const BINS = 8;

/** The bin of a positive number, in SQL. */
export const binSql = (value: string): string => `floor(${BINS} * log10(${value}))::double`;

/** How many numbers lie in each bin, drawn on a logarithmic axis. */
export function tenfolds(
  counts: readonly { bin: number; n: number }[],
  { title, quantity, of }: { title: string; quantity: string; of: string },
): Figure[] {
  if (counts.length === 0) return [];
  const bins = counts.map(({ bin, n }) => ({ from: 10 ** (bin / BINS), to: 10 ** ((bin + 1) / BINS), n }));
  const n = bins.reduce((sum, one) => sum + one.n, 0);
  const points = { x: bins.map(({ from }) => from), y: bins.map(() => 0) };
  return [histogramFigure([{ name: of, n, bins, points }], { title, quantity })];
}

/** The same of numbers that are at hand. */
export function tenfoldsOf(values: readonly number[], names: Parameters<typeof tenfolds>[1]): Figure[] {
  const counts = new Map<number, number>();
  for (const value of values.filter((one) => one > 0)) {
    const bin = Math.floor(BINS * Math.log10(value));
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  const sorted = [...counts].map(([bin, n]) => ({ bin, n })).sort((a, b) => a.bin - b.bin);
  return tenfolds(sorted, names);
}
