import { defined } from "./defined";
import { type SentenceId, sentences } from "./sentences";

/** The end of an interval, or all of the number, that a reservation is about. */
export type Side = "low" | "high" | "both";

/** What a number knows of itself that its interval does not say: why an end is missing, or what it takes for granted. */
export interface Reservation {
  id: ReservationId;
  /** Which ends it is about. */
  side: Side;
  /** Whether these ends may still carry a decision. */
  decides: boolean;
  /** If not: how many times as far from the value an end may, after all; absent if none may. */
  reach?: number;
  /** What its sentence says: counts, shares, names. */
  numbers: Readonly<Record<string, string | number>>;
  /** Which part of a difference or a ratio it is about; absent if of the number itself, or of both parts. */
  of?: "first" | "second";
}

interface Kind {
  side: Side;
  decides: boolean;
  text: string;
  reach?: number;
}

/**
 * Means of lognormal and Pareto values whose sample says that it is very skewed lie above twice the upper margin in at most 3 %
 * of samples of 300 to 3,000 values, while they lie above the upper end itself in up to 16 %.
 */
const skewReach = 2;

const kind = (side: Side, decides: boolean, text: string): Kind => ({ side, decides, text });
const said = (side: Side, decides: boolean, id: SentenceId): Kind => kind(side, decides, sentences[id]);

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
  "compare.open-above": kind("high", true, "too few calls, or timeouts, leave the upper end open"),
  "compare.part": kind("both", true, "of {share} of a, which b has as well"),
  "compare.no-mix": kind("both", false, "nothing in the log distinguishes the mix"),
  "compare.no-mix-interval": kind("both", false, "no interval: one of the four numbers has none"),
  "compare.no-user": kind("both", false, "no user is on both sides"),
  "costs.none-of-side": kind("both", false, "no call of {side} has a known cost"),
  "costs.none": kind("both", false, "no call has a known cost"),
  "timeouts.one": kind("high", true, "at least this: 1 call is a timeout"),
  "timeouts.some": kind("high", true, "at least this: {calls} are timeouts"),
  "ratio.undefined": kind("both", false, "a ratio on the log scale needs two values above 0"),
} as const satisfies Record<string, Kind>;

export type ReservationId = keyof typeof reservations;

/**
 * A reservation of a kind, with the numbers of its sentence.
 *
 * @example
 * reserve("clusters.few", { effective: "12.0", few: 30 }).decides // true
 */
export function reserve(id: ReservationId, numbers: Reservation["numbers"] = {}): Reservation {
  const { side, decides, reach }: Kind = reservations[id];
  return defined({ id, side, decides, reach, numbers });
}

/**
 * Its sentence.
 *
 * @example
 * reservationText(reserve("clusters.none", { needed: 5, effective: "3.2" })) // "an interval needs 5 effective clusters, has 3.2"
 */
export function reservationText({ id, numbers, of }: Reservation): string {
  const text = reservations[id].text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = numbers[name];
    if (value === undefined)
      throw new TypeError(`reservationText requires "${name}" for ${id}, got ${Object.keys(numbers)}`);
    return String(value);
  });
  return of === undefined ? text : `${of}: ${text}`;
}

/** Those of a number's reservations that leave an end of its interval unable to carry a decision. */
export const disowning = (held: readonly Reservation[] | undefined, end: "low" | "high"): Reservation[] =>
  (held ?? []).filter(({ side, decides }) => !decides && (side === end || side === "both"));
