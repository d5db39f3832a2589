import type { Trend } from "../measures/trend/trend";
import { changeText } from "../measures/trend/trendSentences";
import { chanceAmong } from "../stats/manyChances";
import { capital } from "./sentence";

/** What courses say: the changes that are shown, and those that are open. */
export interface CourseChanges {
  moves: string[];
  open: string[];
}

/**
 * The changes in several courses, which pay for being several: a change is shown if its chance is high enough with even odds
 * beforehand that no course changed.
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
  const isShown = ({ change, isStated }: (typeof all)[number]) =>
    isStated && chanceAmong(change.chance, courses.length) >= change.by.level;
  return {
    moves: all.filter(isShown).map(({ text }) => text),
    open: all.flatMap((one) =>
      isShown(one)
        ? []
        : [
            one.isStated
              ? `${one.text.slice(0, -1)}: of ${courses.length} courses, one may look like that by chance.`
              : one.text,
          ],
    ),
  };
}
