import { isOfCalls, isTime } from "../../facts/cluster";
import { type DayEffect, type DayValue, dayMixture } from "../../stats/dayMixture";
import { studentTQuantile } from "../../stats/studentT";
import type { Four } from "./mixStandard";

export type Over = "cluster" | "hour" | "both";
const pairs = ["aa", "ab", "ak", "at", "bb", "bk", "bt", "kk", "kt", "tt"] as const;

/** Sums of products of the influences of one kind of unit. */
export type Covariance = { over: Over; clusters: number } & Record<(typeof pairs)[number], number>;

/** The number of units of a kind on a side, and their effective number. */
export interface SideSize {
  over: Over;
  second: boolean;
  clusters: number;
  effective: number;
  /** The same with the units' weights at the mix. */
  at_mix: number;
  /** How many units the variance rests on: (sum of squared weights)^2 / sum of their fourth powers. */
  in_variance: number;
}

/**
 * How far the calls of a day of a side pull the four numbers, with the day's share of its side: h as it is, u at the mix; and
 * the units of that side.
 */
export type DayPulls = { second: boolean; day: number; h: number; u: number; n: number } & Four;

/** The joint uncertainty of the four numbers of a comparison. */
export interface Spread {
  /** The variance of a sum of the four numbers, each times its factor. */
  variance(factors: Partial<Four>): number;
  /** Student's t at a two-sided level. */
  t(level: number): number;
  degrees: number;
  /** Independent units on side a and side b, and their effective numbers. */
  clusters: [number, number];
  effective: [number, number];
  clusterBy: string;
  /**
   * What days allow to say of a difference of two of the four numbers, each times its factor: how far it may be from its
   * value. Undefined if a side has too few days, or calls have no times.
   */
  days(factors: Partial<Four>): DayEffect | undefined;
  /** The same, each day by itself: what it makes of the difference, were its side made of that day alone. */
  daily(factors: Partial<Four>): DayValue[];
  /** The share of calls on days that both sides have alike, 0 to 1; NaN without times. */
  daysShared: number;
  /** How many days either side has. */
  daysOf: [a: number, b: number];
}

/** The kinds of units that may be asked for: hours as well, unless clusters are spans of time; both unless each is a call, with its copies. */
export const kindsOf = (byHour: boolean, clusterBy: string): Over[] =>
  !byHour || isTime(clusterBy)
    ? ["cluster"]
    : isOfCalls(clusterBy)
      ? ["cluster", "hour"]
      : ["cluster", "hour", "both"];

/** Minimum effective units on each side to allow for what hours share. */
const fewestHours = 5;

/**
 * Two-way clustering: what users have in common, and what calls of the same hour have in common.
 *
 * V = V_cluster + V_hour - V_both, and at least as large as each of the first two. Cameron, Gelbach & Miller
 * (2011), doi:10.1198/jbes.2010.07136; each cluster left out in turn, MacKinnon, Nielsen & Webb (2023),
 * doi:10.1016/j.jeconom.2022.04.001; the degrees of freedom are one less than the units of the smaller side,
 * taken as the geometric mean of those effective at the mix and those effective in variance (see `clusterError`).
 */
export function spreadOf(
  covariances: readonly Covariance[],
  sizes: readonly SideSize[],
  clusterBy: string,
  byHour: boolean,
  sides: readonly boolean[] = [false, true],
  days: readonly DayPulls[] = [],
): Spread {
  // A side without calls in the hours that both sides have has no clusters.
  const size = (over: Over, second: boolean) => {
    const found = sizes.find((one) => one.over === over && one.second === second && one.effective > 0);
    return found ?? { clusters: 0, effective: 0, at_mix: 0, in_variance: 0 };
  };
  const enough = sides.every((second) => size("hour", second).effective >= fewestHours);
  const kinds = kindsOf(byHour, clusterBy);
  // Every hour holds whole calls: if each call is its own cluster, hours are the clusters.
  const over: Over[] = !enough ? ["cluster"] : kinds.includes("both") ? kinds : kinds.slice(-1);
  const matrix = (kind: Over, f: Four): number => {
    const found = covariances.find((one) => one.over === kind);
    if (found === undefined || found.clusters < 2) return Number.NaN;
    let sum = 0;
    for (const pair of pairs) {
      const [i, j] = [pair[0], pair[1]] as [keyof Four, keyof Four];
      sum += (i === j ? 1 : 2) * f[i] * f[j] * found[pair];
    }
    return Math.max(0, (sum * (found.clusters - 1)) / found.clusters);
  };
  const main = over[0];
  const used = over.filter((kind) => kind !== "both");
  const degrees = Math.min(
    ...used.flatMap((kind) =>
      sides.map((second) => {
        const { at_mix, in_variance } = size(kind, second);
        return Math.sqrt(at_mix * in_variance) - 1;
      }),
    ),
  );
  const names = { cluster: clusterBy, hour: "hour", both: "" };
  return {
    variance(factors) {
      const f = { a: 0, b: 0, k: 0, t: 0, ...factors };
      const [own, other, shared] = over.map((kind) => matrix(kind, f));
      return other === undefined ? own : Math.max(own, other, own + other - shared);
    },
    t: (level) => studentTQuantile((1 + level) / 2, Math.max(1, degrees)),
    degrees: Math.max(1, degrees),
    clusters: [size(main, false).clusters, size(main, true).clusters],
    effective: [
      Math.min(...used.map((kind) => size(kind, false).at_mix)),
      Math.min(...used.map((kind) => size(kind, true).at_mix)),
    ],
    clusterBy: used.map((kind) => names[kind]).join(" and "),
    days: (factors) => dayMixture(dayValues(days, factors)),
    daily: (factors) => dayValues(days, factors),
    daysShared: sharedOf(days),
    daysOf: [days.filter(({ second }) => !second).length, days.filter(({ second }) => second).length],
  };
}

/** What the calls of each day make of the difference, were it made of that day alone on its side. */
function dayValues(days: readonly DayPulls[], factors: Partial<Four>): DayValue[] {
  const { a = 0, b = 0, k = 0, t = 0 } = factors;
  return days.map(({ second, day, h, u, n, ...pulls }) => {
    const share = t === 0 || !second ? h : u;
    const pull = a * pulls.a + b * pulls.b + k * pulls.k + t * pulls.t;
    // A day's own noise falls with its calls, whatever share they are of their side.
    return { day, second, value: ((second ? 1 : -1) * pull) / share, weight: share * n };
  });
}

function sharedOf(days: readonly DayPulls[]): number {
  if (days.length === 0) return Number.NaN;
  const first = new Map(days.flatMap(({ second, day, h }) => (second ? [] : [[day, h] as const])));
  return days.reduce((sum, { second, day, h }) => sum + (second ? Math.min(h, first.get(day) ?? 0) : 0), 0);
}
