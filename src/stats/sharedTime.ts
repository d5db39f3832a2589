import { type Reservation, reserve } from "./reservation";

/**
 * Sums over clusters of the squared deviations that make up an estimate's variance, with the same values clustered
 * in three ways: by unit (user), by hour, and by unit and hour together.
 */
export interface TwoWaySums {
  units: number;
  hours: number;
  both: number;
  /** How many hours (or days) are effective, (sum m)^2 / sum m^2 for hours of m values. */
  effective: number;
  /** Hours with at least one value; given if `hours` has yet to be scaled to the variance of a sample. */
  count?: number;
  /** Degrees of freedom of `hours`; default one less than the effective ones. */
  degrees?: number;
}

/** The extra variance from time that all units share. */
export interface SharedTime {
  /**
   * The added variance relative to that of the units alone; 0 if time adds nothing, or nothing can be said about
   * it.
   */
  added: number;
  /** Degrees of freedom of the addition. */
  degrees: number;
}

/** Effective hours below which nothing is said about what units share in an hour. */
export const FEWEST_HOURS = 10;

/**
 * The variance that shared hours (incidents, peaks) add to an estimate clustered by user.
 *
 * V = V_user + V_hour - V_both, never below V_user.
 *
 * @remarks Method: Cameron, Gelbach & Miller (2011), doi:10.1198/jbes.2010.07136.
 * @param sums see `TwoWaySums`; any unit, the same for all three
 * @returns the addition relative to V_user, with its degrees of freedom
 * @example
 * sharedTime({ units: 4, hours: 6, both: 4, count: 100, effective: 60 }).added.toFixed(3) // "0.515"
 */
export function sharedTime({
  units,
  hours,
  both,
  count,
  effective,
  degrees = effective - 1,
}: TwoWaySums): SharedTime {
  const none = { added: 0, degrees: Number.POSITIVE_INFINITY };
  if (!(effective >= FEWEST_HOURS && units > 0)) return none;
  const more = (count === undefined ? hours : (hours * count) / (count - 1)) - both;
  // Ten digits: an engine adds up in any order, so its last digits are arbitrary.
  return more > 0 ? { added: Number((more / units).toPrecision(10)), degrees } : none;
}

/**
 * Degrees of freedom of a variance with shared time added: Satterthwaite's, from the two parts.
 *
 * @example
 * sharedDegrees(20, { added: 1, degrees: 60 }) // 60
 */
export function sharedDegrees(degrees: number, { added, degrees: hours }: SharedTime): number {
  return (1 + added) ** 2 / (1 / degrees + added ** 2 / hours);
}

/** Independent spells of time below which a note warns, where time makes at least half of the variance. */
const FEW_SPELLS = 30;

/**
 * The note for an interval that rests mainly on what calls share in time, when that was few hours or days.
 *
 * @example
 * timeNotes({ added: 3, degrees: 6.4 })[0]?.numbers.spells // "7"
 */
export function timeNotes(shared: SharedTime | undefined): Reservation[] {
  if (shared === undefined || shared.added < 1 || shared.degrees + 1 >= FEW_SPELLS) return [];
  const spells = String(Math.round(shared.degrees + 1));
  return [reserve("time.spells", { spells, few: FEW_SPELLS })];
}
