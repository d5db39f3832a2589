import { callsAlone, isOfCalls } from "../../facts/cluster";
import type { Selection } from "../../facts/select";
import { borrowedCorrelation, type Lent, lentBy } from "../../stats/borrowed";
import { defined } from "../../stats/defined";
import { type Estimate, noted, renoted } from "../../stats/estimate";
import { timeSquares } from "../../stats/hourSeries";
import { type PowerSums, recentred, totals } from "../../stats/powerSums";
import { type RateSums, rateFromSums } from "../../stats/rate";
import { ratioFromPowerSums } from "../../stats/ratioInterval";
import { ratioLowerBound } from "../../stats/ratioLowerBound";
import { reserve } from "../../stats/reservation";
import { pooledDays, type SharedTime, sharedTime } from "../../stats/sharedTime";
import { widened } from "../../stats/widened";
import type { MeasureOptions } from "../options";
import { type ClusterTotals, drawnRatio, mostDrawn } from "./clusterTotals";
import { duckdbRatios, type ShortLaw } from "./duckdbRatios";
import type { GroupKey, RatioSummaries } from "./summaries";
import { withheld } from "./withheld";

export type { GroupKey };

/** Ratios of a table that are resampled, at some 4 ms each; beyond it a table would take minutes. */
const mostRatios = 10_000;

const notDrawn = reserve("method.not-drawn", { most: mostRatios });

/** What a ratio counts: n of the estimate, its unit, and the word for what n counts. */
export interface Counted {
  n: number;
  unit: string;
  counted: string;
  /** The kind of rate whose events the denominator counts; it bounds the ratio if there are no events. */
  trials?: string;
}

/** Ratios by group and kind. */
export interface Ratios {
  /** The sum of r: what an estimate is over. */
  size(g: GroupKey, kind: string): number;
  /** The sum of c over the sum of r, with a bootstrap interval over clusters. */
  ratio(g: GroupKey, kind: string, counted: Counted): Estimate;
  /** The share c of r, with Wilson's interval on the effective number of clusters. */
  rate(g: GroupKey, kind: string, counted: Counted): Estimate;
  /** The variance that shared hours, or days, add to a ratio; absent without `hours`. */
  shared(g: GroupKey, kind: string): SharedTime | undefined;
}

const keyOf = (g: GroupKey, kind: string) => `${g} ${kind}`;

/** How ratios are estimated. */
export interface RatioOptions extends Pick<MeasureOptions, "level" | "seed" | "interval"> {
  /** True if the interval includes what all clusters of an hour share. Default false. */
  hours?: boolean;
  /** The unit that forms a cluster. */
  clusterBy: string;
  /** True if all c and r are counts. */
  whole?: boolean;
  /** With `hours`, use one in this many parts of clusters; see `clusterSampleRate`. Default 1. */
  every?: number;
}

/**
 * Estimates the ratios of a measure's own query over the store.
 *
 * @param sums a query for g, kind, c and r of each cluster; with `hours`, its clusters follow `regrouped`
 * @param options as `RatioOptions`, and `law` for a measure that computes power sums faster
 */
export function ratiosOf(
  selection: Pick<Selection, "connection" | "regrouped">,
  sums: string,
  { law, ...options }: RatioOptions & { law?: ShortLaw },
): Promise<Ratios> {
  return ratiosFrom(duckdbRatios(selection, sums, law), options);
}

