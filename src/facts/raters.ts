import { grouped } from "../stats/text";

/** The kinds of rater, the most trusted first. "outcome" is a task's own outcome: resolved or not. */
export const raterKinds = ["outcome", "human", "rule", "judge", "user"] as const;

/** Kinds of rater in order of preference: the one that judged most first, ties by their order in `raterKinds`. */
export function ratersInOrder<R extends { rater: string; n: number }>(counts: readonly R[]): R[] {
  const rank = ({ rater }: R) => {
    const at = (raterKinds as readonly string[]).indexOf(rater);
    return at < 0 ? raterKinds.length : at;
  };
  return [...counts].sort((a, b) => b.n - a.n || rank(a) - rank(b) || (a.rater < b.rater ? -1 : 1));
}

/** Fails for a kind of rater that never gave the score. */
export function checkRater(measure: string, kinds: readonly string[], rater: string): void {
  if (!kinds.includes(rater))
    throw new RangeError(
      `${measure} requires a rater that gave the score, one of ${kinds.join(", ")}, got "${rater}"`,
    );
}

/**
 * That several kinds of rater judged, and whose judgement it is that counts.
 *
 * @param kinds with how many of the selected calls, tasks and conversations each judged, however often
 */
export const kindsNote = (kinds: readonly { rater: string; subjects: number }[], which: string): string[] =>
  kinds.length < 2
    ? []
    : [
        `Judged by ${kinds.map(({ rater, subjects }) => `${rater} (${grouped(subjects)})`).join(", ")}: ${which}; kinds of rater are not mixed.`,
      ];

/** Which models, or rows, have a score by other kinds of rater alone, and so have no number beside the rest. */
export const withoutKindNote = (rater: string, names: readonly string[]): string[] =>
  names.length === 0
    ? []
    : [`Scored by other kinds of rater than ${rater}, and so without a number here: ${names.join(", ")}.`];
