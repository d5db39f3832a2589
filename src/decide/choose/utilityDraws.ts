import type { Marginal } from "../../stats/marginal";
import { type Criterion, criterionValue, higherIsGood } from "../profile/criterion";
import { shrunk } from "./utilityShrinkage";
import { KEPT_DRAWS } from "./worthDraws";

/**
 * Draws of a utility; the same with an open end replaced by the value (`bounded`); and which draws have an open
 * end.
 */
export interface Raw {
  utility: Float64Array;
  bounded: Float64Array;
  open: Uint8Array;
  /** The worth of the first draws, by criterion, before weights; NaN at an open end. */
  worth: Float64Array[];
}

/** The weighted worth of each joint draw. */
export function utilityDraws(
  marginals: Map<string, Marginal>,
  criteria: readonly Criterion[],
  draws: number,
  normals: (metric: string) => Float64Array,
): Raw {
  const utility = new Float64Array(draws);
  const bounded = new Float64Array(draws);
  const open = new Uint8Array(draws);
  const few = Math.min(draws, KEPT_DRAWS);
  const worths = criteria.map(() => new Float64Array(few).fill(Number.NaN));
  for (const [at, criterion] of criteria.entries()) {
    const { metric, weight } = criterion;
    const marginal = marginals.get(metric);
    if (marginal === undefined) continue;
    // If only an end is known there is no value, and the end replaces it.
    const end = marginal(higherIsGood(criterion) ? 1 : -1);
    const value = Number.isFinite(marginal(0)) ? marginal(0) : end;
    const z = normals(metric);
    for (let i = 0; i < draws; i++) {
      const drawn = marginal(z[i]);
      const own = criterionValue(drawn, criterion);
      const worth = weight * own;
      utility[i] += worth;
      if (i < few && Number.isFinite(drawn)) worths[at][i] = own;
      if (Number.isFinite(drawn)) bounded[i] += worth;
      else {
        bounded[i] += weight * criterionValue(value, criterion);
        open[i] = 1;
      }
    }
  }
  return { utility, bounded, open, worth: worths };
}

/** Shrinkage applies to what is bounded; a draw beyond an open end stays as bad as it is. */
export function pulledTogether(
  raw: readonly Raw[],
  compared: readonly boolean[],
  seed: number,
): Float64Array[] {
  const pulled = shrunk(
    raw.filter((_, i) => compared[i]).map(({ bounded }) => bounded),
    { seed },
  );
  return raw.map(({ utility, open }, i) => {
    if (!compared[i]) return utility;
    const own = pulled.shift() as Float64Array;
    return own.map((one, draw) => (open[draw] ? utility[draw] : one));
  });
}
