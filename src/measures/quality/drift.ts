import { type Claim, claim } from "../../stats/claim";
import { type Estimate, withNotes } from "../../stats/estimate";
import { pairedDifference } from "../../stats/pairedDifference";
import { rateFromSums } from "../../stats/rate";
import { reserve } from "../../stats/reservation";
import { threeDigits } from "../../stats/text";
import { flip, isPlain } from "./paired";

/** What one rater said of an item before and after, and the items that it may be like. */
export interface Twice {
  before: number;
  after: number;
  /** Items of one cluster share what was asked. */
  cluster: string;
}

/** What items got at first that were judged again, and what those got that were not. */
export interface FirstScores {
  judged: number;
  again_mean: number | null;
  once_mean: number | null;
  again_variance: number | null;
  once_variance: number | null;
}

/** How far a rater moved on the same items, and which way their verdicts turned. */
export interface Drift {
  before: number;
  after: number;
  drift: Estimate;
  /** Shares of items, for a score of 0 or 1. */
  risen?: Estimate;
  fallen?: Estimate;
}

/** The difference of two sets of items from which a scale of chance is left: two standard errors. */
const BEYOND = 1.96;

/** What a rater's scores of the same items differ by, after less before, over clusters of items. */
export function driftOf(
  items: readonly Twice[],
  { level = 0.95, seed = 1 }: { level?: number; seed?: number },
  first?: FirstScores,
): Drift {
  const [before, after] = [items.map((item) => item.before), items.map((item) => item.after)];
  const names = items.map(({ cluster }) => cluster);
  const isClustered = new Set(names).size < items.length;
  const { correlation: _correlation, ...plain } = pairedDifference(after, before, {
    ...{ level, seed },
    ...(isClustered ? { clusters: names, clusterBy: "prompt_id" } : {}),
  });
  const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
  const drift = withNotes(plain, first === undefined ? [] : pickedBy(first, items.length));
  const found = { before: mean(before), after: mean(after), drift };
  const pairs = items.map((item) => ({ a: item.after, b: item.before }));
  if (!isPlain(pairs)) return found;
  const turned = (side: 1 | -1) =>
    shareOf(
      pairs.map(({ a, b }) => Number(flip(a, b, true, false) === side)),
      isClustered ? names : undefined,
      level,
    );
  return { ...found, risen: turned(1), fallen: turned(-1) };
}

/** A share of items, over clusters of them. */
function shareOf(turned: readonly number[], names: readonly string[] | undefined, level: number): Estimate {
  const clusters = new Map<string, { m: number; e: number }>();
  for (const [at, name] of (names ?? []).entries()) {
    const one = clusters.get(name) ?? { m: 0, e: 0 };
    clusters.set(name, { m: one.m + 1, e: one.e + turned[at] });
  }
  const total = (of: (one: { m: number; e: number }) => number) =>
    [...clusters.values()].reduce((sum, one) => sum + of(one), 0);
  const sums = {
    n: turned.length,
    events: turned.reduce((sum, x) => sum + x, 0),
    ...(names === undefined
      ? {}
      : {
          clusters: clusters.size,
          sizeSquares: total(({ m }) => m * m),
          eventSquares: total(({ e }) => e * e),
          products: total(({ m, e }) => m * e),
        }),
  };
  return rateFromSums(sums, {
    level,
    clusterBy: names === undefined ? "item" : "prompt_id",
    counted: "items",
  });
}

/** Items that were picked by what they first got move back towards the mean by themselves, whatever the judge does. */
function pickedBy({ judged, ...first }: FirstScores, again: number) {
  const { again_mean, once_mean } = first;
  if (again_mean === null || once_mean === null) return [];
  const error = Math.sqrt(
    Number(first.again_variance ?? 0) / again + Number(first.once_variance ?? 0) / (judged - again),
  );
  if (Math.abs(again_mean - once_mean) <= BEYOND * error) return [];
  const shown = { again: threeDigits(again_mean), once: threeDigits(once_mean) };
  return [reserve("judge.picked", shown)];
}

/** That a rater moved: on the same items its scores differ. */
export function driftClaim({ drift }: Drift): Claim {
  const rises = drift.value > 0;
  return claim("judge.drifted", "changed", [
    { estimate: drift, end: rises ? "low" : "high", holds: (x) => (rises ? x > 0 : x < 0) },
  ]);
}

/** True if the interval of a drift leaves out none, whether or not the items were picked. */
export const isDrifting = ({ drift: { low, high } }: Drift): boolean => low > 0 || high < 0;
