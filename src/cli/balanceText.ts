import type { Assumption } from "../decide/assumption";
import type { BalanceRow } from "../measures/mix/balance";
import { keysOf } from "../measures/rowKey";
import { tableText } from "./output";

/** How far the sides differ before and after adjusting to one mix, as a table with what would change the answer. */
export function balanceText({
  balance,
  assumptions,
  by = [],
}: {
  balance: readonly BalanceRow[];
  assumptions: readonly Assumption[];
  by?: readonly string[];
}): string[] {
  const flipping = assumptions
    .filter(({ flips }) => flips)
    .map(({ assumes, found }) => `Rests on this: ${assumes} ${found}`);
  if (balance.length === 0) return flipping;
  const rows = balance.map(({ what, apart, apart_at_the_mix, ...row }) => ({
    ...keysOf(by, row),
    what,
    "difference as logged": Number(apart.toFixed(3)),
    "difference at the same mix": Number(apart_at_the_mix.toFixed(3)),
  }));
  const notes = [
    "Lengths in standard deviations; for the rest, the share of calls that would have to move to another group.",
    ...flipping,
  ];
  return [tableText({ measure: "what was asked", by: [...by, "what"], rows, notes })];
}
