import { betaQuantile } from "./beta";
import { biasCorrection, jackknifeAcceleration } from "./bootstrapBounds";
import { checkChoice, checkCount, checkLevel } from "./checks";
import { effectiveText, FEW_CLUSTERS, fewerThan, fewNote } from "./clusterError";
import { defined } from "./defined";
import { type Estimate, noEnds, withNotes } from "./estimate";
import { fieller } from "./fieller";
import { normalQuantile } from "./normal";
import { clusterTotals, type PowerSums, powerSums, totals } from "./powerSums";
import { quantileOfSorted } from "./quantile";
import { bcaTail } from "./quantileLaw";
import { LISTED_CLUSTERS, listedRatios, type RatioDraws, ratioDraws, ratioJackknife } from "./ratioDraws";
import { expandedTails, ratioLaw } from "./ratioLaw";
import { type Reservation, reserve } from "./reservation";
import { droppedNote, type Labels, type NanPolicy } from "./sample";

export type RatioMethod = "bootstrap-bca" | "bootstrap-percentile" | "fieller";
const METHODS = ["bootstrap-bca", "bootstrap-percentile", "fieller"] as const;
const FEWEST = 5;
/** Draws of a cluster, over all resamples, beyond which resampling takes too long. */
const MOST_DRAWS = 2e8;

interface RatioOptions {
  /** Confidence, default 0.95. */
  level?: number;
  /** Default "bootstrap-bca". */
  method?: RatioMethod;
  clusterBy?: string;
  unit?: string;
}

function emptyEstimate(
  sums: PowerSums,
  { level = 0.95, method = "bootstrap-bca", clusterBy = "", unit }: RatioOptions,
): Estimate {
  const { numerator, denominator } = totals(sums);
  return defined({
    value: denominator === 0 ? Number.NaN : numerator / denominator,
    ...noEnds,
    level,
    method,
    n: sums.clusters,
    clusters: sums.clusters,
    clusterBy,
    unit,
  });
}

/** Results that need no bootstrap: no clusters, a denominator of 0, too few clusters. */
function special(sums: PowerSums, estimate: Estimate): Estimate | undefined {
  const { numerator, denominator } = totals(sums);
  const { clusters } = sums;
  if (clusters === 0) return withNotes(estimate, [reserve("none.counted", { counted: "clusters" })]);
  if (!Number.isFinite(numerator) || !Number.isFinite(denominator) || !Number.isFinite(sums.d4r0))
    return withNotes(estimate, [reserve("none.infinite")]);
  if (denominator === 0) {
    // The denominator could be at most this large, so the ratio is at least this.
    const most = clusters * betaQuantile(estimate.level, 1, clusters);
    const low = numerator >= 0 ? numerator / most : Number.NaN;
    return withNotes({ ...estimate, low, high: Number.POSITIVE_INFINITY }, [
      reserve("none.denominators", { clusters }),
    ]);
  }
  if (clusters < FEWEST) return withNotes(estimate, [fewerThan(FEWEST, "clusters", clusters)]);
  return undefined;
}

function fewNotes(sums: PowerSums): Reservation[] {
  const { numerator: _, denominator } = totals(sums);
  const holders = (denominator * denominator) / sums.d0r2;
  const notes: Reservation[] = [];
  if (sums.clusters < FEW_CLUSTERS) notes.push(fewNote(sums.clusters, "clusters"));
  if (holders < 10) notes.push(reserve("few.denominator", { effective: effectiveText(holders), few: 10 }));
  return notes;
}

