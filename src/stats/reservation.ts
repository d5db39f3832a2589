import { defined } from "./defined";
import {
  type AssumptionId,
  doubtKinds,
  fewKinds,
  type Kind,
  leftOutKinds,
  methodKinds,
  noneKinds,
  planKinds,
  type Side,
} from "./reservationKinds";
import { type SentenceId, sentences } from "./sentences";
import { grouped } from "./text";

export type { Kind, Side } from "./reservationKinds";

/**
 * What a number knows of itself that its interval does not say: why an end is missing, or what it takes for granted.
 *
 * The ids are in families: "none." where there is no value or no end, "few." for too few values, "left-out." for what is not
 * in it, "method." for how it was made, "doubt." for what looks wrong in the log behind it.
 */
export interface Reservation {
  id: ReservationId;
  /** Which ends it is about. */
  side: Side;
  /** Whether these ends may still carry a decision; if not, no verdict rests on them. */
  decides: boolean;
  /** If not: how many times as far from the value an end may, after all; absent if none may. */
  reach?: number;
  /** The assumption that a verdict by these ends rests on; absent if none. */
  needs?: AssumptionId;
  /** What its sentence says: counts, shares, names. */
  numbers: Readonly<Record<string, string | number>>;
  /** Which part of a difference or a ratio it is about; absent if of the number itself, or of both parts. */
  of?: "first" | "second";
  /**
   * Of a number that may be in another unit as a whole: which unit that is. Two in the same one are as many times too much or too
   * little, so that their ratio stands as it is.
   */
  unit?: string;
  /** Of the difference of two in such a unit: it may be many times as much or as little, but of the same sign. */
  keepsSign?: true;
}

/**
 * Means of lognormal and Pareto values whose sample says that it is very skewed lie above twice the upper margin in at most 3 %
 * of samples of 300 to 3,000 values, while they lie above the upper end itself in up to 16 %.
 */
const skewReach = 2;

const kind = <const Text extends string>(side: Side, decides: boolean, text: Text) => ({
  side,
  decides,
  text,
});
const said = <const Id extends SentenceId>(side: Side, decides: boolean, id: Id) =>
  kind(side, decides, sentences[id]);

/** Each kind of reservation: the ends that it is about, whether these may still decide, and its sentence with blanks. */
export const reservations = {
  "clusters.none": kind("both", false, "an interval needs {needed} effective clusters, has {effective}"),
  "clusters.few": kind(
    "both",
    true,
    "{effective} effective clusters: below {few} the interval may be too narrow",
  ),
  "time.spells": said("both", true, "time.spells"),
  "time.hours": said("high", true, "time.hours"),
  "skewed.high": {
    ...kind("high", false, sentences["mean.skewed"].replace("{end}", 'upper end as "at least"')),
    reach: skewReach,
  },
  "skewed.low": {
    ...kind("low", false, sentences["mean.skewed"].replace("{end}", 'lower end as "at most"')),
    reach: skewReach,
  },
  "outcomes.unknown": kind(
    "both",
    true,
    "{share} of the outcomes are unknown: {low} to {high} whatever they are",
  ),
  "costs.bounded": kind(
    "high",
    true,
    "at least this: {calls} of {of} calls have no known cost; the upper end counts each at its bound",
  ),
  "costs.unbounded": kind(
    "high",
    false,
    "at least this: {calls} of {of} calls have no known cost; nothing bounds what they cost",
  ),
  "days.own": {
    ...kind(
      "both",
      true,
      "{share} of the users of its days are on days as those of all have them: it may be the days",
    ),
    needs: "same-days",
  },
  "days.few": {
    ...kind(
      "both",
      true,
      "sides with days of their own, {a} and {b}: fewer than {few} do not show how much days differ",
    ),
    needs: "same-days",
  },
  "tokens.own": kind(
    "both",
    false,
    "in tokens, which each model counts in its own way: up to {most} times as many as another for the same text",
  ),
  "prices.alone": kind(
    "both",
    false,
    "prices alone: {model} may write longer or shorter answers, and need more tries or fewer",
  ),
  "hits.alike": kind(
    "both",
    false,
    "as if hits and misses stayed as they are: a cache answers the calls that come again, which may be other work",
  ),
  "compare.open-above": kind("high", true, "too few calls, or timeouts, leave the upper end open"),
  "compare.part": kind("both", true, "of {share} of a, which b has as well"),
  "compare.no-mix": kind("both", false, "nothing in the log distinguishes the mix"),
  "compare.no-mix-interval": kind("both", false, "no interval: one of the four numbers has none"),
  "compare.no-user": kind("both", false, "no user is on both sides"),
  "costs.none-of-side": kind("both", false, "no call of {side} has a known cost"),
  "costs.unknown": kind("both", false, "calls have no known cost, and what they may have cost could turn it"),
  "costs.some": kind("both", false, "{calls} of {of} calls have no known cost"),
  "costs.none": kind("both", false, "no call has a known cost"),
  "raters.other": kind(
    "both",
    false,
    "scored by {own}, the others by {kind}, and kinds of rater are not compared",
  ),
  "judge.drifted": kind(
    "both",
    false,
    "the {rater} scores the same answers {by} from {since} on ({low} to {high}, over {items} judged before and after), and these were judged on either side of that day",
  ),
  "judge.picked": kind(
    "both",
    false,
    "items judged again first got {again}, those judged once {once}: picked by their score, they move back by themselves",
  ),
  "tokens.unknown": kind("both", false, "{calls} of {of} calls have no known tokens"),
  "timeouts.one": kind("high", true, "at least this: 1 call is a timeout"),
  "timeouts.some": kind("high", true, "at least this: {n} {counted} are timeouts"),
  "timeouts.among": kind("high", true, "at least this: {n} of {of} {counted} are timeouts"),
  "unresolved.among": kind("high", true, "at least this: {n} of {of} {counted} were not resolved"),
  "ratio.undefined": kind("both", false, "a ratio on the log scale needs two values above 0"),
  /** A sentence of no kind: it carries no number, and no verdict knows what it says. */
  told: kind("both", true, "{text}"),
  ...noneKinds,
  ...fewKinds,
  ...leftOutKinds,
  ...methodKinds,
  ...planKinds,
  ...doubtKinds,
} as const satisfies Record<string, Kind>;

