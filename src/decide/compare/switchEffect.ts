import { type DayValue, dayMixture, type Effect, FEWEST_DAYS, NOTHING_LEFT } from "../../stats/dayMixture";
import { pearson } from "../../stats/pearson";
import { placeboDegrees, placeboWeeks } from "../../stats/placeboWeeks";
import { quantile } from "../../stats/quantile";

/** What the days of a switch were held against: a control that ran on them, or earlier weeks. */
export type Against = { method: "days-control" } | { method: "days-weeks"; weeks: number };

/** How far the days after a switch are from those before. */
export interface SwitchEffect {
  against: Against;
  effect: Effect;
  /** The p-value of the same in another look at the days, which has to agree before they are taken at their word. */
  doubt: number;
}

/** The correlation of the days before the switch from which a control has more in common with them than noise of its own. */
export const ALIKE = 0.5;
/** From this multiple of what calls make days differ by on, days that are left once a control is taken off differ by themselves. */
const MORE_THAN_CALLS = 1.3;
/** The share of a change between weeks that their medians must show. */
const ON_MOST_DAYS = 2 / 3;
/** Days a side from which the days themselves show whether they carry over. */
const MANY_DAYS = 14;
/** Weeks before a switch from which they tell how far weeks are apart, and the most that are compared a side. */
const FEWEST_WEEKS = 8;
const MOST_AFTER = 4;
/** Days that a week must have. */
const DAYS_OF_WEEK = 4;

/**
 * The effect of a switch, from daily values that hold their side's level: the days of a control taken off if it had the same
 * good and bad days before the switch, else against earlier weeks; undefined if the log allows neither.
 *
 * Which of the two is settled by the days before the switch alone, never by the effect. With a control that nothing carries over
 * is likely beforehand, unless what is left differs more than calls make it; with less than two weeks a side that does not show,
 * so that the answer without this prior has to agree. Against earlier weeks their medians have to show two thirds of the change.
 *
 * @remarks Difference in differences over days: Bertrand, Duflo & Mullainathan (2004), doi:10.1162/003355304772839588. What
 * still carries over is allowed for (`dayMixture`). Earlier weeks: `placeboWeeks`.
 */
export function switchEffect(
  days: readonly DayValue[],
  control: readonly DayValue[] | undefined,
  noise = Number.NaN,
): SwitchEffect | undefined {
  return (control && besideControl(days, control, noise)) ?? againstWeeks(days);
}

/**
 * The p-value by which days alone are taken at their word: more than their own by the share that carries over, since the more
 * does the fewer independent days there are to show how much; twice where they are too few to show that.
 */
export const doubtOfDays = (p: number, daysOf: readonly number[], carriesOver: number): number =>
  Math.min(1, p * (Math.min(...daysOf) < MANY_DAYS ? 2 : 1 + carriesOver));

/** How far two series of days rise and fall together. */
export const alikeBy = (pairs: readonly (readonly [number, number])[]): number =>
  pearson(
    pairs.map(([x]) => x),
    pairs.map(([, y]) => y),
  );

function besideControl(
  days: readonly DayValue[],
  control: readonly DayValue[],
  noise: number,
): SwitchEffect | undefined {
  const keyOf = ({ day, second }: DayValue) => `${day} ${second}`;
  const beside = new Map(control.map((one) => [keyOf(one), one]));
  const pairs = days.flatMap((one) => {
    const other = beside.get(keyOf(one));
    return other === undefined ? [] : [[one, other] as const];
  });
  const before = pairs.filter(([{ second }]) => !second);
  if (pairs.length < days.length || before.length < FEWEST_DAYS) return undefined;
  if (!(alikeBy(before.map(([one, other]) => [one.value, other.value])) > ALIKE)) return undefined;
  const left = pairs.map(([one, other]) => ({
    ...one,
    value: one.value - other.value,
    weight: 1 / (1 / one.weight + 1 / other.weight),
  }));
  const [likely, plain] = [dayMixture(left, { nothing: NOTHING_LEFT }), dayMixture(left)];
  if (likely === undefined || plain === undefined) return undefined;
  const effect = leftOver(left) > MORE_THAN_CALLS * noise ? plain : likely;
  const few = Math.min(before.length, pairs.length - before.length) < MANY_DAYS;
  return { against: { method: "days-control" }, effect, doubt: few ? plain.p : effect.p };
}

/** How far days differ about the mean of their side. */
function leftOver(days: readonly DayValue[]): number {
  const squares = [true, false].map((side) => {
    const own = days.filter(({ second }) => second === side).map(({ value }) => value);
    const mean = own.reduce((sum, one) => sum + one, 0) / own.length;
    return own.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  });
  return (squares[0] + squares[1]) / (days.length - 2);
}

function againstWeeks(days: readonly DayValue[]): SwitchEffect | undefined {
  const of = (second: boolean) => days.filter((one) => one.second === second);
  const [last, first] = [
    Math.max(...of(false).map(({ day }) => day)),
    Math.min(...of(true).map(({ day }) => day)),
  ];
  if (!(last <= first)) return undefined;
  // The day of the switch is on both sides, and whole on neither.
  const part = last === first ? 1 : 0;
  const before = weeksOf(of(false), (day) => last - part - day).reverse();
  const after = weeksOf(of(true), (day) => day - first - part).slice(0, MOST_AFTER);
  const least = placeboDegrees(FEWEST_WEEKS, 1);
  while (after.length > 1 && placeboDegrees(before.length, after.length) < least) after.pop();
  if (before.length < FEWEST_WEEKS || after.length === 0) return undefined;
  const effect = placeboWeeks(before.map(meanOf), after.map(meanOf));
  // A few holidays move the mean of a week, and hardly its median.
  const usual = placeboWeeks(before.map(medianOf), after.map(medianOf)).value;
  return {
    against: { method: "days-weeks", weeks: before.length },
    effect,
    doubt: usual / effect.value < ON_MOST_DAYS ? 1 : effect.p,
  };
}

const meanOf = (days: readonly number[]) => days.reduce((sum, one) => sum + one, 0) / days.length;
const medianOf = (days: readonly number[]) => quantile(days, 0.5);

/** The days of consecutive weeks, nearest first, up to the first that lacks days: each day counts alike. */
function weeksOf(days: readonly DayValue[], distance: (day: number) => number): number[][] {
  const weeks: number[][] = [];
  for (const { day, value } of days) {
    const away = distance(day);
    if (away >= 0) (weeks[Math.floor(away / 7)] ??= []).push(value);
  }
  const whole: number[][] = [];
  for (let at = 0; at < weeks.length; at++) {
    const week = weeks[at] ?? [];
    if (week.length < DAYS_OF_WEEK) break;
    whole.push(week);
  }
  return whole;
}
