import type { Margin } from "../../measures/mix/mixMargin";
import type { Spread } from "../../measures/mix/mixSpread";
import type { Four } from "../../measures/mix/mixStandard";
import type { AtMix } from "../../measures/mix/mixTables";
import { SAME_DAYS } from "../../measures/mix/ownDays";
import type { Keyed } from "../../measures/table";
import type { Claim } from "../../stats/claim";
import { clusterNotes, FEWEST_CLUSTERS } from "../../stats/clusterError";
import { defined } from "../../stats/defined";
import { type Estimate, noted, renoted, withNotesFirst } from "../../stats/estimate";
import { nearestToOne } from "../../stats/eValue";
import { reserve } from "../../stats/reservation";
import { studentTCdf } from "../../stats/studentT";
import { percent } from "../../stats/text";
import { apart, changeOf, scaleOf } from "./compareChange";
import { withLabelError } from "./compareCorrected";
import { daysUntold } from "./compareDays";
import { type HeldAgainst, heldAgainst, heldApart, heldOver } from "./compareHeld";
import { caseOf, knownOf, moved, seenOf, shiftOf, unloggedOdds } from "./compareMargin";
import type { ComparedMetric } from "./compareMetrics";
import { returningOf } from "./compareReturning";
import type { Switched } from "./controlAt";
import { doubtOfDays } from "./switchEffect";

/** One metric of two sides. */
export type CompareRow = Keyed<
  Partial<HeldAgainst> & {
    metric: string;
    /** Side a and side b as the measures give them: all their calls, tasks or scores. */
    a: Estimate;
    b: Estimate;
    /** b minus a, and b over a. */
    difference: Estimate;
    ratio: Estimate;
    /**
     * The part of the difference that remains in the same hours of the week when b is given the mix of a: the model
     * itself.
     */
    within: Estimate;
    /** The part of the difference due to the change of the mix and of the time of the week. */
    mix: Estimate;
    /** The same two as factors, whose product is `ratio`. */
    within_ratio: Estimate;
    mix_ratio: Estimate;
    /** Probability of so large a `within`, and `mix`, without a change; adjusted over all rows together by Holm. */
    p_holm: number;
    mix_p_holm: number;
    /** `within_ratio` among users who are on both sides; absent if both sides have the same users. */
    returning?: Estimate;
    /** The smallest factor that a log like this would show in four of five cases; NaN if there is none. */
    seen: number;
    /** The factor by which an unlogged difference of the sides would have to move the metric to explain `within` away. */
    unlogged: number;
    /**
     * Of a quantile: the factor by which an unlogged difference of the sides would have to shift the odds of lying below it, to
     * explain `within_ratio` away; and to leave it open.
     */
    odds?: number;
    odds_bound?: number;
    /** Of resolved tasks, where outcomes are unknown: the share of either side whose outcome is known. */
    reported_a?: number;
    reported_b?: number;
    /** The same: `within` among tasks that report on both sides, with ends that hold if one side reports all that the other does. */
    one_way?: Estimate;
    /**
     * "slower", "faster", "dearer", ..., "cannot tell", "slower, or other users", "slower, or other days", "slower, but not as measured",
     * "no change of the model shown", or "could not be tested".
     */
    verdict: string;
    /** How far the verdict stands, and on what. */
    claim: Claim;
  }
>;

/**
 * A row before the whole family of tests is known: the p-values of `within`, of it and of `returning` together,
 * and of `mix`.
 */
export interface UnjudgedRow {
  row: CompareRow;
  p: number;
  bothP: number;
  mixP: number;
  /** The p-value of the change in another look at the days, where these tell it. */
  doubt?: number;
  /** Of resolved tasks with unknown outcomes: that of the change if one side reports all that the other does. */
  oneWayP?: number;
  /** True where the sides are compared as measured, though they had other work. */
  otherWork?: boolean;
}

/**
 * The estimates of a metric: the measures' values for both sides, and how they differ at one mix, by four margins.
 */
