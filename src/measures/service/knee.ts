import { claim, isSettled } from "../../stats/claim";
import type { Estimate } from "../../stats/estimate";
import { differenceOf } from "../../stats/mover";
import { grouped } from "../../stats/text";
import { groupedBy, rowKey } from "../rowKey";
import type { Keyed, Row } from "../table";

/** A bin of a load curve: calls that began with a certain number of others in flight. */
type LoadBin = Keyed<{
  in_flight_from: number;
  in_flight_to: number;
  quantiles: Record<string, Estimate>;
}>;

const p = "0.95";

/**
 * The last bins, whose p95 is clearly above that of the lowest load without exception. A flat curve is thus
 * said to turn no more often than its last bin alone is clearly above the first.
 */
export function kneeOf(bins: readonly LoadBin[]): LoadBin[] {
  const [first, ...others] = bins;
  const isAbove = (bin: LoadBin) => {
    const [one, base] = [bin.quantiles[p], first.quantiles[p]];
    if (one === undefined || base === undefined) return false;
    const more = { estimate: differenceOf(one, base), end: "low" as const, holds: (x: number) => x > 0 };
    return isSettled(claim("load.knee", "differs", [more]));
  };
  let from = others.length;
  while (from > 0 && isAbove(others[from - 1])) from--;
  return others.slice(from);
}

/**
 * A sentence for every row's curve: the loads between which waiting turns, or the load up to which no turn is
 * seen.
 */
export function kneeNotes(rows: readonly LoadBin[], by: readonly string[]): string[] {
  const curves = groupedBy(rows, (row) => rowKey(by, row));
  return [...curves.values()].map((bins) => {
    const first: Row = bins[0];
    const place = by.map((name) => String(first[name] ?? `no ${name}`)).join(" · ");
    const lead = place === "" ? "" : `${place}: `;
    const most = Math.max(...bins.map(({ in_flight_to }) => in_flight_to));
    const [turn] = kneeOf(bins);
    if (turn === undefined)
      return `${lead}p95 shows no knee up to ${others(most)} in flight; no call was made under more load.`;
    const before = bins[bins.indexOf(turn) - 1];
    return `${lead}p95 has a knee between ${grouped(before.in_flight_from)} and ${others(turn.in_flight_to)} in flight: from there on it stays clearly above that of the lowest load.`;
  });
}

const others = (most: number) => `${grouped(most)} ${most === 1 ? "other" : "others"}`;
