/** One number per time step, in order: one per day, say. */
export interface Course {
  /** The time of each value, in whole steps: days since 1970. Steps without a value are left out. */
  at: ArrayLike<number>;
  values: ArrayLike<number>;
  /** Calls, or other units, behind each value: a value with more of them varies less. */
  units: ArrayLike<number>;
}

/** The minimum number of values to look for a change. */
export const FEWEST_STEPS = 14;
/** The number of standard deviations from its neighbours at which a single value is capped. */
const HELD = 3;

/** A stretch of the series with single far values capped. */
export interface Series {
  at: Float64Array;
  values: Float64Array;
  units: Float64Array;
  period: number;
  flat: boolean;
}

/** A part of a course, with units relative to its first values and single far values capped. */
export function seriesOf({ at, values, units }: Course, from: number, to: number, period: number): Series {
  const part = (of: ArrayLike<number>) => Float64Array.from({ length: to - from }, (_, i) => of[from + i]);
  const own = part(values);
  const flat = own.every((one) => one === own[0]);
  const sizes = part(units);
  // The unit of comparison: as many units as the first values have, so that later ones do not move it.
  const early = sizes.slice(0, FEWEST_STEPS);
  const usual = early.length / early.reduce((sum, one) => sum + 1 / one, 0);
  const series = {
    at: part(at),
    values: own,
    units: sizes.map((one) => one / usual),
    period,
    flat,
  };
  return flat ? series : { ...series, values: held(series) };
}

/** Values far from the median of their neighbours, moved to the distance at which they are capped. */
function held({ at, values, period }: Series): Float64Array {
  const n = values.length;
  const usual = usualOfPeriod(at, values, period);
  const around = 3;
  const rest = values.map((one, i) => one - usual[i]);
  const local = rest.map((_, i) => median(rest.slice(Math.max(0, i - around), Math.min(n, i + around + 1))));
  const off = rest.map((one, i) => one - local[i]);
  // A spread from the distances within which half and nine tenths of the values lie, scaled as for normal ones:
  // if most values are alike, as counts of rare events are, half says nothing.
  const sizes = off.map(Math.abs).sort();
  const most = HELD * Math.max(1.4826 * median(sizes), sizes[Math.floor(0.9 * (n - 1))] / 1.6449);
  return values.map((_, i) => usual[i] + local[i] + Math.min(most, Math.max(-most, off[i])));
}

function median(values: Float64Array): number {
  const sorted = Float64Array.from(values).sort();
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median at each place in the period if there are four values of each; else 0. */
function usualOfPeriod(at: Float64Array, values: Float64Array, period: number): Float64Array {
  const own = new Float64Array(values.length);
  if (period === 0) return own;
  for (let place = 0; place < period; place++) {
    const mine = values.filter((_, i) => at[i] % period === place);
    if (mine.length < 4) return new Float64Array(values.length);
    const typical = median(mine);
    for (let i = 0; i < own.length; i++) if (at[i] % period === place) own[i] = typical;
  }
  return own;
}
