import { checkCount } from "./checks";

function checkRanking(caller: string, ranking: readonly unknown[]): void {
  const seen = new Set<unknown>();
  for (const item of ranking) {
    if (seen.has(item))
      throw new RangeError(`${caller} requires each model once per ranking, got ${String(item)} twice`);
    seen.add(item);
  }
}

/**
 * The share of the first k models that two rankings have in common, from 0 to 1, whatever their order within the
 * k.
 *
 * In: two rankings, best first, of anything that can be compared with ===.
 *
 * @throws RangeError if k is beyond either ranking or a model appears twice.
 * @example
 * topOverlap(["a", "b", "c"], ["c", "a", "b"], 2) // 0.5
 */
export function topOverlap<T>(first: readonly T[], second: readonly T[], k: number): number {
  checkCount("topOverlap", "k", k, 1);
  checkRanking("topOverlap", first);
  checkRanking("topOverlap", second);
  const shorter = Math.min(first.length, second.length);
  if (k > shorter) throw new RangeError(`topOverlap requires k <= ${shorter}, the shorter ranking, got ${k}`);
  const head = new Set(second.slice(0, k));
  return first.slice(0, k).filter((item) => head.has(item)).length / k;
}

export interface RankBiasedOverlapOptions {
  /** How far down the reader looks: the probability of going on to each next place (default 0.9). */
  p?: number;
}

/**
 * The overlap of two rankings at all depths, from 0 to 1, with the top weighing most, extrapolated beyond the end
 * of the shorter one (RBO_ext).
 *
 * In: two rankings, best first, which may differ in length or models. NaN if one is empty.
 *
 * @remarks Source: Webber, Moffat & Zobel 2010, equation 32, https://doi.org/10.1145/1852102.1852106.
 * @throws RangeError if p is not in (0, 1) or a model appears twice.
 * @example
 * rankBiasedOverlap(["a", "b", "c"], ["a", "c", "b"]).toFixed(3) // "0.955"
 */
export function rankBiasedOverlap<T>(
  first: readonly T[],
  second: readonly T[],
  options: RankBiasedOverlapOptions = {},
): number {
  const { p = 0.9 } = options;
  if (!(p > 0 && p < 1)) throw new RangeError(`rankBiasedOverlap requires 0 < p < 1, got ${p}`);
  checkRanking("rankBiasedOverlap", first);
  checkRanking("rankBiasedOverlap", second);
  const [short, long] = first.length <= second.length ? [first, second] : [second, first];
  const s = short.length;
  const l = long.length;
  if (s === 0) return Number.NaN;
  const inShort = new Set<T>();
  const inLong = new Set<T>();
  let common = 0;
  let commonAtShort = 0;
  let sum = 0;
  let weight = 1;
  for (let depth = 1; depth <= l; depth++) {
    weight *= p;
    const b = long[depth - 1];
    inLong.add(b);
    if (depth <= s) {
      const a = short[depth - 1];
      inShort.add(a);
      if (inLong.has(a)) common++;
      if (a !== b && inShort.has(b)) common++;
    } else if (inShort.has(b)) common++;
    if (depth === s) commonAtShort = common;
    sum += (common / depth) * weight;
    // Beyond the end of the shorter ranking, its agreement there is assumed to continue.
    if (depth > s) sum += ((commonAtShort * (depth - s)) / (s * depth)) * weight;
  }
  const beyond = ((common - commonAtShort) / l + commonAtShort / s) * weight;
  return Math.min(1, ((1 - p) / p) * sum + beyond);
}