export function compareRow(
  metric: ComparedMetric,
  { a, b }: Record<"a" | "b", Estimate>,
  { margins: found, standard, spread: ofUnits }: AtMix,
  again: { at?: AtMix } | undefined,
  { level, switched }: { level: number; switched?: Switched },
): UnjudgedRow {
  const t = ofUnits.t(level);
  const [toA, toB] = [shiftOf(found.a, a), shiftOf(found.b, b)];
  // Histograms of waits leave the last thousandth open, while the measures' values are exact.
  const shifted = {
    a: moved(found.a, toA),
    b: moved(found.b, toB),
    k: moved(found.k, toA),
    t: moved(found.t, toB),
  };
  const { margins, spread } = withLabelError(shifted, ofUnits, { a, b });
  const estimate = (name: "k" | "t"): Estimate => {
    const side = name === "k" ? 0 : 1;
    const { value, method, bounds } = margins[name];
    const effective = spread.effective[side];
    const known = effective >= FEWEST_CLUSTERS && Number.isFinite(margins[name].error);
    const [low, high] = known ? bounds(t) : [Number.NaN, Number.NaN];
    const notes = [
      ...clusterNotes(effective),
      ...(known && high === Number.POSITIVE_INFINITY ? [reserve("compare.open-above")] : []),
      ...knownOf(side === 0 ? a : b),
    ];
    return defined({
      value,
      low,
      high,
      level,
      method,
      n: standard.units[name],
      clusters: spread.clusters[side],
      clusterBy: spread.clusterBy,
      unit: metric.unit,
      ...noted(notes),
      worst_case: caseOf(side === 0 ? a : b, value),
    });
  };
  const [k, s] = [estimate("k"), estimate("t")];
  const total = changeOf(margins, spread, "b", "a");
  const within = changeOf(margins, spread, "t", "k");
  const held = heldOver({ margins, spread, standard }, switched, metric, level);
  const users = again && returningOf(metric, again.at, { level, switched });
  const [difference, ratio] = apart(metric, { first: a, second: b }, total);
  const measured = apart(metric, { first: k, second: s }, within);
  const [own, ownRatio] = held === undefined ? measured : heldApart(held, k.value, measured);
  const covered =
    standard.covered < 0.995 ? [reserve("compare.part", { share: percent(standard.covered) })] : [];
  const untold = [...covered, ...(held === undefined ? daysUntold(spread) : [])];
  const rest = mixOf(
    { difference, ratio, within: measured[0], within_ratio: measured[1] },
    margins,
    spread,
    standard.isStratified,
    level,
  );
  const row = {
    metric: metric.name,
    a,
    b,
    difference,
    ratio,
    within: withNotesFirst(own, untold),
    mix: rest.estimates.mix,
    within_ratio: withNotesFirst(ownRatio, untold),
    mix_ratio: rest.estimates.mix_ratio,
    p_holm: Number.NaN,
    mix_p_holm: Number.NaN,
    ...heldAgainst(held, measured[1], ownRatio, spread),
    ...(users && { returning: users.ratio }),
    seen: seenOf(ownRatio, t),
    unlogged: nearestToOne(ownRatio),
    ...unloggedOdds(margins, ownRatio, { p: metric.of?.p, t }),
    verdict: "",
    claim: unjudged,
  };
  const agrees = users === undefined || Math.sign(users.ratio.value - 1) === Math.sign(ownRatio.value - 1);
  const p = held === undefined ? within.p : held.p;
  // Where the users of both sides cannot be tested, their disagreeing is no result either.
  const bothP = users === undefined ? p : agrees || Number.isNaN(users.p) ? Math.max(p, users.p) : 1;
  const doubt =
    held?.doubt ??
    (spread.daysShared < SAME_DAYS ? doubtOfDays(p, spread.daysOf, within.days.plain?.carriesOver ?? 0) : p);
  return { row, p, bothP, mixP: rest.p, doubt };
}

/** The claim of a row before the whole family of tests is known. */
export const unjudged: Claim = { id: "compare", kind: "changed", status: "open" };

/** The part of a change that is not `within`, from the joint spread of the four numbers. */
function mixOf(
  whole: Record<"difference" | "ratio" | "within" | "within_ratio", Estimate>,
  margins: Four<Margin>,
  spread: Spread,
  isStratified: boolean,
  level: number,
): { estimates: { mix: Estimate; mix_ratio: Estimate }; p: number } {
  const names = ["a", "b", "k", "t"] as const;
  const signs = { a: -1, b: 1, k: 1, t: -1 };
  const factors = (log: boolean) =>
    Object.fromEntries(
      names.map((name) => {
        const value = log ? margins[name].value : 1;
        return [name, (signs[name] * scaleOf(margins, spread, name)) / value];
      }),
    );
  const value = whole.difference.value - whole.within.value;
  const factor = whole.ratio.value / whole.within_ratio.value;
  const { worst_case: _, ...base } = renoted(whole.difference, []);
  const about = { ...base, method: "t-cluster" };
  if (!isStratified) {
    const mix = renoted({ ...about, value: 0, low: 0, high: 0 }, [reserve("compare.no-mix")]);
    return { estimates: { mix, mix_ratio: { ...mix, value: 1, low: 1, high: 1, unit: "×" } }, p: Number.NaN };
  }
  const t = spread.t(level);
  const sure = Math.min(...spread.effective) >= FEWEST_CLUSTERS;
  const error = sure ? Math.sqrt(spread.variance(factors(false))) : Number.NaN;
  const logError = sure ? Math.sqrt(spread.variance(factors(true))) : Number.NaN;
  const none = Number.isFinite(error) ? {} : noted([reserve("compare.no-mix-interval")]);
  const mix = { ...about, value, low: value - t * error, high: value + t * error, ...none };
  const ends = { low: factor * Math.exp(-t * logError), high: factor * Math.exp(t * logError) };
  const same = Math.abs(value) <= 1e-9 * Math.abs(whole.difference.value || 1) || !(error > 0);
  return {
    estimates: { mix, mix_ratio: { ...about, value: factor, ...ends, unit: "×", ...none } },
    p: Number.isNaN(error)
      ? Number.NaN
      : same
        ? 1
        : Math.min(1, 2 * studentTCdf(-Math.abs(value) / error, spread.degrees)),
  };
}