/**
 * A ratio of sums over clusters (cost per resolved task) from its fourteen power sums alone.
 *
 * @remarks Method: the bootstrap distribution by Edgeworth's expansion (Davison & Hinkley 1988,
 * doi:10.1093/biomet/75.3.417), BCa corrections from the same sums (DiCiccio & Efron 1992,
 * doi:10.1093/biomet/79.2.231), tails widened as t (Hesterberg 2015, doi:10.1080/00031305.2015.1089789).
 * @param sums see `PowerSums`; c is the numerator of a cluster, r its denominator
 * @param options `level` (default 0.95), `method` "bootstrap-bca" (default), "bootstrap-percentile" or "fieller",
 * `clusterBy`, `unit`
 * @returns an Estimate with `resamples: "exact"`; n and clusters count clusters. Outside the range where the
 * expansion holds (100 clusters, 30 of them effective in the denominator, skewness over root K of 0.3): Fieller's
 * interval and a note. With a denominator of 0 the value is NaN and there is only a lower bound. No interval below
 * 5 clusters.
 * @throws RangeError for an unknown level or method
 * @example
 * ratioFromPowerSums(powerSums([3, 5, 4, 6, 2], [1, 1, 1, 1, 1])).value // 4
 */
export function ratioFromPowerSums(sums: PowerSums, options: RatioOptions = {}): Estimate {
  const { level = 0.95, method = "bootstrap-bca" } = options;
  checkLevel("ratioFromPowerSums", level);
  checkChoice("ratioFromPowerSums", "method", method, METHODS);
  const estimate = emptyEstimate(sums, options);
  const known = special(sums, estimate);
  if (known !== undefined) return known;
  const law = method === "fieller" ? undefined : ratioLaw(sums);
  if (law === undefined || law.unsafe !== "") {
    const { method: _, ...rest } = options;
    const notes = law === undefined ? [] : [reserve("method.fieller", { why: law.unsafe })];
    return withNotes(fieller(sums, { ...rest, level }), [...notes, ...fewNotes(sums)]);
  }
  const tails = expandedTails(level, sums.clusters);
  const [low, high] = tails.map((u) =>
    law.quantile(method === "bootstrap-bca" ? (bcaTail(u, law.z0, law.acceleration) ?? u) : u),
  ) as [number, number];
  return { ...estimate, low, high, resamples: "exact" };
}

/** BCa or percentile bounds from draws that are equally likely or have probabilities. */
function boundsOfDraws(
  draws: RatioDraws,
  ratio: number,
  tails: [number, number],
  jackknife: Float64Array | undefined,
): [number, number] {
  const order = Float64Array.from(draws.ratios).sort();
  const { chances } = draws;
  const upTo = chances === undefined ? undefined : Float64Array.from(chances);
  if (upTo !== undefined) for (let i = 1; i < upTo.length; i++) upTo[i]! += upTo[i - 1]!;
  const read = (u: number): number => {
    if (upTo === undefined) return quantileOfSorted(order, u);
    const index = upTo.findIndex((sum) => sum >= u - 1e-12);
    return order[index < 0 ? order.length - 1 : index]!;
  };
  if (jackknife === undefined) return [read(tails[0]), read(tails[1])];
  let z0: number;
  if (chances === undefined) z0 = biasCorrection(draws.ratios, ratio);
  else {
    const slack = 1e-12 * Math.abs(ratio);
    let [below, tied] = [0, 0];
    for (let i = 0; i < order.length; i++) {
      if (order[i]! < ratio - slack) below += chances[i]!;
      else if (order[i]! <= ratio + slack) tied += chances[i]!;
    }
    z0 = normalQuantile(Math.min(1, below + tied / 2));
  }
  const a = jackknifeAcceleration(jackknife);
  return [read(bcaTail(tails[0], z0, a) ?? tails[0]), read(bcaTail(tails[1], z0, a) ?? tails[1])];
}

