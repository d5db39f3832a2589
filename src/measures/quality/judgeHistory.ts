import type { DuckDBConnection } from "@duckdb/node-api";
import { aboutTasksView } from "../../facts/outcomes";
import { type Reservation, reserve } from "../../stats/reservation";
import { threeDigits } from "../../stats/text";
import { rowsOf, run } from "../../store/run";
import { statements } from "../../store/statements";
import { driftOf, isDrifting, type Twice } from "./drift";

const sql = statements(__dirname, "judgeHistory.sql");

/** Makes the view `timed_judgements`, with what counts as the same answer; those of judgements must be there. */
export async function timedJudgements(connection: DuckDBConnection): Promise<void> {
  await aboutTasksView(connection);
  await run(connection, sql.timed);
}

/** When the sides of a comparison were judged, and what their rater said of the same answers at several times. */
export interface JudgeHistory {
  rater: string;
  times: readonly { side: string; hour: number; n: number }[];
  said: readonly { item: string; cluster: string; hour: number; value: number }[];
}

/**
 * Reads it for a score by one kind of rater.
 *
 * @param sides SQL for the subjects that are compared: subject, subject_id and the side of each
 */
export async function judgeHistory(
  connection: DuckDBConnection,
  { score, rater, sides }: { score: string; rater: string; sides: string },
): Promise<JudgeHistory> {
  await run(connection, `create or replace temp view sided_subjects as ${sides}`);
  const asked = { score, rater };
  const times = await rowsOf<JudgeHistory["times"][number]>(connection, sql.times, asked);
  // What was judged in one hour was judged by one judge.
  const isLong = new Set(times.map(({ hour }) => hour)).size > 1;
  if (isLong) await timedJudgements(connection);
  const said = isLong ? await rowsOf<JudgeHistory["said"][number]>(connection, sql.said, asked) : [];
  return { rater, times, said };
}

/** A share of the judgements that both sides may be apart by without a drift mattering to what they differ by. */
const LEAST_APART = 0.1;
/** Kolmogorov and Smirnov's deviate at 5 %: sides that were judged at the same times are rarely further apart. */
const BY_CHANCE = 1.36;

/**
 * What two sides have to say of their judge: where they were judged at different times, and the judge scores the same answers
 * differently after the time between than before it.
 *
 * @param isSecond which sides are after the time in question, or the other group of calls; undefined for one that is on neither
 */
export function driftBetween(
  { rater, times, said }: JudgeHistory,
  isSecond: (side: string) => boolean | undefined,
  about: { level?: number; seed?: number },
): Reservation[] {
  const since = said.length === 0 ? undefined : betweenSides(times, isSecond);
  if (since === undefined) return [];
  const items = new Map<string, { cluster: string; before: number[]; after: number[] }>();
  for (const { item, cluster, hour, value } of said) {
    const one = items.get(item) ?? { cluster, before: [], after: [] };
    items.set(item, one);
    one[hour < since ? "before" : "after"].push(value);
  }
  const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
  const twice = [...items.values()].flatMap(({ cluster, before, after }): Twice[] =>
    before.length === 0 || after.length === 0 ? [] : [{ cluster, before: mean(before), after: mean(after) }],
  );
  if (twice.length === 0) return [];
  const found = driftOf(twice, about);
  if (!isDrifting(found)) return [];
  const { value, ...ends } = found.drift;
  const [low, high] = [ends.low, ends.high].map((end) => threeDigits(Math.abs(end))).sort();
  return [
    reserve("judge.drifted", {
      ...{ rater, since: new Date(1000 * since).toISOString().slice(0, 10), items: twice.length },
      by: `${threeDigits(Math.abs(value))} ${value > 0 ? "higher" : "lower"}`,
      ...{ low, high },
    }),
  ];
}

/** The hour from which on most judgements of one side are, and fewest of the other; undefined where both share their times. */
function betweenSides(
  times: JudgeHistory["times"],
  isSecond: (side: string) => boolean | undefined,
): number | undefined {
  const hours = new Map<number, [number, number]>();
  const all = [0, 0];
  for (const { side, hour, n } of times) {
    const second = isSecond(side);
    if (second === undefined) continue;
    const one = hours.get(hour) ?? [0, 0];
    one[Number(second)] += n;
    all[Number(second)] += n;
    hours.set(hour, one);
  }
  let [before, most, since] = [[0, 0], 0, 0];
  const sorted = [...hours].sort(([a], [b]) => a - b);
  for (const [at, [, [a, b]]] of sorted.slice(0, -1).entries()) {
    before = [before[0] + a, before[1] + b];
    const apart = Math.abs(before[0] / all[0] - before[1] / all[1]);
    if (apart > most) [most, since] = [apart, sorted[at + 1][0]];
  }
  return most > Math.max(LEAST_APART, BY_CHANCE * Math.sqrt(1 / all[0] + 1 / all[1])) ? since : undefined;
}
