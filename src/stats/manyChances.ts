/**
 * The chance of a change in one of several courses, each found with even odds beforehand, if beforehand it is as likely as not
 * that none of them changed at all.
 *
 * With even odds for each, chance alone would be expected to move half of the courses. Even odds that none moved make them
 * 1 / (2^(1 / courses) - 1) to 1 against each.
 *
 * @remarks Method: Westfall, Johnson & Utts (1997), doi:10.1093/biomet/84.2.419.
 * @param chance the posterior probability under even odds
 * @param courses how many were looked at, 1 or more
 * @example
 * chanceAmong(0.99, 6).toFixed(2) // "0.92"
 */
export function chanceAmong(chance: number, courses: number): number {
  const against = 1 / (2 ** (1 / courses) - 1);
  return chance / (chance + (1 - chance) * against);
}
