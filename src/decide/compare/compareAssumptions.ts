import { type BalanceRow, FAR_APART } from "../../measures/mix/balance";
import { keysOf } from "../../measures/rowKey";
import type { AssumptionId, Claim } from "../../stats/claim";
import { ruleNeeded } from "../../stats/reservation";
import { percent, threeDigits } from "../../stats/text";
import { type Assumption, ruleAssumed, strengthOf } from "../assumption";
import type { CompareRow } from "./compareRow";
import { isChange } from "./compareVerdict";

/** What a comparison takes for granted, with the weakest point of each assumption. */
export function assumptionsOf(
  rows: readonly CompareRow[],
  balance: readonly BalanceRow[],
  users: Users,
  by: readonly string[] = [],
  declared: readonly AssumptionId[] = [],
): Assumption[] {
  const changed = rows.filter(isChange);
  const weakest = [...changed].sort((x, y) => x.unlogged - y.unlogged)[0];
  return [
    {
      id: "same-work",
      assumes: "At the same mix, both sides had the same work to do.",
      ...stated("same-work", workFound(balance, changed), declared),
    },
    {
      id: "same-users",
      assumes: "The change is not a change of users.",
      ...stated("same-users", usersFound(users, changed), declared),
    },
    ...outcomesFound(rows, declared),
    ...ruleAssumed(
      ruleNeeded(rows.map(({ a }) => a)).length > 0,
      rows.some(({ claim }) => rests(claim, "outcome-rule")),
    ),
    {
      id: "nothing-unlogged",
      assumes: "Nothing unlogged made the sides differ.",
      state: "not checkable",
      found:
        weakest === undefined
          ? "No change is claimed."
          : `It would have to move ${weakest.metric} by a factor of ${threeDigits(weakest.unlogged)}; all that is logged moved it by ${away(weakest.mix_ratio.value)}.`,
      flips: changed.some(({ unlogged, mix_ratio }) => !(unlogged > away(mix_ratio.value))),
      strength: changed.map((row) => ({
        ...keysOf(by, row),
        ...strengthOf(row.metric, row.within_ratio.value, row.unlogged, row),
      })),
    },
  ];
}

function workFound(
  balance: readonly BalanceRow[],
  changed: readonly CompareRow[],
): Omit<Assumption, "id" | "assumes"> {
  const left = balance.filter(({ apart_at_the_mix }) => !(Math.abs(apart_at_the_mix) < FAR_APART));
  const asMeasured = changed.filter(({ claim }) => rests(claim, "same-work"));
  if (left.length === 0 && asMeasured.length === 0) {
    const found = `Of ${balance.length} things fixed before the first answer, none differs by ${FAR_APART}.`;
    return { state: "held", found, flips: false };
  }
  const parts = [
    ...(left.length === 0
      ? []
      : [
          `Still different at the same mix: ${left.map(({ what, apart_at_the_mix }) => `${what} (${apart_at_the_mix.toFixed(2)})`).join(", ")}.`,
        ]),
    ...(asMeasured.length === 0
      ? []
      : [
          `Compared as measured, though the sides had other work: ${asMeasured.map(({ metric }) => metric).join(", ")}.`,
        ]),
  ];
  return { state: "broken", found: parts.join(" "), flips: changed.length > 0 };
}

const away = (factor: number) => Number(Math.max(factor, 1 / factor).toPrecision(3));

/** Of the calls of both sides: how many have a known user, and how many a user who is on both sides. */
export interface Users {
  known: number;
  returning: number;
}

/** From this share on, nearly all calls are from users who are on both sides. */
const nearlyAll = 0.9;

/** True if users differ so much between the sides that those on both are looked at alone. */
export const otherUsers = ({ known, returning }: Users): boolean =>
  known >= nearlyAll && returning < nearlyAll;

function usersFound(users: Users, changed: readonly CompareRow[]): Omit<Assumption, "id" | "assumes"> {
  if (users.known < nearlyAll)
    return {
      state: "not checkable",
      found: `A user is logged in ${percent(users.known)} of the calls: this cannot be checked.`,
      flips: changed.length > 0,
    };
  const of = `${percent(users.returning)} of the calls are from users on both sides`;
  if (!otherUsers(users) || changed.length === 0) return { state: "held", found: `${of}.`, flips: false };
  const only = changed.filter(({ claim }) => rests(claim, "same-users"));
  return only.length === 0
    ? { state: "held", found: `${of}; the changes hold among them.`, flips: false }
    : {
        state: "broken",
        found: `${of}; they do not show a change of ${only.map(({ metric }) => metric).join(", ")}.`,
        flips: true,
      };
}

/** What unknown outcomes may make of the changes; nothing if no metric has any. */
function outcomesFound(rows: readonly CompareRow[], declared: readonly AssumptionId[]): Assumption[] {
  const shares = rows.flatMap(({ within }) => within.worst_case?.unknown ?? []);
  if (shares.length === 0) return [];
  const share = `Up to ${percent(Math.max(...shares))} of a side's outcomes are unknown`;
  const ofId = (id: AssumptionId, assumes: string): Assumption => {
    const open = rows.filter(({ claim }) => rests(claim, id));
    const found =
      open.length === 0
        ? `${share}: no change that is stated depends on them.`
        : `${share}: without it the change of ${open.map(({ metric }) => metric).join(", ")} is open.`;
    const flips = open.length > 0;
    return { id, assumes, ...stated(id, { state: "not checkable", found, flips }, declared) };
  };
  const alike = ofId(
    "outcomes-alike",
    "Failures are reported as often as successes, or alike on both sides.",
  );
  const oneWay = ofId(
    "one-way-reporting",
    "One side reports every outcome that the other would have reported.",
  );
  return oneWay.flips ? [...(alike.flips ? [alike] : []), oneWay] : [alike];
}

/** True if a claim needs an assumption, or is settled since it is declared. */
const rests = ({ needs, declared = [] }: Claim, id: AssumptionId) => needs === id || declared.includes(id);

const stated = (
  id: AssumptionId,
  found: Omit<Assumption, "id" | "assumes">,
  declared: readonly AssumptionId[],
): Omit<Assumption, "id" | "assumes"> =>
  declared.includes(id) && found.state !== "held" ? { ...found, state: "declared" } : found;
