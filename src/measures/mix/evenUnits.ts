import { copiesOf, type Side } from "./mixCells";

/** Prior units, at the overall share, that are added to a cell's own. */
const borrowed = 10;

/**
 * The effective number of independent units, of equal weight, that units of many weights amount to for a
 * share p.
 *
 * A cell with no events, or only events, is no more certain than the others: each cell's variance is that of
 * its share, shrunk towards p by a Bayes prior of ten units. If p is 0 or 1, it is the square of the sum of
 * the weights over the sum of squares, Kish (1965), Survey Sampling, section 11.7.
 */
export function evenUnits(
  parts: readonly { side: Side; v: number; slope: number; centre: number }[],
  p: number,
): number {
  const open = p > 0 && p < 1;
  let [sum, squares] = [0, 0];
  for (const { side, v, slope, centre } of parts) {
    const [first, second] = [side.x - centre * side.n, side.xx - 2 * centre * side.x + centre ** 2 * side.n];
    sum += v * side.n + slope * first;
    const copies = copiesOf(side);
    const own =
      (Math.min(side.r, Math.max(0, side.s)) + copies * borrowed * p) / (side.r + copies * borrowed);
    const variance = open ? (own * (1 - own)) / (p * (1 - p)) : 1;
    squares +=
      (variance * copies * side.ww * (v * v * side.n + 2 * v * slope * first + slope * slope * second)) /
      side.n;
  }
  return squares > 0 ? sum ** 2 / squares : 0;
}