/**
 * A ratio of sums with a bootstrap interval: cost per resolved task, tokens per second, errors per user.
 *
 * @remarks Method: see `ratioFromPowerSums`; bias-corrected and accelerated bounds by Efron (1987),
 * doi:10.1080/01621459.1987.10478410.
 * @param numerators one number per row (a task's cost, all its retries included)
 * @param denominators one number >= 0 per row (1 if the task was resolved, else 0)
 * @param options `clusters`, one label per row: rows of a cluster are added up first and clusters are resampled
 * (null: the row alone; by default every row); `level` (0.95); `method` "bootstrap-bca" (default),
 * "bootstrap-percentile", "fieller"; `resamples` (9,999) and `seed` (1) if resamples are drawn; `clusterBy`;
 * `unit`; `nan`
 * @returns an Estimate; n counts rows. From 100 clusters on the bootstrap distribution itself is used (`resamples:
 * "exact"`), up to 8 clusters every resample is listed, otherwise resamples are drawn (Fieller's interval and a
 * note if that would take 200 million draws). Resamples with a denominator of 0 count as Infinity and their share
 * is noted. With a denominator of 0 throughout the value is NaN and there is only a lower bound; no interval below
 * 5 clusters; notes warn below 30 clusters, and below 10 that have a denominator.
 * @throws RangeError for negative denominators, NaN unless `nan: "drop"`, or options out of range
 * @example
 * ratioInterval([2, 3, 1, 4, 2, 3], [1, 0, 1, 1, 1, 1]).value // 3
 */
export function ratioInterval(
  numerators: ArrayLike<number>,
  denominators: ArrayLike<number>,
  options: RatioOptions & { clusters?: Labels; resamples?: number; seed?: number; nan?: NanPolicy } = {},
): Estimate {
  const caller = "ratioInterval";
  const {
    level = 0.95,
    method = "bootstrap-bca",
    resamples = 9999,
    seed = 1,
    nan = "throw",
    clusters,
  } = options;
  checkLevel(caller, level);
  checkChoice(caller, "method", method, METHODS);
  checkCount(caller, "resamples", resamples, 1);
  const {
    numerators: c,
    denominators: r,
    rows,
    dropped,
  } = clusterTotals(caller, numerators, denominators, { nan, clusters });
  const negative = r.findIndex((x) => x < 0);
  if (negative >= 0) throw new RangeError(`${caller} requires denominators >= 0, got ${r[negative]}`);
  // Scaled by powers of two, exactly, so that fourth powers neither overflow nor vanish.
  const scaleOf = (values: Float64Array) => {
    const largest = values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    return largest > 0 && Number.isFinite(largest) ? 2 ** -Math.floor(Math.log2(largest)) : 1;
  };
  const [sc, sr] = [scaleOf(c), scaleOf(r)];
  const [x, y] = [c.map((v) => v * sc), r.map((v) => v * sr)];
  const sums = powerSums(x, y);
  const back = (e: Estimate, notes: Reservation[] = []): Estimate =>
    withNotes(
      { ...e, value: (e.value / sc) * sr, low: (e.low / sc) * sr, high: (e.high / sc) * sr, n: rows },
      [...notes, ...droppedNote(dropped)],
    );
  const settings = { ...options, level, method };
  const estimate = emptyEstimate(sums, settings);
  const known = special(sums, estimate);
  if (known !== undefined) return back(known);
  const notes = fewNotes(sums);
  const law = ratioLaw(sums);
  if (method === "fieller" || law.unsafe === "") return back(ratioFromPowerSums(sums, settings));

  if (c.length * resamples > MOST_DRAWS) return back(ratioFromPowerSums(sums, settings));
  const few = c.length <= LISTED_CLUSTERS;
  const draws = few ? listedRatios(x, y) : ratioDraws(x, y, resamples, seed);
  const open = draws.ratios.reduce(
    (sum, ratio, i) => sum + (ratio === Number.POSITIVE_INFINITY ? (draws.chances?.[i] ?? 1 / resamples) : 0),
    0,
  );
  if (open > 0) notes.push(reserve("few.denominators", { share: `${(100 * open).toPrecision(2)} %` }));
  let jackknife: Float64Array | undefined;
  if (method === "bootstrap-bca") {
    jackknife = ratioJackknife(x, y);
    // If one cluster holds the whole denominator: the ratio's slope in each cluster instead.
    if (jackknife.some(Number.isNaN)) jackknife = x.map((value, k) => y[k]! * estimate.value - value);
  }
  const [low, high] = boundsOfDraws(draws, estimate.value, expandedTails(level, c.length), jackknife);
  return back({ ...estimate, low, high, resamples: few ? "exact" : resamples }, notes);
}
