import { checkChoice, checkLevel } from "./checks";
import { clusterSums } from "./clusterError";
import { type Estimate, withNotes } from "./estimate";
import { clopperPearson, type RateSums, rateFromSums } from "./rate";
import { ratioInterval } from "./ratioInterval";
import { clusterCodes, droppedNote, type Labels, type NanPolicy, readNumbers } from "./sample";

/**
 * The share of rows in which a condition holds, with its confidence interval.
 *
 * @remarks Method: see `wilson`, `clopperPearson`, `rateFromSums`.
 * @param values one of true, false, 1 or 0 per row; n counts rows
 * @param options `level` (default 0.95); `clusters`, one label per row (null: the row alone), with `clusterBy`;
 * `method`: default "wilson"; "clopper-pearson" (coverage at least the level; rows without clusters only);
 * "bootstrap-bca" or "bootstrap-percentile"; `resamples` and `seed` if a bootstrap has to draw; `nan`: "throw"
 * (default) or "drop" for rows that are NaN, null or undefined; `counted`, what n counts, for the notes;
 * `correlation`, how alike two rows of one cluster are, used if too few events show it (default 0.05)
 * @returns an Estimate with unit "1"; see `rateFromSums` for clusters, and for no or all successes
 * @throws RangeError for values other than 0 and 1, missing ones unless dropped, or options out of range
 * @example
 * rateInterval([true, true, false, true]).value // 0.75
 */
export function rateInterval(
  values: ArrayLike<number | boolean>,
  {
    level = 0.95,
    method = "wilson",
    clusters,
    clusterBy = "",
    counted = "observations",
    correlation,
    nan = "throw",
    resamples = 9999,
    seed = 1,
  }: {
    level?: number;
    method?: "wilson" | "clopper-pearson" | "bootstrap-bca" | "bootstrap-percentile";
    clusters?: Labels;
    clusterBy?: string;
    counted?: string;
    correlation?: number;
    nan?: NanPolicy;
    resamples?: number;
    seed?: number;
  } = {},
): Estimate {
  const caller = "rateInterval";
  checkLevel(caller, level);
  checkChoice(caller, "method", method, [
    "wilson",
    "clopper-pearson",
    "bootstrap-bca",
    "bootstrap-percentile",
  ]);
  const asNumbers = Array.from(values, (value) => (typeof value === "boolean" ? Number(value) : value));
  const { values: hits, rows, dropped } = readNumbers(caller, asNumbers, nan);
  const odd = hits.findIndex((x) => x !== 0 && x !== 1);
  if (odd >= 0)
    throw new RangeError(
      `${caller} requires values of 0 and 1 or false and true, got ${hits[odd]}; use meanInterval for other values`,
    );
  const n = hits.length;
  const noted = (estimate: Estimate) => withNotes(estimate, droppedNote(dropped));
  const events = hits.reduce((sum, hit) => sum + hit, 0);
  if (method === "clopper-pearson") {
    if (clusters !== undefined)
      throw new RangeError(
        `${caller} requires method "wilson" or a bootstrap with clusters, got "clopper-pearson"`,
      );
    return noted({ ...clopperPearson(events, n, { level }), clusterBy });
  }
  const grouped = clusters === undefined ? undefined : clusterCodes(caller, clusters, values.length, rows);
  if (method !== "wilson" && n > 0) {
    const settings = { level, method, resamples, seed, clusterBy, unit: "1", clusters: grouped?.codes };
    return noted(ratioInterval(hits, new Float64Array(n).fill(1), settings));
  }
  if (grouped === undefined) return noted(rateFromSums({ n, events }, { level, clusterBy, counted }));
  const sums = rateSums(hits, grouped.codes, grouped.count);
  return noted(rateFromSums(sums, { level, clusterBy, counted, correlation }));
}

/** The sums of `RateSums` from rows of 0 and 1 and their cluster codes, 0 to count - 1. */
export function rateSums(hits: ArrayLike<number>, codes: ArrayLike<number>, count: number): RateSums {
  const sizes = new Float64Array(count);
  const hit = new Float64Array(count);
  for (let i = 0; i < hits.length; i++) {
    sizes[codes[i]!]! += 1;
    hit[codes[i]!]! += hits[i]!;
  }
  const sum = clusterSums(hit, sizes);
  return { n: hits.length, events: sum(1, 0), clusters: count, ...clusterProducts(sum) };
}

/** The sums over clusters of the products of events and sizes, each to a power. */
export const clusterProducts = (sum: (ofEvents: number, ofSizes: number) => number) => ({
  sizeSquares: sum(0, 2),
  eventSquares: sum(2, 0),
  products: sum(1, 1),
  sizeCubes: sum(0, 3),
  sizeFourths: sum(0, 4),
  eventSquaresSizes: sum(2, 1),
  eventSizeSquares: sum(1, 2),
  eventSquaresSizeSquares: sum(2, 2),
  eventSizeCubes: sum(1, 3),
});
