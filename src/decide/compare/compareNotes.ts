import { isTime } from "../../facts/cluster";
import type { Selection } from "../../facts/select";
import type { BalanceRow } from "../../measures/mix/balance";
import type { Prepared } from "../../measures/mix/mixTables";
import { grouped, levelText } from "../../stats/text";
import { rowsOf } from "../../store/run";
import type { CompareRow } from "./compareRow";

const mixNames: Record<string, string> = {
  prompt: "prompt",
  workload: "workload",
  model: "model",
  version: "prompt version",
  length: "input length of the first turn (in up to eight parts, with its slope inside)",
  working: "working hours",
};

/** What the sides were brought to one mix of, and what not. */
export function mixNotes(columns: readonly string[], balance: readonly BalanceRow[]): string[] {
  const left = balance.filter(({ adjusted }) => !adjusted).map(({ what }) => what);
  return [
    `The mix is compared by ${columns.map((column) => mixNames[column]).join(", ")}, as finely as the calls of both sides allow.`,
    ...(left.length === 0 ? [] : [`Not adjusted, since the sides do not share it: ${left.join(", ")}.`]),
  ];
}

/** Whose scores are compared: the same kind of rater on both sides. */
export function raterNotes({ raters }: Prepared, rows: readonly CompareRow[]): string[] {
  const scores = [...new Set(rows.map(({ metric }) => metric))].filter((name) => raters.has(name));
  return scores.map((name) => `${name} is by the kind of rater that judged most: ${raters.get(name)}.`);
}

/** What a comparison leaves out, and what counts as independent in it. */
export async function notesOf(
  { connection, notes, clusterBy }: Selection,
  rows: readonly CompareRow[],
  { byHour, level, at }: { byHour: boolean; level: number; at?: string },
): Promise<string[]> {
  const [left] = await rowsOf<{ both: number; unpriced: number }>(
    connection,
    `select (select count(*) from sided where chosen and production and answers and second is null) as both,
            (select count(*) from task_units where unpriced > 0) as unpriced`,
  );
  const both = byHour && !isTime(clusterBy) && rows.some(({ a }) => a.clusterBy.includes("hour"));
  return [
    ...(both
      ? ["Calls of one hour also count as one cluster, since they share what happens in that hour."]
      : []),
    ...(rows.length > 1
      ? [`Verdicts hold for all ${rows.length} rows together at ${levelText(level)} (Holm).`]
      : []),
    ...(left.both > 0
      ? [
          `${grouped(left.both)} calls are ${at === undefined ? "on both sides" : "without a time"} and are left out.`,
        ]
      : []),
    ...(left.unpriced > 0
      ? [
          `${grouped(left.unpriced)} tasks contain calls without a known cost: each counts at 0 at one end of a cost, and at its bound at the other.`,
        ]
      : []),
    ...notes,
  ];
}
