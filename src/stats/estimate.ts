import { defined } from "./defined";
import { isReservationId, type Reservation, reservationTexts, reserve } from "./reservation";

/**
 * A number and how sure it is: the return type of every measure and every statistic.
 *
 * `value` lies between `low` and `high` at confidence `level`. An end that the data do not bound is `Infinity`
 * or `-Infinity`; an end that cannot be computed at all is `NaN`, and `note` says why and what is needed.
 */
export interface Estimate {
  value: number;
  low: number;
  high: number;
  /** Confidence of the interval, 0.95 for 95 %. */
  level: number;
  /** How the interval was made: "fractional-order-statistic", "wilson", "t-cluster", "bootstrap-bca", ... */
  method: string;
  /** Observations behind the value. */
  n: number;
  /** Independent units behind the interval: the clusters, or n if every observation is its own. */
  clusters: number;
  /** What one cluster is: "user_id", "task_id", "call_id", ...; empty if the caller gave none. */
  clusterBy: string;
  /** Variance with clusters over variance without: how much the clustering costs. */
  designEffect?: number;
  /** Resamples drawn, or "exact" if the bootstrap distribution itself was used. */
  resamples?: number | "exact";
  /** "s", "USD", "USD/task", "1" for a share, "tokens/s", ... */
  unit?: string;
  /** If outcomes are unknown: the number if none or all of them were events. */
  worst_case?: WorstCase;
  /** Of a cost some of whose calls have no known one: the value counts these at 0, and `high` at the most they may cost. */
  unpriced?: UnpricedCalls;
  /**
   * What to know before relying on the number, as data: every verdict reads it. Each has an id ("few.quantile"), the side
   * that it is about ("low", "high", "both"), whether that side may still decide, and the numbers of its sentence.
   */
  reservations?: readonly Reservation[];
  /** The sentences of these: why an end is missing, what would be needed, what was left out. */
  note?: NoteText;
}

declare const made: unique symbol;
/** The sentences of an estimate, made of its reservations here alone, so that the two never disagree. */
export type NoteText = string & { readonly [made]: true };

/** A sentence for the reader, or a reservation, which verdicts read as well. */
export type Note = string | Reservation | undefined;

/** Calls without a known cost, of all behind a number, and what its value would be if each had cost the most it may. */
export interface UnpricedCalls {
  calls: number;
  of: number;
  at_most: number;
}

/** What an estimate would be if all of the unknown outcomes went one way, or the other. */
export interface WorstCase {
  /** Share of the units whose outcome is unknown. */
  unknown: number;
  /** The value at either end, and the ends of the intervals there. */
  values: [low: number, high: number];
  low: number;
  high: number;
}

/** The ends of an interval that cannot be computed. */
export const noEnds: Pick<Estimate, "low" | "high"> = { low: Number.NaN, high: Number.NaN };

/** What an estimate can be noted on. */
type Noted = Pick<Estimate, "value" | "reservations"> & { note?: string };

/** Notes as reservations; those that are empty or undefined are left out. */
const heldIn = (notes: readonly Note[]): Reservation[] =>
  notes.flatMap((note) => {
    if (typeof note === "object") return [note];
    return note === undefined || note === "" ? [] : [reserve("told", { text: note })];
  });

/** Notes as the one text of an estimate; undefined if there is none. Notes that are empty or undefined are left out. */
export const noteOf = (notes: readonly Note[]): NoteText | undefined =>
  (reservationTexts(heldIn(notes)).join("; ") as NoteText) || undefined;

/** The fields of an estimate that hold these notes. */
export function noted(notes: readonly Note[]): Pick<Estimate, "note" | "reservations"> {
  const held = heldIn(notes);
  return defined({ note: noteOf(held), reservations: held.length > 0 ? held : undefined });
}

/** The estimate with more notes, behind those that it has. */
export const withNotes = <E extends Noted>(estimate: E, notes: readonly Note[]): E =>
  renoted(estimate, [...toldBy(estimate), ...notes]);

/** The estimate with more notes, before those that it has. */
export const withNotesFirst = <E extends Noted>(estimate: E, notes: readonly Note[]): E =>
  renoted(estimate, [...notes, ...toldBy(estimate)]);

/** The estimate with these notes in place of those that it has. */
export function renoted<E extends Noted>(estimate: E, notes: readonly Note[]): E {
  const { note, reservations } = noted(notes);
  return defined({ ...estimate, note, reservations });
}

/**
 * What an estimate knows of itself, for a reader: its reservations, or its text as one if it was written by hand.
 *
 * @example
 * toldBy({ value: 1, note: "few users" })[0]?.id // "told"
 */
export function toldBy({ note, reservations = [] }: Noted): readonly Reservation[] {
  const own = reservations.filter(({ id }) => isReservationId(id));
  return note === undefined || note === noteOf(own) ? own : heldIn([note]);
}
