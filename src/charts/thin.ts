/** A trace of a figure holds at most this many points: more cannot be seen and make a page heavy. */
export const MOST_POINTS = 2000;

/**
 * At most `most` of the positions 0 to `length` - 1: the first, the last, and between them half evenly spaced and
 * half increasingly dense towards the end, where the tail of a distribution is.
 */
export function thin(length: number, most: number = MOST_POINTS): number[] {
  if (length <= most) return Array.from({ length }, (_, at) => at);
  const half = Math.floor(most / 2);
  const kept = new Set<number>([0, length - 1]);
  for (let at = 0; at < half; at++) {
    kept.add(Math.floor((at * (length - 1)) / half));
    // From the last position backwards in steps that grow by a constant factor.
    kept.add(length - 1 - Math.floor(length ** (at / half)) + 1);
  }
  return [...kept]
    .filter((at) => at >= 0)
    .sort((a, b) => a - b)
    .slice(0, most);
}
