import { unclustered } from "../../facts/cluster";
import { judgementsView, ratersOfLog } from "../../facts/judgements";
import { ratersInOrder } from "../../facts/raters";
import { groupsOf, select } from "../../facts/select";
import type { Reservation } from "../../stats/reservation";
import type { Store } from "../../store/open";
import { metric } from "../metric";
import type { MeasureRequest } from "../options";
import { driftBetween, type JudgeHistory, judgeHistory } from "../quality/judgeHistory";
import type { Row } from "../table";

/** What was judged of each day. */
const sides = `
  select 'call' as subject, call_id as subject_id, g as side from selected where chosen and call_id is not null
  union all
  select 'task', task_id, g from selected where chosen and owner and task_id is not null`;

/** By metric: what is known of its judge where days from a date on are held against those before; of no score, nothing. */
export async function judgesOf(
  store: Store,
  byDate: MeasureRequest,
  { names, per, level }: { names: readonly string[]; per: string; level: number },
): Promise<(name: string) => (from: string) => Reservation[]> {
  const scores = names.flatMap((name) => {
    const { source } = metric(name);
    return source.measure === "quality" ? [{ name, score: source.score }] : [];
  });
  const known = new Map<string, JudgeHistory>();
  // On another engine each statement is paid for, and none shows the same there.
  if (scores.length === 0 || store.engine !== undefined) return () => () => [];
  const selection = await select(store, byDate, { cluster: unclustered, population: "judged" });
  try {
    await judgementsView(selection.connection);
    const dates = new Map((await groupsOf(selection)).map(({ g, by }) => [String(g), (by as Row)[per]]));
    for (const { name, score } of scores) {
      const raters = Object.entries(await ratersOfLog(store, score)).map(([rater, n]) => ({ rater, n }));
      if (raters.length === 0) continue;
      const [{ rater }] = ratersInOrder(raters);
      const { times, ...rest } = await judgeHistory(selection.connection, { score, rater, sides });
      known.set(name, {
        ...rest,
        times: times.map(({ side, ...one }) => ({ ...one, side: String(dates.get(side) ?? "") })),
      });
    }
  } finally {
    selection.close();
  }
  return (name) => (from) => {
    const history = known.get(name);
    const isSecond = (date: string) => (date === "" ? undefined : date >= from);
    return history === undefined ? [] : driftBetween(history, isSecond, { level });
  };
}
