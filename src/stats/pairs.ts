/** What a correlation does with a pair in which one side is NaN. */
export interface PairOptions {
  /** "propagate" (default) returns NaN, as SciPy does; "drop" leaves the incomplete pairs out. */
  nan?: "propagate" | "drop";
}

/** The two sides, with incomplete pairs dropped if requested; undefined if a NaN is to be propagated. */
export function completePairs(
  name: string,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  options: PairOptions = {},
): { x: ArrayLike<number>; y: ArrayLike<number>; dropped: number } | undefined {
  if (x.length !== y.length)
    throw new RangeError(
      `${name} requires two sides of one length, got ${x.length} and ${y.length}; pass one pair per model`,
    );
  let dropped = 0;
  for (let i = 0; i < x.length; i++) if (Number.isNaN(x[i]) || Number.isNaN(y[i])) dropped++;
  if (dropped === 0) return { x, y, dropped };
  if (options.nan !== "drop") return undefined;
  const keptX: number[] = [];
  const keptY: number[] = [];
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i]) || Number.isNaN(y[i])) continue;
    keptX.push(x[i]);
    keptY.push(y[i]);
  }
  return { x: keptX, y: keptY, dropped };
}

/**
 * The pairs in a fixed order whatever the order of the rows, so that each pair always gets the same random
 * numbers.
 */
export function orderedPairs(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
): { x: Float64Array; y: Float64Array } {
  const order = Int32Array.from({ length: x.length }, (_, i) => i).sort((i, j) =>
    x[i] < x[j] ? -1 : x[i] > x[j] ? 1 : y[i] < y[j] ? -1 : y[i] > y[j] ? 1 : 0,
  );
  return { x: Float64Array.from(order, (i) => x[i]), y: Float64Array.from(order, (i) => y[i]) };
}
