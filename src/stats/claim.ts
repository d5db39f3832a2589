import { defined } from "./defined";
import type { Estimate } from "./estimate";
import { disowning, neededBy, type Reservation, type ReservationId } from "./reservation";
import type { AssumptionId } from "./reservationKinds";

export type { AssumptionId } from "./reservationKinds";

/** What a claim says: all verdicts that a reader may act on are of one of these kinds. */
export type ClaimKind =
  | "best"
  | "changed"
  | "passes"
  | "fails"
  | "not worse"
  | "saves"
  | "agrees"
  | "differs"
  | "trend";

/**
 * How far a claim stands: "settled", whatever is not known; "leads if" an assumption holds; "open", since its interval or
 * what the number knows of itself leaves it so; or "not to be decided" from what the log has.
 */
export type ClaimStatus = "settled" | "leads if" | "open" | "not to be decided";

/** What a verdict rests on, as data. */
export interface Claim {
  /** The command and the verdict: "check.passes", "compare.slower". */
  id: string;
  kind: ClaimKind;
  status: ClaimStatus;
  /** For "leads if": the assumption that it needs. */
  needs?: AssumptionId;
  /** The assumptions that someone declared to hold, and without which it would not be settled. */
  declared?: AssumptionId[];
  /**
   * For "leads if" outcomes are reported alike: how many times as often as on the other side, or as successes where there is
   * none, failures of the leading side must be reported at least; below, the lead is lost.
   */
  lost_below?: number;
  /**
   * For "leads if" answers were sent on at random: how many times as often good, or bad, those without a result may be beside
   * others of about the same score; beyond, the lead is lost.
   */
  lost_above?: number;
  /** What keeps it open: a reservation of its number, or its interval. */
  because?: ReservationId | "interval" | "other number";
}

/** The bound that a claim rests on. */
export interface Bound {
  estimate: Estimate;
  /** The end that must hold the claim. */
  end: "low" | "high";
  /** True of a value that keeps the claim. */
  holds(value: number): boolean;
  /** For a share of outcomes: the value of the side that leads, and how far its bound is beyond what it must keep. */
  lead?: { rate: number; by: number };
  /** For a share of outcomes: what it is whatever the unknown outcomes are, if one side reports all that the other does. */
  oneWay?: Pick<Estimate, "low" | "high">;
}

export interface ClaimOptions {
  /** False if a test of several claims together leaves this one open though its own interval holds it. Default: true. */
  shown?: boolean;
  /** True if the same quantity as measured, or at one mix, says the opposite. */
  contradicted?: boolean;
  /** Assumptions that the claim needs and that the log does not show to hold. */
  needs?: readonly AssumptionId[];
  /** Assumptions that are declared to hold. */
  declared?: readonly AssumptionId[];
}

const rank: readonly ClaimStatus[] = ["not to be decided", "open", "leads if", "settled"];

/**
 * How far a claim stands: what every verdict asks.
 *
 * A bound that its number disowns carries no claim; one that holds only while unknown outcomes are like the known ones makes
 * it "leads if"; it is settled if it holds whatever they are, or if someone declares that they are alike, or reported one way. Knowing less
 * never makes a claim more certain.
 *
 * @param id the command and the verdict, such as "check.passes"
 * @param bounds the numbers that it rests on: all must hold; without any, nothing can be decided
 * @example
 * const rate = { value: 0.8, low: 0.75, high: 0.84, level: 0.95, method: "wilson", n: 300, clusters: 300, clusterBy: "" };
 * claim("check.passes", "passes", [{ estimate: rate, end: "low", holds: (x) => x >= 0.7 }]).status // "settled"
 */
export function claim(
  id: string,
  kind: ClaimKind,
  bounds: readonly Bound[],
  options: ClaimOptions = {},
): Claim {
  const { shown = true, contradicted = false, needs = [] } = options;
  if (bounds.length === 0) return { id, kind, status: "not to be decided", because: "interval" };
  const told = bounds.flatMap(({ estimate, end }) => neededBy(estimate.reservations, end));
  const each = [
    ...bounds.map((bound) => standing(bound, options)),
    ...[...new Set([...needs, ...told])].map((id) => needing(id, options)),
  ];
  const weakest = each.reduce<Omit<Claim, "id" | "kind">>(
    (least, one) => (isWeaker(one, least) ? one : least),
    { status: "settled" },
  );
  const declared = [...new Set(each.flatMap((one) => one.declared ?? []))];
  const found = !shown && weakest.status !== "not to be decided" ? open("interval") : weakest;
  const stated = contradicted && rank.indexOf(found.status) > 1 ? open("other number") : found;
  return defined({
    id,
    kind,
    ...stated,
    declared: stated.status === "settled" && declared.length > 0 ? declared : undefined,
  });
}

