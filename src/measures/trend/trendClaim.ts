import { type Claim, claim, exactly, isSettled, testedBy } from "../../stats/claim";
import { defined } from "../../stats/defined";
import { doubtsOf } from "../../stats/doubtsOf";
import { type Estimate, withNotes } from "../../stats/estimate";
import type { Alert, LevelChange, LevelChanges } from "../../stats/levelChanges";
import { disowning, type Reservation, ruleNeeded } from "../../stats/reservation";
import { atEnd, pricedAt } from "../../stats/worstCase";
import type { Scale } from "./course";

/** Turns a change on the scale into one of the metric: a factor, or a difference. */
export function changeBy(by: Estimate, before: number, { from, isRatio }: Scale, unit: string): Estimate {
  const of = (x: number) => (isRatio ? Math.exp(x) : from(before + x) - from(before));
  const ends = { value: of(by.value), low: of(by.low), high: of(by.high) };
  return isRatio ? { ...by, ...ends } : { ...by, ...ends, unit };
}

/**
 * That the level changed: its chance, and its size whatever the unknown outcomes and costs of the days on either side
 * are.
 *
 * @param days on both sides of the change, the first of them at the index `from`
 */
export function changeClaim(
  { index, chance, by }: LevelChange,
  days: readonly Estimate[],
  {
    scale,
    before,
    unit,
    level,
    from,
  }: { scale: Scale; before: number; unit: string; level: number; from: number },
): Claim {
  const sides = [days.slice(0, index - from), days.slice(index - from)];
  const mean = (at: number, of: (day: Estimate) => Estimate) =>
    sides[at].reduce((sum, day) => sum + scale.to(of(day).value, day.n), 0) / sides[at].length;
  const as = (day: Estimate) => day;
  /** The change where the days after lie at one end of what is not known, and those before at the other. */
  const moved = (of: typeof atEnd) => {
    const [low, high] = (["low", "high"] as const).map((end) => {
      const other = end === "low" ? "high" : "low";
      const shift =
        mean(1, (day) => of(day, end)) - mean(1, as) - mean(0, (day) => of(day, other)) + mean(0, as);
      return by[end] + (Number.isNaN(shift) ? (end === "low" ? -Infinity : Infinity) : shift);
    });
    return changeBy({ ...by, low, high }, before, scale, unit);
  };
  const priced = moved(pricedAt);
  const unknown = Math.max(0, ...days.map(({ worst_case }) => worst_case?.unknown ?? 0));
  const { low, high, value } = moved(atEnd);
  const worst_case =
    unknown === 0 ? undefined : { unknown, low, high, values: [low, high] as [number, number] };
  const none = scale.isRatio ? 1 : 0;
  const rises = value > none;
  const end = rises ? "low" : "high";
  const doubts = doubtsOf(days);
  const [doubt] = doubts.flat();
  const known = new Map(days.map((day, at) => [day, doubts[at]]));
  const further = doubt && moved((day, to) => atDoubt(day, to, known.get(day) ?? []))[end] - value;
  const reach = further === undefined ? undefined : further / (priced[end] - value);
  const held = doubt
    ? [defined({ ...doubt, side: "both" as const, reach: Number.isFinite(reach) ? reach : undefined })]
    : [];
  return claim(
    "trend.changed",
    "changed",
    [
      testedBy(1 - chance, 1 - level),
      {
        estimate: withNotes(defined({ ...priced, worst_case }), held),
        end,
        holds: (x) => (rises ? x > none : x < none),
      },
    ],
    { needs: ruleNeeded(days) },
  );
}

/** A day whose number is as much less or more as its doubts may move it; not known if one does not say how far. */
function atDoubt(day: Estimate, end: "low" | "high", held: readonly Reservation[]): Estimate {
  const reaches = disowning(held, end).map(({ reach = Number.NaN }) => reach - 1);
  return reaches.length === 0
    ? day
    : { ...day, value: day.value + Math.max(...reaches) * (day[end] - day.value) };
}

/**
 * That the level changed at an alert: settled once a look finds it even if days much resemble the days before.
 * What is not known of the days on either side of it must not have made it.
 *
 * @param told what is known of the judge of a score
 * @param moved that the level of its days moved, whatever is not known of them
 */
export function alertClaim({ sure }: Alert, told: readonly Reservation[] = [], moved?: Claim): Claim {
  if (moved !== undefined && !isSettled(moved)) return { ...moved, id: "trend.alert" };
  const needs = sure === undefined ? (["same-days"] as const) : [];
  return claim("trend.alert", "changed", [testedBy(0, 0, told)], { needs });
}

/** That the level moved where an alert says so, by the means of the days on either side; its test is the alert's. */
export function movedClaim(
  { since, index }: Alert,
  estimates: readonly Estimate[],
  about: { scale: Scale; unit: string; level: number; from: number },
): Claim | undefined {
  const { scale, from } = about;
  if (since <= from) return undefined;
  const days = estimates.slice(from, index + 1);
  const mean = (some: readonly Estimate[]) =>
    some.reduce((sum, day) => sum + scale.to(day.value, day.n), 0) / some.length;
  const before = mean(days.slice(0, since - from));
  const by = exactly(mean(days.slice(since - from)) - before);
  return changeClaim({ ...{ index: since, low: since, high: since }, chance: 1, by }, days, {
    ...about,
    before,
  });
}

/** Where no change is stated: open, or not to be decided from so few days. */
export const noChange = (found: LevelChanges, level: number): Claim =>
  claim("trend.changed", "changed", [testedBy(1 - found.chance, 1 - level, found.reservations)]);
