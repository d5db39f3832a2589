/**
 * Ranks from 1 (the smallest) to n, tied values sharing the mean of their ranks.
 *
 * In: any numbers, no unit; out: one rank per value, in the order given. Infinity ranks last and ties with itself;
 * a NaN gets the rank NaN and does not count towards the other ranks; 0 and -0 are tied. Empty in, empty out.
 *
 * @example
 * midranks([10, 30, 20, 20]) // Float64Array(4) [ 1, 4, 2.5, 2.5 ]
 */
export function midranks(values: ArrayLike<number>): Float64Array {
  const n = values.length;
  const ranks = new Float64Array(n).fill(Number.NaN);
  const order: number[] = [];
  for (let i = 0; i < n; i++) if (!Number.isNaN(values[i])) order.push(i);
  order.sort((a, b) => (values[a] < values[b] ? -1 : values[a] > values[b] ? 1 : 0));
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    for (let i = start; i < end; i++) ranks[order[i]] = (start + end + 1) / 2;
    start = end;
  }
  return ranks;
}
