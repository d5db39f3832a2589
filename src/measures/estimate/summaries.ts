import type { PowerSums } from "../../stats/powerSums";
import type { ClusterTotals } from "./clusterTotals";

// What estimates are made from. An engine sums up the calls, however many; what follows is computed from rows of these
// types, which know of no engine. `duckdbSummaries` answers them for a store.

/** A group as the engine's key of it: the digits of a whole number, which may be too large for a double. */
export type GroupKey = string;

/** Values of one group that lie close together, and went the same way. */
export interface Cell {
  g: GroupKey;
  /** Ascending with the value; null where there is none. */
  bucket: number | null;
  /** True of values known only to be at least what they are. */
  cut: boolean;
  /** True of calls that failed: they have no value, and are no gap in the log. */
  failed: boolean;
  n: number;
  total: number;
  squares: number;
}

/** Places of one bucket, counted from 1 in order of value: among all its values, and among those that are not cut. */
export interface Places {
  g: GroupKey;
  bucket: number;
  places: number[];
  openPlaces: number[];
}

/** The values at those places. */
export interface PlacedValues {
  g: GroupKey;
  bucket: number;
  values: readonly number[];
  openValues: readonly number[];
}

/** Buckets of one group of which values will be asked for. */
export interface Expected {
  g: GroupKey;
  buckets: number[];
  /** The bucket from which on all are among them. */
  tail: number;
}

/** Where one group's clusters are looked at: its mean and as many thresholds as every group has, ascending. */
export interface Thresholds {
  g: GroupKey;
  mean: number;
  thresholds: readonly number[];
}

/** Sums over the clusters of one group. */
export interface SumsOfClusters {
  g: GroupKey;
  clusters: number;
  n: number;
  /** Sums of the squares, cubes and fourth powers of the clusters' sizes. */
  sizeSquares: number;
  sizeCubes: number;
  sizeFourths: number;
  /** Sums of d^2, d^2 m, d^2 m^2 and d^3, where d is the total of a cluster less the mean times its size m. */
  residualSquares: number;
  residualSizes: number;
  residualSizeSquares: number;
  residualCubes: number;
  /** For each threshold: values below it, those equal counted half. */
  below: number[];
  /** For each threshold: squared differences of the log odds of lying below it with a cluster left out, and cubed. */
  leaveOneOut: number[];
  leaveOneOutCubes: number[];
}

/** Squared deviations of one group by the part of a cluster in an hour. */
export interface SquaresOfParts {
  g: GroupKey;
  /** Of totals from the mean; of the values below each threshold from their share. */
  residualSquares: number;
  belowSquares: number[];
}

/** What a group comes to in each of its hours, ascending. */
export interface HoursOfGroup {
  /** Hours since 1970; a number beyond any for a value without a time. */
  hours: number[];
  /** Values, and their sum. */
  sizes: number[];
  totals: number[];
  /** For each threshold: values below it, those equal counted half. */
  below: number[][];
}

/** What tells what clusters share in an hour: each hour, and squares over the parts of every cluster. */
export interface SharedTimes<Hours, Part> {
  hours: Hours;
  parts: Part[];
}

/** What an engine tells of the values of one metric, by group. */
export interface Summaries {
  /** What a cluster is; "call_id" where every call is its own. */
  readonly clusterBy: string;
  /** True where clusters share hours that are to be looked at. */
  readonly hours: boolean;
  /** What tells the groups apart, of which there are so many. */
  names(groups: number): Promise<{ g: GroupKey; by: Record<string, string | number | boolean | null> }[]>;
  histogram(): Promise<Cell[]>;
  /** Says what will be asked for, so that an engine may keep those values; needed before sums over clusters. */
  expect(buckets: readonly Expected[]): Promise<void>;
  orderStatistics(places: readonly Places[]): Promise<PlacedValues[]>;
  /** @param tails how many of the last thresholds lie in the tails that are expected. */
  clusterSums(groups: readonly Thresholds[], tails: number): Promise<SumsOfClusters[]>;
  /** Hours, and squares of parts about the mean and, for each threshold, about the share of values below it. */
  sharedTimes(
    groups: readonly (Thresholds & { shares: readonly number[]; n: number })[],
    tails: number,
  ): Promise<SharedTimes<Map<GroupKey, HoursOfGroup>, SquaresOfParts>>;
  /** The mean as a ratio of sums, of the kind "mean". */
  means(): RatioSummaries;
}

/** One ratio: of a group, and of a kind. */
export interface RatioKey {
  g: GroupKey;
  kind: string;
}

/** What one ratio comes to in each of its hours, ascending. */
export interface HoursOfRatio extends RatioKey {
  hours: number[];
  totals: number[];
  sizes: number[];
}

/** Squared deviations of one ratio over the parts of clusters. */
export interface RatioSquares extends RatioKey {
  squares: number;
}

/** What an engine tells of a named source of ratios, which has a numerator c and a denominator r of every cluster. */
export interface RatioSummaries {
  /**
   * Comes first: what follows is of the same ratios.
   *
   * @param whole true where all c and r are whole numbers: sums of these are exact about 0.
   */
  laws(whole: boolean): Promise<(PowerSums & RatioKey)[]>;
  totals(wanted: readonly RatioKey[]): Promise<(ClusterTotals & RatioKey)[]>;
  /** @param every one part of a cluster in so many is enough; see `clusterSampleRate`. */
  sharedTimes(every: number): Promise<SharedTimes<HoursOfRatio[], RatioSquares>>;
}
