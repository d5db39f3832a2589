import { checkCount, checkLevel } from "./checks";
import { defined } from "./defined";
import { type Estimate, noEnds, noted, withNotes } from "./estimate";
import { type Random, random } from "./random";
import { reserve } from "./reservation";

export interface ChangePointOptions {
  /**
   * How many values stay together when the series is permuted: its memory (default: cube root of n, rounded up).
   */
  block?: number;
  /** Block permutations for p, and block resamples for the interval (default 4,999). */
  resamples?: number;
  /** Seed (default 1). */
  seed?: number;
  /** Confidence of the interval (default 0.95). */
  level?: number;
}

export interface ChangePoint {
  /** Index of the first value after the change, with the indices it may truly have. */
  index: Estimate;
  /** Probability of such a large swing without a change. */
  p: number;
  /** Mean of the values before and after. */
  before: number;
  after: number;
}

/**
 * Where, if anywhere, the level of a series changed: the largest swing of the cumulative deviations from the
 * mean.
 *
 * In: one number per time step, in order (hourly medians, say); NaN steps are left out with a note, and indices
 * refer to the steps given. n and clusters of the index count values and blocks. p permutes whole blocks, so
 * that a series with memory is not mistaken for a change; it is (r + 1) / (resamples + 1). The interval
 * resamples blocks of the residuals around the two levels. Do not test a split that was chosen by eye. Fewer
 * than 8 values, a constant series, or fewer than 4 blocks: NaN, and the note says why.
 *
 * @remarks Methods: Page 1955 for the cusum, https://doi.org/10.1093/biomet/42.3-4.523; Kirch 2007 for permuted
 * blocks, https://doi.org/10.1016/j.jspi.2006.05.021; "block-bootstrap".
 * @throws RangeError if a value is infinite or an option is out of range.
 * @example
 * changePoint([1, 2, 1, 2, 1, 2, 1, 2, 8, 9, 8, 9, 8, 9, 8, 9]).index.value // 8
 */
export function changePoint(series: ArrayLike<number>, options: ChangePointOptions = {}): ChangePoint {
  const { resamples = 4_999, seed = 1, level = 0.95 } = options;
  checkLevel("changePoint", level);
  checkCount("changePoint", "resamples", resamples, 1);
  const steps: number[] = [];
  let largest = 0;
  for (let i = 0; i < series.length; i++) {
    if (Number.isNaN(series[i])) continue;
    if (!Number.isFinite(series[i]))
      throw new RangeError(`changePoint requires finite values, got ${series[i]}`);
    steps.push(i);
    largest = Math.max(largest, Math.abs(series[i]));
  }
  const n = steps.length;
  const block = options.block ?? Math.max(1, Math.ceil(n ** (1 / 3)));
  checkCount("changePoint", "block", block, 1);
  const blocks = Math.ceil(n / block);
  const values = Float64Array.from(steps, (i) => series[i] / (largest || 1));
  const missing = { n: series.length - n, of: series.length, counted: "steps", why: "no value" };
  const notes = n < series.length ? [reserve("left-out.of", missing)] : [];
  const few = (needed: number, counted: string, has: number) =>
    reserve("few.needed", { what: "a change point", needed, counted, has });
  const index: Estimate = {
    value: Number.NaN,
    ...noEnds,
    level,
    method: "block-bootstrap",
    n,
    clusters: blocks,
    clusterBy: "block",
    resamples,
    unit: "step",
  };
  const flat = values.every((value) => value === values[0]);
  if (n < 8) notes.push(few(8, "values", n));
  else if (flat) notes.push(reserve("none.constant"));
  else if (blocks < 4) notes.push(few(4, "blocks", blocks));
  if (n < 8 || flat || blocks < 4)
    return {
      index: withNotes(index, notes),
      p: Number.NaN,
      before: Number.NaN,
      after: Number.NaN,
    };
  const found = largestSwing(values);
  const generator = random(seed);
  const moved = new Float64Array(n);
  let atLeast = 0;
  for (let b = 0; b < resamples; b++) {
    permuteBlocks(values, block, generator, moved);
    if (largestSwing(moved).swing >= found.swing * (1 - 1e-12)) atLeast++;
  }
  const before = average(values, 0, found.at);
  const after = average(values, found.at, n);
  const rest = values.map((value, i) => value - (i < found.at ? before : after));
  const drawn = new Float64Array(resamples);
  for (let b = 0; b < resamples; b++) {
    resampleBlocks(rest, block, generator, moved);
    for (let i = 0; i < n; i++) moved[i] += i < found.at ? before : after;
    drawn[b] = largestSwing(moved).at;
  }
  drawn.sort();
  const outside = Math.floor(((1 - level) / 2) * resamples);
  return {
    index: defined({
      ...index,
      value: steps[found.at],
      low: steps[Math.min(found.at, drawn[outside])],
      high: steps[Math.max(found.at, drawn[resamples - 1 - outside])],
      ...noted(notes),
    }),
    p: (atLeast + 1) / (resamples + 1),
    before: before * (largest || 1),
    after: after * (largest || 1),
  };
}

/** The largest distance of the cumulative sum from a straight line, and the first index after it. */
function largestSwing(values: Float64Array): { at: number; swing: number } {
  const mean = average(values, 0, values.length);
  let sum = 0;
  let swing = -1;
  let at = 1;
  for (let i = 0; i < values.length - 1; i++) {
    sum += values[i] - mean;
    const distance = Math.abs(sum);
    if (distance > swing) {
      swing = distance;
      at = i + 1;
    }
  }
  return { at, swing };
}

function average(values: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i];
  return sum / (to - from);
}

/** The blocks in random order, starting at a random place so that no block boundary is special. */
function permuteBlocks(values: Float64Array, block: number, generator: Random, out: Float64Array): void {
  const n = values.length;
  const first = generator.integer(block);
  const starts: number[] = first > 0 ? [0] : [];
  for (let start = first; start < n; start += block) starts.push(start);
  const ends = [...starts.slice(1), n];
  const order = starts.map((_, i) => i);
  for (let i = order.length - 1; i > 0; i--) {
    const j = generator.integer(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  let at = 0;
  for (const i of order) for (let k = starts[i]; k < ends[i]; k++) out[at++] = values[k];
}

/** Blocks drawn with replacement, wrapping around the end of the series. */
function resampleBlocks(values: Float64Array, block: number, generator: Random, out: Float64Array): void {
  const n = values.length;
  for (let at = 0; at < n; at += block) {
    const start = generator.integer(n);
    for (let k = 0; k < block && at + k < n; k++) out[at + k] = values[(start + k) % n];
  }
}
