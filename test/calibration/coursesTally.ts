import { changesOf } from "../../src/measures/trend/course";
import { chanceAmong } from "../../src/stats/manyChances";
import { binsOfTrend, type TrendWorld } from "./trendWorlds";

/** How many courses a report has side by side. */
export const COURSES = 6;
const LEVEL = 0.95;

/** Reports of several courses. */
export interface CourseCount {
  name: string;
  reports: number;
  /** Reports that show a change where there is none: each course by itself, and all of them held together. */
  alone: number;
  together: number;
  /** Reports that show the change of the last course, where it has one; likewise. */
  foundAlone: number;
  found: number;
}

/** Counts reports of courses without a change, the last of which goes as in `last` if that is given. */
export function countCourses(
  name: string,
  world: TrendWorld,
  reports: number,
  last: TrendWorld = world,
): CourseCount {
  const count: CourseCount = { name, reports, alone: 0, together: 0, foundAlone: 0, found: 0 };
  for (let report = 0; report < reports; report++) {
    const chances = Array.from({ length: COURSES }, (_, at) => {
      const { bins } = binsOfTrend(at === COURSES - 1 ? last : world, 1 + report * COURSES + at);
      const { changes } = changesOf(bins, { isDaily: true, level: LEVEL, quiet: 365 });
      return Math.max(0, ...changes.filter(({ isDrift }) => !isDrift).map(({ chance }) => chance));
    });
    const [still, moved] = last === world ? [chances, []] : [chances.slice(0, -1), chances.slice(-1)];
    const isShown = (chance: number) => chanceAmong(chance, COURSES) >= LEVEL;
    count.alone += still.some((chance) => chance >= LEVEL) ? 1 : 0;
    count.together += still.some(isShown) ? 1 : 0;
    count.foundAlone += moved.some((chance) => chance >= LEVEL) ? 1 : 0;
    count.found += moved.some(isShown) ? 1 : 0;
  }
  return count;
}
