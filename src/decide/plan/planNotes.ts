import { isOfCalls } from "../../facts/cluster";
import { levelText } from "../../stats/text";
import type { StudyOptions } from "./design";
import { LONGEST, MONTH, type PlanRow } from "./planRow";

export function notesOf(
  { level, power, anytime }: StudyOptions,
  clusterBy: string,
  rows: readonly PlanRow[],
): string[] {
  const unit = isOfCalls(clusterBy) ? "call" : clusterBy;
  const split = isOfCalls(clusterBy)
    ? ""
    : `, or arms that share ${unit}s (cluster call_id: each call is assigned on its own)`;
  const long = rows.filter(({ days, times }) => days > LONGEST && times > 1);
  const again = long.some(({ days, times }) => days > 1.5 * MONTH * times);
  return [
    `Two equal arms, split by ${unit}; to be detected with a chance of ${levelText(power)} at ${levelText(level)} confidence${anytime ? ", at any number of looks before its end" : ""}. Power is the share of simulated studies that detect it.`,
    ...(rows.some(({ days }) => days <= LONGEST)
      ? ["Plan whole weeks: a study that ends midweek has not covered all weekdays equally."]
      : []),
    ...(again
      ? [
          `"4 weeks at 3 times the traffic": waiting longer barely helps, since the same ${unit}s come again; it takes that many more of them, or a larger difference (see what 4 weeks can show)${split}.`,
        ]
      : long.length > 0
        ? [
            `"4 weeks at 3 times the traffic": at this traffic it takes more than half a year; a larger difference needs less (see what 4 weeks can show).`,
          ]
        : []),
  ];
}

/** Days that count as a week: a week's log may begin on Monday morning and end on Sunday evening. */
const week = 6;

/** What weeks show on a log that is shorter: a sentence, or none. */
export function shortLogNotes(days: number): string[] {
  if (!(days < week)) return [];
  const hours = 24 * days;
  const [count, unit] =
    days >= 2 ? [days, "days"] : hours >= 2 ? [hours, "hours"] : [Math.max(60 * hours, 2), "minutes"];
  return [
    `The log spans ${Math.round(count)} ${unit}: what a week or more shows is extrapolated from it, as if its traffic went on at that pace day and night.`,
  ];
}
