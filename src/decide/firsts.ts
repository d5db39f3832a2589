import { differenceP } from "../stats/differenceP";
import type { Estimate } from "../stats/estimate";
import { holm } from "../stats/multiplicity";
import { rankedValue } from "../stats/worstCase";

/** One metric of several candidates. */
export interface Field {
  better: "lower" | "higher";
  /** Known values only. */
  estimates: readonly Estimate[];
  /** The same at one mix of the work: who is best must be so in both. Default: there is none. */
  atMix?: readonly Estimate[];
}

/** The candidate with the best value, by its place, and those that may be as good, best first. */
export interface First {
  best: number;
  near: number[];
}

/**
 * Which candidate is shown to be the best in each of several fields, and which others may be as good.
 *
 * A lead counts if the two intervals do not overlap and the difference is not by chance. The level holds for all fields
 * together, twice: for "is the best", and for "is worse than the best". A candidate is the best of its field if it is
 * better than each of the others; being better than the next one is what it takes, so the number of candidates needs no
 * correction. Who is worse than a best that the data chose is tested as one of all pairs.
 *
 * @remarks Methods: differences by MOVER, Zou & Donner (2008), doi:10.1002/sim.3095, with the candidates taken as
 * independent, which is cautious where they serve the same users; intersection-union tests, Berger (1982),
 * doi:10.1080/00401706.1982.10487790; Holm over the fields, and over all pairs of all fields.
 * @example
 * firsts([], 0.95) // []
 */
export function firsts(fields: readonly Field[], level: number): First[] {
  const all = fields.map((field) => {
    const { estimates, better } = field;
    const sign = better === "lower" ? 1 : -1;
    const [best, ...others] = estimates
      .map((_, at) => at)
      .sort((i, j) => sign * (rankedValue(estimates[i]) - rankedValue(estimates[j])));
    return { best, others, p: others.map((other) => betterP(field, best, other)) };
  });
  const alpha = 1 - level;
  const ofFirst = holm(all.map(({ p }) => Math.max(0, ...p)));
  const pairs = fields.reduce((sum, { estimates: { length: m } }) => sum + (m * (m - 1)) / 2, 0);
  const tested = all.flatMap(({ p }) => p);
  // Pairs without the best are not looked at, but could have been.
  const ofWorse = holm([...tested, ...Array.from({ length: pairs - tested.length }, () => 1)]);
  let at = 0;
  return all.map(({ best, others, p }, field) => {
    const worse = ofWorse.slice(at, (at += p.length));
    if (ofFirst[field] <= alpha) return { best, near: [] };
    const most = Math.max(...p);
    return { best, near: others.filter((_, i) => !(worse[i] <= alpha) || p[i] === most) };
  });
}

/**
 * The p-value of the best's lead over another, the larger of those as measured and at one mix; 1 if their intervals
 * overlap.
 */
function betterP({ better, estimates, atMix }: Field, best: number, other: number): number {
  const [a, b] = [estimates[best], estimates[other]];
  // Whoever reads the two intervals side by side must see it.
  if (!(a.high < b.low || b.high < a.low)) return 1;
  const measured = differenceP(a, b);
  if (atMix === undefined) return measured;
  const [one, two] = better === "lower" ? [best, other] : [other, best];
  const leads = rankedValue(atMix[one]) < rankedValue(atMix[two]);
  return leads ? Math.max(measured, differenceP(atMix[best], atMix[other])) : 1;
}
