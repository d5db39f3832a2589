import type { Selection } from "../../facts/select";
import { metric } from "../../measures/metric";
import type { Row } from "../../measures/table";
import { type AssumptionId, type Claim, claim } from "../../stats/claim";
import { defined } from "../../stats/defined";
import { type Estimate, noted } from "../../stats/estimate";
import { disowning, type Reservation, reservationText, reserve, ruleNeeded } from "../../stats/reservation";
import { type Criterion, floorName, higherIsGood, labelOf } from "../profile/criterion";
import type { Profile } from "../profile/profile";
import { daysNeeded } from "./chooseDays";
import type { Usable } from "./chooseEstimates";
import type { Work } from "./chooseMix";
import type { Traffic } from "./chooseTable";
import { chance } from "./chooseText";
import type { Candidate, Utilities } from "./utility";

/** The ingredients of an answer. */
export interface Answered {
  profile: Profile;
  label: string;
  found: Usable;
  selection: Selection;
  candidates: readonly (Candidate & { by: Row })[];
  result: Utilities;
  fails: string[][];
  traffic: Traffic;
  level: number;
  seed?: number;
  /** Which model got which work, and the same choice with the numbers as they were measured. */
  work: Work;
  tests: {
    asMeasured: Utilities;
    /** With tokens as each model counts them, where length had to be left out of the mix. */
    doubted?: Utilities;
    /** The same choice if all unknown outcomes and costs go against a candidate. */
    atWorst: (leader: number) => Utilities;
    /** The same if only unknown costs do. */
    atWorstPrices: (leader: number) => Utilities;
    /** The same if the ends that its numbers disown lie where they may carry a decision. */
    stretched: (leader: number) => Utilities;
    /** How often its failures must be reported for a candidate to stay the best, as a multiple of others'. */
    lostBelow: (leader: number) => number | undefined;
  };
}

/** A chance that unknown costs may turn carries no decision. */
const unpricedChance: Reservation = { id: "costs.unknown", side: "low", decides: false, numbers: {} };

/** That the candidate on top is the best, and how far that stands: its chance must reach the level. */
export function claimOf(
  { candidates, result, profile, level, tests }: Answered,
  found: { leads: number; worst: number; disowned: Reservation | undefined; isContradicted: boolean },
): Claim {
  const { leads, worst, disowned, isContradicted } = found;
  const p_best = result.rows[leads]?.p_best ?? Number.NaN;
  const unknown = Math.max(
    0,
    ...candidates.flatMap(({ estimates }) =>
      Object.values(estimates).map(({ worst_case }) => worst_case?.unknown ?? 0),
    ),
  );
  const isTurned = worst < level;
  // Prices are known to be missing: nobody can declare that they are not.
  const isOfPrices = isTurned && !(tests.atWorstPrices(leads).rows[leads].p_best >= level);
  const isOfOutcomes = isTurned && !isOfPrices;
  const chanceOfBest: Estimate = {
    ...{ value: p_best, low: p_best, high: p_best, level, method: "draws", n: 0, clusters: 0, clusterBy: "" },
    ...(isOfOutcomes ? { worst_case: { unknown, values: [worst, p_best], low: worst, high: p_best } } : {}),
    ...noted(
      // How far its number reaches has been tried: the chance itself has no end to reach beyond.
      [disowned, isOfPrices ? unpricedChance : undefined].flatMap((held) =>
        held === undefined ? [] : [defined({ ...held, side: "low" as const, reach: undefined })],
      ),
    ),
  };
  const own = claim(
    "choose.best",
    "best",
    [{ estimate: chanceOfBest, end: "low", holds: (x) => x >= level }],
    {
      contradicted: isContradicted,
      declared: profile.assume,
      needs: [...daysNeeded(candidates), ...ruleOf(candidates)],
    },
  );
  return own.needs === "outcomes-alike" ? defined({ ...own, lost_below: tests.lostBelow(leads) }) : own;
}

/** Whether a criterion rests on a declared rule of what is resolved. */
export const ruleOf = (candidates: readonly Candidate[]): AssumptionId[] =>
  ruleNeeded(candidates.flatMap(({ estimates }) => Object.values(estimates)));

/** A number that another kind of rater gave, of a candidate that may be better than the one on top. */
export function otherRater({ candidates, found, result }: Answered, leads: number): Disowned | undefined {
  const top = result.rows[leads]?.utility.value;
  for (const [i, { name, estimates }] of candidates.entries()) {
    if (i === leads || result.rows[i].utility.high <= top) continue;
    for (const { metric } of found.criteria) {
      const held = estimates[metric]?.reservations?.find(({ id }) => id === "raters.other");
      if (held !== undefined)
        return { held, why: `${labelOf({ metric })} of ${name} is ${reservationText(held)}` };
    }
  }
  return undefined;
}

/** An outcome or a cost of which nothing is known, of a candidate that may be better than the one on top. */
export function unknownRival(
  { candidates, profile, found, result }: Answered,
  leads: number,
): Disowned | undefined {
  const top = result.rows[leads]?.utility.value;
  const floors = [...(profile.floors ?? []), ...(profile.slos ?? [])].filter(
    ({ within }) => within === undefined,
  );
  // Who was never judged or never streamed has no such number, and is left out by name.
  const asked = [...found.criteria, ...floors].filter((one) =>
    ["cost", "conversations"].includes(metric(one.metric).source.measure),
  );
  for (const [i, { name, eligible = true, estimates }] of candidates.entries()) {
    if (i === leads || !eligible || result.rows[i].utility.high <= top) continue;
    const one = asked.find((of) => {
      const estimate = estimates[floorName(of)];
      return estimate?.n === 0 && Number.isNaN(estimate.value);
    });
    if (one === undefined) continue;
    const what = `${labelOf(one)} of ${name}`;
    return { held: reserve("none.known", { what }), why: `${what} is not known` };
  }
  return undefined;
}

interface Disowned {
  held: Reservation;
  why: string;
}

/** The first number of the candidate on top whose worse end is disowned, or of another whose better end is. */
export function disownedOf(
  candidates: Answered["candidates"],
  criteria: readonly Criterion[],
  leads: number,
): Disowned | undefined {
  const [leader] = candidates.slice(leads);
  for (const one of [leader, ...candidates.filter((other) => other !== leader)])
    for (const criterion of criteria) {
      const { reservations } = one.estimates[criterion.metric] ?? {};
      const isLow = higherIsGood(criterion) === (one === leader);
      const [held] = disowning(reservations, isLow ? "low" : "high");
      if (held !== undefined)
        return {
          held,
          why: `${labelOf(criterion)} of ${one.name} may not decide (${reservationText(held)})`,
        };
    }
  return undefined;
}

/** That a candidate leads at one mix alone, with both numbers; undefined if it is also ahead as measured. */
export function behindAsMeasured(
  candidates: Answered["candidates"],
  { rows }: Utilities,
  leads: number,
  atMix: Utilities,
): string | undefined {
  const chances = rows.map(({ p_best }) => p_best);
  const ahead = chances.indexOf(Math.max(...chances.filter((one) => !Number.isNaN(one))));
  if (ahead === leads || !(chances[ahead] > chances[leads])) return undefined;
  return `only at one mix of work (a chance of ${chance(atMix.rows[leads].p_best)}), while as measured ${candidates[ahead].name} is ahead (${chance(chances[ahead])} against ${chance(chances[leads])})`;
}
