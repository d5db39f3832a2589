import type { Selection } from "../../facts/select";
import type { Prepared } from "../../measures/mix/mixTables";
import { driftBetween, judgeHistory } from "../../measures/quality/judgeHistory";
import { withNotesFirst } from "../../stats/estimate";
import type { Reservation } from "../../stats/reservation";
import type { UnjudgedRow } from "./compareRow";

/** What was judged of each side. */
const sides = `
  select 'call' as subject, call_id as subject_id, second as side from sided where chosen and second is not null and call_id is not null
  union all
  select 'task', task_id, second from sided where chosen and owner and second is not null and task_id is not null`;

/** The rows, those of scores with what is known of their judge: where it moved between the sides, no change is settled. */
export async function withDrift(
  { connection }: Selection,
  { raters }: Prepared,
  rows: UnjudgedRow[],
  about: { level: number; seed: number },
): Promise<UnjudgedRow[]> {
  const known = new Map<string, Reservation[]>();
  for (const metric of new Set(rows.map(({ row }) => row.metric))) {
    const rater = raters.get(metric);
    if (rater === undefined) continue;
    const score = metric.replace(/^score:/, "");
    const history = await judgeHistory(connection, { score, rater, sides });
    known.set(
      metric,
      driftBetween(history, (side) => side === "true", about),
    );
  }
  return rows.map((one) => {
    const told = known.get(one.row.metric) ?? [];
    if (told.length === 0) return one;
    const { within, within_ratio } = one.row;
    const row = {
      ...one.row,
      within: withNotesFirst(within, told),
      within_ratio: withNotesFirst(within_ratio, told),
    };
    return { ...one, row };
  });
}