/** Makes estimates of ratios from sums over clusters. */
export async function ratiosFrom(summaries: RatioSummaries, options: RatioOptions): Promise<Ratios> {
  const { level = 0.95, seed, clusterBy, whole = false } = options;
  const rows = await summaries.laws(whole);
  const keys = new Map(rows.map(({ g, kind }) => [keyOf(g, kind), { g, kind }]));
  const laws = new Map(rows.map(({ g, kind, ...law }) => [keyOf(g, kind), law as PowerSums]));
  const found = new Map([...laws].map(([key, law]) => [key, ratioFromPowerSums(law, { level, clusterBy })]));
  const draw = [...found].filter(([key, estimate]) => needsDraws(estimate, laws.get(key) as PowerSums));
  const drawn = new Map<string, ClusterTotals>();
  if (draw.length > mostRatios)
    for (const [key, estimate] of draw) found.set(key, renoted(estimate, [notDrawn]));
  else if (draw.length > 0) {
    const wanted = draw.flatMap(([key]) => keys.get(key) ?? []);
    for (const { g, kind, ...one } of await summaries.totals(wanted)) drawn.set(keyOf(g, kind), one);
  }
  // Most of the time goes into resampling, so only requested ratios are resampled.
  const estimateOf = (key: string): Estimate => {
    const totals = drawn.get(key);
    if (totals !== undefined) {
      found.set(key, drawnRatio(totals, 0, { level, seed, clusterBy }));
      drawn.delete(key);
    }
    return found.get(key) as Estimate;
  };
  const shared = options.hours
    ? await sharedTimes(summaries, laws, callsAlone(clusterBy) ? 0 : options.every)
    : new Map<string, SharedTime>();
  const lending = clusterBy === "call_id" ? new Map<string, Lending>() : lendingOf(keys, laws, shared);
  // Single calls or tasks are not clusters of unequal size: if some have no denominator, the bootstrap shows
  // that.
  const nested = clusterBy !== "call_id" && clusterBy !== "task_id";
  const ratio = (g: GroupKey, kind: string, { n, unit, counted, trials }: Counted): Estimate => {
    const key = keyOf(g, kind);
    const law = laws.get(key);
    if (law === undefined) return nothingCounted({ unit, counted }, { level, clusterBy });
    if (law.d0r1 > 0) {
      const drawn = estimateOf(key);
      const wide = possible(widened(drawn, law, { shared: shared.get(key), even: !nested }), drawn, unit);
      return { ...(nested ? withheld(wide, law.d0r1, law.d0r2) : wide), n, unit };
    }
    const tried = trials === undefined ? undefined : laws.get(keyOf(g, trials));
    const effective = tried === undefined ? law.clusters : tried.d0r1 ** 2 / tried.d0r2;
    const { clusters, d1r0 } = law;
    return ratioLowerBound(d1r0, { trials: n, clusters, effective, level, clusterBy, unit, counted });
  };
  const rate = (g: GroupKey, kind: string, { n, unit, counted }: Counted): Estimate => {
    const law = laws.get(keyOf(g, kind));
    if (law === undefined) return nothingCounted({ unit, counted }, { level, clusterBy });
    const events = eventsOf(law);
    // If no trial is an event, or every one is, all resamples are equal and say nothing; and an interval that
    // isn't a bootstrap's could leave the range of a share.
    if (options.interval === "bootstrap" && events > 0 && events < n) {
      const drawn = ratio(g, kind, { n, unit, counted });
      if (drawn.method.startsWith("bootstrap")) return drawn;
    }
    const about = { level, clusterBy, unit, counted };
    if (clusterBy === "call_id") return rateFromSums({ n, events }, about);
    const { sums, lent, others } = lending.get(keyOf(g, kind)) as Lending;
    // Copies of a call end alike.
    const correlation = isOfCalls(clusterBy)
      ? 1
      : borrowedCorrelation({ events: others.events - lent.events, sum: others.sum - lent.sum });
    const found = rateFromSums({ ...sums, n, events }, { ...about, correlation });
    return withheld(found, law.d0r1, law.d0r2);
  };
  const size = (g: GroupKey, kind: string) => laws.get(keyOf(g, kind))?.d0r1 ?? 0;
  return { ratio, rate, size, shared: (g, kind) => shared.get(keyOf(g, kind)) };
}

/**
 * A widened interval, cut to possible values: a share stays within 0 and 1, and a cost or time that no
 * resample brings below 0 gets no bound below 0.
 */