/** True if a bound holds the claim less than another does: the one that is lost first. */
const isWeaker = (one: Omit<Claim, "id" | "kind">, other: Omit<Claim, "id" | "kind">): boolean =>
  one.status === other.status
    ? (one.lost_below ?? 0) > (other.lost_below ?? 0)
    : rank.indexOf(one.status) < rank.indexOf(other.status);

const open = (because: Claim["because"]): Omit<Claim, "id" | "kind"> => ({ status: "open", because });

function standing(
  { estimate, end, holds, lead, oneWay }: Bound,
  { declared = [] }: ClaimOptions,
): Omit<Claim, "id" | "kind"> {
  const { value, reservations, worst_case } = estimate;
  const disowned = disowning(reservations, end);
  if (Number.isNaN(value) || Number.isNaN(estimate[end]))
    return defined({ status: "not to be decided", because: disowned[0]?.id ?? "interval" });
  if (!holds(estimate[end])) return open("interval");
  const short = disowned.find((one) => !mayBe(estimate, end, one).every(holds));
  if (short !== undefined) return open(short.id);
  if (worst_case === undefined || holds(worst_case[end])) return { status: "settled" };
  // The weaker assumption is enough where it is; either may be declared.
  const isOneWay = oneWay !== undefined && holds(oneWay[end]) && !declared.includes("outcomes-alike");
  const needed = needing(isOneWay ? "one-way-reporting" : "outcomes-alike", { declared });
  return defined({ ...needed, lost_below: isSettled(needed) ? undefined : lead && lostBelow(lead) });
}

/** A number without an interval, since a test has been done, as the estimate of a bound. */
export const exactly = (x: number, level = 0.95, reservations?: readonly Reservation[]): Estimate =>
  defined({
    ...{ value: x, low: x, high: x, level, method: "test", n: 1, clusters: 1, clusterBy: "" },
    reservations,
  });

/** A test's p-value as a bound: it holds if p is at most `alpha`; one that is not known decides nothing. */
export const testedBy = (p: number, alpha: number, held?: readonly Reservation[]): Bound => ({
  estimate: exactly(p, 1 - alpha, held),
  end: "high",
  holds: (x) => x <= alpha,
});

/** Where an end that its number disowns may carry a decision after all; NaN if nowhere. */
export const reached = (
  estimate: Estimate,
  end: "low" | "high",
  { reach = Number.NaN }: Reservation,
): number => estimate.value + reach * (estimate[end] - estimate.value);

const needing = (
  needs: AssumptionId,
  { declared = [] }: ClaimOptions,
): Pick<Claim, "status" | "needs" | "declared"> =>
  // Nothing follows from a rule unless someone declared it.
  needs === "outcome-rule" || declared.includes(needs)
    ? { status: "settled", declared: [needs] }
    : { status: "leads if", needs };

/** Between which numbers an end that its number disowns may lie. */
function mayBe(estimate: Estimate, end: "low" | "high", held: Reservation): number[] {
  if (held.keepsSign === undefined) return [reached(estimate, end, held)];
  return [estimate[end] / MOST_TIMES, estimate[end] * MOST_TIMES];
}

/** How many times too much or too little a number in another unit may be: what costs for a million tokens are of those of one. */
const MOST_TIMES = 1e6;

/**
 * How often failures must be reported, as a multiple of how often those of the other side are, for a lead in resolved tasks
 * to stand: the odds of being resolved at which the lead's bound is at nothing, over the odds that were seen.
 *
 * @example
 * lostBelow({ rate: 0.8, by: 0.1 }).toFixed(2) // "0.58"
 */
export function lostBelow({ rate, by }: { rate: number; by: number }): number {
  return Math.max(0, odds(rate - by)) / odds(rate);
}

export const odds = (share: number): number => share / (1 - share);
export const shareAtOdds = (of: number): number => of / (1 + of);

/** A claim that hangs on one more assumption, which no number of the log bears on. */
export function hangingOn(own: Claim, id: AssumptionId, declared: readonly AssumptionId[]): Claim {
  if (!isSettled(own)) return own;
  return declared.includes(id)
    ? { ...own, declared: [...(own.declared ?? []), id] }
    : { ...own, status: "leads if", needs: id };
}

/** True if a claim may be acted on as it stands. */
export const isSettled = ({ status }: Pick<Claim, "status">): boolean => status === "settled";
