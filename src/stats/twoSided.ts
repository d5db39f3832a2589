import { checkLevel } from "./checks";

/**
 * The level of a two-sided interval each of whose bounds alone holds with a given level.
 *
 * @throws RangeError if level is not above 0.5 and below 1: below, no interval has such bounds
 *
 * @example
 * twoSided("check", 0.95) // 0.9
 */
export function twoSided(caller: string, level: number): number {
  checkLevel(caller, level);
  if (level <= 0.5) throw new RangeError(`${caller} requires a level above 0.5, got ${level}`);
  // 2 * 0.95 - 1 is 0.8999999999999999, which readers would meet in JSON.
  return Number((2 * level - 1).toPrecision(12));
}
