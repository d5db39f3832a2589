import type { Pair } from "../measures/mix/promptPairs";
import { type AssumptionId, type Bound, type Claim, claim, isSettled } from "../stats/claim";
import { differenceP } from "../stats/differenceP";
import type { Estimate } from "../stats/estimate";
import { leadOver, leadOverUnknown } from "../stats/leads";
import { holm } from "../stats/multiplicity";
import { rankedValue } from "../stats/worstCase";

/** One metric of several candidates. */
export interface Field {
  better: "lower" | "higher";
  /** Known values only. */
  estimates: readonly Estimate[];
  /** Rivals whose value is not known: with any, nobody is shown to be the best. Default: none. */
  left?: readonly string[];
  /** The same at one mix of the work: who is best must be so in both. Default: there is none. */
  atMix?: readonly Estimate[];
  /** Two candidates on the same prompts, the first less the second, where they share them; instead of both intervals. */
  paired?: (first: number, second: number) => Pair | undefined;
}

/** The candidate with the best value, by its place, and those that may be as good, best first. */
export interface First {
  best: number;
  near: number[];
  /** That it is the best, and how far that stands. */
  claim: Claim;
}

/**
 * Which candidate is shown to be the best in each of several fields, and which others may be as good.
 *
 * A lead counts if the two intervals do not overlap and the difference is not by chance; of two on the same prompts, if it
 * is not by chance prompt by prompt. The level holds for all fields
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
export function firsts(
  fields: readonly Field[],
  level: number,
  declared: readonly AssumptionId[] = [],
): First[] {
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
    const shown = ofFirst[field] <= alpha;
    const each = others.map((other) =>
      claim("first.best", "best", leadsOver(fields[field], best, other), { declared }),
    );
    const own = claim(
      "first.best",
      "best",
      [
        ...others.flatMap((other) => leadsOver(fields[field], best, other)),
        ...(fields[field].left ?? []).map(leadOverUnknown),
      ],
      { shown, declared },
    );
    const most = Math.max(...p);
    const isNear = (i: number) =>
      shown ? each[i].status === "open" : !(worse[i] <= alpha) || p[i] === most || !isSettled(each[i]);
    return { best, near: others.filter((_, i) => isNear(i)), claim: own };
  });
}

/** By how much the best leads another, as a bound that must be above 0, as measured and at one mix. */
function leadsOver(field: Field, best: number, other: number): Bound[] {
  const { better, estimates, atMix, paired } = field;
  const pair = better === "lower" ? paired?.(other, best) : paired?.(best, other);
  if (pair !== undefined) return [{ estimate: pair.difference, end: "low", holds: (x) => x > 0 }];
  return [estimates, ...(atMix === undefined ? [] : [atMix])].map((from) =>
    leadOver(from[best], from[other], better),
  );
}

/**
 * The p-value of the best's lead over another, the larger of those as measured and at one mix; 1 if their intervals
 * overlap.
 */
function betterP({ better, estimates, atMix, paired }: Field, best: number, other: number): number {
  const pair = paired?.(best, other);
  if (pair !== undefined) return pair.p;
  const [a, b] = [estimates[best], estimates[other]];
  // Whoever reads the two intervals side by side must see it.
  if (!(a.high < b.low || b.high < a.low)) return 1;
  const measured = differenceP(a, b);
  if (atMix === undefined) return measured;
  const [one, two] = better === "lower" ? [best, other] : [other, best];
  const leads = rankedValue(atMix[one]) < rankedValue(atMix[two]);
  return leads ? Math.max(measured, differenceP(atMix[best], atMix[other])) : 1;
}
