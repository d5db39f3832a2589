import { type LevelChange, type LevelChanges, levelChanges, MOST_STEPS } from "../../stats/levelChanges";
import { stepOverDrift, stepsOverDrift } from "../../stats/stepOrDrift";

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

/**
 * By how much a step must explain days better than a drift, as a difference of information criteria: the least that is called
 * positive evidence by Kass and Raftery (1995), doi:10.1080/01621459.1995.10476572.
 */
const EVIDENCE = 2;

/** A change of level, and whether a steady drift explains the days around it as well. */
export interface CourseChange extends LevelChange {
  isDrift: boolean;
}

/** The changes of a course on its scale, and its days there: without the weekly pattern, where that is known. */
export interface CourseChanges extends LevelChanges {
  changes: CourseChange[];
  scale: Scale;
  adjusted: number[];
}

/** The changes of a course on its scale; for days, with the weekly pattern. */
export function changesOf(
  bins: Bins,
  options: { isDaily: boolean; level: number; quiet: number },
): CourseChanges {
  const { isDaily, level, quiet } = options;
  const { at } = bins;
  const scale = scaleOf(bins);
  const values = bins.values.map((value, i) => scale.to(value, bins.n[i]));
  const found = levelChanges(
    { at, values, units: bins.n },
    { level, quiet, ...(isDaily ? { period: 7 } : {}) },
  );
  const weeks = at.length === 0 ? 0 : ((at.at(-1) as number) - at[0] + 1) / 7;
  const isAdjusted = isDaily && weeks >= WEEKS && !isFlat(found);
  const adjusted = values.map((x, i) => (isAdjusted ? x - found.pattern[at[i] % 7] : x));
  // Each is looked at between the changes beside it, and where changes are looked for.
  const bounds = [Math.max(0, at.length - MOST_STEPS), ...found.changes.map(({ index }) => index), at.length];
  const over = ([from, to]: [number, number]) =>
    stepOverDrift({ at: at.slice(from, to), values: adjusted.slice(from, to) });
  const [first, ...rest] = bounds.slice(0, -1);
  const searched = { at: at.slice(first), values: adjusted.slice(first) };
  // A long drift looks like several steps, some of which pass between their neighbours.
  const drifts =
    rest.length > 1 &&
    stepsOverDrift(
      searched,
      rest.map((index) => index - first),
    ) <= EVIDENCE;
  const changes = found.changes.map((one, i) => ({
    ...one,
    isDrift: drifts || over([bounds[i], bounds[i + 2]]) <= EVIDENCE,
  }));
  return { ...found, changes, scale, adjusted };
}

/** True if all values are the same. */
export const isFlat = ({ reservations = [] }: LevelChanges) =>
  reservations.some(({ id }) => id === "none.flat");