type Kinds = typeof reservations;
export type ReservationId = keyof Kinds;

/** False for one that a file names and no version knows. */
export const isReservationId = (id: string): id is ReservationId => Object.hasOwn(reservations, id);

/** The names of the blanks in a sentence. */
type Blanks<Text extends string> = string extends Text
  ? never
  : Text extends `${string}{${infer Name}}${infer Rest}`
    ? Name | Blanks<Rest>
    : never;
type BlanksOf<Id extends ReservationId> = Id extends ReservationId ? Blanks<Kinds[Id]["text"]> : never;
/** The numbers that the sentence of a kind takes: one for each blank. */
type NumbersOf<Id extends ReservationId> = [BlanksOf<Id>] extends [never]
  ? []
  : [numbers: Readonly<Record<BlanksOf<Id>, string | number>>];

/**
 * A reservation of a kind, with the numbers of its sentence.
 *
 * @example
 * reserve("clusters.few", { effective: "12.0", few: 30 }).decides // true
 */
export function reserve<Id extends ReservationId>(id: Id, ...given: NumbersOf<Id>): Reservation {
  const { side, decides, reach, needs }: Kind = reservations[id];
  const [numbers = {}] = given as [Reservation["numbers"]?];
  return defined({ id, side, decides, reach, needs, numbers });
}

/**
 * Its sentence.
 *
 * @param text other words for the same, with the same blanks
 * @example
 * reservationText(reserve("clusters.none", { needed: 5, effective: "3.2" })) // "an interval needs 5 effective clusters, has 3.2"
 */
export function reservationText(
  { id, numbers, of }: Reservation,
  text: string = reservations[id].text,
): string {
  const sentence = text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = numbers[name];
    if (value === undefined)
      throw new TypeError(`reservationText requires "${name}" for ${id}, got ${Object.keys(numbers)}`);
    return numberText(value);
  });
  return of === undefined ? sentence : `${of}: ${sentence}`;
}

/** True if two say the same, of the same numbers. */
export const isSame = (one: Reservation, other: Reservation): boolean =>
  one.id === other.id && one.of === other.of && JSON.stringify(one.numbers) === JSON.stringify(other.numbers);

/** A number of a sentence as it is printed. */
export const numberText = (value: string | number): string =>
  typeof value === "number" && Number.isInteger(value) ? grouped(value) : String(value);

/** Their sentences; of several in a row about the same part, the first alone names it. */
export const reservationTexts = (held: readonly Reservation[]): string[] =>
  held.map((one, at) =>
    reservationText(at > 0 && held[at - 1]!.of === one.of ? { ...one, of: undefined } : one),
  );

/** Those of a number's reservations that are about an end of its interval. */
const ofEnd = (held: readonly Reservation[] | undefined, end: "low" | "high"): Reservation[] =>
  (held ?? []).filter(({ side }) => side === end || side === "both");

/** Those of a number's reservations that leave an end of its interval unable to carry a decision. */
export const disowning = (held: readonly Reservation[] | undefined, end: "low" | "high"): Reservation[] =>
  ofEnd(held, end).filter(({ decides }) => !decides);

/** The assumptions that a verdict by an end of a number's interval rests on. */
export const neededBy = (held: readonly Reservation[] | undefined, end: "low" | "high"): AssumptionId[] => [
  ...new Set(ofEnd(held, end).flatMap(({ needs }) => needs ?? [])),
];

/** The need of a number that rests on a declared rule of what is resolved. */
export const ruleNeeded = (
  estimates: readonly { reservations?: readonly Reservation[] }[],
): AssumptionId[] =>
  estimates.some(({ reservations }) => neededBy(reservations, "low").includes("outcome-rule"))
    ? ["outcome-rule"]
    : [];
