/** What a choice at other weights takes: some of its joint draws, before weights are applied. */
export interface WorthDraws {
  /** For each candidate in the order of its choice's rows. */
  candidates: {
    /**
     * For each criterion in its order, the worth of each draw from 0 to 1; NaN where the drawn value has no end on its
     * bad side, which is worth nothing.
     */
    worth: Float64Array[];
    /** 1 for each draw in which the floors hold. */
    holds: Uint8Array;
  }[];
}

/** The draws that are kept of each choice: a chance from them has a standard error of at most 3 points. */
export const KEPT_DRAWS = 300;

const kept = new WeakMap<object, WorthDraws>();

/** Remembers the draws beside a choice's rows, so that they are in none of its printed forms. */
export function withWorthDraws<T extends { rows: readonly object[] }>(
  choice: T,
  draws: WorthDraws | undefined,
): T {
  if (draws !== undefined) kept.set(choice.rows, draws);
  return choice;
}

/** The draws of a choice; undefined if it has none, as one that was read from a file. */
export const worthDrawsOf = ({ rows }: { rows: readonly object[] }): WorthDraws | undefined => kept.get(rows);
