import type { DuckDBConnection } from "@duckdb/node-api";
import { type BalanceRow, FAR_APART } from "../../measures/mix/balance";
import { SAME_DAYS } from "../../measures/mix/ownDays";
import type { Row } from "../../measures/table";
import { differenceP } from "../../stats/differenceP";
import { type Estimate, noEnds, noted } from "../../stats/estimate";
import { nearestToOne } from "../../stats/eValue";
import { differenceOf, ratioOf } from "../../stats/mover";
import { normalQuantile } from "../../stats/normal";
import { reserve } from "../../stats/reservation";
import { grouped, listed } from "../../stats/text";
import { rowsOf } from "../../store/run";
import { seenOf } from "./compareMargin";
import { type UnjudgedRow, unjudged } from "./compareRow";
import type { Stated } from "./compareRows";

/** What two sides of which a drawn part was read share, as far as the log shows it. */
export interface CauseSides {
  /** Whether nothing that was fixed before the first answer differs. */
  work: boolean;
  /** Whether both have the same users, and their calls on the same days. */
  users: boolean;
  days: boolean;
}

/** The same of two sides, by what was fixed before the first answer, and whether their users are others. */
export async function causeSides(
  connection: DuckDBConnection,
  balance: readonly BalanceRow[],
  hasOtherUsers: boolean,
): Promise<CauseSides> {
  const [{ shared }] = await rowsOf<{ shared: number }>(
    connection,
    `with days as (
       select second, hour // 86400000000 as day, count(*) as n
       from call_units
       where answers and production and not again and hour is not null
       group by all
     ),
     shares as (select day, n / sum(n) over (partition by second) as share from days)
     select coalesce(sum(least), 0)::double as shared
     from (select min(share) as least from shares group by day having count(*) = 2)`,
  );
  return {
    // The model is what is compared, or a part of it.
    work: balance.every(({ what, apart }) => what === "model" || Math.abs(apart) < FAR_APART),
    users: !hasOtherUsers,
    days: shared >= SAME_DAYS,
  };
}

/**
 * The rows of causes, of which a part of each side was read: as measured, for so few tasks cannot be brought to one mix. What the
 * sides are not shown to share, a change is claimed under the assumption of alone.
 */
export function causeRows(
  metrics: readonly string[],
  groups: readonly { by: Row }[],
  { stated, sides, level }: { stated: Stated; sides: CauseSides; level: number },
): UnjudgedRow[] {
  return groups.flatMap(({ by }) =>
    metrics.flatMap((metric): UnjudgedRow[] => {
      const found = stated(by, metric);
      if (found === undefined) return [];
      const { a, b } = found;
      const [difference, ratio] = [differenceOf(b, a), { ...ratioOf(b, a), unit: "×" }];
      const p = Number.isNaN(difference.low) ? Number.NaN : differenceP(a, b);
      const row = {
        ...{ ...by, metric, a, b, difference, ratio, within: difference, within_ratio: ratio },
        ...{ mix: untold(difference), mix_ratio: untold(ratio), p_holm: Number.NaN, mix_p_holm: Number.NaN },
        seen: seenOf(ratio, normalQuantile((1 + level) / 2)),
        unlogged: nearestToOne(ratio),
        ...{ verdict: "", claim: unjudged },
      };
      const [bothP, doubt] = [sides.users ? p : 1, sides.days ? p : 1];
      return [{ row, p, bothP, mixP: Number.NaN, doubt, otherWork: !sides.work }];
    }),
  );
}

const untold = (estimate: Estimate): Estimate => ({
  ...estimate,
  value: Number.NaN,
  ...noEnds,
  ...noted([reserve("none.number", { why: "causes are compared as measured" })]),
});

/** That the rows of causes are as measured, of how many tasks, and why they may be open. */
export function causeSidesNotes(metrics: readonly string[], rows: readonly UnjudgedRow[]): string[] {
  if (metrics.length === 0) return [];
  const found = rows.filter(({ row }) => metrics.includes(row.metric)).map(({ row }) => row);
  const isOne = metrics.length === 1;
  if (found.length === 0)
    return [
      `${listed(metrics)} ${isOne ? "is" : "are"} not compared: on a side, no task of a sheet was read. fieldnotes causes sheet draws tasks to read.`,
    ];
  const least = (side: "a" | "b") => grouped(Math.min(...found.map((row) => row[side].n)));
  return [
    `${listed(metrics)} ${isOne ? "is" : "are"} compared as measured, by ${least("a")} tasks read on side a and ${least("b")} on side b: so few cannot be brought to one mix. What differs is said of all tasks, most of which did not fail and of which few are read; fieldnotes causes --by tells failed ones more sharply.`,
  ];
}
