import type { BalanceRow } from "../../measures/mix/balance";
import { keysOf } from "../../measures/rowKey";
import { percent } from "../../stats/text";
import { type Assumption, strengthOf } from "../assumption";
import type { CompareRow } from "./compareRow";
import { isClaim } from "./compareVerdict";

/** A mean or share that differs by more than this at one mix counts as not adjusted. */
const apart = 0.1;

/** What a comparison takes for granted, with the weakest point of each assumption. */
export function assumptionsOf(
  rows: readonly CompareRow[],
  balance: readonly BalanceRow[],
  users: Users,
  by: readonly string[] = [],
): Assumption[] {
  const changed = rows.filter(isClaim);
  const left = balance.filter(({ apart_at_the_mix }) => !(Math.abs(apart_at_the_mix) < apart));
  const weakest = [...changed].sort((x, y) => x.unlogged - y.unlogged)[0];
  return [
    {
      id: "mix",
      assumes: "At the same mix, both sides had the same work to do.",
      found:
        left.length === 0
          ? `Of ${balance.length} things fixed before the first answer, none differs by ${apart}.`
          : `Still different at the same mix: ${left.map(({ what, apart_at_the_mix }) => `${what} (${apart_at_the_mix.toFixed(2)})`).join(", ")}.`,
      flips: left.length > 0 && changed.length > 0,
    },
    { id: "users", assumes: "The change is not a change of users.", ...usersFound(users, changed) },
    {
      id: "unlogged",
      assumes: "Nothing unlogged made the sides differ.",
      found:
        weakest === undefined
          ? "No change is claimed."
          : `It would have to move ${weakest.metric} by a factor of ${weakest.unlogged.toPrecision(3)}; all that is logged moved it by ${away(weakest.mix_ratio.value)}.`,
      flips: changed.some(({ unlogged, mix_ratio }) => !(unlogged > away(mix_ratio.value))),
      strength: changed.map((row) => ({
        ...keysOf(by, row),
        ...strengthOf(row.metric, row.within_ratio.value, row.unlogged),
      })),
    },
  ];
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

function usersFound(users: Users, changed: readonly CompareRow[]): Pick<Assumption, "found" | "flips"> {
  if (users.known < nearlyAll)
    return {
      found: `A user is logged in ${percent(users.known)} of the calls: this cannot be checked.`,
      flips: changed.length > 0,
    };
  const of = `${percent(users.returning)} of the calls are from users on both sides`;
  if (!otherUsers(users) || changed.length === 0) return { found: `${of}.`, flips: false };
  const only = changed.filter(({ verdict }) => verdict.includes("users"));
  return only.length === 0
    ? { found: `${of}; the changes hold among them.`, flips: false }
    : {
        found: `${of}; they do not show a change of ${only.map(({ metric }) => metric).join(", ")}.`,
        flips: true,
      };
}
