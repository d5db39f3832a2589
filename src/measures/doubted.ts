import { type Estimate, withNotes } from "../stats/estimate";
import type { Reservation } from "../stats/reservation";

/** A doubt that lets an end reach less far than this beyond itself changes no verdict, and is not told. */
const LEAST_REACH = 1.05;

/** How much less or more a number may be. */
export interface Moved {
  less?: number;
  more?: number;
}

/**
 * A number that may be so much less or more for what is doubted of it, with that doubt: its ends may decide as many times as far
 * from the value as carries them there; if that is not known, nowhere.
 *
 * @param moved how much it may move; on a side that the doubt is not about, it does not
 */
export function doubted(estimate: Estimate, { less = 0, more = 0 }: Moved, doubt: Reservation): Estimate {
  const { value, low, high } = estimate;
  const below = doubt.side === "high" ? 0 : over(less, value - low);
  const above = doubt.side === "low" ? 0 : over(more, high - value);
  const reach = 1 + Math.max(below, above);
  if (reach < LEAST_REACH) return estimate;
  return withNotes(estimate, [Number.isFinite(reach) ? { ...doubt, reach } : doubt]);
}

/** What does not move needs no room, where there is none either: a share of 0 is as low as its end. */
const over = (moved: number, room: number): number => (moved === 0 ? 0 : moved / room);
