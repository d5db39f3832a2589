import type { Selection } from "../../facts/select";
import { betaQuantile } from "../../stats/beta";
import type { Estimate } from "../../stats/estimate";
import { meanFromSums } from "../../stats/mean";
import { type RateSums, rateFromSums } from "../../stats/rate";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import type { GroupKey, Ratios } from "../estimate/ratios";
import { withheld } from "../estimate/withheld";
import type { MeasureOptions } from "../options";
import type { Row } from "../table";

const sql = statements(__dirname, "quality.sql");

/** The sums that the engine returns for one group and kind of rater. */
export interface ScoreSums {
  g: GroupKey;
  by: Row;
  rater: string;
  /** Judged subjects, their total and mean. */
  n: number;
  total: number;
  mean: number;
  least: number;
  most: number;
  /** Whether all judgements are 0 or 1, and whether all averages per subject are. */
  plain: boolean;
  is_binary: boolean;
  judgements: number;
  evaluation: number;
  deviations: number;
  cubes: number;
  clusters: number;
  size_squares: number;
  size_cubes: number;
  size_fourths: number;
  event_squares: number;
  products: number;
  event_squares_sizes: number;
  event_size_squares: number;
  event_squares_size_squares: number;
  event_size_cubes: number;
  residual_squares: number;
  residual_sizes: number;
  residual_size_squares: number;
  residual_cubes: number;
}

/** The sums of every group and kind of rater, from the table `rated`; creates the table `means`. */
export async function scoreSums({ connection }: Selection): Promise<ScoreSums[]> {
  await run(connection, sql.means);
  return rowsOf<ScoreSums>(connection, sql.sums);
}

interface MeanSettings {
  level?: number;
  clusterBy: string;
  /** Whether to use an interval that covers at least as often as its level says. */
  guarantee?: boolean;
  interval?: MeasureOptions["interval"];
  /** The scores as ratios, unless every subject is a cluster. */
  ratios?: Ratios | undefined;
}

/** The mean of a score: a rate if judgements are 0 or 1; n counts judged subjects. */
export function meanOfScore(sums: ScoreSums, settings: MeanSettings): Estimate {
  const found = scoreMean(sums, settings);
  return settings.clusterBy === "call_id" ? found : withheld(found, sums.n, sums.size_squares);
}

function scoreMean(sums: ScoreSums, settings: MeanSettings): Estimate {
  const { level = 0.95, clusterBy, ratios } = settings;
  const { n, total, plain } = sums;
  const about = { level, clusterBy, counted: "judged subjects", ...(plain ? { unit: "1" } : {}) };
  const counted = { n, unit: plain ? "1" : "", counted: about.counted };
  const shared = ratios?.shared(sums.g, sums.rater);
  if (
    settings.interval === "bootstrap" &&
    ratios !== undefined &&
    !settings.guarantee &&
    sums.least < sums.most
  ) {
    const drawn = ratios.ratio(sums.g, sums.rater, counted);
    if (drawn.method.startsWith("bootstrap")) return drawn;
  }
  if (plain) {
    // Averages of several judgements are no events that could be counted.
    const rate =
      ratios === undefined || !sums.is_binary
        ? rateFromSums({ ...rateSums(sums, clusterBy), shared }, about)
        : ratios.rate(sums.g, sums.rater, counted);
    return settings.guarantee ? guaranteed(rate, sums, level) : rate;
  }
  const { deviations, cubes } = sums;
  if (clusterBy === "call_id") return meanFromSums({ n, total, deviations, residualCubes: cubes }, about);
  return meanFromSums(
    {
      n,
      total,
      deviations,
      clusters: sums.clusters,
      sizeSquares: sums.size_squares,
      sizeCubes: sums.size_cubes,
      sizeFourths: sums.size_fourths,
      residualSquares: sums.residual_squares,
      residualSizes: sums.residual_sizes,
      residualSizeSquares: sums.residual_size_squares,
      residualCubes: sums.residual_cubes,
      shared,
    },
    about,
  );
}

function rateSums(sums: ScoreSums, clusterBy: string): RateSums {
  const { n, total: events } = sums;
  if (clusterBy === "call_id") return { n, events };
  return {
    n,
    events,
    clusters: sums.clusters,
    sizeSquares: sums.size_squares,
    sizeCubes: sums.size_cubes,
    sizeFourths: sums.size_fourths,
    eventSquares: sums.event_squares,
    products: sums.products,
    eventSquaresSizes: sums.event_squares_sizes,
    eventSizeSquares: sums.event_size_squares,
    eventSquaresSizeSquares: sums.event_squares_size_squares,
    eventSizeCubes: sums.event_size_cubes,
  };
}

/** Clopper and Pearson's bounds at the effective number of judgements (Korn & Graubard 1998). */
function guaranteed(rate: Estimate, { n, total, size_squares }: ScoreSums, level: number): Estimate {
  if (Number.isNaN(rate.low)) return rate;
  const all = total === 0 || total === n;
  const effective =
    all && rate.clusters < n ? (n * n) / size_squares : n / Math.max(1, rate.designEffect ?? 1);
  const events = (total / n) * effective;
  const tail = (1 - level) / 2;
  return {
    ...rate,
    low: events === 0 ? 0 : betaQuantile(tail, events, effective - events + 1),
    high: events >= effective ? 1 : betaQuantile(1 - tail, events + 1, effective - events),
    method: "clopper-pearson",
  };
}

/** The standard error that leaderboards print: of the mean, over clusters; NaN with fewer than two. */
export function standardError(
  { n, clusters, residual_squares, deviations }: ScoreSums,
  clusterBy: string,
): number {
  if (clusterBy === "call_id") return n < 2 ? Number.NaN : Math.sqrt(deviations / (n - 1) / n);
  // Clusters that agree exactly leave only the rounding of their sums.
  const between = residual_squares < 1e-20 * deviations ? 0 : residual_squares;
  return clusters < 2 ? Number.NaN : Math.sqrt((between * clusters) / (clusters - 1)) / n;
}
