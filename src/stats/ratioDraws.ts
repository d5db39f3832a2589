import { logGamma } from "./gamma";
import { random } from "./random";

/** Resampled ratios, all equally likely or with their probabilities. */
export interface RatioDraws {
  ratios: Float64Array;
  chances?: Float64Array;
}

/** Resamples in a chunk: each chunk has its own stream of random numbers, so that chunks may be drawn anywhere. */
export const CHUNK = 100;

/**
 * A ratio of resampled sums; a denominator of 0 gives Infinity, which is kept, since dropping it would bias the
 * result low.
 */
function ratioOfSums(c: number, r: number): number {
  return r === 0 ? Number.POSITIVE_INFINITY : c / r;
}

/** A cluster is drawn at most as often as there are clusters. */
type Times = Uint8Array | Uint16Array;

/** How often each of `count` clusters is in each resample of a chunk, resample after resample. */
function timesDrawn(count: number, seed: number, chunk: number, size: number): Times {
  const { integer } = random(seed, chunk);
  const times = count < 256 ? new Uint8Array(count * size) : new Uint16Array(count * size);
  for (let from = 0; from < times.length; from += count)
    for (let k = 0; k < count; k++) times[from + integer(count)]!++;
  return times;
}

/** Draws by seed, number of clusters and chunk: many ratios of a table, and of the next, have equally many clusters. */
const kept = new Map<string, Times>();
let keptBytes = 0;
const mostKept = 32 * 2 ** 20;

function drawsOf(count: number, seed: number, chunk: number, size: number): Times {
  if (count > LARGEST_KEPT || size !== CHUNK) return timesDrawn(count, seed, chunk, size);
  const key = `${seed} ${count} ${chunk}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  if (keptBytes > mostKept) {
    kept.clear();
    keptBytes = 0;
  }
  const times = timesDrawn(count, seed, chunk, size);
  kept.set(key, times);
  keptBytes += times.byteLength;
  return times;
}
/** Clusters beyond which draws are not kept: few ratios have exactly as many, and they would fill the room. */
const LARGEST_KEPT = 500;

/**
 * Ratios of the resamples of one chunk, K clusters drawn with replacement each.
 *
 * @param chunk which hundred of resamples; the numbers depend on (seed, chunk) alone
 */
export function ratioChunk(
  c: Float64Array,
  r: Float64Array,
  seed: number,
  chunk: number,
  size = CHUNK,
): Float64Array {
  const count = c.length;
  const times = drawsOf(count, seed, chunk, size);
  const ratios = new Float64Array(size);
  // Four resamples at a time share one read of the sums; each adds up in the order of the clusters.
  let draw = 0;
  for (; draw + 4 <= size; draw += 4) {
    const one = draw * count;
    const [two, three, four] = [one + count, one + 2 * count, one + 3 * count];
    let [above1, above2, above3, above4] = [0, 0, 0, 0];
    let [below1, below2, below3, below4] = [0, 0, 0, 0];
    for (let k = 0; k < count; k++) {
      const ck = c[k]!;
      const rk = r[k]!;
      above1 += times[one + k]! * ck;
      below1 += times[one + k]! * rk;
      above2 += times[two + k]! * ck;
      below2 += times[two + k]! * rk;
      above3 += times[three + k]! * ck;
      below3 += times[three + k]! * rk;
      above4 += times[four + k]! * ck;
      below4 += times[four + k]! * rk;
    }
    ratios[draw] = ratioOfSums(above1, below1);
    ratios[draw + 1] = ratioOfSums(above2, below2);
    ratios[draw + 2] = ratioOfSums(above3, below3);
    ratios[draw + 3] = ratioOfSums(above4, below4);
  }
  for (; draw < size; draw++) {
    let [above, below] = [0, 0];
    for (let k = 0, at = draw * count; k < count; k++, at++) {
      above += times[at]! * c[k]!;
      below += times[at]! * r[k]!;
    }
    ratios[draw] = ratioOfSums(above, below);
  }
  return ratios;
}

/** Ratios of `resamples` resamples, chunk by chunk. */
export function ratioDraws(c: Float64Array, r: Float64Array, resamples: number, seed: number): RatioDraws {
  const ratios = new Float64Array(resamples);
  for (let start = 0, chunk = 0; start < resamples; start += CHUNK, chunk++)
    ratios.set(ratioChunk(c, r, seed, chunk, Math.min(CHUNK, resamples - start)), start);
  return { ratios };
}

/** The maximum number of clusters for which every distinct resample is listed: 6,435 of them at 8. */
export const LISTED_CLUSTERS = 8;

/** Every distinct resample of a few clusters with its probability: the bootstrap distribution itself. */
export function listedRatios(c: ArrayLike<number>, r: ArrayLike<number>): Required<RatioDraws> {
  const count = c.length;
  const logFactorial = Float64Array.from({ length: count + 1 }, (_, i) => logGamma(i + 1));
  const ratios: number[] = [];
  const chances: number[] = [];
  const all = logFactorial[count]! - count * Math.log(count);
  const place = (k: number, left: number, above: number, below: number, log: number) => {
    if (k === count - 1) {
      ratios.push(ratioOfSums(above + left * c[k]!, below + left * r[k]!));
      chances.push(Math.exp(log - logFactorial[left]!));
      return;
    }
    for (let taken = 0; taken <= left; taken++)
      place(k + 1, left - taken, above + taken * c[k]!, below + taken * r[k]!, log - logFactorial[taken]!);
  };
  if (count > 0) place(0, count, 0, 0, all);
  const order = ratios.map((_, i) => i).sort((a, b) => ratios[a]! - ratios[b]!);
  return {
    ratios: Float64Array.from(order, (i) => ratios[i]!),
    chances: Float64Array.from(order, (i) => chances[i]!),
  };
}

/** The ratio with each cluster left out; NaN if the remaining denominator is 0. */
export function ratioJackknife(c: ArrayLike<number>, r: ArrayLike<number>): Float64Array {
  let [above, below] = [0, 0];
  for (let k = 0; k < c.length; k++) {
    above += c[k]!;
    below += r[k]!;
  }
  return Float64Array.from({ length: c.length }, (_, k) => {
    const rest = below - r[k]!;
    return Math.abs(rest) <= 1e-12 * Math.abs(below) ? Number.NaN : (above - c[k]!) / rest;
  });
}