function possible(wide: Estimate, drawn: Estimate, unit: string): Estimate {
  const never = unit === "1" || ((unit === "s" || unit.startsWith("USD")) && drawn.low >= 0);
  const low = never ? Math.max(0, wide.low) : wide.low;
  return { ...wide, low, high: unit === "1" ? Math.min(1, wide.high) : wide.high };
}

/** The variance that shared hours, or days, add to each ratio. */
async function sharedTimes(
  summaries: RatioSummaries,
  laws: Map<string, PowerSums>,
  every = 1,
): Promise<Map<string, SharedTime>> {
  const found = await summaries.sharedTimes(every);
  const parts = new Map(found.parts.map((row) => [keyOf(row.g, row.kind), row]));
  const shared = new Map<string, SharedTime>();
  const kinds = new Map<string, string[]>();
  for (const { g, kind, hours, totals: c, sizes } of found.hours) {
    const key = keyOf(g, kind);
    const [law, part] = [laws.get(key), parts.get(key)];
    if (law === undefined || (part === undefined && every > 0) || !(law.d0r1 > 0)) continue;
    const { numerator, denominator } = totals(law);
    const ratio = numerator / denominator;
    const deviations = c.map((total, at) => total - ratio * sizes[at]);
    const { squares, ...spans } = timeSquares({ hours, sizes, deviations });
    const units = recentred(law, ratio).d2r0;
    shared.set(key, sharedTime({ units, hours: squares, both: part?.squares ?? units, ...spans }));
    kinds.set(kind, [...(kinds.get(kind) ?? []), key]);
  }
  for (const keys of kinds.values())
    for (const [i, one] of pooledDays(keys.map((key) => shared.get(key))).entries())
      if (one !== undefined) shared.set(keys[i], one);
  return shared;
}

/** The events of a rate: whole but for rounding, or where some are counted in parts, to a millionth. */
const eventsOf = ({ d1r0, d0r1, centre = 0 }: PowerSums): number =>
  Math.round((d1r0 + centre * d0r1) * 1e6) / 1e6;

function needsDraws(estimate: Estimate, { d0r1, clusters }: PowerSums): boolean {
  return (
    Number.isFinite(estimate.value) &&
    d0r1 > 0 &&
    clusters >= 5 &&
    clusters <= mostDrawn &&
    !estimate.method.startsWith("bootstrap")
  );
}

/** An unknown estimate, for when there is nothing to count. */
export function nothingCounted(
  { unit, counted }: Pick<Counted, "unit" | "counted">,
  { level, clusterBy }: { level: number; clusterBy: string },
): Estimate {
  const none = { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  return {
    ...none,
    level,
    method: "none",
    n: 0,
    clusters: 0,
    clusterBy,
    unit,
    ...noted([reserve("none.counted", { counted })]),
  };
}

/** The sums of a rate, what it lends to other rates of its kind, and what these lend together. */
interface Lending {
  sums: RateSums;
  lent: Lent;
  others: Lent;
}

function lendingOf(
  keys: Map<string, { kind: string }>,
  laws: Map<string, PowerSums>,
  shared: Map<string, SharedTime>,
): Map<string, Lending> {
  const all = new Map<string, Lent>();
  const lending = new Map<string, Lending>();
  for (const [key, law] of laws) {
    const { kind } = keys.get(key) as { kind: string };
    const others = all.get(kind) ?? { events: 0, sum: 0 };
    all.set(kind, others);
    const time = shared.get(key);
    const events = eventsOf(law);
    const sums = defined({ ...rateSums(law), n: law.d0r1, events, shared: time });
    const lent = lentBy(sums);
    others.events += lent.events;
    others.sum += lent.sum;
    lending.set(key, { sums, lent, others });
  }
  return lending;
}

/** The sums for a rate, from those of the ratio of its events e over its trials m. */
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
