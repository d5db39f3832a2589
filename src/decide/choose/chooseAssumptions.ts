import { metric } from "../../measures/metric";
import { isQuantile } from "../../measures/metricKinds";
import type { Estimate } from "../../stats/estimate";
import { type Assumption, ruleAssumed, strengthOf } from "../assumption";
import type { Criterion } from "../profile/criterion";
import type { Profile } from "../profile/profile";
import { ruleOf } from "./chooseClaim";
import { daysNeeded, daysText } from "./chooseDays";
import type { Usable } from "./chooseEstimates";
import type { Work } from "./chooseMix";
import { unpricedShare } from "./chooseOutcomes";
import type { ChoiceRow } from "./chooseTable";
import { chance, listed } from "./chooseText";
import { amountsOf, inUnits } from "./inUnits";
import type { Candidate, Utilities } from "./utility";

interface Given {
  profile: Pick<Profile, "assume">;
  found: Usable;
  candidates: readonly Candidate[];
  result: Utilities;
  work: Work;
  tests: { asMeasured: Utilities; atWorst: (leader: number) => Utilities };
  level: number;
  rows: readonly ChoiceRow[];
  draws: readonly Float64Array[];
  /** The candidate on top. */
  leads: number;
}

/** Two sides further apart than this after adjustment to one mix count as not adjusted. */
const apart = 0.1;

/** What a choice takes for granted, and which of these would change it. */
export function choiceAssumptions(given: Given): Assumption[] {
  const { candidates, result, work, tests, level, leads, rows } = given;
  if (candidates.length < 2 || rows[0] === undefined) return [];
  const settled = result.rows[leads].p_best >= level;
  const before = tests.asMeasured.rows[leads].p_best;
  const left = work.uneven
    ? work.balance.filter(({ apart_at_the_mix }) => !(Math.abs(apart_at_the_mix) < apart))
    : [];
  const some = (is: (one: Estimate) => boolean) =>
    candidates.some(({ estimates }) => Object.values(estimates).some(is));
  const unknown = some(({ worst_case }) => worst_case !== undefined);
  const isDeclared = given.profile.assume?.includes("outcomes-alike") ?? false;
  const unpriced = some((one) => unpricedShare(one) !== undefined);
  const days = daysNeeded(candidates).length > 0;
  const worst = (unknown || unpriced) && settled ? tests.atWorst(leads).rows[leads].p_best : 1;
  const against = `If all of them went against it, ${candidates[leads].name} would be the best with a chance of ${chance(worst)}.`;
  return [
    {
      id: "same-work",
      state: left.length === 0 ? "held" : "broken",
      assumes: "All models had the same work to do, once brought to one mix.",
      found: !work.uneven
        ? "What was fixed before the first answer differs between them by no more than chance."
        : `As measured, ${candidates[leads].name} would be the best with a chance of ${chance(before)}${left.length === 0 ? "" : `; still different at the same mix: ${listed([...new Set(left.map(({ what }) => what))])}`}.`,
      flips: work.uneven && (before >= level !== settled || left.length > 0),
    },
    {
      id: "outcomes-alike",
      state: !unknown ? "held" : isDeclared ? "declared" : "not checkable",
      assumes: "Tasks without a known outcome are like the others.",
      found: !unknown ? "Every task has a known outcome." : against,
      flips: unknown && !(worst >= level),
    },
    ...ruleAssumed(ruleOf(candidates).length > 0, settled),
    ...(days
      ? [
          {
            id: "same-days" as const,
            state: given.profile.assume?.includes("same-days")
              ? ("declared" as const)
              : ("not checkable" as const),
            assumes: "Days were alike for all models.",
            found: `${daysText(candidates)}.`,
            flips: settled,
          },
        ]
      : []),
    ...(unpriced
      ? [
          {
            id: "prices-known" as const,
            state: "broken" as const,
            assumes: "Calls without a known cost cost the most that they may.",
            found: settled ? against : "The choice is open as it is.",
            flips: !(worst >= level),
          },
        ]
      : []),
    {
      id: "nothing-unlogged",
      state: "not checkable",
      assumes: "Nothing unlogged gave one model easier work.",
      ...(settled ? strength(given) : { found: "The choice is open as it is.", flips: false, strength: [] }),
    },
  ];
}

/** How much an unlogged advantage would have to be worth. */
function strength({ found, rows, draws, level }: Given): Pick<Assumption, "found" | "flips" | "strength"> {
  // A model that a floor rules out is no rival, however much it is worth.
  const [own, ...others] = draws.filter((_, i) => rows[i]?.passes);
  if (own === undefined || others.length === 0)
    return {
      found: "No other model passes: it would have to change what passes.",
      flips: false,
      strength: [],
    };
  const gaps = own.map((value, i) => value - Math.max(...others.map((other) => other[i] ?? -1))).sort();
  const gapAt = (share: number) => Math.max(0, gaps[Math.floor(share * gaps.length)] ?? 0);
  const gap = gapAt(1 - level);
  const worth = inUnits(gap, found.criteria, rows[0]);
  return {
    found: `It would have to be worth as much as ${worth}.`,
    flips: gap < 0.01,
    // How many calls of one model lie below the quantile of another is not at hand: of quantiles nothing is said.
    strength: found.criteria.flatMap((one) => {
      if (isQuantile(metric(one.metric))) return [];
      const [middle, bound] = [gapAt(0.5), gap].map((of) => worseBy(of, one, rows[0]));
      return middle === undefined || bound === undefined ? [] : [strengthOf(one.metric, middle, bound)];
    }),
  };
}

/** The factor by which one criterion alone would have to be worse to cost so much utility; infinite if it cannot be. */
function worseBy(utility: number, criterion: Criterion, row: ChoiceRow): number | undefined {
  const [needed] = amountsOf(utility, [criterion], row);
  if (needed === undefined || Number.isNaN(needed.size)) return undefined;
  if (criterion.bad > criterion.good) return 1 + needed.size;
  return needed.size < 1 ? 1 / (1 - needed.size) : Number.POSITIVE_INFINITY;
}
