import type { PowerSums } from "../../stats/powerSums";
import type { ClusterTotals } from "./clusterTotals";

// The data that estimates are made from. An engine sums up the calls, however many; everything after that is
// computed from rows of these types, which don't depend on an engine. `duckdbSummaries` provides them for a
// store.

/** The engine's key of a group: the digits of a whole number, which may be too large for a double. */
export type GroupKey = string;

/** Values of one group that lie close together and have the same kind of result. */
export interface Cell {
  g: GroupKey;
  /** Ascending with the value; null if there is none. */
  bucket: number | null;
  /** True for values known only to be at least that large. */
  cut: boolean;
  /** True for calls that failed: they have no value, but are not gaps in the log. */
  failed: boolean;
  n: number;
  total: number;
  squares: number;
}

/**
 * Ranks within one bucket, counted from 1 in order of value: among all its values, and among the uncensored
 * ones.
 */
export interface Places {
  g: GroupKey;
  bucket: number;
  places: number[];
  openPlaces: number[];
}

/** The values at those ranks. */
export interface PlacedValues {
  g: GroupKey;
  bucket: number;
  values: readonly number[];
  openValues: readonly number[];
}

/** Buckets of one group whose values will be needed. */
export interface Expected {
  g: GroupKey;
  buckets: number[];
  /** All buckets from this one on are among them. */
  tail: number;
}

/**
 * The points at which to sum over one group's clusters: its mean, and ascending thresholds, equally many for
 * every group.
 */
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
  /**
   * Sums of d^2, d^2 m, d^2 m^2 and d^3, where d is the total of a cluster minus the mean times its size m.
   */
  residualSquares: number;
  residualSizes: number;
  residualSizeSquares: number;
  residualCubes: number;
  /** For each threshold: values below it; equal values count half. */
  below: number[];
  /**
   * For each threshold: squared and cubed differences in the log odds of lying below it when a cluster is
   * left out.
   */
  leaveOneOut: number[];
  leaveOneOutCubes: number[];
}

/** Squared deviations of one group, by the part of a cluster in an hour. */
export interface SquaresOfParts {
  g: GroupKey;
  /** Of totals from the mean, and of the values below each threshold from their share. */
  residualSquares: number;
  belowSquares: number[];
}

/** The sums of a group in each of its hours, in ascending order. */
export interface HoursOfGroup {
  /** Hours since 1970; for a value without a time, a number beyond every hour. */
  hours: number[];
  /** The number of values, and their sum. */
  sizes: number[];
  totals: number[];
  /** For each threshold: values below it; equal values count half. */
  below: number[][];
}

/**
 * The sums that show what clusters share in an hour: each hour, and squares over the parts of every cluster.
 */
export interface SharedTimes<Hours, Part> {
  hours: Hours;
  /** Empty if every call is its own cluster, which lies in one hour. */
  parts: Part[];
}

/** What an engine reports about the values of one metric, by group. */
export interface Summaries {
  /** What a cluster is; "call_id" if every call is its own. */
  readonly clusterBy: string;
  /** True if clusters share hours, which must be allowed for. */
  readonly hours: boolean;
  /** The key and the `by` values of each group; `groups` is the number of groups. */
  names(groups: number): Promise<{ g: GroupKey; by: Record<string, string | number | boolean | null> }[]>;
  histogram(): Promise<Cell[]>;
  /**
   * Says which values will be needed, so that an engine may keep them; must come before sums over clusters.
   */
  expect(buckets: readonly Expected[]): Promise<void>;
  orderStatistics(places: readonly Places[]): Promise<PlacedValues[]>;
  /** @param tails how many of the last thresholds lie in the expected tails. */
  clusterSums(groups: readonly Thresholds[], tails: number): Promise<SumsOfClusters[]>;
  /**
   * Hours, and squared deviations of parts from the mean and, for each threshold, from the share of values
   * below it.
   */
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

/** The sums of one ratio in each of its hours, in ascending order. */
export interface HoursOfRatio extends RatioKey {
  hours: number[];
  totals: number[];
  sizes: number[];
}

/** Squared deviations of one ratio over the parts of clusters. */
export interface RatioSquares extends RatioKey {
  squares: number;
}

/**
 * What an engine reports about a named source of ratios, which has a numerator c and a denominator r for
 * every cluster.
 */
export interface RatioSummaries {
  /**
   * Must be called first: the other methods are about the same ratios.
   *
   * @param whole true if all c and r are whole numbers: their sums about 0 are exact.
   */
  laws(whole: boolean): Promise<(PowerSums & RatioKey)[]>;
  totals(wanted: readonly RatioKey[]): Promise<(ClusterTotals & RatioKey)[]>;
  /** @param every use one in this many parts of clusters; see `clusterSampleRate`. With 0 none are made. */
  sharedTimes(every: number): Promise<SharedTimes<HoursOfRatio[], RatioSquares>>;
}
