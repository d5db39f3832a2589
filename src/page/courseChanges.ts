import type { Trend } from "../measures/trend/trend";
import { changeText } from "../measures/trend/trendSentences";
import { holm } from "../stats/multiplicity";
import { capital } from "./sentence";

/** What courses say: the changes that are shown, and those that are open. */
export interface CourseChanges {
  moves: string[];
  open: string[];
}

/**
 * The changes in several courses, which pay for being several: each chance counts as one of as many as there are courses,
 * so that the level holds for all of them together.
 */
export function courseChanges(courses: readonly Trend[]): CourseChanges {
  const all = courses.flatMap((course) =>
    course.series.flatMap(({ changes, points }) =>
      changes.map((change) => ({
        change,
        text: `${capital(changeText(change, points, course))}.`,
        isStated: change.claim.status !== "open",
      })),
    ),
  );
  const quiet = courses.filter(({ series }) => series.every(({ changes }) => changes.length === 0));
  const paid = holm([...all.map(({ change }) => 1 - change.chance), ...quiet.map(() => 1)]);
  const isShown = ({ change, isStated }: (typeof all)[number], at: number) =>
    isStated && paid[at] <= 1 - change.by.level;
  return {
    moves: all.filter(isShown).map(({ text }) => text),
    open: all.flatMap((one, at) =>
      isShown(one, at)
        ? []
        : [
            one.isStated
              ? `${one.text.slice(0, -1)}: of ${courses.length} courses, one may look like that by chance.`
              : one.text,
          ],
    ),
  };
}
