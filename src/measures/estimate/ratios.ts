import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { Estimate } from "../../stats/estimate";
import { type PowerSums, recentred, totals } from "../../stats/powerSums";
import { type RateSums, rateFromSums } from "../../stats/rate";
import { ratioFromPowerSums } from "../../stats/ratioInterval";
import { ratioLowerBound } from "../../stats/ratioLowerBound";
import { type SharedTime, sharedTime } from "../../stats/sharedTime";
import { widened } from "../../stats/widened";
import { atGrain } from "../../store/grain";
import { rowsOf } from "../../store/query";
import { statements } from "../../store/statements";
import type { MeasureOptions } from "../options";
import { type ClusterTotals, drawnRatio, mostDrawn } from "./clusterTotals";

const sql = statements<"power_sums" | "squares" | "totals">(join(__dirname, "ratios.sql"));

/** Ratios of one table for which resamples are drawn; beyond, Fieller's interval answers at once. */
const mostRatios = 400;

/** A group as the engine's key of it. */
export type GroupKey = number | string;

/** What a ratio counts: n of the estimate, its unit, and the word for what n counts. */
export interface Counted {
  n: number;
  unit: string;
  counted: string;
  /** The kind of rate whose trials the denominator counts events of; it bounds a ratio of none. */
  trials?: string;
}

/** The ratios of the view `kinds` by group and kind. */
export interface Ratios {
  /** The sum of c over the sum of r, with a bootstrap interval over clusters. */
  ratio(g: GroupKey, kind: string, counted: Counted): Estimate;
  /** The share c of r, with Wilson's interval on the effective number of clusters. */
  rate(g: GroupKey, kind: string, counted: Counted): Estimate;
}

type Key = { g: GroupKey; kind: string };
const keyOf = (g: GroupKey, kind: string) => `${g} ${kind}`;

/**
 * Sums up the connection's view `kinds` (g, kind, and c and r of each cluster) and answers with estimates.
 *
 * @param options `level`, `seed`, `interval`, `clusterBy`, what a cluster of the view is, `whole`, true where all c
 * and r are counts, `hours`, true where the clusters of the view follow `atGrain`, and `every`, of which of the parts
 * of clusters one is enough (see `sparing`; default 1)
 * @param own statements of a measure that has the power sums, or the squares at the grain that is set, in a shorter way
 */
export async function ratiosOf(
  connection: DuckDBConnection,
  options: Pick<MeasureOptions, "level" | "seed" | "interval" | "hours"> & {
    clusterBy: string;
    whole?: boolean;
    every?: number;
  },
  own: { law?: string; squares?: string } = {},
): Promise<Ratios> {
  const { level = 0.95, seed, clusterBy, whole = false } = options;
  const rows = await rowsOf<PowerSums & Key>(connection, own.law ?? sql.power_sums, { whole });
  const laws = new Map(rows.map(({ g, kind, ...sums }) => [keyOf(g, kind), sums as PowerSums]));
  const found = new Map([...laws].map(([key, law]) => [key, ratioFromPowerSums(law, { level, clusterBy })]));
  // Those over as many clusters one after another, so that their draws are made once.
  const draw = [...found]
    .filter(([key, estimate]) => needsDraws(estimate, laws.get(key) as PowerSums))
    .sort(([, a], [, b]) => a.clusters - b.clusters);
  const drawn = new Map<string, ClusterTotals>();
  if (draw.length > 0 && draw.length <= mostRatios) {
    const wanted = JSON.stringify(draw.map(([key]) => key));
    for (const { g, kind, ...one } of await rowsOf<ClusterTotals & Key>(connection, sql.totals, { wanted }))
      drawn.set(keyOf(g, kind), one);
  }
  // Most of the time goes into drawing, so only what is asked for is drawn.
  const estimateOf = (key: string): Estimate => {
    const totals = drawn.get(key);
    if (totals !== undefined) {
      found.set(key, drawnRatio(totals, 0, { level, seed, clusterBy }));
      drawn.delete(key);
    }
    return found.get(key) as Estimate;
  };
  const shared = options.hours
    ? await sharedHours(connection, laws, options.every, own.squares)
    : new Map<string, SharedTime>();
  // A call or a task alone is no cluster of unequal size: that some have no denominator is what a bootstrap shows.
  const nested = clusterBy !== "call_id" && clusterBy !== "task_id";
  const ratio = (g: GroupKey, kind: string, { n, unit, counted, trials }: Counted): Estimate => {
    const key = keyOf(g, kind);
    const law = laws.get(key);
    if (law === undefined) return nothing({ n, unit, counted }, { level, clusterBy });
    if (law.d0r1 > 0) {
      const estimate = estimateOf(key);
      return {
        ...(nested ? possible(widened(estimate, law, shared.get(key)), estimate, unit) : estimate),
        n,
        unit,
      };
    }
    const tried = trials === undefined ? undefined : laws.get(keyOf(g, trials));
    const effective = tried === undefined ? law.clusters : tried.d0r1 ** 2 / tried.d0r2;
    const { clusters, d1r0 } = law;
    return ratioLowerBound(d1r0, { trials: n, clusters, effective, level, clusterBy, unit, counted });
  };
  const rate = (g: GroupKey, kind: string, { n, unit, counted }: Counted): Estimate => {
    const law = laws.get(keyOf(g, kind));
    if (law === undefined) return nothing({ n, unit, counted }, { level, clusterBy });
    const events = Math.round(law.d1r0 + (law.centre ?? 0) * law.d0r1);
    // Where no trial is an event, or every one, all resamples are alike and say nothing; and an interval that is no
    // bootstrap could leave the range of a share.
    if (options.interval === "bootstrap" && events > 0 && events < n) {
      const drawn = ratio(g, kind, { n, unit, counted });
      if (drawn.method.startsWith("bootstrap")) return drawn;
    }
    const time = shared.get(keyOf(g, kind));
    const clustered =
      clusterBy === "call_id" ? {} : { ...rateSums(law), ...(time === undefined ? {} : { shared: time }) };
    return rateFromSums({ ...clustered, n, events }, { level, clusterBy, unit, counted });
  };
  return { ratio, rate };
}

