import { clusterNotes, FEWEST_CLUSTERS } from "../../stats/clusterError";
import { defined } from "../../stats/defined";
import { type Estimate, noted } from "../../stats/estimate";
import { normalQuantile } from "../../stats/normal";
import { studentTQuantile } from "../../stats/studentT";

export interface Banded {
  estimate: Estimate;
  /** The one-sided lower bound for all thresholds together. */
  below: number;
}

/** A band over several numbers; each given as the whole's value first, then its resamples. */
export function bandOf(
  all: readonly Float64Array[],
  floors: readonly number[],
  about: {
    level: number;
    clusterBy: string;
    n: number;
    clusters: number;
    units: number;
    unit: string;
    ends?: readonly [number, number];
  },
): Banded[] {
  const {
    level,
    clusterBy,
    n,
    clusters,
    units,
    unit,
    ends = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  } = about;
  const errors = all.map(
    (values) => spreadOf(values.subarray(1)) * Math.sqrt(units / Math.max(1, units - 1)),
  );
  const usable = all.flatMap((values, at) =>
    Number.isFinite(values[0]) && errors[at] > 1e-12 * Math.abs(values[0]) ? [at] : [],
  );
  const most = { two: [] as number[], one: [] as number[] };
  for (let draw = 1; draw < (all[0]?.length ?? 0) && usable.length > 0; draw++) {
    let [two, one] = [0, Number.NEGATIVE_INFINITY];
    for (const at of usable) {
      const off = (all[at][draw] - all[at][0]) / errors[at];
      if (!Number.isFinite(off)) continue;
      two = Math.max(two, Math.abs(off));
      one = Math.max(one, off);
    }
    most.two.push(two);
    most.one.push(one);
  }
  const reach = (draws: number[], tail: number) => {
    const sorted = Float64Array.from(draws).sort();
    const at = sorted[Math.min(sorted.length - 1, Math.ceil(level * sorted.length) - 1)] ?? 0;
    const few = studentTQuantile(tail, Math.max(1, clusters - 1)) / normalQuantile(tail);
    return Math.max(at, normalQuantile(tail)) * few;
  };
  const enough = clusters >= FEWEST_CLUSTERS;
  const [two, one] = enough
    ? [reach(most.two, (1 + level) / 2), reach(most.one, level)]
    : [Number.NaN, Number.NaN];
  const [few] = clusterNotes(clusters);
  return all.map(([value], at) => {
    const error = Math.hypot(errors[at], floors[at]);
    const known = Number.isFinite(value);
    return {
      estimate: defined({
        value: known ? value : Number.NaN,
        low: known ? Math.max(ends[0], value - two * error) : Number.NaN,
        high: known ? Math.min(ends[1], value + two * error) : Number.NaN,
        level,
        method: "bootstrap-band",
        n: Math.round(n),
        clusters: units,
        clusterBy,
        unit,
        resamples: all[at].length - 1,
        ...noted([few]),
      }),
      below: known ? value - one * error : Number.NaN,
    };
  });
}

/** Standard deviation of the known draws. */
export function spreadOf(values: Float64Array): number {
  const draws = values.filter(Number.isFinite);
  const mean = draws.reduce((sum, one) => sum + one, 0) / draws.length;
  return Math.sqrt(draws.reduce((sum, one) => sum + (one - mean) ** 2, 0) / draws.length);
}
