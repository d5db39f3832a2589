import { type Claim, claim, isSettled } from "../../stats/claim";
import type { Estimate } from "../../stats/estimate";
import { differenceOf } from "../../stats/mover";
import { counted, grouped } from "../../stats/text";
import type { Row } from "../table";
import { nothingWrong } from "./causeFrame";
import { isFailed, type KindSize, type ReadTask, type ShareSettings, shareOf, tasksIn } from "./causeShares";

/** A cause in two groups: by how much the share of tasks that failed from it is higher in `group`, and whether that is shown. */
export interface CauseDifference {
  cause: string;
  group: string;
  against: string;
  /** At a level that pays for every difference that was looked at. */
  difference: Estimate;
  claim: Claim;
}

/** A group of tasks, with what was read of it and when its first task began. */
export interface CauseGroup {
  by: Row;
  from: string;
  sizes: readonly KindSize[];
  read: readonly ReadTask[];
}

/** Columns whose values follow each other in time: only the last is compared, with the one before it. */
const inTime = ["release", "prompt_version", "month", "week", "day", "hour"];

/**
 * Which causes differ between groups that differ in one column: between every two models and the like, and between the last
 * release, prompt version or week and the one before. With k differences looked at, each has the confidence 1 - (1 - level) / k.
 */
export function differencesOf(
  groups: readonly CauseGroup[],
  causes: readonly string[],
  settings: ShareSettings,
): CauseDifference[] {
  const known = groups.filter(({ read }) => read.some(({ kind }) => isFailed(kind)));
  const columns = Object.keys(known[0]?.by ?? {});
  const pairs = columns.flatMap((column) =>
    scopesOf(known, (key) => key !== column).flatMap((scope) => pairsIn(scope, inTime.includes(column))),
  );
  const named = causes.filter((cause) => cause !== nothingWrong);
  const looks = Math.max(1, pairs.length * named.length);
  const own = { ...settings, level: 1 - (1 - settings.level) / looks };
  // How many tasks of the log failed is known; what of them was read says from what.
  const share = ({ sizes, read }: CauseGroup, cause: string) => {
    const found = shareOf(sizes, read, isFailed, cause, own);
    const part = tasksIn(sizes.filter(({ kind }) => isFailed(kind))) / tasksIn(sizes);
    return { ...found, value: part * found.value, low: part * found.low, high: part * found.high };
  };
  return pairs.flatMap(([one, other]) =>
    named.map((cause) => {
      const difference = differenceOf(share(one, cause), share(other, cause));
      const isMore = difference.value > 0;
      return {
        cause,
        group: nameOf(one),
        against: nameOf(other),
        difference,
        claim: claim("causes.differs", "differs", [
          { estimate: difference, end: isMore ? "low" : "high", holds: (x) => (isMore ? x > 0 : x < 0) },
        ]),
      };
    }),
  );
}

/** A group in words: its values, as they stand in its row. */
export const nameOf = ({ by }: Pick<CauseGroup, "by">) =>
  Object.values(by)
    .map((value) => String(value ?? "not given"))
    .join(" · ");

/** Groups that are alike in some of their columns. */
function scopesOf(groups: readonly CauseGroup[], alike: (column: string) => boolean): CauseGroup[][] {
  const scopes = new Map<string, CauseGroup[]>();
  for (const group of groups) {
    const key = JSON.stringify(Object.entries(group.by).filter(([column]) => alike(column)));
    scopes.set(key, [...(scopes.get(key) ?? []), group]);
  }
  return [...scopes.values()];
}

function pairsIn(groups: readonly CauseGroup[], follow: boolean): [CauseGroup, CauseGroup][] {
  if (!follow)
    return groups.flatMap((one, at) =>
      groups.slice(at + 1).map((two) => [one, two] as [CauseGroup, CauseGroup]),
    );
  const [last, before] = [...groups].sort((a, b) => (a.from < b.from ? 1 : -1));
  return last === undefined || before === undefined ? [] : [[last, before]];
}

/** The differences that are settled, and how many are not. */
export function differenceNotes(differences: readonly CauseDifference[]): string[] {
  if (differences.length === 0) return [];
  const settled = differences.filter(({ claim }) => isSettled(claim));
  const points = (x: number) => Math.abs(100 * x).toFixed(1);
  const each = settled.map(({ cause, group, against, difference: { value, low, high } }) => {
    const ends = [low, high].map(points).sort((a, b) => Number(a) - Number(b));
    return `${value > 0 ? "more" : "fewer"} tasks of ${group} failed from ${cause} than of ${against}, by ${points(value)} points [${ends.join(", ")}]`;
  });
  const open = differences.length - settled.length;
  const looks = `${counted(differences.length, "difference")} between groups ${differences.length === 1 ? "was" : "were"} looked at, which the intervals allow for`;
  return [
    settled.length === 0
      ? `No cause is shown to differ: ${looks}. That does not show that none does.`
      : `Settled of this log, whose numbers of failed tasks count as they are: ${each.join("; ")}. ${looks}; ${grouped(open)} of them ${open === 1 ? "is" : "are"} open.`,
  ];
}