/**
 * A widened interval with its ends where values can be: a share keeps within 0 and 1, and what resamples of costs or
 * seconds never bring below 0 has no end there.
 */
function possible(wide: Estimate, drawn: Estimate, unit: string): Estimate {
  const never = unit === "1" || ((unit === "s" || unit.startsWith("USD")) && drawn.low >= 0);
  const low = never ? Math.max(0, wide.low) : wide.low;
  return { ...wide, low, high: unit === "1" ? Math.min(1, wide.high) : wide.high };
}

/** What hours that the clusters share add to the variance of each ratio. */
async function sharedHours(
  connection: DuckDBConnection,
  laws: Map<string, PowerSums>,
  every = 1,
  statement: string = sql.squares,
): Promise<Map<string, SharedTime>> {
  type Squares = Key & { clusters: number; sizes: number; size_squares: number; squares: number };
  const squares = async () => {
    const rows = await rowsOf<Squares>(connection, statement);
    return new Map(rows.map((row) => [keyOf(row.g, row.kind), row]));
  };
  const hours = await atGrain(connection, "hour", squares);
  const both = await atGrain(connection, "both", squares, every);
  const shared = new Map<string, SharedTime>();
  for (const [key, law] of laws) {
    const [hour, part] = [hours.get(key), both.get(key)];
    if (hour === undefined || part === undefined || !(law.d0r1 > 0)) continue;
    const { numerator, denominator } = totals(law);
    shared.set(
      key,
      sharedTime({
        units: recentred(law, numerator / denominator).d2r0,
        hours: hour.squares,
        both: every * part.squares,
        count: hour.clusters,
        effective: hour.sizes ** 2 / hour.size_squares,
      }),
    );
  }
  return shared;
}

function needsDraws(estimate: Estimate, { d0r1, clusters }: PowerSums): boolean {
  return (
    Number.isFinite(estimate.value) &&
    d0r1 > 0 &&
    clusters >= 5 &&
    clusters <= mostDrawn &&
    !estimate.method.startsWith("bootstrap")
  );
}

/** An estimate of which nothing is known, since there is nothing to count. */
function nothing(
  { unit, counted }: Counted,
  { level, clusterBy }: { level: number; clusterBy: string },
): Estimate {
  const none = { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  return { ...none, level, method: "none", n: 0, clusters: 0, clusterBy, unit, note: `no ${counted}` };
}

/** The sums that a rate needs, from those of the ratio of its events e over its trials m. */
function rateSums(law: PowerSums): Omit<RateSums, "n" | "events"> {
  const about = recentred(law, 0);
  return {
    clusters: about.clusters,
    sizeSquares: about.d0r2,
    sizeCubes: about.d0r3,
    sizeFourths: about.d0r4,
    eventSquares: about.d2r0,
    products: about.d1r1,
    eventSquaresSizes: about.d2r1,
    eventSizeSquares: about.d1r2,
    eventSquaresSizeSquares: about.d2r2,
    eventSizeCubes: about.d1r3,
  };
}
