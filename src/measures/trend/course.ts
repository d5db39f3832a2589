import { type LevelChanges, levelChanges } from "../../stats/levelChanges";

/** A number by day or week, as measured: shares, times, money, or scores. */
export interface Bins {
  /** The day or week of each bin, counted from 1970. */
  at: readonly number[];
  values: readonly number[];
  /** Calls, tasks or scores behind each. */
  n: readonly number[];
  isShare: boolean;
}

/** The transformation to a scale where days vary equally at low and high levels, and its inverse. */
export interface Scale {
  to(value: number, n: number): number;
  from(x: number): number;
  /** True if a change is a factor, false if it is a difference. */
  isRatio: boolean;
}

/** Whole weeks needed to separate a weekly pattern from chance. */
export const WEEKS = 4;

/**
 * The scale for some values: shares as the arc sine of their root (Anscombe 1948,
 * doi:10.1093/biomet/35.3-4.246), values all above 0 as their logarithm, others unchanged.
 */
export function scaleOf({ values, isShare }: Pick<Bins, "values" | "isShare">): Scale {
  if (isShare)
    return {
      to: (value, n) => Math.asin(Math.sqrt((Math.min(1, Math.max(0, value)) * n + 3 / 8) / (n + 3 / 4))),
      from: (x) => Math.sin(Math.min(Math.PI / 2, Math.max(0, x))) ** 2,
      isRatio: false,
    };
  if (values.every((value) => value > 0)) return { to: Math.log, from: Math.exp, isRatio: true };
  return { to: (value) => value, from: (x) => x, isRatio: false };
}

/** The changes of a course on its scale; for days, with the weekly pattern. */
export function changesOf(
  bins: Bins,
  options: { isDaily: boolean; level: number; quiet: number },
): LevelChanges & { scale: Scale } {
  const { isDaily, level, quiet } = options;
  const scale = scaleOf(bins);
  const values = bins.values.map((value, i) => scale.to(value, bins.n[i]));
  const found = levelChanges(
    { at: bins.at, values, units: bins.n },
    { level, quiet, ...(isDaily ? { period: 7 } : {}) },
  );
  return { ...found, scale };
}
