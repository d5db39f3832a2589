import { checkSameLength } from "./checks";

/** How much each step may resemble the one before. */
const CARRIED = [0, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 0.95];
/** Values on either side of a step. */
const ASIDE = 7;

/** Minus twice the log likelihoods of a level, a line, a step, and a line with a step, each at its best. */
interface Fits {
  level: number;
  line: number;
  step: number;
  both: number;
}

/**
 * By how much a step explains a series better than a steady drift, or nothing, does: above 0 the step does, otherwise the
 * drift, or nothing, explains it as well.
 *
 * @param series one value per step in time, in order; `at`, the whole steps of these values, since some may be left out
 * @returns the difference of the information criteria; NaN for fewer than 14 values
 * @remarks Method: regression with autoregressive errors by exact likelihood (Prais and Winsten 1954) on a grid of
 * correlations; a step costs two parameters and its size, by the criterion of Yao (1988),
 * doi:10.1016/0167-7152(88)90118-6, and Zhang and Siegmund (2007), doi:10.1111/j.1541-0420.2006.00662.x.
 * @example
 * const at = Array.from({ length: 40 }, (_, day) => day);
 * stepOverDrift({ at, values: at.map((day) => Math.sin(7 * day) + day / 10) }) > 0 // false
 */
export function stepOverDrift({ at, values }: { at: ArrayLike<number>; values: ArrayLike<number> }): number {
  const n = values.length;
  checkSameLength("stepOverDrift", "values", n, "at", at.length);
  if (n < 2 * ASIDE) return Number.NaN;
  const all = CARRIED.map((carried) => fitsAt(at, values, carried));
  const best = (of: keyof Fits) => Math.min(...all.map((one) => one[of]));
  const each = Math.log(n);
  const without = Math.min(best("level"), best("line") + each);
  return without - Math.min(best("step") + 3 * each, best("both") + 4 * each);
}

/**
 * By how much steps at given places together explain a series better than one steady drift does: at 0 or below, the drift
 * explains it as well.
 *
 * @param steps indices of the first values after each step
 * @example
 * const at = Array.from({ length: 60 }, (_, day) => day);
 * stepsOverDrift({ at, values: at.map((day) => Math.sin(7 * day) + day / 10) }, [20, 40]) > 0 // false
 */
export function stepsOverDrift(
  { at, values }: { at: ArrayLike<number>; values: ArrayLike<number> },
  steps: readonly number[],
): number {
  const each = Math.log(values.length);
  const best = (columns: readonly ((i: number) => number)[]) =>
    Math.min(...CARRIED.map((carried) => fitOf(whitened(at, carried), values, columns)));
  const line = best([() => 1, (i) => at[i]! - at[0]!]) + each;
  return (
    line -
    best([() => 1, ...steps.map((step) => (i: number) => (i >= step ? 1 : 0))]) -
    3 * steps.length * each
  );
}

/** Minus twice the log likelihood of some columns, once each value is freed of what the one before carries over. */
function fitOf(
  { freed, apart }: Whitened,
  values: ArrayLike<number>,
  columns: readonly ((i: number) => number)[],
): number {
  const units: Float64Array[] = [];
  for (const column of columns) units.push(unit(units.reduce(less, freed(column))));
  const left = units.reduce(
    less,
    freed((i) => values[i]!),
  );
  return values.length * Math.log(Math.max(dot(left, left), 1e-300) / values.length) + apart;
}

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, one, i) => sum + one * b[i]!, 0);
const less = (a: Float64Array, b: Float64Array) => {
  const times = dot(a, b);
  return a.map((one, i) => one - times * b[i]!);
};
const unit = (a: Float64Array) => {
  const size = Math.sqrt(dot(a, a));
  return a.map((one) => one / size);
};

interface Whitened {
  /** What is left of a column once that of the step before is known: less, and with less spread, the nearer they are. */
  freed(of: (i: number) => number): Float64Array;
  kept: Float64Array;
  spread: Float64Array;
  apart: number;
}

function whitened(at: ArrayLike<number>, carried: number): Whitened {
  const n = at.length;
  const kept = Float64Array.from({ length: n }, (_, i) =>
    i === 0 || carried === 0 ? 0 : carried ** (at[i]! - at[i - 1]!),
  );
  const spread = kept.map((one) => Math.sqrt(1 - one * one));
  return {
    kept,
    spread,
    apart: kept.reduce((sum, one) => sum + Math.log(1 - one * one), 0),
    freed: (of) =>
      Float64Array.from({ length: n }, (_, i) => (of(i) - (i === 0 ? 0 : kept[i]! * of(i - 1))) / spread[i]!),
  };
}

/** The fits where each step resembles the one before by so much. */
function fitsAt(at: ArrayLike<number>, values: ArrayLike<number>, carried: number): Fits {
  const n = values.length;
  const { kept, spread, apart, freed } = whitened(at, carried);
  const flat = unit(freed(() => 1));
  const rising = unit(
    less(
      freed((i) => at[i]! - at[0]!),
      flat,
    ),
  );
  const aboutLevel = less(
    freed((i) => values[i]!),
    flat,
  );
  const aboutLine = less(aboutLevel, rising);
  const [ofLevel, ofLine] = [dot(aboutLevel, aboutLevel), dot(aboutLine, aboutLine)];
  const fit = (squares: number) => n * Math.log(Math.max(squares, 1e-300) / n) + apart;
  // From the step on, a value that follows another is raised by what the other does not carry over.
  const raised = kept.map((one, i) => (1 - one) / spread[i]!);
  let [step, both] = [ofLevel, ofLine];
  let [size, withFlat, withRising, withLevel, withLine] = [0, 0, 0, 0, 0];
  for (let k = n - 1; k >= ASIDE; k--) {
    const jump = 1 / spread[k]!;
    if (k <= n - ASIDE) {
      const own = size + jump * jump - (withFlat + jump * flat[k]!) ** 2;
      step = Math.min(step, ofLevel - (withLevel + jump * aboutLevel[k]!) ** 2 / own);
      const beside = own - (withRising + jump * rising[k]!) ** 2;
      both = Math.min(both, ofLine - (withLine + jump * aboutLine[k]!) ** 2 / beside);
    }
    const more = raised[k]!;
    size += more * more;
    withFlat += more * flat[k]!;
    withRising += more * rising[k]!;
    withLevel += more * aboutLevel[k]!;
    withLine += more * aboutLine[k]!;
  }
  return { level: fit(ofLevel), line: fit(ofLine), step: fit(step), both: fit(both) };
}
