import { assumed } from "../../stats/assumed";
import type { Claim } from "../../stats/claim";
import { MOST_STEPS } from "../../stats/levelChanges";
import { reservationText } from "../../stats/reservation";
import { brief, chance, percent, withUnit } from "../../stats/text";
import type { Coincidence } from "./moved";
import type { TrendSeries } from "./trendSeries";

interface Settings {
  by: readonly string[];
  label: string;
  unit: string;
}

/**
 * The notes of courses: each change with what coincides, or why none can be estimated. What holds for several rows is
 * said once.
 */
export function trendSentences(all: readonly TrendSeries[], settings: Settings): string[] {
  const rows = new Map<string, { of: string[]; counts: number[] }>();
  for (const one of all) {
    const row = settings.by.map((name) => String(one.by[name] ?? "not given")).join(" ");
    for (const text of sentencesOf(one, settings)) {
      const said = rows.get(text.replace(count, "#")) ?? { of: [], counts: [] };
      said.of.push(row);
      said.counts.push(...(count.exec(text) ?? []).map(Number));
      rows.set(text.replace(count, "#"), said);
    }
  }
  return [...rows].map(([text, { of, counts }]) => {
    const [least, most] = [Math.min(...counts), Math.max(...counts)];
    const whole = text.replace("#", least === most ? String(least) : `${least} to ${most}`);
    if (settings.by.length === 0) return whole;
    return `${of.length > 1 && of.length === all.length ? "every row" : of.join(", ")}: ${whole}`;
  });
}

// Rows that are too short for a change differ in how many days they have, and in nothing else that is said.
const count = /(?<=, and there are )\d+(?=\.$)/;

/** A change of a course: from what to what, since when, and how likely. */
export function changeText(
  { at, low, high, chance: p, before, after, by: change, claim }: TrendSeries["changes"][number],
  points: TrendSeries["points"],
  { label, unit }: Pick<Settings, "label" | "unit">,
): string {
  const money = unit.replace(/^USD\/.*$/, "USD");
  const when = low === high ? `from ${at} on` : `from ${at} on (${low} to ${high})`;
  const times =
    unit !== "1" && change.unit === undefined && before > 0 && points.every(({ value }) => value.value > 0);
  const size = times
    ? `${brief(change.value, 3)} times, ${brief(change.low, 3)} to ${brief(change.high, 3)}`
    : `by ${difference(change.value, unit)}, ${difference(change.low, unit)} to ${difference(change.high, unit)}`;
  return `${went(claim, label)} from ${withUnit(before, money, 3)} to ${withUnit(after, money, 3)} (${size}) ${when}, ${isDrift(claim) ? "or drifted: a steady course explains it as well" : `with a chance of ${chance(p)}`}`;
}

function sentencesOf({ points, changes, alerts, note }: TrendSeries, settings: Settings): string[] {
  const changed = changes.map((one) => {
    const { coincides } = one;
    const what = `${changeText(one, points, settings)}${judgeText(one)}`;
    if (coincides.length === 0)
      return `${what}. No column's share moved by 10 points then, and no length or number of calls by a quarter: the model may have changed under the same name, or something changed that is not logged.`;
    return `${what}. It coincides with ${coincides.map(coincidenceText).join("; ")}; this does not show whether that is the cause.`;
  });
  return [
    ...changed,
    ...alerts.flatMap(({ at, claim: { needs } }) =>
      needs === undefined ? [] : [`the alert of ${at} is one only if ${assumed[needs]}.`],
    ),
    ...(points.length > MOST_STEPS
      ? [`only the latest ${MOST_STEPS} of ${points.length} are searched for changes.`]
      : []),
    ...(note === undefined ? [] : [`whether the level changed is unknown: ${note}.`]),
  ];
}

/** Where the judge of a score moved as well. */
function judgeText({ by }: TrendSeries["changes"][number]): string {
  const moved = by.reservations?.find(({ id }) => id === "judge.drifted");
  return moved === undefined ? "" : `. It may be the judge: ${reservationText(moved)}`;
}

/** True if a step is no better an explanation than a drift. */
const isDrift = ({ because }: Claim): boolean => because === "none.step";

/** "the error rate went", or how far that stands. */
const went = ({ status, needs }: Claim, label: string): string =>
  status === "settled"
    ? `${label} went`
    : needs === "outcomes-alike"
      ? `if outcomes are reported alike on all days, ${label} went`
      : `${label} may have gone`;

const difference = (x: number, unit: string) =>
  unit === "1" ? `${brief(100 * x)} points` : withUnit(x, unit.replace(/^USD\/.*$/, "USD"));

function coincidenceText({ what, value, before, after }: Coincidence): string {
  if (value === null) return `${what} (${brief(before, 3)} to ${brief(after, 3)})`;
  return `${what} ${value} (${percent(before)} to ${percent(after)} of the calls)`;
}
